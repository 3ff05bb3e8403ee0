"""The study that ships with lbpsim, and how its files come into a folder of one's own."""

from __future__ import annotations

from pathlib import Path

from lbpsim.evidence.country import Country
from lbpsim.evidence.shipped_countries import FOLDER, reference
from lbpsim.study.files.errors import InputErrors, Place, Problem, listed
from lbpsim.study.files.reader import STUDY, SUFFIXES

PACKAGE = Path(__file__).parents[1]
LIST = "shipped.txt"  # names of its files


def folder() -> Path:
    """Where its files lie: in the package that was installed or, in a checkout, beside it (setup.py says why)."""
    places = [home / "scenarios" for home in (PACKAGE, PACKAGE.parent)]
    return next(place for place in places if (place / f"{STUDY}.yaml").is_file())


def files() -> list[Path]:
    """The study file and its policies, by name: those that are listed, whatever else somebody left beside them."""
    names = (Path(__file__).parent / LIST).read_text(encoding="utf-8").split()
    return [folder() / name for name in names]


def of_country(country: Country) -> list[Path]:
    """The study file and the policies of a shipped country, in its own terms.

    Raises InputErrors for a country with which none ship.
    """
    if country == reference():
        return files()
    own = Path(str(FOLDER)) / country.folder / STUDY
    if not country.shipped or not own.is_dir():
        raise _wrong(Path(country.folder), f"No study ships for {country.name}")
    return sorted(own.glob("*.yaml"))


def write(into: Path, country: Country | None = None) -> list[Path]:
    """Write the files of a country (None: of the reference), as they ship, into a folder, made if absent; the files
    written.

    Raises InputErrors, and writes nothing, for what cannot be such a folder and for one that has any of the files.
    """
    chosen = of_country(country or reference())
    try:
        into.mkdir(parents=True, exist_ok=True)
        there = _of_these_names(into, chosen)
    except OSError as error:
        a_file = isinstance(error, FileExistsError | NotADirectoryError)
        reason = "it is a file, or in one" if a_file else error.strerror
        raise _wrong(into, f"This cannot be the folder of a study: {reason}") from None
    if there:
        raise _wrong(into, f"This folder has {listed(there, 'and')} already, and nothing is written over them")
    return _written(into, chosen)


def _of_these_names(place: Path, chosen: list[Path]) -> list[str]:
    """Files that would be overwritten or, as `study.yml` beside `study.yaml`, read as the same."""
    stems = {file.stem for file in chosen}
    return sorted(
        path.name for path in place.iterdir() if path.suffix.lower() in SUFFIXES and path.stem.lower() in stems
    )


def _wrong(into: Path, what: str) -> InputErrors:
    return InputErrors([Problem(Place(str(into)), "", what, "Name a new folder")])


def _written(into: Path, chosen: list[Path]) -> list[Path]:
    """All of the files, or none."""
    made: list[Path] = []
    try:
        for file in chosen:
            with (into / file.name).open("xb") as copy:
                made.append(into / file.name)
                copy.write(file.read_bytes())
    except BaseException:
        for path in made:
            path.unlink()
        raise
    return made
