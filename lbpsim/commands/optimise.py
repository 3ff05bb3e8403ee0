"""Look for the best policy within limits, and write it as a file with the reasons."""

from __future__ import annotations

from lbpsim.commands.session import Session
from lbpsim.optimisation.hunt import optimise
from lbpsim.optimisation.optimum import Optimum
from lbpsim.optimisation.question import Question
from lbpsim.report.file_names import OPTIMISED
from lbpsim.report.narrative.choosing import sentences
from lbpsim.report.optimum_output import POLICY, asked, write, written_earlier
from lbpsim.report.progress import simulating
from lbpsim.study.phrasing import number_of

TRIALS = "trials"


def optimise_and_write(question: Question, session: Session, *, workers: int | None = None) -> Optimum:
    """Search, with progress on a terminal, and write what was found into the folder of the session.

    Trials are kept in the folder, so that interrupted work goes on from where it was. Raises NothingAllowedError where
    no policy was found that keeps the limits; InputErrors where the folder holds what was found of other inputs and
    `overwrite` does not say that it may go; FolderInUseError where somebody else writes there.
    """
    folder = session.folder
    with session.answering(OPTIMISED, asked(question), question.study, written_earlier, (beginning(question),)):
        with simulating(session.console, quiet=session.quiet) as tell:
            found = optimise(question, workers=workers, tell=tell, folder=folder / TRIALS)
        write(found, folder)
    for sentence in sentences(found):
        session.say(sentence, wrapped=True)
    session.say(f"The policy is {folder / POLICY}; page, tables and chart are beside it.")
    return found


def beginning(question: Question) -> str:
    """What is about to be done, in a sentence."""
    levers = number_of(len(question.space.levers), "lever")
    within = f" within {number_of(len(question.limits), 'limit')}" if question.limits else ""
    return f"{question.study.title}: the best {question.goal.label} by {levers} of {question.space.base.name}{within}."
