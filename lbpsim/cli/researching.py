"""The command that says what is worth finding out: research."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lbpsim.cli import options


def research(
    scenarios: Annotated[
        list[Path],
        options.paths(
            metavar="SCENARIOS...",
            help="Scenario files, a folder of them, or the folder of a finished run, whose draws are then used.",
        ),
    ],
    design: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE_OR_NAME", help="A proposed study; again for more. Default: those that ship with lbpsim."
        ),
    ] = None,
    years: options.Years = None,
    seed: options.Seed = None,
    draws: options.Draws = None,
    draw_people: options.DrawPeople = None,
    workers: options.Workers = None,
    out: Annotated[
        Path | None, options.a_path(help="Folder for what is found. Default: outputs/<study>/research.")
    ] = None,
    overwrite: options.Overwrite = False,
    resume: options.Resume = False,
    quiet: options.Quiet = False,
) -> None:
    """Find what proposed studies are worth, by their size, and what is lost because a policy is carried out slowly.

    [bold]Examples:[/bold] lbpsim research scenarios/; lbpsim research outputs/australia --design trial.yaml;
    lbpsim research scenarios/ --design fidelity --design disability-survey --draws 1000

    A design says whom a study asks, what it measures and what it costs. Its report is simulated in every draw of the
    uncertain parameters: what it is worth to choose between the policies after it (EVSI), in the years in which it can
    be used, less its cost. Beside it stands what a policy loses to waiting and to a slow offer, and what a campaign
    that ended this could cost at most.
    """
    from lbpsim.commands.research import finished, is_run, research_and_write  # noqa: PLC0415 - a slow import, only here
    from lbpsim.psa.draw_request import DrawRequest, draw_request  # noqa: PLC0415
    from lbpsim.report.outputs import NoResultsError  # noqa: PLC0415
    from lbpsim.report.research_output import FOLDER  # noqa: PLC0415
    from lbpsim.voi.design_file import read_designs  # noqa: PLC0415

    try:
        run = finished(scenarios[0]) if len(scenarios) == 1 and is_run(scenarios[0]) else None
    except NoResultsError as wrong:
        options.refuse(str(wrong))
    if run is not None and any(given is not None for given in (years, seed, draws, draw_people)):
        options.refuse(
            "A finished run has its draws: leave out --years, --seed, --draws and --draw-people, or name the study"
        )
    study = run.study if run is not None else options.the_study(scenarios, None, years, seed).to_the_horizon
    designs = read_designs(design or (), study.registry, study.country)
    sampled = run.draws if run is not None else draw_request(study, draws, None, draw_people)
    if isinstance(sampled, DrawRequest) and not sampled.anything:
        options.refuse("--draws 0: what a study is worth is found from draws; ask for some, or leave it out")
    folder = out or (scenarios[0] if run is not None else Path("outputs") / study.name) / FOLDER
    with options.resumable(folder):
        session = options.session(folder, quiet=quiet, overwrite=overwrite, resume=resume)
        research_and_write(study, designs, session, sampled, workers=workers)
