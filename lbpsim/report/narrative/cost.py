"""At what cost: what a policy costs over the horizon, and what health and money come to together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.outcomes.estimate import Estimate
from lbpsim.report.format import dollars, listed
from lbpsim.report.narrative.budget import budgets
from lbpsim.report.narrative.claim import Claim
from lbpsim.report.narrative.comparison import Comparison, at_central, first_letter_up, rate
from lbpsim.report.narrative.differences import DISCOUNTED, basis, discounted, net_benefit
from lbpsim.report.narrative.phrasing import DOLLARS, alone, paid

COUNTED = {"health_system": "health care", "societal": "health care and lost work"}
STANDING = {
    1: "clearly above {comparator}",
    -1: "clearly below {comparator}",
    0: "not clearly different from {comparator}",
}


def cost(case: Comparison) -> Iterator[Claim]:
    """Claims of the topic "cost"."""
    qalys = discounted(case.results, case.name, "qalys")
    costs = {view: discounted(case.results, case.name, outcome) for view, outcome in PERSPECTIVES.items()}
    outcomes = tuple(PERSPECTIVES.values())
    yield Claim("cost", net_sentence(case, costs), basis(qalys, DISCOUNTED, *outcomes))
    text = " ".join([*value_sentences(case, qalys, costs), worth_sentence(case)])
    yield Claim("cost", text, basis(qalys, DISCOUNTED, "qalys", *outcomes))
    yield from budgets(case)


def net_sentence(case: Comparison, costs: Mapping[str, Estimate]) -> str:
    """What the policy costs over the horizon, without and with lost work."""
    care, society = costs["health_system"], costs["societal"]
    each = ""
    if care.clear:
        amount = alone(abs(care.value) / case.results.country_cases, DOLLARS)
        each = f", {amount} for each person with chronic low back pain at the start"
    return (
        f"Against {case.comparator}, discounted at {rate(case)} a year and in prices of "
        f"{case.results.study.price_year}, health care under {case.subject} {costs_words(care)}{each}. With lost work "
        f"counted too it {costs_words(society, full=False)}."
    )


def value_sentences(case: Comparison, qalys: Estimate, costs: Mapping[str, Estimate]) -> list[str]:
    """What health and money come to together; nothing from a point of view where either is not clear."""
    told: dict[str, list[str]] = {}
    for view, money in costs.items():
        words = together(qalys, money, case.comparator)
        if words:
            told.setdefault(words, []).append(COUNTED[view])
    opening = first_letter_up(f"{at_central(case.results)}counting")
    return [f"{opening} the costs of {', or of '.join(views)}, {words}." for words, views in told.items()]


def together(qalys: Estimate, money: Estimate, comparator: str) -> str:
    """Dominance, or the price of a QALY as the ratio of two clear differences; empty where one is not clear."""
    if not (qalys.clear and money.clear):
        return ""
    if qalys.direction > money.direction:
        return f"in this model it brings more QALYs at less cost, so it dominates {comparator}"
    if qalys.direction < money.direction:
        return f"in this model it brings fewer QALYs at more cost, so it is dominated by {comparator}"
    ratio = alone(money.value / qalys.value, DOLLARS)
    if qalys.direction > 0:
        return f"each QALY gained costs {ratio} (ratio of the central figures)"
    return f"costs are lower by {ratio} for each QALY lost (ratio of the central figures)"


def worth_sentence(case: Comparison) -> str:
    """Whether the policy is worth its cost at the study's thresholds, from the study's point of view."""
    study, found = case.results.study, dict[str, list[str]]()
    for threshold in study.thresholds:
        net = net_benefit(case.results, case.name, study.perspective, threshold)
        words = STANDING[net.direction].format(comparator=case.comparator)
        found.setdefault(words, []).append(dollars(threshold))
    told = [f"{words} at {listed(thresholds)} a QALY" for words, thresholds in found.items()]
    central = at_central(case.results)
    return first_letter_up(f"{central}net benefit, counting {COUNTED[study.perspective]}, is {listed(told)}.")


def costs_words(contrast: Estimate, *, full: bool = True) -> str:
    """The verb with an amount: "costs AUD 3 million more (...)", or that there is no clear difference."""
    return f"costs {paid(contrast, full=full)}" if contrast.clear else f"shows {paid(contrast, full=full)}"
