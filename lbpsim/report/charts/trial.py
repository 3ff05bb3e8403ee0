"""The emulated trial visit by visit: scores of each arm, differences from usual care, published intervals as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lbpsim.report.charts.labels import EndLabel, end_labels
from lbpsim.report.charts.layouts import ARM_LOOKS, CLOUD, PUBLISHED, legend_below, sheet, spread_out, styled
from lbpsim.report.charts.page import Panels
from lbpsim.report.charts.policy_styles import INK
from lbpsim.validation.summary import ARM_NAMES, when
from lbpsim.validation.treatment_effects import VISIT_WEEKS
from lbpsim.validation.trial import ARMS
from lbpsim.validation.trial_replicates import OUTCOMES

if TYPE_CHECKING:
    from lbpsim.validation.summary import Assessment

WORDS = {"rmdq": ("Disability", "RMDQ points, 0 to 24"), "pain": ("Pain", "NRS points, 0 to 10")}
CLOUD_WIDTH, ASIDE = 0.3, 0.32  # of the space between visits: the cloud, and how far published bars stand from it
PLACES = np.arange(len(VISIT_WEEKS))


@styled
def draw_rmdq(assessment: Assessment) -> Figure:
    """Disability."""
    return _draw(assessment, "rmdq")


@styled
def draw_pain(assessment: Assessment) -> Figure:
    """Pain."""
    return _draw(assessment, "pain")


def _draw(assessment: Assessment, what: str) -> Figure:
    word, _ = WORDS[what]
    figure, grid = sheet(
        assessment,
        Panels(columns=3, left=0.75, right=0.35, across=1.8, above=0.4, below=1.0, widths=(1.0, 1.15, 1.15)),
        size=(13.4, 5.1),
        title=f"{word} in the emulated RESTORE trial",
        subtitle="Left: mean of each arm. Middle and right: difference from usual care; below zero favours CFT. "
        "Visits stand equally far apart.",
        source="Published: Kent 2023, Hancock 2025; figures of weeks 13 and 52 were read in secondary sources.",
    )
    left, *others = grid[0]
    _levels(left, assessment.restore, what)
    for number, (axes, arm) in enumerate(zip(others, ARMS[1:], strict=True)):
        _differences(axes, assessment, what, arm, number)
    _same_heights(others)
    legend_below(figure, _legend(), 0.64)
    return figure


def _levels(axes: Axes, restore: pd.DataFrame, what: str) -> None:
    word, unit = WORDS[what]
    labels = []
    for arm in ARMS:
        rows = restore[(restore["arm"] == arm) & (restore["outcome"] == what)]
        axes.plot(PLACES, rows["emulated"], linewidth=1.6, **ARM_LOOKS[arm])
        name = ARM_NAMES[arm][0].upper() + ARM_NAMES[arm][1:]
        labels.append(EndLabel(name.replace("with ", "with\n"), float(rows["emulated"].iloc[-1]),
                               ARM_LOOKS[arm]["color"], ARM_LOOKS[arm]["marker"]))  # fmt: skip
    axes.set_ylim(0.0, None)
    axes.set_title(f"{word}, mean")
    axes.set_ylabel(f"{word} ({unit})")
    _visits(axes)
    end_labels(axes, labels)


def _differences(axes: Axes, assessment: Assessment, what: str, arm: str, number: int) -> None:
    _, unit = WORDS[what]
    cloud = assessment.cloud.differences[:, OUTCOMES.index(what), number]
    for visit in PLACES[1:]:
        across = visit + spread_out(len(cloud), CLOUD_WIDTH)
        axes.scatter(across, cloud[:, visit], s=5, color=CLOUD, linewidths=0, zorder=1)
    restore = assessment.restore
    rows = restore[(restore["arm"] == arm) & (restore["outcome"] == f"{what}_difference")]
    line = np.concatenate([[0.0], rows["emulated"]])
    axes.plot(PLACES, line, linewidth=1.6, zorder=3, markeredgecolor="white", markeredgewidth=0.6, **ARM_LOOKS[arm])
    for visit, row in zip(PLACES[1:], rows.itertuples(), strict=True):
        published(axes, visit + ASIDE, float(row.published), float(row.low), float(row.high))  # type: ignore[arg-type]
    axes.axhline(0.0, color=INK, linewidth=1.0)
    axes.set_title(f"{ARM_NAMES[arm]} less usual care")
    axes.set_ylabel(f"Difference ({unit.split(',', maxsplit=1)[0]})")
    _visits(axes)


def published(axes: Axes, place: float, value: float, low: float, high: float) -> None:
    """A published figure with its 95% interval as an upright bar; nothing where nothing was published."""
    if np.isnan(value):
        return
    if not np.isnan(low):
        axes.plot([place, place], [low, high], color=PUBLISHED, linewidth=4.0, alpha=0.45, solid_capstyle="butt")
    axes.plot(place, value, color=PUBLISHED, marker="D", markersize=5, linestyle="none", zorder=4)


def _same_heights(axes: list[Axes]) -> None:
    low = min(one.get_ylim()[0] for one in axes)
    high = max(one.get_ylim()[1] for one in axes)
    for one in axes:
        one.set_ylim(low, high)


def _visits(axes: Axes) -> None:
    axes.set_xticks(PLACES, [f"{week}" if week != VISIT_WEEKS[-1] else "year 3" for week in VISIT_WEEKS])
    axes.set_xlim(-0.4, len(PLACES) - 0.4)
    axes.set_xlabel("Visit (weeks from enrolment)")


def _legend() -> list[Line2D]:
    return [
        Line2D([], [], color=INK, marker="o", linewidth=1.6, label="emulated, all participants"),
        Line2D([], [], color=CLOUD, marker="o", markersize=3, linestyle="none", label="emulated trials of 492 people"),
        Line2D(
            [],
            [],
            color=PUBLISHED,
            marker="D",
            markersize=5,
            linewidth=4,
            alpha=0.6,
            label="published (bar: 95% interval, where read)",
        ),
    ]


__all__ = ["draw_pain", "draw_rmdq", "published", "when"]
