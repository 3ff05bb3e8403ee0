"""Charts for print: one module a chart, each with `draw(results)`; written as SVG and PNG."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

from lbpsim.report.charts import burden, costs, harms, impact, plane, waiting
from lbpsim.report.charts.page import STYLE, NothingToDraw
from lbpsim.report.files import write_whole

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

CHARTS: Mapping[str, Callable[[Results], Figure]] = {
    "burden": burden.draw,
    "impact": impact.draw,
    "plane": plane.draw,
    "plane_dalys": plane.draw_dalys,
    "costs": costs.draw,
    "waiting": waiting.draw,
    "harms": harms.draw,
}
RESOLUTION = 300  # dots per inch in print


@dataclass(frozen=True)
class Chart:
    """One chart of a study: its `files` (SVG, then PNG), or, where it has none, why it was `skipped`."""

    name: str
    files: tuple[Path, ...] = ()
    skipped: str = ""


def write_charts(results: Results, folder: Path) -> tuple[Chart, ...]:
    """Write every chart of the results into `folder` as SVG and PNG, the same bytes from the same results.

    A chart whose subject is absent is not drawn: its entry says why, and files of that name from an earlier run go.
    """
    return tuple(_write(name, draw, results, folder) for name, draw in CHARTS.items())


def picture(figure: Figure, kind: str) -> bytes:
    """A figure as the bytes of an "svg" or "png" file, without date or software in it."""
    stream = io.BytesIO()
    with mpl.rc_context():
        mpl.rcParams.update(STYLE)
        metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        figure.savefig(stream, format=kind, dpi=RESOLUTION, metadata=metadata)
    return stream.getvalue()


def _write(name: str, draw: Callable[[Results], Figure], results: Results, folder: Path) -> Chart:
    files = tuple(folder / f"{name}.{kind}" for kind in ("svg", "png"))
    try:
        figure = draw(results)
    except NothingToDraw as absent:
        for path in files:
            path.unlink(missing_ok=True)
        return Chart(name, skipped=str(absent))
    for path in files:
        write_whole(path, picture(figure, path.suffix.removeprefix(".")))
    return Chart(name, files)


__all__ = ["CHARTS", "Chart", "NothingToDraw", "picture", "write_charts"]
