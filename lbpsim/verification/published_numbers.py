"""Fixtures of the field: the efficiency frontier, a trap, a pathway that cannot be repeated, a corridor of gains."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.cea.frontier import Option, frontier
from lbpsim.evidence import parameters
from lbpsim.pathways.cft import WEEK_13
from lbpsim.validation.external_evidence import gains
from lbpsim.validation.participant_outcomes import participant_outcomes
from lbpsim.validation.trial import measured_trial, recruit
from lbpsim.verification import small_country as country
from lbpsim.verification.check import Check, CheckedFigure, below, described, exactly, reported
from lbpsim.verification.check_figures import BAND, EXPECTED, OBSERVED, SECOND, panels

TEXTBOOK = {
    "UC": (5_000.0, 1.0),
    "A": (12_000.0, 1.5),
    "B": (10_000.0, 2.0),
    "C": (25_000.0, 3.0),
    "D": (35_000.0, 4.0),
    "E": (55_000.0, 5.0),
}
ICERS = {"B": 5_000.0, "D": 12_500.0, "E": 20_000.0}
STATUS = {"A": "dominated", "C": "extendedly dominated"}
TRAP = {"none": (163_771.0, 6.48273), "all": (164_848.7, 6.52861), "test": (163_765.1, 6.52861)}
STAR_GAIN = 0.086
GAIN_PEOPLE = 60_000
Options = dict[str, tuple[float, float]]


def checks(*, fast: bool) -> Iterator[Check]:
    """Everything about numbers to hit; the corridor of gains needs an emulated trial, and is in the full book only."""
    yield textbook()
    yield trap()
    yield star()
    if not fast:
        yield corridor(GAIN_PEOPLE)


def textbook() -> Check:
    """Six options with a known frontier."""
    found = {row.name: row for row in _frontier(TEXTBOOK)}
    comparisons = [
        exactly(f"ICER of {name}", "money per unit", icer, _icer(found[name])) for name, icer in ICERS.items()
    ]
    words = sum(row.status == by_definition(TEXTBOOK, name) for name, row in found.items())
    known = sum(found[name].status == STATUS.get(name, "on frontier") for name in TEXTBOOK)
    return described(
        "frontier",
        (
            *comparisons,
            exactly("words as published", "options", len(TEXTBOOK), known),
            exactly("words as by the definition", "options", len(TEXTBOOK), words),
        ),
        partial(_draw_frontier, TEXTBOOK),
    )


def by_definition(options: Options, name: str) -> str:
    """The word for an option by the definition, in exact fractions."""
    cost, effect = (Fraction(number) for number in options[name])
    others = [(Fraction(c), Fraction(e)) for other, (c, e) in options.items() if other != name]
    if any(c <= cost and e >= effect and (c, e) != (cost, effect) for c, e in others):
        return "dominated"
    for low_cost, low in others:
        for high_cost, high in others:
            if low < effect < high:
                mixed = low_cost + (high_cost - low_cost) * (effect - low) / (high - low)
                if mixed < cost:
                    return "extendedly dominated"
    return "on frontier"


def trap() -> Check:
    """Two options with equal effects: the dearer is dominated, and is given no infinite ICER."""
    found = {row.name: row for row in _frontier(TRAP)}
    right = {"none": "dominated", "all": "dominated", "test": "on frontier"}
    return described(
        "treat-all",
        (
            exactly(
                "words that are right", "options", 3, sum(found[name].status == word for name, word in right.items())
            ),
            exactly("ICERs printed", "options", 0, sum(row.icer is not None for row in found.values())),
        ),
        partial(_draw_frontier, TRAP),
    )


def star() -> Check:
    """A published pathway of which only the answer is at hand."""
    why = "cannot be reproduced: inputs not at hand"
    return described("star", (reported("gain in five years", "QALYs", STAR_GAIN, math.nan, why),))


def corridor(people: int) -> Check:
    """CFT's first-year gain beside that of conservative care in another model, and a ceiling worked out by hand."""
    enrolment = recruit(country.study(country.USUAL_CARE, people=people))
    table = gains(measured_trial(enrolment), participant_outcomes(enrolment))
    ceiling = largest_gain()
    comparisons: list[CheckedFigure] = []
    for row in table.to_dict("records"):
        name = f"{row['who']}, on {'its own utilities' if row['scale'] == 'model' else row['scale']}"
        place = "inside" if row["within"] == "yes" else "outside"
        text = f"reported: {place} the corridor, {row['published_low']:g} to {row['published_high']:g}"
        comparisons.append(reported(name, "QALYs", row["published_high"], row["emulated"], text, row["mcse"]))
    comparisons.append(below("gain of all participants", "QALYs", ceiling, float(table["emulated"].iloc[0])))
    return described(
        "corridor",
        comparisons,
        partial(_draw_corridor, comparisons[:-1], [float(low) for low in table["published_low"]], ceiling),
    )


def largest_gain() -> float:
    """QALYs of the first year if everybody had the published effect in full, and a norm of perfect health."""
    known = parameters()
    effect, slope = -known["cft.rmdq_week13"].value, known["quality.slope"].value
    return float(effect * slope / known["quality.utility_at_zero"].value * (WEEK_13 / 2.0 + (1.0 - WEEK_13)))


def _frontier(options: Options) -> tuple[Option, ...]:
    costs, effects = zip(*options.values(), strict=True)
    return frontier(list(options), costs, effects)


def _icer(option: Option) -> float:
    return math.nan if option.icer is None else option.icer


def _draw_frontier(options: Options, figure: Figure) -> None:
    (axes,) = panels(figure)
    found = _frontier(options)
    reached = sorted((row.effect, row.cost) for row in found if row.status == "on frontier")
    axes.plot(*zip(*reached, strict=True), "-", color=EXPECTED, linewidth=1.2, zorder=1)
    for row in found:
        on = row.status == "on frontier"
        axes.plot(row.effect, row.cost, "o" if on else "X", color=OBSERVED if on else SECOND, markersize=7)
        _name(axes, row, options)
    axes.margins(x=0.15, y=0.2)
    axes.set(xlabel="Effect", ylabel="Cost")
    axes.ticklabel_format(useOffset=False)
    axes.yaxis.set_major_formatter("{x:,.0f}")


def _name(axes: Axes, option: Option, options: Options) -> None:
    """The option's name clear of the line: below it on the frontier, above it elsewhere, and inside the panel."""
    on = option.status == "on frontier"
    effects = [effect for _, effect in options.values()]
    right = option.effect > (min(effects) + max(effects)) / 2.0 - 1e-9 and not on
    axes.annotate(
        option.name if on else f"{option.name}, {option.status}",
        (option.effect, option.cost),
        (-7 if right else 7, -12 if on else 6),
        textcoords="offset points",
        ha="right" if right else "left",
        size=8.5,
    )


def _draw_corridor(comparisons: Sequence[CheckedFigure], lows: Sequence[float], ceiling: float, figure: Figure) -> None:
    (axes,) = panels(figure)
    places = np.arange(len(comparisons))[::-1]
    widths = [one.expected - low for one, low in zip(comparisons, lows, strict=True)]
    axes.barh(places, widths, 0.5, left=lows, color=BAND, label="Corridor of other conservative care")
    axes.plot([one.observed for one in comparisons], places, "o", color=OBSERVED, label="Emulated trial")
    reach = [places[0] - 0.35, places[0] + 0.35]  # all participants on the model's own utilities, as the ceiling is
    axes.plot([ceiling, ceiling], reach, "--", color=EXPECTED, label="Ceiling by hand")
    axes.set_yticks(places, [one.quantity for one in comparisons])
    axes.set(xlim=(0.0, None), xlabel="QALYs gained in the first year")
    axes.legend(loc="upper center", bbox_to_anchor=(0.25, 1.2), ncols=3)
