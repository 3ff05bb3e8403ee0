"""Take a policy of a study apart, write what was found and say it."""

from __future__ import annotations

from collections.abc import Iterator

from lbpsim.commands.session import Session
from lbpsim.explain.attribution import Attribution, attribution
from lbpsim.explain.decomposition import DecompositionPlan, decompose
from lbpsim.report.explain_output import asked, write_why, written_earlier
from lbpsim.report.explain_tables import tables_in_words
from lbpsim.report.explain_text import paragraphs
from lbpsim.report.file_names import WHY
from lbpsim.report.progress import shown
from lbpsim.study import Study
from lbpsim.study.notes import notes


def explain(study: Study, plan: DecompositionPlan, session: Session, *, workers: int | None = None) -> Attribution:
    """Take a policy of a study apart, with progress on a terminal, write what was found and say it.

    `plan`: of its parts. Raises InputErrors where the folder of the session holds what was found of other inputs and
    `overwrite` does not say that it may go; FolderInUseError where somebody else writes there.
    """
    with session.answering(WHY, asked(), plan.study, written_earlier, _notes(study, plan.policy.name)):
        with shown(session.console, quiet=session.quiet) as tell:
            results = decompose(plan, workers=workers, tell=tell)
        why = attribution(plan, results)
        write_why(why, results, session.folder)
    for paragraph in paragraphs(why):
        session.say(paragraph, "", wrapped=True)
    for table in tables_in_words(why):
        session.say(table, "")
    session.say(f"Tables and a chart are in {session.folder}")
    return why


def _notes(study: Study, policy: str) -> Iterator[str]:
    """What is odd about the study, or about the policy: as for a run, without what concerns draws."""
    for note in notes(study, drawn=False):
        if note.policy in ("", policy):
            yield f"Note: {note}"
