"""The country packs that ship with the package, and how a study names one: `England`, or the path of a folder."""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from lbpsim.evidence import in_force, tables
from lbpsim.evidence.bibliography import bibliography
from lbpsim.evidence.country import Country
from lbpsim.evidence.country_declaration import DECLARATION, Pack, files_of
from lbpsim.evidence.country_folder import read
from lbpsim.evidence.currency import Currency
from lbpsim.evidence.layers import Registry
from lbpsim.evidence.prices import PriceIndex
from lbpsim.evidence.reading import HOME, EvidenceError, parse_entries, read_text
from lbpsim.evidence.registry import check as check_common
from lbpsim.evidence.registry import common, missing, unfit

FOLDER: Traversable = HOME / "countries"
INDEX = "index.yaml"
NO_MONEY = PriceIndex(Currency("XXX", "no currency"), ())  # ISO 4217: no currency is involved


@cache
def folders() -> tuple[str, ...]:
    """Folders of the shipped packs, the reference first."""
    there = sorted(each.name for each in FOLDER.iterdir() if each.is_dir() and (each / DECLARATION).is_file())
    first = reference_folder()
    return (first, *(name for name in there if name != first))


@cache
def names() -> Mapping[str, str]:
    """The name of each shipped country by its folder."""
    return {folder: str(_declared(folder)["name"]) for folder in folders()}


def reference_folder() -> str:
    """The pack whose entries say what a pack can hold."""
    return str(parse_entries(read_text(FOLDER / INDEX), INDEX).content["reference"])


@cache
def common_registry() -> Registry:
    """What is registered of all countries, in which there is no money yet."""
    return Registry(common(), bibliography(), NO_MONEY, frozenset())


@cache
def reference() -> Country:
    """The country from which others borrow.

    Raises EvidenceError, with everything that is wrong in it; also where an entry is missing that the model reads.
    """
    country = _shipped(reference_folder(), None)
    if faults := list(missing(country.registry.parameters)):
        raise EvidenceError("\n".join(faults))
    return country


@cache
def shipped(folder: str) -> Country:
    """A shipped country by its folder."""
    return reference() if folder == reference_folder() else _shipped(folder, donor_of(folder))


def donor_of(folder: str) -> Country:
    """From whom a shipped pack borrows: the country that it names, else the reference."""
    return shipped(str(_declared(folder).get("donor") or reference_folder()))


def _declared(folder: str) -> Mapping[str, object]:
    return parse_entries(read_text(FOLDER / folder / DECLARATION), f"{folder}/{DECLARATION}").content


def _shipped(folder: str, donor: Country | None) -> Country:
    country = read(Pack(folder, files_of(FOLDER / folder), folder), common_registry(), donor, shipped=True)
    for name, table in country.tables.items():
        if table.sha256 and not table.borrowed:  # it is as it was registered
            tables.verified(FOLDER / folder / f"{name}.csv", table.sha256)
    return country


def from_name(name: str) -> Country:
    """The shipped country of a name or folder, in whatever case.

    Raises LookupError for one that does not ship.
    """
    known = {word.casefold(): folder for folder, called in names().items() for word in (folder, called)}
    if name.casefold() not in known:
        raise LookupError(f"no pack of {name} ships; there are {', '.join(names().values())}")
    return shipped(known[name.casefold()])


@cache
def check(country: Country) -> None:
    """Check everything known of a country in full: also intervals against their distributions, which takes longer.

    Raises EvidenceError, with file, line and key of everything that is wrong.
    """
    if any(what for each in country.registry.parameters.values() for what in unfit(each)):
        check_common()  # once more, to say where in the files
        donor = None if country.folder == reference_folder() else donor_of(country.folder)
        read(Pack(country.folder, country.files, country.folder), common_registry(), donor, in_full=True)


def of_folder(folder: Path) -> Country:
    """The country of a pack that does not ship.

    Raises EvidenceError, with everything that is wrong in its files.
    """
    return from_files(str(folder), files_of(folder))


def arrived(folder: str, files: Mapping[str, str] | None) -> Country:
    """A country that comes with a study into this process, where it is in force from now on; `files`: None of a shipped
    pack.
    """
    country = shipped(folder) if files is None else from_files(folder, files)
    in_force.put(country)
    return country


def _to_arrive(country: Country) -> tuple[Callable[..., Country], tuple[str, dict[str, str] | None]]:
    return arrived, (country.folder, None if country.shipped else dict(country.files))


copyreg.pickle(Country, _to_arrive)  # read anew where it arrives: a shipped pack is there, and others are small


def from_files(folder: str, files: Mapping[str, str]) -> Country:
    """A country from the text of its files by name.

    Raises PackError, with everything that is wrong in them.
    """
    declared = parse_entries(files[DECLARATION], DECLARATION).content if DECLARATION in files else {}
    donor = str(declared.get("donor") or reference_folder())
    return read(Pack(folder, files, folder), common_registry(), shipped(donor))
