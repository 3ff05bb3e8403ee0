"""What could most turn a finding round, in numbers: another reading of the model, or an input that is not well known.

Both are measured by how far they move the gain in QALYs, as a share of it. A reading of the model moves it from the
base case to its own figure; an input, half of the way between the fifths of draws in which it is lowest and highest.
Where QALYs are not clear, the cost that the study counts stands in their place. Only what is clear is told: a change
beyond Monte Carlo error, a correlation beyond that of chance among so many inputs.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.dsa import plan as scopes
from lbpsim.outcomes.draws import DrawResults
from lbpsim.outcomes.estimate import CONFIDENCE, Estimate, from_error, interval_factor
from lbpsim.psa.parameter_sampling import DEPENDENT_GROUPS
from lbpsim.report.narrative.comparison import Comparison, called
from lbpsim.report.narrative.differences import discounted, from_replications
from lbpsim.report.narrative.phrasing import AMOUNT, Thing, alone
from lbpsim.report.rows import rows_of

Numbers = npt.NDArray[np.float64]
SHOWN = 2
BASE = "base"  # the reading that changes nothing
FIFTH = 0.2  # of the draws
QALYS = Thing("QALYs")


@dataclass(frozen=True)
class Doubt:
    """One thing that could be otherwise: `subject`, and the `sentence` that says what would follow, in numbers.

    `size`: how far it moves the gain, as a share of it; `inputs`: registered parameters that it is about.
    """

    subject: str
    sentence: str
    size: float
    inputs: tuple[str, ...] = ()


def largest_doubts(case: Comparison) -> tuple[Doubt, ...]:
    """The two largest doubts about a policy's gain, of different subjects; fewer where no more are clear."""
    told: list[Doubt] = []
    for doubt in sorted((*of_readings(case), *of_inputs(case)), key=lambda each: -each.size):
        if not any(set(doubt.inputs) & _drawn_together(each.inputs) for each in told):
            told.append(doubt)
    return tuple(told[:SHOWN])


def of_readings(case: Comparison) -> Iterator[Doubt]:
    """What the other readings of the model come to that are shown with every run, for the policy they were made of."""
    found = case.results.switches
    if found is None:
        return
    outcome, replications = measured(case), case.results.replications
    rows = {str(row["switch"]): row for row in rows_of(found, outcome=outcome).to_dict("records")}
    base = rows.pop(BASE)
    policy, before = called(case.results.study.policy(base["scenario"])), _in_all(base, replications)
    for switch, row in rows.items():
        if before.clear and abs(row["change"]) > interval_factor(replications) * row["change_mcse"]:
            after = amount(_in_all(row, replications), outcome)
            told = f"{policy} would {after}, where the base case has it {amount(before, outcome)}."
            yield Doubt(str(row["title"]), told, abs(row["change"] / base["difference"]), _set_by(switch))


def of_inputs(case: Comparison) -> Iterator[Doubt]:
    """What the draws say of the inputs, where there are draws: the gain where each is lowest, and where highest."""
    draws = case.draws
    if draws is None:
        return
    outcome = measured(case)
    change = draws.of(outcome)[:, draws.scenarios.index(case.name)] - draws.of(outcome)[:, 0]
    for name in draws.parameters.columns[correlated(change, draws)]:
        low, high = _in_the_ends(change, draws.parameters[name].to_numpy())
        known = case.results.study.registry.parameters[name]
        told = (
            f"In the fifth of draws in which this is lowest, {case.subject} would {amount(low, outcome)}; in the fifth "
            f"in which it is highest, {amount(high, outcome)} (graded {known.grade})."
        )
        yield Doubt(known.label, told, abs((high.value - low.value) / 2.0 / change.mean()), (name,))


def measured(case: Comparison) -> str:
    """The outcome in which doubts are told: QALYs, or the cost that the study counts where that alone is clear."""
    cost = PERSPECTIVES[case.results.study.perspective]
    qalys, money = (discounted(case.results, case.name, name) for name in ("qalys", cost))
    return cost if money.clear and not qalys.clear else "qalys"


def correlated(change: Numbers, draws: DrawResults) -> npt.NDArray[np.bool_]:
    """Which parameters go with a change more than the strongest of so many would by chance; shape (parameters,).

    Pearson's correlation of ranks, against its 95% limit for all parameters together (Bonferroni).
    """
    ranks = np.column_stack([draws.parameters.rank().to_numpy(), _ranks(change)])
    number, others = len(change), draws.parameters.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        together = np.corrcoef(ranks, rowvar=False)[-1, :-1]
        statistic = np.abs(together) * np.sqrt((number - 2) / (1.0 - together**2))
    limit = special.stdtrit(number - 2, 1.0 - (1.0 - CONFIDENCE) / 2.0 / others)
    return np.asarray(np.nan_to_num(statistic) > limit)


def amount(change: Estimate, outcome: str) -> str:
    """What a policy does to an outcome, as a verb with its figure: "gain 67,000 QALYs"."""
    thing = QALYS if outcome == "qalys" else AMOUNT
    more, less = ("gain {}", "lose {}") if outcome == "qalys" else ("cost {}", "save {}")
    if not change.clear:
        return f"make no clear difference in {thing.name or 'cost'}"
    return (more if change.direction > 0 else less).format(alone(abs(change.value), thing))


def _in_the_ends(change: Numbers, drawn: Numbers) -> tuple[Estimate, Estimate]:
    """The mean change in the fifths of draws with the lowest and the highest of what was drawn, with its error."""
    order, some = np.argsort(drawn, kind="stable"), max(round(FIFTH * len(drawn)), 2)
    return from_replications(change[order[:some]]), from_replications(change[order[-some:]])


def _in_all(row: Mapping[Hashable, Any], replications: int) -> Estimate:
    """What a reading comes to in all."""
    return from_error(float(row["difference"]), float(row["mcse"]), replications)


def _ranks(each: Numbers) -> Numbers:
    return np.argsort(np.argsort(each, kind="stable"), kind="stable").astype(float)


def _set_by(switch: str) -> tuple[str, ...]:
    """The parameters that a reading of the model sets."""
    scope = scopes.shipped()
    known = scope.switches.each.get(switch)
    return tuple(
        name
        for scenario, choice in (known.scenario.items() if known is not None else ())
        for name in scope.scenarios[scenario].choices[choice]
    )


def _drawn_together(inputs: Sequence[str]) -> set[str]:
    """Parameters with all that are drawn with them, which are one doubt and not several."""
    groups = (group.members for group in DEPENDENT_GROUPS if set(group.members) & set(inputs))
    return {*inputs, *(name for group in groups for name in group)}
