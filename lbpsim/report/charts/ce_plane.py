"""The cost-effectiveness plane: health and money of each policy against the comparator, with the frontier.

Policies that lie far out would press all others into a spot, so a close-up of the others stands beside the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lbpsim.cea.frontier import PERSPECTIVES, frontier, steps
from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.forms.axes import measure, reach_of
from lbpsim.report.charts.forms.labels import Line
from lbpsim.report.charts.forms.plane import cross, name_points, threshold_label, threshold_line
from lbpsim.report.charts.page import Panels, compared, page, styled
from lbpsim.report.charts.policy_styles import INK, comparator, looks
from lbpsim.report.charts.series import expected
from lbpsim.report.charts.styles import FULL, PRINT, Style
from lbpsim.report.narrative.finding import over_draws

PERSPECTIVE_TITLES = {"health_system": "Health care costs", "societal": "Health care costs and lost work"}
FAR_OUT = 2.5  # times as far out as the next
FEWEST = 3  # policies worth a close-up
ROOM = 0.18  # around the points, of their range
OTHERS = "#a6a6a6"


@dataclass(frozen=True)
class Health:
    """A measure of health: outcome, axis label, what its two sides mean, and the sign that makes more better."""

    outcome: str
    label: str
    sides: str
    sign: int
    title: str
    thresholds: bool


QALYS = Health("qalys", "Difference in QALYs", "right: gained, left: lost", 1, "Cost and QALYs", True)
DALYS = Health("dalys", "DALYs averted", "left: added", -1, "Cost and DALYs averted", False)


@dataclass(frozen=True)
class Plane:
    """Every policy's place on one plane, the comparator at zero; `everyone`: of many, the places of all."""

    health: dict[str, Estimate]
    cost: dict[str, Estimate]
    everyone: Plane | None = None

    def far_out(self) -> set[str]:
        """Policies that would press the others into a spot; none where too few others are left."""
        far = far_out_of(self.health) | far_out_of(self.cost)
        return far if len(self.health) - 1 - len(far) >= FEWEST else set()


@styled
def draw(results: Results, style: Style = PRINT, health: Health = QALYS) -> Figure:
    """Cost and QALYs: health care costs above, with lost work below; beside each a close-up where it helps.

    A slide and a column show the perspective of the study alone.
    """
    compared(results)
    chosen = style.choose(tuple(PERSPECTIVES), (results.study.perspective,), (results.study.perspective,))
    planes = {name: _plane(results, health, PERSPECTIVES[name]) for name in chosen}
    close = any(plane.far_out() for plane in planes.values())
    drawn = over_draws(results)
    figure, grid = page(
        results,
        _panels(style, close=close),
        style.sheet(FULL),
        title=f"{health.title} of each policy against {comparator(results)}",
        subtitle="Discounted totals over the horizon. Lower right is better. Rings and the line between them: the "
        "efficiency frontier; all others are dominated, by one policy or a mix of two."
        + (" Means over draws; how far draws spread is in a chart of its own." if drawn else "")
        + (" Grey dots: all other policies." if others(results) else ""),
        interval="" if drawn else "whiskers",
        drawn=drawn,
    )
    panels = grid.reshape(len(planes), -1)
    for row, (perspective, plane) in zip(panels, planes.items(), strict=True):
        _whole(row[0], results, health, plane, PERSPECTIVE_TITLES[perspective])
        if close and plane.far_out():
            _close_up(row[1], row[0], results, health, plane)
        elif close:
            row[1].set_visible(False)
    return figure


draw_dalys = partial(draw, health=DALYS)


def _panels(style: Style, *, close: bool) -> Panels:
    """Perspectives one below the other; a close-up at the side, and in a column below."""
    two = 2 if close else 1
    rows, columns = style.choose((2, two), (1, two), (two, 1))
    return Panels(rows=rows, columns=columns, tall=style.choose(4.0, 4.0, 3.4), across=1.0, above=0.4)


def _whole(axes: Axes, results: Results, health: Health, plane: Plane, title: str) -> None:
    """All policies; where there is a close-up, only those that it leaves out are named."""
    far = plane.far_out()
    named = far or set(results.scenarios)
    axes.set_title(f"{title}: all policies" if far else title)
    _panel(axes, results, health, plane, set(results.scenarios), named)


def _close_up(axes: Axes, whole: Axes, results: Results, health: Health, plane: Plane) -> None:
    """The policies that are not far out, and a box around them in the panel of all."""
    near = set(results.scenarios) - plane.far_out()
    axes.set_title(f"Close-up of the box, without {len(plane.far_out())} policies far out")
    _panel(axes, results, health, plane, near, near)
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    whole.add_patch(Rectangle((left, low), right - left, high - low, fill=False, edgecolor=INK, linewidth=0.9))


def _panel(axes: Axes, results: Results, health: Health, plane: Plane, framed: set[str], named: set[str]) -> None:
    """Draw every policy with the limits that show those `framed`, and write the names of those `named`."""
    _points(axes, results, plane)
    if plane.everyone is not None:
        _others(axes, plane, plane.everyone)
    lines = _frontier(axes, plane) + _whiskers(plane)
    across, up = ([end for name in framed for end in (part[name].low, part[name].high)]
                  for part in (plane.health, plane.cost))  # fmt: skip
    lines += cross(axes, across, up, ROOM)
    written: list[Line] = []
    for threshold in results.study.thresholds if health.thresholds else ():
        lines.append(threshold_line(axes, threshold))
        written.append(threshold_label(axes, threshold, lines[-1][1]))
    _axes(axes, health)
    places = {name: (plane.health[name].value, plane.cost[name].value) for name in results.scenarios if name in named}
    name_points(axes, results, places, lines, written)


def others(results: Results) -> int:
    """How many policies of the study are not among those with a name."""
    return 0 if results.whole is None else len(results.whole.scenarios) - len(results.scenarios)


def _others(axes: Axes, plane: Plane, everyone: Plane) -> None:
    """Of many policies, small grey dots for those that have no name here."""
    names = [name for name in everyone.health if name not in plane.health]
    across, up = ([part[name].value for name in names] for part in (everyone.health, everyone.cost))
    axes.plot(across, up, color=OTHERS, marker=".", markersize=4.0, linestyle="none", zorder=1.5)


def _plane(results: Results, health: Health, cost: str) -> Plane:
    at_zero = {results.scenarios[0]: Estimate.exact(0.0)}
    found, paid = (_places(results, outcome) for outcome in (health.outcome, cost))
    better = {name: each if health.sign > 0 else -each for name, each in found.items()}
    everyone = _plane(results.whole, health, cost) if results.whole is not None and others(results) else None
    return Plane(at_zero | better, at_zero | paid, everyone)


def _places(results: Results, outcome: str) -> dict[str, Estimate]:
    """Each policy less the comparator: means over draws without intervals, which would cross out all names; else at
    central inputs, with Monte Carlo error.
    """
    found = expected(results, outcome, discounted=True)
    if not over_draws(results):
        return found
    return {name: Estimate.exact(each.value) for name, each in found.items()}


def far_out_of(estimates: Mapping[str, Estimate]) -> set[str]:
    """Those many times as far from zero as the next, looking at the farther half only."""
    sizes = sorted(estimates, key=lambda name: -abs(estimates[name].value))
    far: set[str] = set()
    for place, (name, following) in enumerate(pairwise(sizes[: 1 + len(sizes) // 2])):
        if abs(estimates[name].value) > FAR_OUT * abs(estimates[following].value):
            far = set(sizes[: place + 1])
    return far


def _points(axes: Axes, results: Results, plane: Plane) -> None:
    for name, look in looks(results).items():
        x, y = plane.health[name], plane.cost[name]
        axes.errorbar(
            x.value, y.value, xerr=x.half_width, yerr=y.half_width, color=look.colour, marker=look.marker or "o",
            markersize=6.5, elinewidth=1.0, linestyle="none", zorder=3,
        )  # fmt: skip


def _frontier(axes: Axes, plane: Plane) -> list[Line]:
    """Draw the frontier with a ring around each policy on it; returns its pieces."""
    whole = plane.everyone or plane
    names = list(whole.health)
    costs, effects = [whole.cost[name].value for name in names], [whole.health[name].value for name in names]
    line = [(each.effect, each.cost) for each in steps(frontier(names, costs, effects))]
    axes.plot(*zip(*line, strict=True), color=INK, linewidth=1.3, marker="o", markersize=12, fillstyle="none", zorder=2)
    return list(pairwise(line))


def _whiskers(plane: Plane) -> list[Line]:
    """Where the whiskers are."""
    lines: list[Line] = []
    for x, y in zip(plane.health.values(), plane.cost.values(), strict=True):
        lines += [((x.low, y.value), (x.high, y.value)), ((x.value, y.low), (x.value, y.high))]
    return lines


def _axes(axes: Axes, health: Health) -> None:
    measure(axes.xaxis, reach_of(axes.get_xlim()), words=f"{health.label} ({{}}; {health.sides})", signs=True)
    measure(axes.yaxis, reach_of(axes.get_ylim()), MONEY, "Difference in cost ({}; above zero: costs more)", signs=True)
