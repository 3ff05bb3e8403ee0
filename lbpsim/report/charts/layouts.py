"""What charts of the emulated trial share: the looks of its arms, visits, published figures, and the source line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.report.charts.forms.labels import EndLabel, end_labels
from lbpsim.report.charts.page import Panels, framed, source_of
from lbpsim.report.charts.policy_styles import CFT, INK, PlotStyle
from lbpsim.report.charts.styles import PRINT, Widths
from lbpsim.report.format import people_asked
from lbpsim.validation.summary import Assessment

# Colour, line and marker of each arm of the emulated trial, as of policies in other charts.
ARM_LOOKS: dict[str, PlotStyle] = {
    "usual_care": {"color": INK, "linestyle": (0, None), "marker": "o"},
    "cft": {"color": CFT.shades[0], "linestyle": (0, (5, 1.6)), "marker": "s"},
    "biofeedback": {"color": "#c04a00", "linestyle": (0, (1.4, 1.2)), "marker": "^"},
}
WORDS = {"rmdq": ("Disability", "RMDQ points, 0 to 24"), "pain": ("Pain", "NRS points, 0 to 10")}
GOLDEN = (5.0**0.5 - 1.0) / 2.0
MODEL, PUBLISHED = CFT.shades[0], "#7a2e5f"  # of figures and intervals: the model's, and published ones
CLOUD = "#9dbdd6"  # of emulated trials of the real size
DIAMOND: PlotStyle = {"color": PUBLISHED, "marker": "D", "markersize": 5}
INTERVAL: PlotStyle = {"color": PUBLISHED, "alpha": 0.4, "solid_capstyle": "butt"}
THIN, THICK = 4.0, 8.0  # points, of published intervals: beside others, and alone in a row
YEAR_3 = 156  # the week that stands for it


def sheet(
    assessment: Assessment, panels: Panels, widths: Widths, *, title: str, subtitle: str, source: str = ""
) -> tuple[Figure, npt.NDArray[Any]]:
    """A figure and its panels, shape (rows, columns); `source`: sources beside the model, if any."""
    return framed(panels, PRINT.sheet(widths), title, subtitle, source_line(assessment, source))


def source_line(assessment: Assessment, source: str) -> str:
    """Where a chart comes from."""
    study = assessment.study
    told = (
        f"{people_asked(study)} simulated people and newcomers, of whom {assessment.participants:,} take part, "
        f"seed {study.seed}"
    )
    return source_of(study, f"{told}. {source}".rstrip())


def draw_arms(axes: Axes, table: pd.DataFrame, what: str, names: Mapping[str, str]) -> None:
    """The mean of each arm by visit, each named at its end; `names` of the arms, `what`: "rmdq" or "pain"."""
    labels, (word, unit) = [], WORDS[what]
    rows = table[table["outcome"] == what]
    for arm, name in names.items():
        mine, look = rows[rows["arm"] == arm], ARM_LOOKS[arm]
        axes.plot(np.arange(len(mine)), mine["emulated"], linewidth=1.6, **look)
        labels.append(EndLabel(name, float(mine["emulated"].iloc[-1]), look["color"], look["marker"]))
    axes.set_ylim(0.0, None)
    axes.set_title(f"{word}, mean of each arm")
    axes.set_ylabel("{} ({})".format(*unit.split(", ")))
    visit_axis(axes, rows["week"].drop_duplicates().tolist())
    end_labels(axes, labels)


def visit_axis(axes: Axes, weeks: Sequence[float]) -> None:
    """Visits equally far apart."""
    axes.set_xticks(range(len(weeks)), ["year 3" if week == YEAR_3 else f"{week:.0f}" for week in weeks])
    axes.set_xlim(-0.4, len(weeks) - 0.4)
    axes.set_xlabel("Visit (weeks from enrolment)")


def published(axes: Axes, place: float, value: float, low: float, high: float) -> None:
    """A published figure with its 95% interval as an upright bar; nothing where nothing was published."""
    if np.isnan(value):
        return
    if not np.isnan(low):
        axes.plot([place, place], [low, high], linewidth=THIN, **INTERVAL)
    axes.plot(place, value, linestyle="none", zorder=4, **DIAMOND)


def draw_cloud(axes: Axes, along: float, values: npt.NDArray[np.float64], width: float, *, level: bool = False) -> None:
    """What emulated trials of the real size find, spread evenly over a `width` around a place; `level`: lying."""
    spread = along + spread_out(len(values), width)
    axes.scatter(*((values, spread) if level else (spread, values)), s=5, color=CLOUD, linewidths=0, zorder=1)


def spread_out(number: int, width: float) -> npt.NDArray[np.float64]:
    """Offsets that spread points evenly over `width`, the same every time (golden ratio)."""
    return np.asarray(((np.arange(number) * GOLDEN) % 1.0 - 0.5) * width)
