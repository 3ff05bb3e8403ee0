"""`brief.html` and `brief.pdf`: what a study found, on one page of A4; both are made from one object."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from lbpsim.outcomes.results import Results
from lbpsim.report.brief.choosing import NothingToChooseError, PolicyNotInStudyError
from lbpsim.report.brief.content import Brief, brief_of
from lbpsim.report.brief.sheet import pdf
from lbpsim.report.brief.web import html
from lbpsim.report.file_names import BRIEF_PAGE, BRIEF_SHEET
from lbpsim.report.files import write_whole


def write_brief(
    results: Results, folder: Path, policies: Sequence[str] = (), information: pd.DataFrame | None = None
) -> tuple[Path, Path]:
    """Write `brief.html` and `brief.pdf` into a folder and return their paths; the same bytes from the same results.

    Args:
        results: of a study, with or without draws.
        folder: for both files, made where it is not there.
        policies: names of those that the brief is about, beside the comparator; none: all of the study.
        information: the table voi.csv, from which comes what is worth finding out; None leaves that out.

    Raises PolicyNotInStudyError for a name that no policy of the study has, NothingToChooseError where nobody could
    choose any of them.
    """
    return written(brief_of(results, tuple(policies), information), folder)


def written(brief: Brief, folder: Path) -> tuple[Path, Path]:
    """Write both files of a brief into a folder and return their paths."""
    page, sheet = folder / BRIEF_PAGE, folder / BRIEF_SHEET
    write_whole(page, html(brief).encode())
    write_whole(sheet, pdf(brief))
    return page, sheet


__all__ = ["Brief", "NothingToChooseError", "PolicyNotInStudyError", "brief_of", "write_brief", "written"]
