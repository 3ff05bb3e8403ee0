"""Find what proposed studies are worth, from the draws of a run or from new ones, and write it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rich.console import Console

from lbpsim.commands.session import Session
from lbpsim.outcomes.draws import DrawResults, ProbabilisticResults
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.psa.run import run_draws
from lbpsim.report import outputs
from lbpsim.report.earlier_run import refuse_other_record
from lbpsim.report.file_names import RESEARCHED, UNFINISHED
from lbpsim.report.progress import counted, shown
from lbpsim.report.provenance import RUN_FILE
from lbpsim.report.psa_text import plan_in_words
from lbpsim.report.research_output import PAGE, asked, write, written_earlier
from lbpsim.report.research_text import answer, in_a_table
from lbpsim.simulation.checkpoints import anything_kept, remove_saved
from lbpsim.study import InputErrors, Place, Problem, Study
from lbpsim.voi.design import Design
from lbpsim.voi.implementation import with_perfect
from lbpsim.voi.research import Research, research


@dataclasses.dataclass(frozen=True)
class FinishedRun:
    """A run whose draws are used again: its `folder`, its `study`, and the draws."""

    folder: Path
    study: Study
    draws: DrawResults


def is_run(path: Path) -> bool:
    """Whether a path is the folder of a finished run."""
    return (path / RUN_FILE).is_file()


def finished(folder: Path) -> FinishedRun:
    """The run in a folder; its country is in force from now on.

    Raises NoResultsError where it is not whole, InputErrors where it has no draws.
    """
    results = outputs.read(folder)
    if not isinstance(results, ProbabilisticResults):
        right = "Run the study with draws (`lbpsim run` makes them unless told `--draws 0`), or name the study itself"
        raise InputErrors([Problem(Place(str(folder)), "", "This run has no draws", right)])
    return FinishedRun(folder, results.study, results.draws)


def research_and_write(
    study: Study,
    designs: Sequence[Design],
    folder: Path,
    *,
    run: FinishedRun | None = None,
    draws: DrawRequest | None = None,
    workers: int | None = None,
    resume: bool = False,
    overwrite: bool = False,
    console: Console,
    quiet: bool = False,
) -> Research:
    """Find what designs are worth, with progress on a terminal, and write it into `folder`.

    `run`: whose draws are used; without one, `draws` are made, of the study with its plainest offer of CFT also carried
    out perfectly. Raises InputErrors where a design does not fit the draws, and where the folder holds what was found
    of other inputs and `overwrite` does not say that it may go; FolderInUseError where somebody else writes there.
    """
    session = Session(folder, console, quiet, overwrite)
    whole = study if run is not None else with_perfect(study)
    told = asked(designs, _told(run, draws))
    refuse = partial(refuse_other_record, folder / RESEARCHED, told, whole, written_earlier(folder))
    with session.at_work(refuse):
        sampled = run.draws if run is not None else _drawn(whole, draws or DrawRequest(), workers, resume, session)
        with counted("designs", console, quiet=quiet) as tell:
            found = research(sampled, whole, designs, tell)
        write(found, folder, told)
        remove_saved(folder / UNFINISHED)
    session.say(in_a_table(found))
    session.say(*answer(found), wrapped=True)
    session.say(f"Tables, charts and a page are in {folder}; read {PAGE} first")
    return found


def _told(run: FinishedRun | None, draws: DrawRequest | None) -> object:
    """Which draws, for the record."""
    if run is not None:
        return dataclasses.asdict(run.draws.plan)
    return dataclasses.asdict(draws or DrawRequest())


def _drawn(study: Study, request: DrawRequest, workers: int | None, resume: bool, session: Session) -> DrawResults:
    """Draws of a study, kept as they are made."""
    kept = session.folder / UNFINISHED
    if not resume:
        remove_saved(kept)
    session.say_resumed(anything_kept(kept) or not resume)
    with shown(session.console, quiet=session.quiet) as tell:
        return run_draws(
            study,
            request,
            workers=workers,
            tell=tell,
            say=lambda plan: session.say(plan_in_words(plan)),
            folder=kept,
        )
