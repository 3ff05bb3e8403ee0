"""People in chronic low back pain by its impact and year, under the comparator and a few policies.

Those in remission are left out: more and more people have ever had the pain, which is no growth of pain.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import Place, measure, small_panels, tiles, year_axis
from lbpsim.report.charts.forms.bars import Part, stack, whiskers
from lbpsim.report.charts.forms.labels import EndLabel, end_labels
from lbpsim.report.charts.intervals import differences as parameter_intervals
from lbpsim.report.charts.intervals import people_intervals
from lbpsim.report.charts.page import PANEL_TITLE, Panels, page, styled
from lbpsim.report.charts.policy_styles import INK, PolicyStyle, by_family, comparator, looks
from lbpsim.report.charts.series import Numbers, difference, people_by_year, yearly_difference
from lbpsim.report.charts.styles import COLUMN, FULL, LINES, PRINT, Style
from lbpsim.report.format import count, plain, signed
from lbpsim.report.narrative.finding import with_enough_draws
from lbpsim.study.phrasing import number_of

People = dict[str, dict[str, Numbers]]  # by outcome and policy, a value a year

LEVELS = {
    # outcome: label, fill
    "high_impact_years": ("High impact", "#08306b"),
    "moderate_impact_years": ("Moderate impact", "#3f83bf"),
    "low_impact_years": ("Low impact", "#a9cbe6"),
}
COUNTED = "People in pain on average over each year; people in remission are not counted."
SHOWN, FEWER = 5, 3  # policies beside the comparator, and in a column
COLUMNS = 3


@styled
def draw(results: Results, style: Style = PRINT) -> Figure:
    """Stacked bars by year, one panel a policy; dotted lines repeat the comparator's levels."""
    shown = (results.scenarios[0], *chosen(results, style.choose(SHOWN, SHOWN, FEWER)))
    rows, columns = tiles(len(shown), style.choose(COLUMNS, COLUMNS, 1))
    figure, grid = page(
        results,
        Panels(rows=rows, columns=columns, tall=2.05, right=1.6, across=0.3, down=0.85, share_y=True),
        style.sheet(LINES if style is COLUMN or columns == 1 else FULL),
        title="People in chronic low back pain by its impact",
        subtitle=_subtitle(results, len(shown)),
        uncertainty="whiskers, of people in pain with high impact",
    )
    people = {
        outcome: {name: each.value for name, each in people_by_year(results, outcome).items()} for outcome in LEVELS
    }
    intervals = people_intervals(results, "high_impact_years")
    for place in small_panels(grid, shown):
        _panel(place.axes, results, people, place.item)
        if intervals:
            whiskers(place.axes, results.years, intervals[place.item].low, intervals[place.item].high, on_dark=True)
        _finish(place, results, people)
    return figure


def chosen(results: Results, most: int = SHOWN) -> tuple[str, ...]:
    """So many policies at most: from each family in turn, those that change the years with high impact most."""
    changes = {
        name: abs(each.value) for name, each in difference(results, "high_impact_years", discounted=False).items()
    }
    if len(changes) <= most:
        return by_family(results)[1:]
    names, seen = looks(results), dict[str, int]()
    turns = {}
    for name in sorted(changes, key=lambda name: -changes[name]):
        family = names[name].family.title
        turns[name] = seen.get(family, 0)
        seen[family] = turns[name] + 1
    kept = sorted(changes, key=lambda name: (turns[name], -changes[name]))[:most]
    return tuple(name for name in by_family(results) if name in kept)


def few_of(results: Results, shown: int) -> str:
    """What a subtitle adds where only `chosen` policies are shown; "" where all are."""
    policies = len(results.scenarios) - 1
    if shown == policies:
        return ""
    return f" Shown: {shown} of {number_of(policies, 'policy')}, from each kind those that change high impact most."


def _subtitle(results: Results, shown: int) -> str:
    read = (
        f"{COUNTED} Dotted lines repeat the levels under {comparator(results)}; in brackets the change from there, "
        "“unclear” where its 95% interval holds zero."
    )
    if len(results.scenarios) == 1:
        return COUNTED
    if shown == len(results.scenarios):
        return read
    return (
        f"{read} Shown: from each kind of policy those that change high impact most ({shown - 1} of "
        f"{len(results.scenarios) - 1}); all are in yearly.csv."
    )


def _panel(axes: Axes, results: Results, people: People, name: str) -> None:
    stack(axes, results.years, [Part(people[outcome][name], fill) for outcome, (_, fill) in LEVELS.items()])
    if name != results.scenarios[0]:
        for level in np.cumsum([people[outcome][results.scenarios[0]] for outcome in LEVELS], axis=0):
            axes.step(results.years, level, where="mid", color=INK, linestyle=(0, (1, 1)), linewidth=1.0)
    axes.set_title(_heading(looks(results)[name], results, people["high_impact_years"], name), size=PANEL_TITLE)


def _heading(look: PolicyStyle, results: Results, high: dict[str, Numbers], name: str) -> str:
    last = high[name][-1]
    there = f"high impact in {results.years[-1]}: {count(float(last))}"
    usual = high[results.scenarios[0]][-1]
    if name == results.scenarios[0] or usual == 0.0:
        return f"{look.label}\n{there}"
    change = 100.0 * float((last - usual) / usual)
    told = f"{signed(plain(change, digits=2), change)}%" if _is_clear(results, name) else "unclear"
    return f"{look.label}\n{there} ({told})"


def _is_clear(results: Results, name: str) -> bool:
    """Whether high impact has clearly changed by the last year: over draws where these tell, else at central inputs."""
    drawn = parameter_intervals(with_enough_draws(results), "high_impact_years").get(name)
    if drawn is not None and np.isfinite(drawn.low[-1]):
        return bool(drawn.low[-1] > 0.0 or drawn.high[-1] < 0.0)
    central = yearly_difference(results, "high_impact_years")[name]
    return bool(abs(central.value[-1]) > central.half_width[-1])


def _finish(place: Place[str], results: Results, people: People) -> None:
    axes = place.axes
    tallest = max(float(np.max(sum(people[outcome][name] for outcome in LEVELS))) for name in results.scenarios)
    measure(axes.yaxis, tallest, words="People in pain ({})" if place.first else "")
    axes.set_ylim(0.0, tallest * 1.02)
    axes.grid(visible=False)
    year_axis(axes, results, margin=0.6, most=4, named=place.last)
    if place.ends:
        tall = [float(people[outcome][place.item][-1]) for outcome in LEVELS]
        middles = np.cumsum(tall) - np.array(tall) / 2
        levels = zip(LEVELS.values(), middles, strict=True)
        end_labels(axes, [EndLabel(label, float(middle), fill, "s") for (label, fill), middle in levels])
