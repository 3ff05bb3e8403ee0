"""Tell one person's life under each policy, and draw it."""

from __future__ import annotations

from pathlib import Path

from rich.console import RenderableType

from lbpsim.report.charts import chart_files, two_lives
from lbpsim.report.trace_text import side_by_side
from lbpsim.simulation.trace import trace
from lbpsim.study import Study


def trace_and_draw(
    study: Study, person: int, *, whole: bool = False, chart: Path | None = None, overwrite: bool = False
) -> RenderableType:
    """A person's lives side by side, to where they part or `whole`; `chart`: file into which they are drawn too.

    Raises NobodyError where the study has no such person; UnknownKindError, before the work, where the file's name
    ends in no kind of picture; InputErrors where it holds anything else and `overwrite` does not say that it may go.
    """
    if chart is not None:
        chart_files.kind_of(chart)
    lives = trace(study, person)
    if chart is not None:
        two_lives.write(study, person, lives, chart, overwrite=overwrite)
    return side_by_side(study, person, lives, whole=whole)
