"""Find what proposed studies are worth, from the draws of a run or from new ones, and write it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from lbpsim.commands.session import Session
from lbpsim.outcomes.draws import DrawResults, ProbabilisticResults
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.psa.run import run_draws
from lbpsim.report import outputs
from lbpsim.report.file_names import RESEARCHED
from lbpsim.report.progress import counted, shown
from lbpsim.report.provenance import RUN_FILE
from lbpsim.report.psa_text import plan_in_words
from lbpsim.report.research_output import PAGE, asked, write, written_earlier
from lbpsim.report.research_text import answer, in_a_table
from lbpsim.simulation.checkpoints import remove_saved
from lbpsim.study import InputErrors, Place, Problem, Study
from lbpsim.voi.design import Design
from lbpsim.voi.implementation import with_perfect
from lbpsim.voi.research import Research, research


def is_run(path: Path) -> bool:
    """Whether a path is the folder of a finished run."""
    return (path / RUN_FILE).is_file()


def finished(folder: Path) -> ProbabilisticResults:
    """The run in a folder; its country is in force from now on.

    Raises NoResultsError where it is not whole, InputErrors where it has no draws.
    """
    results = outputs.read(folder)
    if not isinstance(results, ProbabilisticResults):
        right = "Run the study with draws (`lbpsim run` makes them unless told `--draws 0`), or name the study itself"
        raise InputErrors([Problem(Place(str(folder)), "", "This run has no draws", right)])
    return results


def research_and_write(
    study: Study,
    designs: Sequence[Design],
    session: Session,
    draws: DrawResults | DrawRequest,
    *,
    workers: int | None = None,
) -> Research:
    """Find what designs are worth, with progress on a terminal, and write it into the folder of the session.

    `draws`: of a run of the study; or, where they are only asked for, they are made, of the study with its plainest
    offer of CFT also carried out perfectly.

    Raises InputErrors where a design does not fit the draws, and where the folder holds what was found of other inputs
    and `overwrite` does not say that it may go; FolderInUseError where somebody else writes there.
    """
    whole = study if isinstance(draws, DrawResults) else with_perfect(study)
    told = asked(designs, dataclasses.asdict(draws.plan if isinstance(draws, DrawResults) else draws))
    with session.answering(RESEARCHED, told, whole, written_earlier):
        sampled = draws if isinstance(draws, DrawResults) else _drawn(whole, draws, workers, session)
        with counted("designs", session.console, quiet=session.quiet) as tell:
            found = research(sampled, whole, designs, tell)
        write(found, session.folder, told)
        remove_saved(session.unfinished)
    session.say(in_a_table(found))
    session.say(*answer(found), wrapped=True)
    session.say(f"Tables, charts and a page are in {session.folder}; read {PAGE} first")
    return found


def _drawn(study: Study, request: DrawRequest, workers: int | None, session: Session) -> DrawResults:
    """Draws of a study, kept as they are made."""
    session.take_up()
    with shown(session.console, quiet=session.quiet) as tell:
        return run_draws(
            study,
            request,
            workers=workers,
            tell=tell,
            say=lambda plan: session.say(plan_in_words(plan)),
            folder=session.unfinished,
        )
