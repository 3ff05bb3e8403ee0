"""The page of a chart of validation: as `page`, with the source line of a judgement in place of a run's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

import lbpsim
from lbpsim.report.charts import page
from lbpsim.report.charts.page import EDGE, Panels, styled
from lbpsim.report.charts.policy_styles import CFT, INK
from lbpsim.report.format import people_asked

if TYPE_CHECKING:
    from lbpsim.validation.summary import Assessment

# Colour, line and marker of each arm of the emulated trial, as of policies in other charts.
ARM_LOOKS: dict[str, dict[str, Any]] = {
    "usual_care": {"color": INK, "linestyle": (0, None), "marker": "o"},
    "cft": {"color": CFT.shades[0], "linestyle": (0, (5, 1.6)), "marker": "s"},
    "biofeedback": {"color": "#c04a00", "linestyle": (0, (1.4, 1.2)), "marker": "^"},
}
GOLDEN = (5.0**0.5 - 1.0) / 2.0
PUBLISHED = "#7a2e5f"  # of intervals and figures that were published
CLOUD = "#9dbdd6"  # of emulated trials of the real size


def sheet(
    assessment: Assessment, panels: Panels, *, size: tuple[float, float], title: str, subtitle: str, source: str = ""
) -> tuple[Figure, npt.NDArray[Any]]:
    """A figure and its panels, shape (rows, columns); `size` in inches, `source`: sources beside the model, if any."""
    return page.framed(panels, size, title, subtitle, source_line(assessment, source))


def legend_below(figure: Figure, handles: Sequence[Line2D | Patch], middle: float, columns: int | None = None) -> None:
    """A legend above the source line, in one line or in `columns`; `middle`: where its middle stands, as a share of the
    width.
    """
    lines = next(text.get_text() for text in figure.texts if text.get_gid() == "source").count("\n") + 1
    low = EDGE / 2 + lines * page.SOURCE_SIZE * page.LINE_SPACING / page.POINTS + 0.06
    place = (middle, low / figure.get_figheight())
    figure.legend(
        handles=handles, loc="lower center", ncols=columns or len(handles), bbox_to_anchor=place, borderaxespad=0.0
    )


def source_line(assessment: Assessment, source: str) -> str:
    """Where a chart comes from."""
    study = assessment.study
    text = (
        f"Source: lbpsim {lbpsim.__version__}, study {study.name}, {people_asked(study)} simulated people and "
        f"newcomers, of whom {assessment.participants:,} take part, seed {study.seed}"
    )
    return f"{text}. {source}".rstrip() if source else f"{text}."


def spread_out(number: int, width: float) -> npt.NDArray[np.float64]:
    """Offsets that spread points evenly over `width`, the same every time (golden ratio)."""
    return np.asarray(((np.arange(number) * GOLDEN) % 1.0 - 0.5) * width)


__all__ = ["ARM_LOOKS", "CLOUD", "PUBLISHED", "legend_below", "sheet", "source_line", "spread_out", "styled"]
