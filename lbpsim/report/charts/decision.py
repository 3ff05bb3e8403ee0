"""The charts of the decision layer, drawn from tables made once by `lbpsim.decision.analysis.decide`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from lbpsim.report.charts import Chart, budget, capacity, ceac, equity, picture, voi
from lbpsim.report.charts.page import NothingToDraw
from lbpsim.report.files import write_whole

if TYPE_CHECKING:
    from lbpsim.decision.analysis import Decision
    from lbpsim.outcomes.results import Results

DECISION_CHARTS: Mapping[str, Callable[[Results, Decision], Figure]] = {
    "budget": budget.draw,
    "capacity": capacity.draw,
    "equity": equity.draw,
    "equity_plane": equity.draw_plane,
    "ceac": ceac.draw,
    "voi": voi.draw,
}


def write_decision_charts(results: Results, decision: Decision, folder: Path) -> tuple[Chart, ...]:
    """Write every chart of the decision layer into `folder` as SVG and PNG, the same bytes from the same tables.

    A chart whose subject is absent is not drawn: its entry says why, and files of that name from an earlier run go.
    """
    return tuple(_write(name, draw, results, decision, folder) for name, draw in DECISION_CHARTS.items())


def _write(
    name: str, draw: Callable[[Results, Decision], Figure], results: Results, decision: Decision, folder: Path
) -> Chart:
    files = tuple(folder / f"{name}.{kind}" for kind in ("svg", "png"))
    try:
        figure = draw(results, decision)
    except NothingToDraw as absent:
        for path in files:
            path.unlink(missing_ok=True)
        return Chart(name, skipped=str(absent))
    for path in files:
        write_whole(path, picture(figure, path.suffix.removeprefix(".")))
    return Chart(name, files)
