"""The page of a chart of validation: as `page`, with the source line of a judgement in place of a run's."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import lbpsim
from lbpsim.report.charts import page
from lbpsim.report.charts.looks import CFT, INK, MUTED
from lbpsim.report.charts.page import EDGE, STYLE, SUBTITLE_SIZE, TITLE_SIZE, Panels

if TYPE_CHECKING:
    from lbpsim.validation.judgement import Judgement

Draw = Callable[["Judgement"], Figure]
# Colour, line and marker of each arm of the emulated trial, as of policies in other charts.
ARM_LOOKS: dict[str, dict[str, Any]] = {
    "usual_care": {"color": INK, "linestyle": (0, None), "marker": "o"},
    "cft": {"color": CFT.shades[0], "linestyle": (0, (5, 1.6)), "marker": "s"},
    "biofeedback": {"color": "#c04a00", "linestyle": (0, (1.4, 1.2)), "marker": "^"},
}
GOLDEN = (5.0**0.5 - 1.0) / 2.0
PUBLISHED = "#7a2e5f"  # of intervals and figures that were published
CLOUD = "#9dbdd6"  # of emulated trials of the real size


def styled(draw: Draw) -> Draw:
    """`draw` in the style of the charts, whatever the caller's own settings."""

    @functools.wraps(draw)
    def drawn(judgement: Judgement) -> Figure:
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(STYLE)
            return draw(judgement)

    return drawn


def sheet(
    judgement: Judgement, panels: Panels, *, size: tuple[float, float], title: str, subtitle: str, source: str = ""
) -> tuple[Figure, npt.NDArray[Any]]:
    """A figure and its panels, shape (rows, columns); `size` in inches, `source`: sources beside the model, if any."""
    width, height = size
    figure = Figure(figsize=size)
    top = EDGE
    top += page._write(figure, title, top, size=TITLE_SIZE, weight="bold")
    top += page._write(figure, subtitle, top + 0.05, size=SUBTITLE_SIZE, color=MUTED) + 0.05
    bottom = page._source(figure, source_line(judgement, source))
    grid = figure.add_gridspec(
        panels.rows,
        panels.columns,
        left=panels.left / width,
        right=1.0 - panels.right / width,
        top=1.0 - (top + panels.above) / height,
        bottom=(bottom + panels.below) / height,
        wspace=page._gap(panels.across, width - panels.left - panels.right, panels.columns),
        hspace=page._gap(panels.down, height - top - bottom - panels.above - panels.below, panels.rows),
        height_ratios=panels.heights,
        width_ratios=panels.widths,
    )
    return figure, np.asarray(grid.subplots(squeeze=False, sharey=panels.share_y))


def legend_below(figure: Figure, handles: Sequence[Line2D], middle: float) -> None:
    """A legend in one line above the source line; `middle`: where its middle stands, as a share of the width."""
    lines = next(text.get_text() for text in figure.texts if text.get_gid() == "source").count("\n") + 1
    low = EDGE / 2 + lines * page.SOURCE_SIZE * page.LINE_SPACING / page.POINTS + 0.06
    place = (middle, low / figure.get_figheight())
    figure.legend(handles=handles, loc="lower center", ncols=len(handles), bbox_to_anchor=place, borderaxespad=0.0)


def source_line(judgement: Judgement, source: str) -> str:
    """Where a chart comes from."""
    study = judgement.study
    people = f"{study.people:,}" if isinstance(study.people, int) else study.people
    text = (
        f"Source: lbpsim {lbpsim.__version__}, study {study.name}, {people} simulated people and newcomers, of whom "
        f"{judgement.participants:,} take part, seed {study.seed}"
    )
    return f"{text}. {source}".rstrip() if source else f"{text}."


def spread_out(number: int, width: float) -> npt.NDArray[np.float64]:
    """Offsets that spread points evenly over `width`, the same every time (golden ratio)."""
    return np.asarray(((np.arange(number) * GOLDEN) % 1.0 - 0.5) * width)
