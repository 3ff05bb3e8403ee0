"""The one chart of a brief: what the policies avert each year against the comparator."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.burden import YLDS
from lbpsim.report.charts.forms.axes import measure, reach_of, year_axis, zero
from lbpsim.report.charts.forms.lines import draw_lines, name_ends
from lbpsim.report.charts.intervals import differences
from lbpsim.report.charts.page import our_look
from lbpsim.report.charts.series import yearly_difference
from lbpsim.report.format import count
from lbpsim.study.phrasing import number_of

WIDTH, HEIGHT = 7.2, 2.7  # inches, of the chart by itself
LEFT, RIGHT, BELOW, ABOVE = 0.8, 2.0, 0.4, 0.1  # inches around its panel


def draw_on(axes: Axes, results: Results, best: str) -> None:
    """Lines by year, each named at its end; around that of `best` its interval, where one is known."""
    averted = averted_by_year(results)
    zero(axes, y=True)
    draw_lines(axes, results, averted, (best,))
    year_axis(axes, results, named=False)
    measure(axes.yaxis, reach_of(*(each.value for each in averted.values()), averted[best].high), words="YLDs ({})")
    name_ends(axes, results, {name: float(each.value[-1]) for name, each in averted.items()})


def averted_by_year(results: Results) -> dict[str, Estimate]:
    """YLDs that each policy averts by calendar year: over draws where there are some, otherwise at central inputs."""
    found = differences(results, YLDS.outcome) or yearly_difference(results, YLDS.outcome)
    return {name: -each for name, each in found.items()}


def how_to_read(results: Results) -> str:
    """What the lines and the band are."""
    if isinstance(results, ProbabilisticResults):
        draws = number_of(len(results.draws.numbers), "draw")
        return (
            f"Undiscounted; below zero: added. Lines: means over {draws}. Band: 95% interval of parameter uncertainty; "
            "none in years that draws are too noisy to tell."
        )
    return "Undiscounted; below zero: added. Band: 95% Monte Carlo interval, without parameter uncertainty."


def alone(results: Results, best: str) -> Figure:
    """The chart by itself, for a page that has its own words around it."""
    with our_look():
        figure = Figure(figsize=(WIDTH, HEIGHT))
        axes = figure.add_axes(
            (LEFT / WIDTH, BELOW / HEIGHT, (WIDTH - LEFT - RIGHT) / WIDTH, (HEIGHT - BELOW - ABOVE) / HEIGHT)
        )
        draw_on(axes, results, best)
        return figure


def in_words(results: Results) -> str:
    """The chart for those who do not see it: what each policy averts in the last year."""
    ends = {name: float(each.value[-1]) for name, each in averted_by_year(results).items()}
    told = [f"{results.titles[name]}: {count(end)}" for name, end in ends.items()]
    return f"YLDs averted in {results.years[-1]} against {results.study.policies[0].title}: {'; '.join(told)}"
