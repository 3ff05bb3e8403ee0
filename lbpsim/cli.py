"""The command line. Thin: each command reads its arguments, calls the package and says what came of it."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from lbpsim import __version__
from lbpsim.study import InputErrors, Study, load

app = typer.Typer(
    name="lbpsim",
    help="The policy laboratory for chronic low back pain: what a country gains, pays and waits for under different "
    "policies, person by person.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
console = Console()
complaints = Console(stderr=True)

Scenarios = Annotated[
    list[Path], typer.Argument(metavar="SCENARIOS...", help="Scenario files, or a folder of them with its study.yaml.")
]
People = Annotated[
    str | None, typer.Option(help="Number of people simulated at the start, or 'all'. Default: as in study.yaml.")
]
Years = Annotated[int | None, typer.Option(help="Length of the study in years. Default: as in study.yaml.")]
Seed = Annotated[int | None, typer.Option(help="Seed of the random numbers. Default: as in study.yaml.")]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processor cores to use; the results do not depend on it. Default: all.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]


class Engine(StrEnum):
    """Engines of `lbpsim run`."""

    COMPILED = "compiled"
    SIMPY = "simpy"


def _study(paths: list[Path], people: str | None = None, years: int | None = None, seed: int | None = None) -> Study:
    from lbpsim.simulation.sense import check as checked  # noqa: PLC0415 - a slow import, not needed for --help

    return checked(load(paths).with_changes(people=_people(people), years=years, seed=seed))


def _people(text: str | None) -> int | str | None:
    return int(text) if text is not None and text.isdecimal() else text


@app.command()
def run(
    scenarios: Scenarios,
    people: People = None,
    years: Years = None,
    seed: Seed = None,
    workers: Workers = None,
    engine: Annotated[Engine, typer.Option(help="The fast or the readable one; equal to the bit.")] = Engine.COMPILED,
    draws: Annotated[
        int | None, typer.Option(help="Draw every uncertain parameter so many times; with --precision, the most.")
    ] = None,
    precision: Annotated[
        str | None, typer.Option(help="Draw until probabilities are right to this, such as 2%.", metavar="SHARE")
    ] = None,
    draw_people: Annotated[
        int | None, typer.Option(help="People simulated in each draw. Default: as many as the precision (2%) needs.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Let a Dask cluster do the work, such as tcp://127.0.0.1:8786.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results. Default: outputs/<study>.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Take up an interrupted run where it stopped.")] = False,
    quiet: Quiet = False,
) -> None:
    """Simulate every scenario of a study; write its tables and charts.

    [bold]Examples:[/bold] lbpsim run scenarios/ --people 2000; lbpsim run scenarios/ --draws 1000

    Results are for the country. Every sampled figure comes with its Monte Carlo standard error (mcse). With --draws or
    --precision the uncertain parameters are drawn from their distributions too, and every interval of theirs is told
    apart from Monte Carlo error.
    """
    from lbpsim.report.outputs import run_and_write  # noqa: PLC0415 - a slow import, needed by this command only
    from lbpsim.simulation.workers import ClusterError  # noqa: PLC0415
    from lbpsim.uncertainty.draws import Asked  # noqa: PLC0415

    study = _study(scenarios, people, years, seed)
    folder = out if out is not None else Path("outputs") / study.name
    options: dict[str, Any] = {"engine": engine.value, "workers": workers, "scheduler": scheduler, "resume": resume}
    asked = Asked(draws, _share(precision), draw_people)
    try:
        run_and_write(study, folder, asked=asked, **options, console=console, quiet=quiet)
    except KeyboardInterrupt:
        complaints.print("Interrupted. What was finished is kept: run again with --resume to go on from it.")
        raise typer.Exit(1) from None
    except ClusterError as problem:
        _failed(str(problem))
    except OSError as problem:
        if not (folder / "unfinished").exists():
            raise
        _failed(f"Could not read or write: {problem}. What was finished is kept: --resume goes on from it.")


def _share(text: str | None) -> float | None:
    from lbpsim.evidence.units import UnitError, parse_quantity  # noqa: PLC0415 - needed by few runs

    try:
        return None if text is None else parse_quantity(text, "share")
    except UnitError as problem:
        _wrong(f"--precision: {problem}")


@app.command()
def check(scenarios: Scenarios) -> None:
    """Read scenario files without running them, and say in words what each policy changes.

    [bold]Example:[/bold] lbpsim check scenarios/
    """
    from lbpsim.study.describe import describe  # noqa: PLC0415 - needed by this command only

    console.print(describe(_study(scenarios)), markup=False, highlight=False)


@app.command()
def parameters(
    name: Annotated[str | None, typer.Argument(help="Show one parameter in full.")] = None,
    grade: Annotated[str | None, typer.Option(help="Only parameters of this evidence grade.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write the list as CSV.")] = False,
) -> None:
    """Show what is known: every parameter with value, unit, interval, distribution, source and grade.

    [bold]Examples:[/bold] lbpsim parameters --grade assumption; lbpsim parameters cft.uptake
    """
    from lbpsim.evidence import listing  # noqa: PLC0415 - needed by this command only

    if name is not None and grade is not None:
        _wrong("Give a name or a grade, not both: a parameter is shown in full by its name alone.")
    try:
        if csv:
            sys.stdout.write(listing.as_csv(grade=grade, name=name))
        elif name is not None:
            console.print(listing.in_full(name))
        else:
            console.print(listing.as_table(grade=grade))
    except listing.UnknownParameterError as unknown:
        _wrong(str(unknown))


@app.command()
def trace(
    scenarios: Scenarios,
    person: Annotated[int, typer.Option(help="Number of the person, from 0.")],
    people: People = None,
    years: Years = None,
    seed: Seed = None,
    whole: Annotated[bool, typer.Option("--whole", help="Go on to the end of each life.")] = False,
) -> None:
    """Show one person's life under each scenario, side by side, to where they part.

    [bold]Example:[/bold] lbpsim trace scenarios/usual-care.yaml scenarios/cft-rollout.yaml --person 17
    """
    from lbpsim.report.lives import side_by_side  # noqa: PLC0415 - a slow import, needed by this command only
    from lbpsim.simulation.trace import NobodyError  # noqa: PLC0415
    from lbpsim.simulation.trace import trace as trace_lives  # noqa: PLC0415

    study = _study(scenarios, people, years, seed)
    try:
        console.print(side_by_side(study, person, trace_lives(study, person), whole=whole))
    except NobodyError as nobody:
        _wrong(str(nobody))


@app.command()
def validate(
    scenarios: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[SCENARIOS]...", help="The study to judge, by its comparator. Default: scenarios/."),
    ] = None,
    people: People = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Annotated[Path, typer.Option(help="Folder for what is found.")] = Path("outputs/validation"),
    book: Annotated[bool, typer.Option("--book", help="Also write the verification book, verification.html.")] = False,
    quiet: Quiet = False,
) -> None:
    """Judge the model: emulate the RESTORE trial, run the country, set both beside published figures.

    [bold]Examples:[/bold] lbpsim validate; lbpsim validate --book

    Exit status 0 where every check passes that decides it, 1 where one does not; the output says which these are. With
    --book no check of the book may fail either.
    """
    from lbpsim.report.validated import validate_and_write  # noqa: PLC0415 - a slow import, needed by this command only
    from lbpsim.validation.volunteers import TooFewError  # noqa: PLC0415

    study = _study(scenarios or [Path("scenarios")], people, None, seed)
    try:
        judgement = validate_and_write(study, out, workers=workers, console=console, quiet=quiet)
    except TooFewError as few:
        _wrong(f"--people {study.people}: {few}")
    if not judgement.passed or (book and not _book(out, quiet)):
        raise typer.Exit(1)


def _book(folder: Path, quiet: bool) -> bool:
    """Write the verification book; whether none of its checks failed."""
    from lbpsim.validation.book import write  # noqa: PLC0415 - a slow import, needed by this option only

    verdict = write(folder, fast=False, tell=None if quiet else lambda title: console.print(title, markup=False))
    if not quiet:
        console.print(f"Verification book: {verdict}; {folder / 'verification.html'}", markup=False, soft_wrap=True)
    return verdict != "miss"


@app.command()
def calibrate(
    scenarios: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[SCENARIOS]...", help="The study to fit, by its comparator. Default: scenarios/."),
    ] = None,
    workers: Workers = None,
    out: Annotated[Path, typer.Option(help="Folder for what is found.")] = Path("outputs/calibration"),
    ship: Annotated[bool, typer.Option("--ship", help="Also write it into the registry of this checkout.")] = False,
    quiet: Quiet = False,
) -> None:
    """Fit the free parameters to their targets; write values, a sample of their posterior and a fit report.

    [bold]Example:[/bold] lbpsim calibrate

    The base case that ships is the result. Simulations are kept in the folder: run again to go on from an interruption.
    """
    from lbpsim.report.fitted import calibrate_and_write  # noqa: PLC0415 - a slow import, needed by this command only
    from lbpsim.uncertainty.calibration.plan import PlanError  # noqa: PLC0415

    study = _study(scenarios or [Path("scenarios")])
    try:
        calibrate_and_write(study, out, workers=workers, to_ship=ship, console=console, quiet=quiet)
    except PlanError as wrong:
        _wrong(str(wrong))
    except KeyboardInterrupt:
        complaints.print("Interrupted. Finished simulations are kept: run again to go on from them.")
        raise typer.Exit(1) from None


@app.command()
def report(folder: Annotated[Path, typer.Argument(help="A folder of results, such as outputs/australia.")]) -> None:
    """Draw the charts and write the tables again from stored results, without simulating."""
    from lbpsim.report.outputs import NoResultsError, rewrite  # noqa: PLC0415 - a slow import, needed by this command only

    try:
        rewrite(folder, console=console)
    except NoResultsError as missing:
        _wrong(str(missing))


@app.command()
def schema() -> None:
    """Print the JSON Schema of study and policy files, for editors."""
    from lbpsim.study.schema import schema as file_schema  # noqa: PLC0415 - needed by this command only

    print(json.dumps(file_schema(), indent=2))


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(f"lbpsim {__version__}")
        raise typer.Exit


def _wrong(message: str) -> NoReturn:
    complaints.print(message, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(2)


def _failed(message: str) -> NoReturn:
    complaints.print(message, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def main() -> None:
    """Run the command line; exit status 0 done, 1 failed, 2 wrong input."""
    try:
        app()
    except InputErrors as errors:
        complaints.print(str(errors), markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    except BrokenPipeError:  # the reader of our output has gone
        sys.exit(1)
    except OSError as error:
        complaints.print(f"Could not read or write: {error}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
