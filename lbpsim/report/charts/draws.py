"""The charts that only draws make possible."""

from __future__ import annotations

from pathlib import Path

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.report.charts import picture, projection, settling
from lbpsim.report.charts.page import NothingToDraw
from lbpsim.report.files import write_whole

DRAW_CHARTS = {"projection": projection.draw, "settling": settling.draw}
KINDS = ("svg", "png")


def write_draw_charts(results: ProbabilisticResults, folder: Path) -> tuple[Path, ...]:
    """Write the charts of the draws into `folder` as SVG and PNG; those without a subject are left out."""
    remove_draw_charts(folder)
    written = []
    for name, draw in DRAW_CHARTS.items():
        try:
            figure = draw(results)
        except NothingToDraw:
            continue
        for kind in KINDS:
            write_whole(folder / f"{name}.{kind}", picture(figure, kind))
            written.append(folder / f"{name}.{kind}")
    return tuple(written)


def remove_draw_charts(folder: Path) -> None:
    """Remove the charts of an earlier run's draws."""
    for name in DRAW_CHARTS:
        for kind in KINDS:
            (folder / f"{name}.{kind}").unlink(missing_ok=True)
