"""Fixtures of the field: the efficiency frontier, a trap, a pathway that cannot be repeated, a corridor of gains."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

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
from lbpsim.verification.check import Check, Comparison, Draw, below, exactly, reported
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
    return Check(
        key="frontier",
        part="numbers",
        title="The textbook frontier",
        against="The published example, and the definition of dominance applied to every pair and every mix of two "
        "options in exact fractions.",
        rule="ICERs equal, each against the next option on the frontier; each option has the right word.",
        comparisons=(
            *comparisons,
            exactly("words as published", "options", len(TEXTBOOK), known),
            exactly("words as by the definition", "options", len(TEXTBOOK), words),
        ),
        draw=_draw_frontier(TEXTBOOK),
        shows="Six options by effect and cost; a line joins UC, B, D and E, while A and C lie above it.",
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
    return Check(
        key="treat-all",
        part="numbers",
        title="The treat-all trap",
        against="A published example in which testing saves money over doing nothing and does as much as treating all.",
        rule="The third option dominates both others; no ICER is printed.",
        comparisons=(
            exactly(
                "words that are right", "options", 3, sum(found[name].status == word for name, word in right.items())
            ),
            exactly("ICERs printed", "options", 0, sum(row.icer is not None for row in found.values())),
        ),
        draw=_draw_frontier(TRAP),
        shows="Three options by effect and cost; only the one that tests is on the frontier.",
    )


def star() -> Check:
    """A published pathway of which only the answer is at hand."""
    why = "cannot be reproduced: inputs not at hand"
    return Check(
        key="star",
        part="numbers",
        title="The STAR pathway cannot be reproduced: inputs not at hand",
        against="doi 10.1186/s12962-024-00532-5: two states, five years, a gain of 0.086 QALYs.",
        rule="None can be set: the transition probabilities and utilities of the two states are not in the evidence, "
        "and numbers chosen to give the published gain would show nothing.",
        comparisons=(reported("gain in five years", "QALYs", STAR_GAIN, math.nan, why),),
        shows="",
        note="To close this gap, register the model's transition probabilities, utilities, discount rate and cycle, "
        "and write it as a set of rules beside the other models in lbpsim/verification/models.",
    )


def corridor(people: int) -> Check:
    """CFT's first-year gain beside that of conservative care in another model, and a ceiling worked out by hand."""
    enrolment = recruit(country.study(country.USUAL_CARE, people=people))
    table = gains(measured_trial(enrolment), participant_outcomes(enrolment))
    ceiling = largest_gain()
    comparisons: list[Comparison] = []
    for row in table.to_dict("records"):
        name = f"{row['who']}, on {'its own utilities' if row['scale'] == 'model' else row['scale']}"
        place = "inside" if row["within"] == "yes" else "outside"
        text = f"reported: {place} the corridor, {row['published_low']:g} to {row['published_high']:g}"
        comparisons.append(reported(name, "QALYs", row["published_high"], row["emulated"], text, row["mcse"]))
    comparisons.append(below("gain of all participants", "QALYs", ceiling, float(table["emulated"].iloc[0])))
    return Check(
        key="corridor",
        part="numbers",
        title="CFT's gain in the first year, beside that of other conservative care",
        against="Herman et al. 2019 (doi 10.1097/BRS.0000000000003097): gains of 0.004 to 0.033 QALYs in a typical "
        "mix of patients, to 0.072 in high-impact ones, on SF-6D. And a ceiling by hand: the published effect in full "
        "for everybody, 0 to week 13 along a line and level to the year's end, times the slope of utility.",
        rule="The gain is below the ceiling worked out by hand. The corridor is reported, not judged.",
        comparisons=tuple(comparisons),
        draw=_draw_corridor(comparisons[:-1], [float(low) for low in table["published_low"]], ceiling),
        shows="Four gains as points beside the corridor of each group as a bar, and the ceiling for "
        "all participants as a dashed line beside the first.",
        note="The gain lies above the corridor because RESTORE's effect is larger than those of the treatments in that "
        "model, and because utility here moves with every point of disability, where that model counts moves "
        "between four states. In that model's states and units the gain is smaller. The corridor's ends are quoted "
        "without its table at hand, and are graded unverified.",
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


def _draw_frontier(options: Options) -> Draw:
    def draw(figure: Figure) -> None:
        (axes,) = panels(figure)
        found = _frontier(options)
        reached = sorted((row.effect, row.cost) for row in found if row.status == "on frontier")
        axes.plot(*zip(*reached, strict=True), "-", color=EXPECTED, linewidth=1.2, zorder=1)
        for row in found:
            on = row.status == "on frontier"
            axes.plot(row.effect, row.cost, "o" if on else "X", color=OBSERVED if on else SECOND, markersize=7)
            _name(axes, row, options)
        axes.margins(x=0.15, y=0.2)
        axes.set_xlabel("Effect")
        axes.set_ylabel("Cost")
        axes.ticklabel_format(useOffset=False)
        axes.yaxis.set_major_formatter("{x:,.0f}")

    return draw


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


def _draw_corridor(comparisons: Sequence[Comparison], lows: Sequence[float], ceiling: float) -> Draw:
    def draw(figure: Figure) -> None:
        (axes,) = panels(figure)
        places = np.arange(len(comparisons))[::-1]
        widths = [one.expected - low for one, low in zip(comparisons, lows, strict=True)]
        axes.barh(places, widths, 0.5, left=lows, color=BAND, label="Corridor of other conservative care")
        axes.plot([one.observed for one in comparisons], places, "o", color=OBSERVED, label="Emulated trial")
        reach = [places[0] - 0.35, places[0] + 0.35]  # all participants on the model's own utilities, as the ceiling is
        axes.plot([ceiling, ceiling], reach, "--", color=EXPECTED, label="Ceiling by hand")
        axes.set_yticks(places, [one.quantity for one in comparisons])
        axes.set_xlim(0.0, None)
        axes.set_xlabel("QALYs gained in the first year")
        axes.legend(loc="upper center", bbox_to_anchor=(0.25, 1.2), ncols=3)

    return draw
