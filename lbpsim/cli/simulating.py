"""Commands that answer a question by simulating: run, sensitivity, why."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lbpsim.cli import options

KEPT = "unfinished/*/*"  # finished pieces, in the folder of a run
Follow = StrEnum("Follow", ["HORIZON", "LIFETIME"])  # how long people are
Engine = StrEnum("Engine", ["COMPILED", "SIMPY"])
FollowFor = Annotated[
    Follow | None,
    typer.Option(help="How long people are followed: over the study's years or to death. Default: as in study.yaml."),
]
Only = Annotated[
    list[str] | None, typer.Option(metavar="a,b", help="Simulate these policies alone, by name, beside the comparator.")
]


def run(
    scenarios: options.Scenarios,
    people: options.People = None,
    years: options.Years = None,
    seed: options.Seed = None,
    follow: FollowFor = None,
    workers: options.Workers = None,
    engine: Annotated[Engine, typer.Option(help="The fast or the readable one; equal to the bit.")] = Engine.COMPILED,
    draws: options.Draws = None,
    precision: Annotated[
        str | None, typer.Option(help="Draw until probabilities are right to this, such as 2%.", metavar="SHARE")
    ] = None,
    draw_people: options.DrawPeople = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Let a Dask cluster do the work, such as tcp://127.0.0.1:8786.")
    ] = None,
    out: Annotated[Path | None, options.a_path(help="Folder for the results. Default: outputs/<study>.")] = None,
    only: Only = None,
    charts: Annotated[bool, typer.Option("--charts/--no-charts", help="Whether to write charts as files.")] = True,
    overwrite: options.Overwrite = False,
    resume: Annotated[bool, typer.Option("--resume", help="Take up an interrupted run where it stopped.")] = False,
    quiet: options.Quiet = False,
) -> None:
    """Simulate every scenario of a study; write its tables and charts.

    [bold]Examples:[/bold] lbpsim run scenarios/ --people 2000; lbpsim run scenarios/ --draws 1000;
    lbpsim run scenarios/ --draws 0

    Results are for the country. The uncertain parameters are drawn from their distributions a hundred times, and
    intervals are of parameter uncertainty; --draws or --precision asks for other draws, --draws 0 for none. Every
    sampled figure comes with its Monte Carlo standard error (mcse), told apart.

    --only cft-rollout,cft-first simulates these two and the comparator, and no other policy of the study. --no-charts
    leaves charts/ unwritten; the report has its charts all the same, and `lbpsim report` draws the files later.

    With --follow lifetime nothing new begins after the study's last year, and everyone alive then is followed to death:
    the lifetime tables hold the study's years, what lies beyond them, and both.
    """
    from lbpsim.commands.run import run_and_write  # noqa: PLC0415 - a slow import, needed by this command only
    from lbpsim.psa.draw_request import draw_request  # noqa: PLC0415
    from lbpsim.simulation.workers import ClusterError, check_asked  # noqa: PLC0415

    study = options.the_study(scenarios, people, years, seed, follow)
    study = study if only is None else study.only(options.between_commas(*only))
    check_asked(engine, workers, scheduler)
    folder = out if out is not None else Path("outputs") / study.name
    asked = draw_request(study, draws, _share(precision), draw_people, engine=engine.value)
    session = options.session(folder, quiet=quiet, overwrite=overwrite, resume=resume)
    try:
        with options.resumable(folder):
            run_and_write(
                study, session, asked=asked, engine=engine.value, workers=workers, scheduler=scheduler, charts=charts
            )
    except ClusterError as problem:
        kept = " What was finished is kept: --resume goes on from it." if any(folder.rglob(KEPT)) else ""
        options.give_up(f"{problem}{kept}")


def _share(text: str | None) -> float | None:
    from lbpsim.evidence.units import UnitError, parse_quantity  # noqa: PLC0415 - needed by few runs

    try:
        return None if text is None else parse_quantity(text, "share")
    except UnitError as problem:
        options.refuse(f"--precision: {problem}")


def sensitivity(
    scenarios: options.Scenarios,
    people: Annotated[
        str | None, typer.Option(help="Number of people in each simulation, or 'all'. Default: 10,000, or fewer.")
    ] = None,
    years: options.Years = None,
    seed: options.Seed = None,
    workers: options.Workers = None,
    policy: Annotated[
        str | None, typer.Option(help="Policy to look at. Default: the plainest that offers CFT.")
    ] = None,
    parameters: Annotated[
        str | None, typer.Option(help="Only these, with commas between; * stands for any letters.", metavar="a,b*")
    ] = None,
    two_way: Annotated[
        str | None, typer.Option(help="Also a grid of two parameters, and its heat map.", metavar="a,b")
    ] = None,
    switch: Annotated[
        list[str] | None,
        typer.Option(help="Also search where this parameter changes the decision.", metavar="NAME[=LOW:HIGH]"),
    ] = None,
    out: Annotated[
        Path | None, options.a_path(help="Folder for what is found. Default: outputs/<study>/sensitivity.")
    ] = None,
    overwrite: options.Overwrite = False,
    resume: options.Resume = False,
    quiet: options.Quiet = False,
) -> None:
    """Find what would change the answer: parameters, structure, thresholds.

    [bold]Examples:[/bold] lbpsim sensitivity scenarios/ --policy cft-rollout;
    lbpsim sensitivity scenarios/ --two-way cft.uptake,cft.session_cost;
    lbpsim sensitivity scenarios/ --parameters "cft.*" --switch "cft.uptake=10%:90%"

    Each uncertain parameter goes to either end of its registered 95% interval,
    those drawn together at once; each choice of structure is made in turn; and
    it is searched at what duration of effect, number of physiotherapists and
    price another policy becomes the best. Budgets follow for other uptakes of
    CFT. All simulations have the same people and random numbers.
    """
    from lbpsim.commands.sensitivity import sensitivity_and_write  # noqa: PLC0415 - a slow import, only here
    from lbpsim.dsa.analysis import SensitivityRequest  # noqa: PLC0415
    from lbpsim.report.sensitivity_output import FOLDER  # noqa: PLC0415

    study = options.the_study(scenarios, None, years, seed)
    folder = out if out is not None else Path("outputs") / study.name / FOLDER
    question = SensitivityRequest(policy, tuple(options.between_commas(parameters)), two_way, tuple(switch or ()))
    session = options.session(folder, quiet=quiet, overwrite=overwrite, resume=resume)
    with options.resumable(folder):
        sensitivity_and_write(study, session, question, people=options.number_or_all(people), workers=workers)


def why(
    scenarios: options.Scenarios,
    policy: Annotated[
        str | None, typer.Option(help="The policy to take apart, by the name of its file. Default: the only one given.")
    ] = None,
    people: Annotated[str, typer.Option(help="Number of people simulated at the start, or 'all'.")] = "20000",
    years: options.Years = None,
    seed: options.Seed = None,
    workers: options.Workers = None,
    out: Annotated[Path | None, options.a_path(help="Folder for it. Default: outputs/<study>/why/<policy>.")] = None,
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
) -> None:
    """Take a policy apart: what each of its changes contributes, and what holds the policy back.

    [bold]Example:[/bold] lbpsim why scenarios/ --policy cft-rollout

    Its changes are switched on one at a time over the comparator, all but one, and together. Then what may hold it back
    is relaxed, one thing at a time: eligibility, coverage, uptake, capacity, fidelity, durability. These ends of ranges
    say how much room there is; they are no proposals.
    """
    from lbpsim.commands.explain import explain  # noqa: PLC0415 - a slow import, needed by this command only
    from lbpsim.explain.decomposition import NothingToDecomposeError, plan_decomposition  # noqa: PLC0415
    from lbpsim.report.explain_output import home  # noqa: PLC0415

    try:
        study = options.the_study(scenarios, people, years, seed)
        plan = plan_decomposition(study, policy)
        folder = out if out is not None else home(study.name, plan.policy.name)
        explain(study, plan, options.session(folder, quiet=quiet, overwrite=overwrite), workers=workers)
    except NothingToDecomposeError as nothing:
        options.refuse(f"--policy{f' {policy}' if policy else ''}: {nothing}")
