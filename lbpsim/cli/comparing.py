"""The command that sets two countries side by side: compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lbpsim.cli.options import People, Quiet, Seed, Workers, Years, console, number_or_all, path, the_country
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
    people: People = None,
    years: Years = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option(parser=path, help="Folder for table and chart. Default: outputs/A-and-B.")
    ] = None,
    quiet: Quiet = False,
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
    study = study_of(_named(a)).to_the_horizon.with_changes(people=number_or_all(people), years=years, seed=seed)
    in_force.put(study.country)
    folder = out or Path("outputs") / f"{study.country}-and-{other}".lower().replace(" ", "-")
    chosen = offered(study, policy)
    compare_and_write(study, other, chosen, folder, workers=workers, console=console, quiet=quiet)
    if not quiet:
        console.print(f"Table and chart are in {folder}", markup=False, highlight=False, soft_wrap=True)


def _named(text: str) -> Country | Study:
    """A study by its folder, or a country."""
    folder = path(text)
    return load(folder) if (folder / "study.yaml").is_file() else the_country(text)
