"""The command that sets two countries side by side: compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lbpsim.cli import options
from lbpsim.study import Study, load

if TYPE_CHECKING:
    from lbpsim.evidence.country import Country

WHO = "A country that ships, the folder of a pack, or that of a study."


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help=WHO)],
    b: Annotated[str, typer.Argument(metavar="B", help=WHO)],
    policy: Annotated[
        str | None, typer.Option(metavar="NAME", help="Policy of A's study. Default: its plainest offer of CFT.")
    ] = None,
    people: options.People = None,
    years: options.Years = None,
    seed: options.Seed = None,
    workers: options.Workers = None,
    out: Annotated[Path | None, options.a_path(help="Folder for table and chart. Default: outputs/A-and-B.")] = None,
    quiet: options.Quiet = False,
) -> None:
    """Set the same policy in two countries side by side, for 100,000 adults, and say what makes the difference.

    [bold]Example:[/bold] lbpsim compare australia england --people 20000

    The policy of A keeps its dates and shares; its places follow the number of adults. From A to B in three steps: B's
    people, B's care, B's prices at purchasing power. Everything is at central inputs.
    """
    from lbpsim.commands.compare import compare_and_write, offered, study_of  # noqa: PLC0415 - slow imports
    from lbpsim.evidence import in_force  # noqa: PLC0415

    there = _named(b)
    other = there.country if isinstance(there, Study) else there
    study = study_of(_named(a)).to_the_horizon.with_changes(
        people=options.number_or_all(people), years=years, seed=seed
    )
    in_force.put(study.country)
    folder = out or Path("outputs") / f"{study.country}-and-{other}".lower().replace(" ", "-")
    compare_and_write(study, other, offered(study, policy), options.session(folder, quiet=quiet), workers=workers)


def _named(text: str) -> Country | Study:
    """A study by its folder, or a country."""
    folder = options.path(text)
    return load(folder) if (folder / "study.yaml").is_file() else options.the_country(text)
