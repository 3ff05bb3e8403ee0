"""Titles of charts that state what is found, where that is sure; where it is not, what the chart shows.

They follow the rules of the sentences: a direction only where an interval excludes zero, of parameter uncertainty where
there are draws. What rests on central inputs alone says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from lbpsim.cea.choice_set import choosable
from lbpsim.cea.subgroups import Gains
from lbpsim.outcomes.estimate import Estimate, interval_factor
from lbpsim.report.format import listed, per_qaly
from lbpsim.report.narrative.comparison import Comparison, at_central, called, first_letter_up
from lbpsim.report.narrative.confidence import chance
from lbpsim.report.narrative.differences import discounted, undiscounted
from lbpsim.report.narrative.finding import shares_best, view_of
from lbpsim.report.narrative.payers import payer_named
from lbpsim.report.narrative.people import counted
from lbpsim.report.narrative.phrasing import AMOUNT, Thing, quantity
from lbpsim.report.rows import rows_of

YLDS = Thing("years lived with disability")


def averted(case: Comparison, outcome: str = "ylds", thing: Thing = YLDS) -> str:
    """What the policy does to the burden over the study's years."""
    change, by = undiscounted(case.results, case.name, outcome), f"by {case.results.years[-1]}"
    if not change.clear:
        return f"{first_letter_up(thing.name)} averted by each policy"
    verb = "averts" if change.direction < 0 else "adds"
    words = f"{verb} {quantity(change, thing)} {by}"
    return first_letter_up(f"{at_central(case.results)}{case.subject} {words}")


def reached(case: Comparison) -> str:
    """How many people the policy treats with CFT, and how many of them it improves, where both are clear."""
    by = f"by {case.results.years[-1]}"
    treated, improved = (
        counted(case.results, case.name, measure) for measure in ("people_treated", "people_improved_by_cft")
    )
    if not (case.policy.cft.delivers and treated.clear and improved.clear):
        return f"People treated with CFT {by}"
    people, better = (quantity(each, Thing("")) for each in (treated, improved))
    words = f"treats {people} people with CFT {by}, and {better} improve by CFT itself"
    return first_letter_up(f"{at_central(case.results)}{case.subject} {words}")


def spent(case: Comparison) -> str:
    """What all payers spend more or less on health care over the study's years."""
    cost, by = undiscounted(case.results, case.name, "cost_health_system"), f"by {case.results.years[-1]}"
    if not cost.clear:
        return "What all payers spend on health care, by year"
    words = f"{quantity(cost, AMOUNT)} {'more' if cost.direction > 0 else 'less'}"
    return first_letter_up(f"{at_central(case.results)}health care costs {words} under {case.subject} {by}")


def payers(case: Comparison, each: Mapping[str, Estimate]) -> str:
    """Who clearly pays less, and who more; `each`: what a payer pays over the comparator."""
    sums = {payer: f"{payer_named(payer)} {quantity(cost, AMOUNT)}" for payer, cost in each.items()}
    told = [
        f"{verb} {listed(clear)}"
        for verb, direction in (("saves", -1), ("costs", 1))
        if (clear := [sums[payer] for payer, cost in each.items() if cost.direction == direction])
    ]
    if not told:
        return f"No payer clearly pays more or less for health care under {case.subject}"
    return first_letter_up(f"{at_central(case.results)}{case.subject} {' and '.join(told)}")


def best(case: Comparison) -> str:
    """How probably the policy is the best of all that could be chosen; without draws, what the chart shows."""
    if case.draws is None:
        return "What each policy is worth, against what it costs"
    view = view_of(case.results)
    share = shares_best(case.draws, choosable(case.results.study), view)[case.name]
    told = chance(share, len(case.draws.numbers))
    return f"{case.subject} is the best choice with a probability of {told} at {per_qaly(view.threshold)}"


def readings(case: Comparison) -> str:
    """Whether the gain in QALYs stays clear, in one direction, whatever is read otherwise."""
    found = case.results.switches
    assert found is not None, "readings of the model are shown where there are some"
    rows = rows_of(found, outcome="qalys")
    policy = called(case.results.study.policy(str(rows["scenario"].iloc[0])))
    half = interval_factor(case.results.replications) * rows["mcse"]
    for verb, clear in (("gains", rows["difference"] > half), ("loses", rows["difference"] < -half)):
        if clear.all():
            return f"At central inputs {policy} {verb} QALYs under each of {len(rows)} readings of the model"
    return f"QALYs gained by {policy} under {len(rows)} readings of the model"


def gainers(case: Comparison, found: Gains, kind: str) -> str:
    """Which group clearly gains more than which, of those farthest apart; `kind`: "age bands" and the like."""
    most, least, apart = found.widest()
    known = found.over_draws or case.draws is None or discounted(case.results, case.name, "qalys").clear
    gained = dict(found.estimates())[most]
    if not (known and gained.direction > 0 and apart.direction > 0):
        return f"QALYs gained under {case.subject}, by {kind.removesuffix('s')}"
    central = "" if found.over_draws else "at central inputs "
    words = f"{central}{most} gain more QALYs under {case.subject} for the years they live than {least}"
    return first_letter_up(words)
