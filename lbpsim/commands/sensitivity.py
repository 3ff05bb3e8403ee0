"""Find what would change the answer, and write it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rich.console import Console

from lbpsim.commands.session import Session
from lbpsim.dsa.analysis import Findings, PreparedAnalysis, SensitivityRequest, analyse, prepare
from lbpsim.report.earlier_run import refuse_other_record
from lbpsim.report.file_names import UNFINISHED
from lbpsim.report.format import people_asked
from lbpsim.report.progress import shown
from lbpsim.report.provenance import RUN_FILE
from lbpsim.report.sensitivity_output import asked, write, written_earlier
from lbpsim.report.sensitivity_text import in_words, not_moved
from lbpsim.simulation.checkpoints import anything_kept, remove_saved
from lbpsim.study import Study
from lbpsim.study.phrasing import number_of, plural


def sensitivity_and_write(
    study: Study,
    folder: Path,
    question: SensitivityRequest,
    *,
    people: int | str | None = None,
    workers: int | None = None,
    resume: bool = False,
    overwrite: bool = False,
    console: Console,
    quiet: bool = False,
) -> Findings:
    """Run the analysis, with progress on a terminal, and write what was found into `folder`.

    `resume` takes up work that an interruption left there. Raises InputErrors for what is asked and is not there, and
    where the folder holds what was found of other inputs and `overwrite` does not say that it may go, before anything
    is written; FolderInUseError where another analysis writes there; OSError where finished work cannot be kept.
    """
    ready = prepare(study, question, people=people)
    session = Session(folder, console, quiet, overwrite)
    refuse = partial(refuse_other_record, folder / RUN_FILE, asked(ready), ready.study, written_earlier(folder))
    with session.at_work(refuse, (beginning(ready),)):
        if not resume:
            remove_saved(folder / UNFINISHED)
        session.say_resumed(anything_kept(folder / UNFINISHED) or not resume)
        showing = partial(shown, console, quiet=quiet)
        found = analyse(ready, workers=workers, folder=folder / UNFINISHED, showing=showing)
        skipped = write(found, ready, folder)
        remove_saved(folder / UNFINISHED)
    session.say(in_words(found), *(f"Chart {name} left out: {reason}." for name, reason in skipped.items()))
    session.say(f"Tables and charts are in {folder}")
    return found


def beginning(ready: PreparedAnalysis) -> str:
    """What is about to be done, in a sentence or two."""
    study = ready.study
    return (
        f"{study.title}: what would change the answer for {ready.policy} against {study.policies[0].name}. "
        f"{number_of(len(ready.moved), 'parameter')} or {plural(len(ready.moved), 'group')}, "
        f"{people_asked(study)} people in each simulation, "
        f"{number_of(study.years, 'year')}."
        f"{_not_moved(ready)}"
    )


def _not_moved(ready: PreparedAnalysis) -> str:
    return f" {not_moved(ready.held)}" if ready.held else ""
