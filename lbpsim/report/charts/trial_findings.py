"""The emulated trial's other findings: benefit by disability at the start, and the cost of a year."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from lbpsim.evidence import in_force
from lbpsim.report.charts.forms.axes import beside, name_rows, show_scaled, zero
from lbpsim.report.charts.layouts import ARM_LOOKS, DIAMOND, INTERVAL, MODEL, THIN, draw_cloud, published, sheet
from lbpsim.report.charts.page import Panels, styled
from lbpsim.report.charts.styles import FULL, LINES
from lbpsim.report.format import ONES, signed_money
from lbpsim.validation.participant_outcomes import COSTS
from lbpsim.validation.summary import ARM_NAMES, Assessment
from lbpsim.validation.trial import ARMS, where_it_was
from lbpsim.validation.trial_replicates import MODERATED_AT

WIDTH, ASIDE = 0.5, 0.6  # in RMDQ points: of the cloud, and of published bars from it
LEAST_IN_A_BIN = 30
COST_STEP = 5000.0  # of money between ticks
COST_LABELS = {
    "cost_consultations": "Consultations",
    "cost_usual_care": "Usual care",
    "cost_cft": "CFT",
    "cost_opioids": "Opioids",
    "cost_disorder": "Opioid use disorder",
    "cost_overdose": "Overdose",
    "cost_fractures": "Fractures",
    "cost_surgery": "Surgery",
    "cost_lost_work": "Lost work",
    "cost_health_system": "All health care",
    "cost_societal": "Societal cost",
}
Numbers = npt.NDArray[np.float64]


@styled
def draw_benefit(assessment: Assessment) -> Figure:
    """Benefit at week 13 by disability at the start, with the published benefits at two points."""
    figure, grid = sheet(
        assessment,
        Panels(tall=3.2, above=0.2),
        LINES,
        title="Benefit of CFT at week 13 in the emulated RESTORE trial",
        subtitle="Both CFT arms together. Dots: mean benefit of people with that score. Line: straight line through "
        "all participants. Cloud: lines of emulated trials of 492 people. Bars: published benefit, 95% interval.",
        source="Published: Hancock 2024.",
    )
    axes = grid[0, 0]
    _benefits(axes, assessment)
    zero(axes, y=True)
    axes.xaxis.set_major_locator(MultipleLocator(2.0))
    axes.set_xlabel("Disability at the start (RMDQ points)")
    axes.set_ylabel("Benefit against usual care (RMDQ points)")
    return figure


def _benefits(axes: Axes, assessment: Assessment) -> None:
    start, benefit = _each(assessment.people)
    scores = np.round(start)
    many = [score for score in np.unique(scores) if (scores == score).sum() >= LEAST_IN_A_BIN]
    axes.plot(many, [benefit[scores == score].mean() for score in many], "o", color=MODEL, zorder=3)
    line = np.polyfit(start, benefit, 1)
    ends = np.array([min(many), max(many)])
    axes.plot(ends, np.polyval(line, ends), color=MODEL, linewidth=1.6, zorder=2)
    rows = assessment.restore.set_index("outcome")[["published", "low", "high"]].filter(like="benefit_at", axis="index")
    for number, at in enumerate(MODERATED_AT):
        draw_cloud(axes, at, assessment.cloud.benefits[:, number], WIDTH)
        published(axes, at + ASIDE, *rows.to_dict("index")[f"benefit_at_{at}"].values())


def _each(people: pd.DataFrame) -> tuple[Numbers, Numbers]:
    """Disability at the start and benefit at week 13 of each participant alive then."""
    usual, *treated = (people[people["arm"] == arm].set_index("person") for arm in ARMS)
    later = sum(arm["rmdq_week_13"] for arm in treated) / len(treated)
    benefit = (usual["rmdq_week_13"] - later).dropna()
    return usual.loc[benefit.index, "rmdq_week_0"].to_numpy(), benefit.to_numpy()


@styled
def draw_costs(assessment: Assessment) -> Figure:
    """Cost of the first year against usual care: its parts, and the whole beside the published difference."""
    trial = where_it_was(assessment.study)
    with in_force.within(trial.country):
        return _draw_costs(assessment, trial.price_year)


def _draw_costs(assessment: Assessment, year: int) -> Figure:
    figure, grid = sheet(
        assessment,
        Panels(columns=2, tall=3.0, left=1.6, right=1.1, across=1.15, share_y=True),
        FULL,
        title="Cost of the first year against usual care, emulated RESTORE trial",
        subtitle=f"{in_force.currency()} a participant at prices of {year}; left of zero is a saving. "
        "Reported, never tuned to. Cloud: "
        "emulated trials of 492 people. Bar: published difference in societal cost, 95% interval, carried from prices "
        "guessed to be of 2021.",
        source="Published: Kent 2023, quoted without the source at hand; its two errata are unread.",
    )
    for number, (axes, arm) in enumerate(zip(grid[0], ARMS[1:], strict=True)):
        _costs(axes, assessment, arm, number)
    reach = [end for axes in grid[0] for end in axes.get_xlim()]
    for axes in grid[0]:
        axes.set_xlim(min(reach), max(reach))
        axes.xaxis.set_major_locator(MultipleLocator(COST_STEP))
    return figure


def _costs(axes: Axes, assessment: Assessment, arm: str, number: int) -> None:
    restore = assessment.restore
    year = restore[(restore["arm"] == arm) & (restore["week"] == 52)].set_index("outcome")
    rows = year[["emulated", "published", "low", "high"]].to_dict("index")
    places = name_rows(axes, list(COST_LABELS.values()))
    for place, name in zip(places, COST_LABELS, strict=True):
        row, strength = rows[f"{name}_difference"], 0.55 if name in COSTS else 1.0
        axes.barh(place, row["emulated"], height=0.5, color=ARM_LOOKS[arm]["color"], alpha=strength, zorder=3)
        beside(axes, place, signed_money(float(round(row["emulated"]))))
    _whole(axes, places[-1], rows["cost_societal_difference"], assessment.cloud.costs[:, number])
    zero(axes, x=True)
    axes.set_title(f"{ARM_NAMES[arm]} less usual care")
    show_scaled(axes.xaxis, ONES, signs=True)
    axes.set_xlabel(f"Difference in the first year ({in_force.currency()} a participant)")


def _whole(axes: Axes, place: float, row: Mapping[Hashable, float], cloud: Numbers) -> None:
    """The societal difference: what trials of the real size find, and what was published."""
    draw_cloud(axes, place + 0.42, cloud, 0.22, level=True)
    axes.plot([row["low"], row["high"]], [place - 0.42] * 2, linewidth=THIN, **INTERVAL)
    axes.plot(row["published"], place - 0.42, **DIAMOND)
