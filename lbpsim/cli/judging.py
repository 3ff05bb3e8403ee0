"""Commands that hold the model against what is known: validate, calibrate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lbpsim.cli import options

DEFAULT = "Default: scenarios/ where there is such a folder, else the study that ships."


def validate(
    scenarios: Annotated[
        list[Path] | None,
        options.paths(metavar="[SCENARIOS]...", help=f"The study to judge, by its comparator. {DEFAULT}"),
    ] = None,
    people: options.People = None,
    seed: options.Seed = None,
    workers: options.Workers = None,
    out: Annotated[Path, options.a_path(help="Folder for what is found.")] = Path("outputs/validation"),
    overwrite: options.Overwrite = False,
    book: Annotated[bool, typer.Option("--book", help="Also write the verification book, verification.html.")] = False,
    quiet: options.Quiet = False,
) -> None:
    """Judge the model: emulate the RESTORE trial, run the country, set both beside published figures.

    [bold]Examples:[/bold] lbpsim validate; lbpsim validate --book

    Exit status 0 where every check passes that decides it, 1 where one does not; the output says which these are. With
    --book the book has to pass too: its checks, and the results of tests that `make verify` left, where it was run.
    """
    from lbpsim.commands.validate import validate_and_write  # noqa: PLC0415 - a slow import, needed by this command only
    from lbpsim.validation.trial_selection import TooFewError  # noqa: PLC0415

    study = options.the_study(options.given_or_shipped(scenarios), people, None, seed).to_the_horizon
    if book:
        _tests_can_be_read(out)
    try:
        session = options.session(out, quiet=quiet, overwrite=overwrite)
        assessment = validate_and_write(study, session, workers=workers)
    except TooFewError as few:
        options.refuse(f"--people {study.people}: {few}")
    if not assessment.passed or (book and not _book(out, quiet)):
        raise typer.Exit(1)


def _tests_can_be_read(folder: Path) -> None:
    """End with status 1 where results of tests, which the book takes in, cannot be read; said before the work."""
    from lbpsim.verification.tech_ver import UnreadableResultsError, found_in  # noqa: PLC0415

    try:
        found_in(folder)
    except UnreadableResultsError as wrong:
        options.give_up(
            f"{wrong}. `make verify` and `make mutants` write such files; finish them, or take the file away."
        )


def _book(folder: Path, quiet: bool) -> bool:
    """Write the verification book; whether it passes."""
    from lbpsim.commands.verify import write  # noqa: PLC0415 - a slow import, needed by this option only

    verdict = write(
        folder, fast=False, tell=None if quiet else lambda title: options.console.print(title, markup=False)
    )
    if not quiet:
        options.console.print(
            f"Verification book: {verdict}; {folder / 'verification.html'}", markup=False, soft_wrap=True
        )
    return verdict == "pass"


def calibrate(
    scenarios: Annotated[
        list[Path] | None,
        options.paths(metavar="[SCENARIOS]...", help=f"The study to fit, by its comparator. {DEFAULT}"),
    ] = None,
    workers: options.Workers = None,
    out: Annotated[Path, options.a_path(help="Folder for what is found.")] = Path("outputs/calibration"),
    overwrite: options.Overwrite = False,
    ship: Annotated[bool, typer.Option("--ship", help="Also write it into the registry of this checkout.")] = False,
    quiet: options.Quiet = False,
) -> None:
    """Fit the free parameters to their targets; write values, a sample of their posterior and a fit report.

    [bold]Example:[/bold] lbpsim calibrate

    The base case that ships is the result. Simulations are kept in the folder: run again to go on from an interruption.
    """
    from lbpsim.commands.calibrate import calibrate_and_write  # noqa: PLC0415 - a slow import, needed by this command only
    from lbpsim.evidence.reading import PlanError  # noqa: PLC0415

    study = options.the_study(options.given_or_shipped(scenarios))
    try:
        session = options.session(out, quiet=quiet, overwrite=overwrite)
        calibrate_and_write(study, session, workers=workers, to_ship=ship)
    except PlanError as wrong:
        options.refuse(str(wrong))
    except KeyboardInterrupt:
        options.give_up("Interrupted. Finished simulations are kept: run again to go on from them.")
