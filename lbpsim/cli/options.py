"""What the commands share: the consoles, the options that several of them have, and how they end when refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from lbpsim.cli.consoles import Terminal
from lbpsim.evidence.country import Country
from lbpsim.evidence.country_declaration import DECLARATION
from lbpsim.evidence.units import UnitError, parse_whole
from lbpsim.study import InputErrors, Study, load, shipped
from lbpsim.study.files.errors import named

if TYPE_CHECKING:
    from lbpsim.commands.session import Session

console = Terminal()
complaints = Terminal(stderr=True)
MOST_DIGITS = 30  # of a whole number; longer ones are told to be none


def whole(text: str, option: str | None = None) -> int:
    """A whole number on the command line, written as in the files: thousands may be parted by commas."""
    try:
        return parse_whole(text.strip())
    except UnitError as problem:
        raise typer.BadParameter(f"{problem}.", param_hint=option) from None


def path(text: str) -> Path:
    """A path on the command line; an empty one would mean the folder one happens to be in."""
    try:
        return named(text)
    except InputErrors as errors:
        problem = errors.problems[0]
        raise typer.BadParameter(f"{problem.wrong}. {problem.right}.") from None


a_number = partial(typer.Option, parser=whole, metavar="INTEGER")  # an option of commands that is a whole number
a_path = partial(typer.Option, parser=path)  # one that is a file or a folder
paths = partial(typer.Argument, parser=path)  # files and folders that are given without the name of an option

Scenarios = Annotated[
    list[Path],
    typer.Argument(
        parser=path, metavar="SCENARIOS...", help="Scenario files, or a folder of them with its study.yaml."
    ),
]
People = Annotated[
    str | None, typer.Option(help="Number of people simulated at the start, or 'all'. Default: as in study.yaml.")
]
Years = Annotated[int | None, a_number(help="Length of the study in years. Default: as in study.yaml.")]
Seed = Annotated[int | None, a_number(help="Seed of the random numbers. Default: as in study.yaml.")]
Workers = Annotated[int | None, a_number(help="Processor cores to use; the results do not depend on it. Default: all.")]
Draws = Annotated[
    int | None,
    a_number(
        help="Draw every uncertain parameter so many times, 0 for none; with --precision, the most. Default: 100."
    ),
]
DrawPeople = Annotated[
    int | None,
    a_number(help="People simulated in each draw. Default: a 70th of --people, or what --precision or --draws needs."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Write over what the folder holds of other inputs.")]
Resume = Annotated[bool, typer.Option("--resume", help="Take up interrupted work where it stopped.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]


def session(folder: Path, *, quiet: bool, overwrite: bool = False, resume: bool = False) -> Session:
    """A command at work in a folder, which says on the console what it does."""
    from lbpsim.commands.session import Session  # noqa: PLC0415 - a slow import, not needed for --help

    return Session(folder, console, quiet, overwrite, resume)


def given_or_shipped(paths: list[Path] | None) -> list[Path]:
    """The files given; without any, those in scenarios/ where there is such a folder, else the study that ships."""
    here = Path("scenarios")
    return paths or ([here] if here.is_dir() else shipped.files())


def the_study(
    paths: list[Path],
    people: str | None = None,
    years: int | None = None,
    seed: int | None = None,
    follow: str | None = None,
) -> Study:
    """Read the files and settle what is asked; raises InputErrors."""
    from lbpsim.simulation.consistency import check as checked  # noqa: PLC0415 - a slow import, not needed for --help

    return checked(load(paths).with_changes(people=number_or_all(people), years=years, seed=seed, follow=follow))


def the_country(text: str) -> Country:
    """A country by its name, or by the folder of its pack; refuses what is neither."""
    from lbpsim.evidence import shipped_countries  # noqa: PLC0415 - reads packs, which --help need not wait for

    folder = path(text)
    if (folder / DECLARATION).is_file():
        return shipped_countries.of_folder(folder)
    try:
        return shipped_countries.from_name(text)
    except LookupError as unknown:
        refuse(f"{unknown}; a pack of your own is named by its folder, which holds {DECLARATION}")


def between_commas(*texts: str | None) -> list[str]:
    """What stands between the commas of several texts.

    >>> between_commas("burden, lives", None, "ceac")
    ['burden', 'lives', 'ceac']
    """
    return [part.strip() for text in texts for part in (text or "").split(",") if part.strip()]


def number_or_all(text: str | None) -> int | str | None:
    """A number of people, or the word as it is."""
    if text is None or not text[:1].isdecimal() or len(text) > MOST_DIGITS:
        return text
    return whole(text, "--people")


@contextmanager
def resumable(folder: Path) -> Iterator[None]:
    """Work that an interruption leaves in a folder, to be taken up with --resume: say so, and end with status 1."""
    try:
        yield
    except KeyboardInterrupt:
        give_up("Interrupted. What was finished is kept: run again with --resume to go on from it.")
    except OSError as problem:
        if not (folder / "unfinished").exists():
            raise
        give_up(f"Could not read or write: {problem}. What was finished is kept: --resume goes on from it.")


def refuse(message: str) -> NoReturn:
    """Say what is wrong with the input and end with status 2."""
    complain(message)
    raise typer.Exit(2)


def give_up(message: str) -> NoReturn:
    """Say what went wrong and end with status 1."""
    complain(message)
    raise typer.Exit(1)


def complain(message: str) -> None:
    """Say what is wrong, where errors are told."""
    complaints.print(message, markup=False, highlight=False, soft_wrap=True)
