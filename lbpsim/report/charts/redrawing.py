"""Charts drawn again from stored results: some of them, as other kinds of files, in another style."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from lbpsim.report.charts import USUAL_KINDS, Chart, left_out
from lbpsim.report.charts.catalogue import beside, chosen
from lbpsim.report.charts.drawing import write_charts
from lbpsim.report.charts.styles import PRINT, Style
from lbpsim.report.file_names import CHARTS
from lbpsim.report.lives_file import KEPT
from lbpsim.report.outputs import decided_earlier, read, to_be_read
from lbpsim.study.phrasing import number_of


def redraw(
    folder: Path,
    *,
    only: Sequence[str] | None = None,
    kinds: Sequence[str] = USUAL_KINDS,
    style: Style = PRINT,
    console: Console,
) -> tuple[Chart, ...]:
    """Draw charts from the results stored in `folder`: into its `charts`, or a folder in there named after the style.

    Raises NoResultsError where the folder does not hold a whole run, UnknownChartError for a name that no chart has,
    FolderInUseError where a run writes there.
    """
    wanted = chosen(only)
    out = folder / CHARTS if style is PRINT else folder / CHARTS / style.name
    with to_be_read(folder):
        results = read(folder)
        decision = decided_earlier(results, folder) if any(subject.needs == "decision" for subject in wanted) else None
        made = write_charts(
            results, decision, out, only=only, kinds=kinds, style=style, validation=beside(folder), people=folder / KEPT
        )
    for line in left_out(made):
        console.print(line, markup=False, soft_wrap=True)
    drawn = sum(not chart.skipped for chart in made)
    console.print(f"{number_of(drawn, 'chart')} in {out}", markup=False, soft_wrap=True)
    return made
