"""What a treatment does to 1,000 people who get it, against the same people untreated, outcome by outcome."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes import per_thousand_treated as thousand
from lbpsim.outcomes.estimate import SURE
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import beside, measure, name_rows, small_panels, zero
from lbpsim.report.charts.forms.keys import key_above, spot, swatch
from lbpsim.report.charts.page import NothingToDraw, Panels, framed, source_of, styled
from lbpsim.report.charts.policy_styles import INK, PlotStyle
from lbpsim.report.charts.styles import COLUMN, FULL, LINES, PRINT, SLIDE, Style
from lbpsim.report.format import ONES, SCALES, Scale, fixed, known, money_of, signed, with_error
from lbpsim.report.narrative.phrasing import NO_DIFFERENCE
from lbpsim.study.phrasing import number_of

LAST = thousand.MARKS[-1]
MILLIONS, THOUSANDS = SCALES[1], SCALES[2]
FILLS = dict(zip(thousand.MARKS, ("#cfd8e3", "#7fa3c7", "#0b3360"), strict=True))  # the later, the darker
BAR, ROOM = 0.24, 0.12  # of the distance between rows: a bar; of the reach of bars: white at either end


@dataclass(frozen=True)
class Bars:
    """One row of bars: a treatment, among whom, what the row is called, and the same as delivered in the trial."""

    treatment: str
    among: str
    label: str
    in_trial: str = ""


ROWS = (
    Bars(thousand.CFT, thousand.ALL_PEOPLE, thousand.TREATMENTS[thousand.CFT], thousand.CFT_IN_TRIAL),
    Bars(thousand.BIOFEEDBACK, thousand.ALL_PEOPLE, "CFT with\nbiofeedback", thousand.BIOFEEDBACK_IN_TRIAL),
    Bars(thousand.OPIOIDS, thousand.NOT_ON_OPIOIDS, "Long-term\nopioids*"),
    Bars(thousand.FUSION, thousand.FIT_FOR_FUSION, "Lumbar\nfusion†"),
    Bars(thousand.CFT, thousand.FIT_FOR_FUSION, "CFT for the\nsame people†", thousand.CFT_IN_TRIAL),
)


@dataclass(frozen=True)
class Panel:
    """An outcome, its title, its unit and scale, and whether more of it is better."""

    measure: str
    title: str
    unit: str
    scale: Scale = ONES
    more_is_better: bool = False


PANELS = (
    Panel("qalys", "QALYs", "QALYs", more_is_better=True),
    Panel("cost_health_system", "Health care", MONEY, MILLIONS),
    Panel("cost_lost_work", "Lost work", MONEY, MILLIONS),
    Panel("deaths", "Deaths from all causes", "deaths"),
    Panel("overdoses", "Overdoses survived", "overdoses"),
    Panel("surgery_complications", "Complications of surgery", "complications"),
    Panel("rmdq_years", "Disability over time", "RMDQ point-years", THOUSANDS),
    Panel("overdose_deaths", "Deaths from overdose", "deaths"),
    Panel("days_off_work", "Working days off work", "days", THOUSANDS),
)
IN_TRIAL: PlotStyle = {"color": INK, "markerfacecolor": "white", "markersize": 4.0}
FEWEST = 2  # people, whose spread is an error
SHOWN = {PRINT: 9, SLIDE: 6, COLUMN: 4}
ACROSS = {PRINT: 3, SLIDE: 3, COLUMN: 1}


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """A panel an outcome, a row a treatment, a bar for each length of time; raises NothingToDraw without anybody."""
    treated = results.treated
    if treated is None or (treated.people < FEWEST).any():
        raise NothingToDraw("too few people qualify for every treatment; simulate more")
    shown, across = PANELS[: SHOWN[style]], ACROSS[style]
    down = len(shown) // across
    figure, grid = framed(
        Panels(
            rows=down, columns=across, tall=1.8, left=1.05, right=1.1, across=1.1, above=0.75, below=0.75, share_y=True
        ),
        style.sheet(LINES if style is COLUMN else FULL),
        f"At central inputs: {message(treated)}, {results.study.place}, over {number_of(LAST, 'year')}",
        _how_to_read(results, treated),
        source_of(
            results.study,
            f"seed {results.seed}; {number_of(int(treated.people[0]), 'simulated person')} followed untreated and "
            f"under each treatment; whiskers and ±: 95% Monte Carlo interval; {money_of(results.study)}.",
        ),
    )
    for place in small_panels(grid, shown):
        _panel(place.axes, treated, place.item)
    entries: list[Artist] = [
        swatch(f"{number_of(years, 'year')} after treatment", FILLS[years]) for years in thousand.MARKS
    ]
    if _differs(treated):
        delivered = "as in the trial" if style is COLUMN else "CFT delivered as in the trial"
        entries.append(spot(f"{delivered}, {LAST} years", "D", **IN_TRIAL))
    key_above(grid[0][0], entries, style.choose(4, 4, 2))
    return figure


def message(treated: thousand.Treated) -> str:
    """What the chart says, in a sentence."""
    first, *others = (
        (words, treated.figure(row.treatment, row.among, LAST, "qalys", discounted=False)[0])
        for row, words in zip(
            (ROWS[0], ROWS[2], ROWS[3]), ("CFT", "long-term opioid use", "lumbar fusion"), strict=True
        )
    )
    said = [f"{first[0]} {_does(first[1])} {fixed(abs(first[1]), 0)} QALYs"]
    said += [f"{words} {_does(value)} {fixed(abs(value), 0)}" for words, value in others]
    return f"For {thousand.THOUSAND:,} people treated, {', '.join(said)}"


def _does(value: float) -> str:
    return "loses" if value < 0.0 else "gains"


def _how_to_read(results: Results, treated: thousand.Treated) -> str:
    least = results.study.values(results.study.policies[0])["surgery.min_rmdq"]
    without, fit = (treated.followed(among) for among in (thousand.NOT_ON_OPIOIDS, thousand.FIT_FOR_FUSION))
    return (
        f"Difference from the same people untreated. Each treatment begins on the day on "
        "which a person qualifies for CFT; nobody waits. Undiscounted. "
        f"*The {without:,} not on opioids. †The {fit:,} with an RMDQ of {least:g} "
        "or more, neither operated nor waiting for it."
    )


def _panel(axes: Axes, treated: thousand.Treated, panel: Panel) -> None:
    places = name_rows(axes, [row.label for row in ROWS])
    for place, row in zip(places, ROWS, strict=True):
        for number, years in enumerate(thousand.MARKS):
            value, error = treated.figure(row.treatment, row.among, years, panel.measure, discounted=False)
            height = place + (1 - number) * BAR
            axes.barh(height, value, BAR, color=FILLS[years], edgecolor="white", linewidth=0.3)
            if known(SURE * error):
                axes.errorbar(value, height, xerr=SURE * error, color=INK, elinewidth=0.8, linestyle="none")
        if row.in_trial and _differs(treated):
            there, _ = treated.figure(row.in_trial, row.among, LAST, panel.measure, discounted=False)
            axes.plot(there, place - BAR, "D", **IN_TRIAL)
        shown = value / panel.scale.divisor
        told = signed(with_error(shown, SURE * error / panel.scale.divisor), shown)
        beside(axes, place - BAR, told if value or error else NO_DIFFERENCE, x=1.03)
    _across(axes, panel)


def _across(axes: Axes, panel: Panel) -> None:
    zero(axes, x=True)
    low, high = (min(axes.get_xlim()[0], 0.0), max(axes.get_xlim()[1], 0.0))
    room = ROOM * (high - low)
    axes.set_xlim(low - room, high + room)
    axes.axhline(1.5, color=INK, linewidth=0.6, linestyle=(0, (2, 2)))
    axes.locator_params(axis="x", nbins=5)
    axes.set_title(panel.title)
    better = "right" if panel.more_is_better else "left"
    words = f"{{}} per {thousand.THOUSAND:,} treated\n({better} of zero is better)"
    measure(axes.xaxis, panel.scale.divisor, panel.unit, words, signs=True)


def _differs(treated: thousand.Treated) -> bool:
    """Whether delivery as in the trial comes to something else than delivery in the study."""
    pair = (
        treated.figure(each, thousand.ALL_PEOPLE, LAST, "rmdq_years", discounted=False)[0]
        for each in (thousand.CFT, thousand.CFT_IN_TRIAL)
    )
    return not math.isclose(*pair)
