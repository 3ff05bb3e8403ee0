"""The command that looks for the best policy: optimise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lbpsim.cli import options


def optimise(
    scenarios: options.Scenarios,
    goal: Annotated[
        str,
        typer.Option(help="net-health-benefit, dalys-averted, equity-weighted-health, or cost, which needs a target."),
    ] = "net-health-benefit",
    within: Annotated[
        list[str] | None,
        typer.Option(metavar="LIMIT", help="A limit such as 'wait: 26 weeks', or a file of limits. Can be repeated."),
    ] = None,
    policy: Annotated[
        str | None, typer.Option(metavar="NAME", help="Policy whose levers are moved. Default: the plainest CFT offer.")
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="LEVER", help="Move this alone, such as 'cft.offered: 0% to 80%'. Can be repeated."),
    ] = None,
    years: options.Years = None,
    seed: options.Seed = None,
    workers: options.Workers = None,
    out: Annotated[
        Path | None, options.a_path(help="Folder for what is found. Default: outputs/<study>/optimum.")
    ] = None,
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
) -> None:
    """Find the best policy within a budget, a workforce and a wait; write it as a file that `lbpsim run` takes.

    [bold]Example:[/bold] lbpsim optimise scenarios/ --within "budget.government: AUD 60 million per year"
    --within "physiotherapists: 2000" --within "wait: 26 weeks"

    Limits: budget.government, budget.private_insurer, budget.patient and budget.all_payers (more spent in any year than
    without the policy), physiotherapists (practising), wait (mean of those who start in a year), fifths: none_worse_off
    (no socioeconomic fifth loses health), and qalys or dalys (the least to be gained). Budgets and physiotherapists can
    be given by year: 'physiotherapists: {2027: 400, from 2028: 900}'. All hold on average over draws of the parameters.

    Trials are kept in the folder: run again to go on from an interruption.
    """
    from lbpsim.commands.optimise import optimise_and_write  # noqa: PLC0415 - a slow import, needed by this command only
    from lbpsim.optimisation.hunt import NothingAllowedError  # noqa: PLC0415
    from lbpsim.optimisation.question import question  # noqa: PLC0415

    study = options.the_study(scenarios, None, years, seed).to_the_horizon
    asked = question(study, goal, within or (), policy=policy, vary=vary or ())
    folder = out if out is not None else Path("outputs") / study.name / "optimum"
    try:
        optimise_and_write(asked, options.session(folder, quiet=quiet, overwrite=overwrite), workers=workers)
    except NothingAllowedError as nothing:
        options.give_up(f"{nothing} Give a limit more room, or move more levers.")
    except KeyboardInterrupt:
        options.give_up("Interrupted. Finished trials are kept: run again to go on from them.")
