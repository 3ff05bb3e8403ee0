"""Judge the model by its base case, and write what was found."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rich.console import Console

from lbpsim.commands.session import Session, of_the_country
from lbpsim.report.earlier_run import refuse_other_record
from lbpsim.report.file_names import VALIDATED
from lbpsim.report.progress import in_stages
from lbpsim.report.validation_output import asked, checks_table, verdict_in_words, write, written_earlier
from lbpsim.study import Study
from lbpsim.validation.summary import Assessment, assess


def validate_and_write(
    study: Study,
    folder: Path,
    *,
    workers: int | None = None,
    overwrite: bool = False,
    console: Console,
    quiet: bool = False,
) -> Assessment:
    """Judge a study's base case, with progress on a terminal, and write what was found into `folder`.

    Raises TooFewError where the study's people are too few for a trial, InputErrors where the folder holds what was
    found of other inputs and `overwrite` does not say that it may go, FolderInUseError where somebody else writes
    there.
    """
    asked_of, study = study, study.of_the_country
    session = Session(folder, console, quiet, overwrite)
    refuse = partial(refuse_other_record, folder / VALIDATED, asked(), study.of_comparator, written_earlier(folder))
    with session.at_work(refuse, of_the_country(asked_of)), in_stages(console, quiet=quiet) as tell:
        assessment = assess(study, workers=workers, tell=tell)
        tell("drawing", 1.0)
        write(assessment, folder)
    session.say(*(checks_table(assessment, gates=gates) for gates in (True, False)))
    session.say(verdict_in_words(assessment), wrapped=True)
    session.say(f"Tables, people and charts are in {folder}")
    return assessment
