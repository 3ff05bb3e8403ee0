"""Judge the model by its base case, and write what was found."""

from __future__ import annotations

from lbpsim.commands.session import Session, of_the_country
from lbpsim.report.file_names import VALIDATED
from lbpsim.report.progress import in_stages
from lbpsim.report.validation_output import asked, checks_table, verdict_in_words, write, written_earlier
from lbpsim.study import Study
from lbpsim.validation.summary import Assessment, assess


def validate_and_write(study: Study, session: Session, *, workers: int | None = None) -> Assessment:
    """Judge a study's base case, with progress on a terminal, and write what was found into the session's folder.

    Raises TooFewError where the study's people are too few for a trial, InputErrors where the folder holds what was
    found of other inputs and `overwrite` does not say that it may go, FolderInUseError where somebody else writes
    there.
    """
    asked_of, study = study, study.of_the_country
    at_work = session.answering(VALIDATED, asked(), study.of_comparator, written_earlier, of_the_country(asked_of))
    with at_work, in_stages(session.console, quiet=session.quiet) as tell:
        assessment = assess(study, workers=workers, tell=tell)
        tell("drawing", 1.0)
        write(assessment, session.folder)
    session.say(*(checks_table(assessment, gates=gates) for gates in (True, False)))
    session.say(verdict_in_words(assessment), wrapped=True)
    session.say(f"Tables, people and charts are in {session.folder}")
    return assessment
