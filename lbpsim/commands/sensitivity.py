"""Find what would change the answer, and write it."""

from __future__ import annotations

from functools import partial

from lbpsim.commands.session import Session
from lbpsim.dsa.analysis import Findings, PreparedAnalysis, SensitivityRequest, analyse, prepare
from lbpsim.report.format import people_asked
from lbpsim.report.progress import shown
from lbpsim.report.provenance import RUN_FILE
from lbpsim.report.sensitivity_output import asked, write, written_earlier
from lbpsim.report.sensitivity_text import in_words, not_moved
from lbpsim.simulation.checkpoints import remove_saved
from lbpsim.study import Study
from lbpsim.study.phrasing import number_of, plural


def sensitivity_and_write(
    study: Study,
    session: Session,
    question: SensitivityRequest,
    *,
    people: int | str | None = None,
    workers: int | None = None,
) -> Findings:
    """Run the analysis, with progress on a terminal, and write what was found into the folder of the session.

    Raises InputErrors for what is asked and is not there, and where the folder holds what was found of other inputs and
    `overwrite` does not say that it may go, before anything is written; FolderInUseError where another analysis writes
    there; OSError where finished work cannot be kept.
    """
    ready = prepare(study, question, people=people)
    with session.answering(RUN_FILE, asked(ready), ready.study, written_earlier, (beginning(ready),)):
        session.take_up()
        showing = partial(shown, session.console, quiet=session.quiet)
        found = analyse(ready, workers=workers, folder=session.unfinished, showing=showing)
        skipped = write(found, ready, session.folder)
        remove_saved(session.unfinished)
    session.say(in_words(found), *(f"Chart {name} left out: {reason}." for name, reason in skipped.items()))
    session.say(f"Tables and charts are in {session.folder}")
    return found


def beginning(ready: PreparedAnalysis) -> str:
    """What is about to be done, in a sentence or two."""
    study = ready.study
    return (
        f"{study.title}: what would change the answer for {ready.policy} against {study.policies[0].name}. "
        f"{number_of(len(ready.moved), 'parameter')} or {plural(len(ready.moved), 'group')}, "
        f"{people_asked(study)} people in each simulation, "
        f"{number_of(study.years, 'year')}."
        f"{f' {not_moved(ready.held)}' if ready.held else ''}"
    )
