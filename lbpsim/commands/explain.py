"""Take a policy of a study apart, write what was found and say it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from rich.console import Console

from lbpsim.commands.session import Session
from lbpsim.explain.attribution import Attribution, attribution
from lbpsim.explain.decomposition import decompose, plan_decomposition
from lbpsim.report.earlier_run import refuse_other_record
from lbpsim.report.explain_output import asked, home, write_why, written_earlier
from lbpsim.report.explain_tables import tables_in_words
from lbpsim.report.explain_text import paragraphs
from lbpsim.report.file_names import WHY
from lbpsim.report.progress import shown
from lbpsim.study import Study
from lbpsim.study.notes import notes


def explain(
    study: Study,
    policy: str | None,
    folder: Path | None = None,
    *,
    workers: int | None = None,
    overwrite: bool = False,
    console: Console,
    quiet: bool = False,
) -> Attribution:
    """Take a policy of a study apart, with progress on a terminal, write what was found and say it.

    `policy`: its name, None for the only one; `folder`: for the outputs, by default where the report looks for them.

    Raises NothingToTakeApartError where there is no such policy or it changes nothing, InputErrors where its parts make
    no sense, or where the folder holds what was found of other inputs and `overwrite` does not say that it may go;
    FolderInUseError where somebody else writes there.
    """
    plan = plan_decomposition(study, policy)
    folder = folder if folder is not None else home(study.name, plan.policy.name)
    session = Session(folder, console, quiet, overwrite)
    refuse = partial(refuse_other_record, folder / WHY, asked(), plan.study, written_earlier(folder))
    with session.at_work(refuse, _notes(study, plan.policy.name)):
        with shown(console, quiet=quiet) as tell:
            results = decompose(plan, workers=workers, tell=tell)
        why = attribution(plan, results)
        write_why(why, results, folder)
    for paragraph in paragraphs(why):
        session.say(paragraph, "", wrapped=True)
    for table in tables_in_words(why):
        session.say(table, "")
    session.say(f"Tables and a chart are in {folder}")
    return why


def _notes(study: Study, policy: str) -> Iterator[str]:
    """What is odd about the study, or about the policy: as for a run, without what concerns draws."""
    for note in notes(study, drawn=False):
        if note.policy in ("", policy):
            yield f"Note: {note}"
