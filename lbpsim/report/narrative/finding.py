"""What a study finds, in one sentence: the best choice, what it does against usual care, and how sure that is.

The best choice is that of the highest expected net benefit, at the study's lowest threshold and from its point of view,
among the policies that somebody could choose; the comparator is one of them. With draws, expected means over draws,
and the probability of being the best stands beside it; without, it means at the central values of the inputs. A
direction is put into words only where an interval excludes zero.

Not here: what else could turn the finding round (`lbpsim.report.narrative.doubts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lbpsim.cea.choice_set import among, choosable
from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.cea.net_benefit import View, net_benefit_of
from lbpsim.outcomes.draws import DrawResults, ProbabilisticResults
from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.results import Results
from lbpsim.report.format import discounting, listed, per_qaly
from lbpsim.report.narrative.comparison import Comparison, called, first_letter_up
from lbpsim.report.narrative.confidence import chance, enough, many, probability, probability_better
from lbpsim.report.narrative.differences import between, discounted, draws_of, net_benefit, undiscounted
from lbpsim.report.narrative.doubts import Doubt, largest_doubts
from lbpsim.report.narrative.people import counted
from lbpsim.report.narrative.phrasing import INTERVAL, Thing, difference, ends, quantity
from lbpsim.study import Policy
from lbpsim.study.phrasing import number_of
from lbpsim.study.where_offered import where_offered

COUNTED = {"health_system": "health care", "societal": "health care and lost work"}
STARTS = {"opioid_starts": Thing("new long-term opioid users"), "surgeries": Thing("lumbar fusions")}
QALYS, CARE = Thing("QALYs"), Thing("the cost of health care", money=True)
NO_CHANGE = "no clear change"
UNKNOWN = "not known"


@dataclass(frozen=True)
class Headline:
    """One number of a finding: `figure` in words, its `label`, and the ends of its 95% `interval` in words.

    `estimate`: the number itself; of a probability its share.
    """

    figure: str
    label: str
    interval: str
    estimate: Estimate


@dataclass(frozen=True)
class Finding:
    """What a study finds.

    `policy`: the best choice, or where that is the comparator, the policy that comes nearest to it; `is_best`: which of
    the two; `sentence`: the finding; `headlines`: four numbers of that policy against the comparator; `doubts`: the two
    largest; `terms`: what is counted and discounted; `intervals`: what the intervals of sentence and numbers hold.
    """

    policy: str
    is_best: bool
    sentence: str
    headlines: tuple[Headline, ...]
    doubts: tuple[Doubt, ...]
    terms: str
    intervals: str


def finding(results: Results) -> Finding | None:
    """The finding of a study, computed from its stored results; None where there is nothing to choose from.

    Args:
        results: of the study; too few draws for an interval count as none.
    """
    case = first_choice(results)
    if case is None:
        return None
    ranked = ranking(case.results)
    is_best = ranked[0] == case.name
    return Finding(
        case.name,
        is_best,
        _sentence(case, ranked) if is_best else _none_better(case, ranked),
        headlines(case),
        largest_doubts(case),
        terms(case),
        intervals(case),
    )


def first_choice(results: Results) -> Comparison | None:
    """The best choice beside the comparator, or what comes nearest to it; None where there is nothing to choose from.

    Its results have draws only where these are enough for an interval.
    """
    seen = with_enough_draws(results)
    others = [name for name in ranking(seen) if name != seen.scenarios[0]]
    return Comparison(seen, seen.study.policy(others[0])) if others else None


def ranking(results: Results) -> tuple[str, ...]:
    """The policies that could be chosen, the comparator among them, by expected net benefit, highest first."""
    view = view_of(results)
    worth = {name: net_benefit(results, name, *view).value for name in choosable(results.study)}
    return tuple(sorted(worth, key=lambda name: -worth[name]))


def view_of(results: Results) -> View:
    """The study's point of view, at the lowest of its thresholds."""
    return View(results.study.perspective, min(results.study.thresholds))


def shares_best(draws: DrawResults, choices: Sequence[str], view: View) -> dict[str, float]:
    """Share of draws, Monte Carlo noise taken out, in which each of these choices has the highest net benefit."""
    best = net_benefit_of(among(draws, choices), view).clean.argmax(axis=1)
    kept = [name for name in draws.scenarios if name in choices]
    return {name: float((best == place).mean()) for place, name in enumerate(kept)}


def headlines(case: Comparison) -> tuple[Headline, ...]:
    """People treated, QALYs, the cost of health care, and the probability of being worth it, against the comparator."""
    qalys = discounted(case.results, case.name, "qalys")
    care = discounted(case.results, case.name, "cost_health_system")
    return (
        treated(case),
        _headline(qalys, QALYS, "QALYs gained", "QALYs lost"),
        _headline(care, CARE, "more spent on health care", "less spent on health care"),
        worth_it(case),
    )


def treated(case: Comparison) -> Headline:
    """How many people the policy treats by the end of the study, or what else it makes more or fewer."""
    by = f"by {case.results.years[-1]}"
    if case.policy.cft.delivers:
        people = f"people treated with CFT {by}"
        return _headline(counted(case.results, case.name, "people_treated"), Thing(people), people, people)
    outcome = started(case.policy)
    if not outcome:
        return Headline("0", "people treated otherwise; the policy changes inputs alone", "", Estimate.exact(0.0))
    thing, contrast = STARTS[outcome], undiscounted(case.results, case.name, outcome)
    return _headline(contrast, thing, f"more {thing.name} {by}", f"fewer {thing.name} {by}")


def worth_it(case: Comparison) -> Headline:
    """The probability that the policy is worth more than the comparator; not known without draws."""
    view, draws = view_of(case.results), case.draws
    label = f"worth it at {per_qaly(view.threshold)}"
    if draws is None:
        return Headline(UNKNOWN, f"whether {label}: that takes draws of the inputs", "", Estimate(np.nan))
    share = probability_better(_compared(draws, case), case.name, view)
    figure, _, interval = probability(share, len(draws.numbers)).partition(" (")
    return Headline(figure, f"probability of being {label}", interval.rstrip(")"), Estimate(share))


def terms(case: Comparison) -> str:
    """What is counted, for whom, at what rates and prices; and where CFT is offered, if not everywhere."""
    study, view = case.results.study, view_of(case.results)
    counted_how = (
        f"Worth: {per_qaly(view.threshold)}, less the cost of {COUNTED[view.perspective]}. Against {case.comparator}, "
        f"to the end of {case.results.years[-1]}; QALYs and costs discounted at {discounting(study)} a "
        f"year, prices of {study.price_year}."
    )
    choices = [study.policy(name) for name in choosable(study)]
    return f"{counted_how} {where_offered(choices, study.regions)}".rstrip()


def intervals(case: Comparison) -> str:
    """What the intervals hold; said once for all."""
    draws = case.draws
    if draws is None:
        held = INTERVAL[discounted(case.results, case.name, "qalys").source]
        return (
            f"{first_letter_up(held)}." if case.results.replications > 1 else "One replication: no interval is known."
        )
    return (
        f"In brackets and small print: 95% intervals of parameter uncertainty, from {many(draws)} of the inputs; that "
        "of a probability comes from the number of draws."
    )


def _sentence(case: Comparison, ranked: Sequence[str]) -> str:
    view, number = view_of(case.results), number_of(len(ranked), "choice")
    at = per_qaly(view.threshold)
    if not net_benefit(case.results, case.name, *view).clear:
        return (
            f"No policy is clearly worth more than {case.comparator} at {at}; of {number}, {case.subject} has the "
            f"highest expected net benefit{_chance_better(case)}."
        )
    draws = case.draws
    if draws is None:
        return (
            f"At the central values of the inputs {case.subject} is worth the most of {number} at {at}"
            f"{_rivals(case, ranked)}: {_effects(case)}."
        )
    return (
        f"{case.subject} is expected to be worth the most of {number} at {at} (probability of being the best: "
        f"{_chance_best(draws, ranked, case.name, view)}{_next(case, draws, ranked)}): {_effects(case)}."
    )


def _none_better(case: Comparison, ranked: Sequence[str]) -> str:
    view, draws = view_of(case.results), case.draws
    best, at = called(case.results.study.policies[0]), per_qaly(view.threshold)
    among_them = f"of {number_of(len(ranked), 'choice')} at {at}"
    if draws is None:
        return f"At the central values of the inputs no policy is worth more than {best}, {among_them}."
    likely = _chance_best(draws, ranked, case.results.scenarios[0], view)
    return (
        f"No policy is expected to be worth more than {best}, {among_them} (probability of that being the best: "
        f"{likely}{_next(case, draws, ranked)})."
    )


def _chance_best(draws: DrawResults, ranked: Sequence[str], name: str, view: View) -> str:
    return chance(shares_best(draws, ranked, view)[name], len(draws.numbers))


def _next(case: Comparison, draws: DrawResults, ranked: Sequence[str]) -> str:
    """How uncertain the choice is: which other one is most often the best, and how often; empty where none ever is."""
    view = view_of(case.results)
    shares = shares_best(draws, ranked, view)
    share, rival = max((shares[name], name) for name in ranked[1:])
    if share == 0.0:
        return ""
    return f"; of {called(case.results.study.policy(rival))}: {chance(share, len(draws.numbers))}"


def _effects(case: Comparison) -> str:
    """What the policy does to health and to the cost of health care, each with its interval."""
    qalys = discounted(case.results, case.name, "qalys")
    care = discounted(case.results, case.name, "cost_health_system")
    health = difference(qalys, QALYS, "gains {}", "loses {}", full=False)
    money = difference(care, CARE, "spends {} more on health care", "spends {} less on health care", full=False)
    verb, other = ("" if each.clear else "shows " for each in (qalys, care))
    return f"against {case.comparator} it {verb}{health} by {case.results.years[-1]}, and {other}{money}"


def _chance_better(case: Comparison) -> str:
    draws = case.draws
    if draws is None:
        return ""
    share = probability_better(_compared(draws, case), case.name, view_of(case.results))
    return f", and is worth more with a probability of {probability(share, len(draws.numbers))}"


def _rivals(case: Comparison, ranked: Sequence[str]) -> str:
    """The choices from which the first cannot be told at the central values of the inputs."""
    view = view_of(case.results)
    weights = {"qalys": view.threshold, PERSPECTIVES[view.perspective]: -1.0}
    rivals = [
        called(case.results.study.policy(name))
        for name in ranked
        if name != case.name and not between(case.results, case.name, name, weights).clear
    ]
    return f", not clearly more than {listed(rivals)}" if rivals else ""


def _compared(draws: DrawResults, case: Comparison) -> DrawResults:
    """The draws of all choices, so that noise is taken out of every probability alike."""
    return among(draws, choosable(case.results.study))


def with_enough_draws(results: Results) -> Results:
    """The results; at the central values of the inputs alone where draws are too few for an interval."""
    draws = draws_of(results)
    return results if draws is None or enough(draws) else without_draws(results)


def over_draws(results: Results) -> bool:
    """Whether figures are told over draws: there are enough for an interval."""
    return draws_of(with_enough_draws(results)) is not None


def without_draws(results: Results) -> Results:
    """The results at the central values of the inputs alone."""
    return results.at_central_inputs if isinstance(results, ProbabilisticResults) else results


def _headline(contrast: Estimate, thing: Thing, more: str, less: str) -> Headline:
    """A difference as a number; its direction is in the label, and only where it is clear."""
    if contrast.none:
        return Headline("none", f"no difference in {thing.name}", "", contrast)
    around = ends(contrast, thing) if contrast.source != "nothing" else UNKNOWN
    if not contrast.clear:
        return Headline(NO_CHANGE, f"in {thing.name}", around, contrast)
    label = more if contrast.direction > 0 else less
    return Headline(quantity(contrast, Thing("", money=thing.money)), label, around, contrast)


def started(policy: Policy) -> str:
    """What a policy that treats nobody with CFT makes start or not; empty where it changes inputs alone."""
    if policy.cft.replaced_by == "surgery" or policy.surgery.growth.times or policy.surgery.referral_change.times:
        return "surgeries"
    opioids = (policy.opioids.growth, policy.opioids.initiation_change, policy.opioids.tapering_offered)
    return "opioid_starts" if policy.cft.replaced_by or any(timeline.times for timeline in opioids) else ""
