"""What chronic low back pain takes by policy and year, in YLDs or DALYs: the level, and what each policy averts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import measure, reach_of, year_axis, zero
from lbpsim.report.charts.forms.labels import OVERHANG
from lbpsim.report.charts.forms.lines import draw_levels, draw_lines, level_panels, name_ends
from lbpsim.report.charts.intervals import bars_of, end_bars, last_level, reach
from lbpsim.report.charts.intervals import differences as parameter_intervals
from lbpsim.report.charts.page import page, styled
from lbpsim.report.charts.policy_styles import MUTED, called, comparator
from lbpsim.report.charts.series import difference, expected, yearly_difference
from lbpsim.report.charts.styles import LINES, PRINT, SLIDE, Style
from lbpsim.report.format import count, first_of, with_error
from lbpsim.report.narrative.differences import undiscounted
from lbpsim.report.narrative.finding import first_choice, over_draws
from lbpsim.report.narrative.phrasing import Thing, signed_with_ends
from lbpsim.report.narrative.titles import averted
from lbpsim.study.phrasing import span

ON_A_SLIDE = 8  # policies whose names and intervals have room
SURER = (
    " Differences between policies are more certain than their levels, because every policy meets the same simulated "
    "people with the same random numbers."
)


@dataclass(frozen=True)
class Measure:
    """A measure of the burden: `outcome`, its short name, what it is in words, the title of its chart, and
    what is counted in it (`named`).
    """

    outcome: str
    short: str
    words: str
    title: str
    named: str


YLDS = Measure(
    "ylds",
    "YLDs",
    "Years lived with disability (YLDs), undiscounted; years of life lost to deaths are not in them.",
    "Disability (YLDs, without deaths) from chronic low back pain",
    "YLDs (without deaths) of chronic low back pain",
)
DALYS = Measure(
    "dalys",
    "DALYs",
    "Disability-adjusted life years (DALYs), undiscounted: years lived with disability, and years of life lost to "
    "deaths from overdose and surgery.",
    "Burden of chronic low back pain",
    "DALYs of chronic low back pain",
)


@styled
def draw(results: Results, style: Style = PRINT, of: Measure = YLDS) -> Figure:
    """Two panels: YLDs by year, and YLDs averted by year with the sum over the horizon; one panel without policies."""
    alone = len(results.scenarios) == 1
    figure, grid = page(
        results,
        level_panels(results, style, 1 if alone else 2, 1 if alone else _lines(results, style)),
        style.sheet(LINES),
        title=_title(results, of),
        subtitle=f"{of.words}{_turned(results, of)}{'' if alone else SURER}{_uncertainty(results, of)}",
        interval="bands",
        uncertainty=bars_of(results),
    )
    level, *averted = grid.flat
    draw_levels(level, results, of.outcome, f"{of.short} each year", f"{of.short} a year ({{}})")
    if averted:
        _averted(averted[0], results, of, style)
    return figure


draw_dalys = partial(draw, of=DALYS)


def _title(results: Results, of: Measure) -> str:
    """What the best choice averts, where that is sure; else what the chart shows."""
    best, neutral = first_choice(results), f"{of.title}{'' if len(results.scenarios) == 1 else ' by policy'}"
    if best is None or not undiscounted(best.results, best.name, of.outcome).clear:
        return neutral
    return averted(best, of.outcome, Thing(of.named))


def _turned(results: Results, of: Measure) -> str:
    """Policies that avert disability and yet clearly add burden once deaths count, or the reverse, in words."""
    if of is not YLDS:
        return ""
    alone, whole = (difference(results, each.outcome, discounted=False) for each in (YLDS, DALYS))
    told = [
        f"{called(results, name)} {'adds' if whole[name].value > 0.0 else 'averts'} "
        f"{count(abs(whole[name].value))} {DALYS.short}"
        for name in alone
        if alone[name].value * whole[name].value < 0.0 and abs(whole[name].value) > whole[name].half_width
    ]
    return f" Counting these deaths turns it round: {', '.join(first_of(told))}." if told else ""


def _uncertainty(results: Results, of: Measure) -> str:
    """Parameter uncertainty of the level, in words: drawn, it would press all lines into one."""
    told = last_level(results, of.outcome, count)
    if not told:
        return ""
    return (
        f" Parameter uncertainty of the level: from {told} {of.short} in {results.years[-1]} under "
        f"{comparator(results)} (95% "
        f"interval from parameters alone). {of.short} averted: means over draws."
    )


def _lines(results: Results, style: Style) -> int:
    """How many lines a label takes with its figure, as a rule."""
    drawn = over_draws(results)
    return style.choose(2, 2, 3) if drawn else style.choose(1, 1, 2)


def _in_all(averted: Estimate, style: Style, *, drawn: bool, crowded: bool) -> str:
    """What a policy averts in all; `crowded`: without its interval, which would take a line of its own."""
    if not drawn:
        return style.choose("", "", "\n") + with_error(averted.value, averted.half_width)
    told = signed_with_ends(averted, signs=False)
    value, bracket, ends = told.partition(" (")
    return value if crowded else f"\n{value}{style.choose(' ', ' ', chr(10))}{bracket.lstrip()}{ends}"


def _averted(axes: Axes, results: Results, of: Measure, style: Style) -> None:
    drawn = over_draws(results)
    intervals = {name: -one for name, one in parameter_intervals(results, of.outcome).items()}
    central = {name: -series for name, series in yearly_difference(results, of.outcome).items()}
    averted = intervals if drawn else central
    axes.set_title(f"{of.short} averted each year\nagainst {comparator(results)}")
    zero(axes, y=True)
    draw_lines(axes, results, averted, () if drawn else tuple(averted))
    year_axis(axes, results)
    end_bars(axes, results, intervals)
    largest = max(reach(intervals), reach_of(*(series.value for series in averted.values())))
    measure(axes.yaxis, largest, words=f"{of.short} averted a year ({{}});\nbelow zero: added")
    sums = expected(results, of.outcome, discounted=False)
    crowded = style is SLIDE and len(results.scenarios) > ON_A_SLIDE
    name_ends(
        axes,
        results,
        {name: float(series.value[-1]) for name, series in averted.items()},
        {name: _in_all(-each, style, drawn=drawn, crowded=crowded) for name, each in sums.items()},
    )
    over = "mean over draws" if crowded else "95% interval over draws"
    what = over if drawn else "± Monte Carlo error (95%)"
    lines = ("Averted in all,", span(results.years), "(negative: added),", what)
    beside = "\n".join(f"     {line}" for line in lines)
    axes.annotate(  # clear of labels, which may reach past the top
        beside, (1.0, 1.0), xycoords="axes fraction", textcoords="offset points", xytext=(0.0, OVERHANG), va="bottom",
        size=8, color=MUTED,
    )  # fmt: skip
