"""How certain: the probability of being better and best over uncertain inputs, or what was not looked at and how to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lbpsim.cea.choice_set import among
from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.cea.net_benefit import View, net_benefit_of
from lbpsim.outcomes.draws import FEWEST_DRAWS, DrawResults
from lbpsim.outcomes.estimate import CONFIDENCE
from lbpsim.outcomes.results import Results
from lbpsim.report.format import listed, per_qaly, percent_in_words
from lbpsim.report.narrative.claim import Claim
from lbpsim.report.narrative.comparison import Comparison, called
from lbpsim.report.narrative.cost import COUNTED
from lbpsim.report.narrative.differences import discounted
from lbpsim.report.rows import rows_of
from lbpsim.study.phrasing import number_of
from lbpsim.voi.decision_analysis import Decision

MOST_LIKELY = "most likely to be the best, as far as so many draws can tell, is"
NOT_RUN = "Parameter uncertainty was not run"
HOW_TO_LOOK = "`lbpsim run scenarios/` runs it, unless `--draws 0` is added."


def how_certain(case: Comparison) -> Iterator[Claim]:
    """Claims of the topic "sure"."""
    draws = case.draws
    if draws is None:
        yield Claim("sure", not_looked_at(case), "run.json: no draws")
        yield Claim("sure", monte_carlo_sentence(case), "incremental: qalys, difference and mcse")
        return
    if not enough(draws):
        text = (
            f"{many(draws)} of the inputs: too few to tell the uncertainty of this; it takes at least {FEWEST_DRAWS}."
        )
        yield Claim("sure", text, "run.json: draws")
        return
    draws = compared_draws(case, draws)
    yield Claim("sure", better_sentence(case, draws), "draws: net benefit over the comparator, noise taken out")
    best = best_sentence(case)
    if best:
        yield Claim("sure", best, "ceac: probability")
    yield Claim("sure", noise_sentence(case, draws), "draws: noise share of net benefit")


def compared_draws(case: Comparison, draws: DrawResults) -> DrawResults:
    """The draws among which the decision was made where the policy is a choice, so that all probabilities agree."""
    choices = case.decision.choices if case.decision is not None else ()
    here = tuple(name for name in choices if name in draws.scenarios)  # of many policies some are shown
    return among(draws, here) if case.name in here else draws


def not_looked_at(case: Comparison) -> str:
    """That nothing is known of parameter uncertainty, and how to find out."""
    return (
        f"{NOT_RUN}, so nothing here says how likely {case.subject} is to be better, and no interval holds the "
        f"uncertainty of the inputs. {HOW_TO_LOOK}"
    )


def many(draws: DrawResults) -> str:
    """How many draws there are, in words."""
    return number_of(len(draws.numbers), "draw")


def enough(draws: DrawResults) -> bool:
    """Whether there are draws enough for an interval."""
    return len(draws.numbers) >= FEWEST_DRAWS


def monte_carlo_sentence(case: Comparison) -> str:
    """The Monte Carlo error of the difference in QALYs."""
    qalys = discounted(case.results, case.name, "qalys")
    if qalys.source == "nothing":
        return "With a single replication even Monte Carlo error is not known."
    if not qalys.clear:
        return "The difference in QALYs is no larger than Monte Carlo error could make it."
    by = percent_in_words((qalys.high - qalys.low) / 2.0 / abs(qalys.value))
    return f"Monte Carlo error could move the difference in QALYs by {by} either way (95%)."


def better_sentence(case: Comparison, draws: DrawResults, perspectives: Sequence[str] = ()) -> str:
    """How probably the policy is worth more than the comparator, at each threshold from some points of view, or all."""
    asked = perspectives or _perspectives(case)
    return (
        f"Over {many(draws)} of the uncertain inputs, the probability that {case.subject} is worth more than "
        f"{case.comparator} is: {_shares(case, draws, asked)}. {_with_structure(case, draws, asked)}"
    )


def _shares(case: Comparison, draws: DrawResults, perspectives: Sequence[str]) -> str:
    told = []
    for perspective in perspectives:
        shares = [_better(case, draws, perspective, at) for at in case.results.study.thresholds]
        told.append(f"counting {COUNTED[perspective]}, {listed(shares)}")
    return "; ".join(told)


def _with_structure(case: Comparison, draws: DrawResults, perspectives: Sequence[str]) -> str:
    """The same averaged over structures, or that structure was not drawn."""
    if draws.structures.columns.empty:
        return "Choices of structure are not in it."
    return f"With choices of structure drawn too it is: {_shares(case, draws.averaged, perspectives)}."


def best_sentence(case: Comparison) -> str:
    """How probably the policy is the best of those that could be chosen; empty where that was not worked out."""
    told = []
    for perspective in _perspectives(case):
        found = being_best(case.decision, perspective)
        mine = {at: found[case.name, at] for at in case.results.study.thresholds if (case.name, at) in found}
        shares = [f"{share} at {per_qaly(at)}" for at, share in mine.items()]
        told += [f"counting {COUNTED[perspective]}, {listed(shares)}"] if shares else []
    if case.decision is None or not told:
        return ""
    return f"The probability that it is the best of {len(case.decision.choices)} choices is: {'; '.join(told)}."


def likeliest_sentence(results: Results, decision: Decision | None) -> str:
    """Which choice is most likely the best at each threshold, from the study's point of view; empty where unknown."""
    perspective = results.study.perspective
    found = being_best(decision, perspective)
    best: dict[str, list[str]] = {}
    for at in results.study.thresholds:
        for name, share in _likeliest({name: share for (name, here), share in found.items() if here == at}).items():
            best.setdefault(name, []).append(f"{share} at {per_qaly(at)}")
    if not best:
        return ""
    told = [f"{called(results.study.policy(name))} (probability {listed(shares)})" for name, shares in best.items()]
    return f"Counting {COUNTED[perspective]}, {MOST_LIKELY} {listed(told)}."


def _likeliest(shares: Mapping[str, Probability]) -> dict[str, Probability]:
    """The choice that is best in most draws, and those that so many draws cannot tell from it."""
    first = max(shares.values(), key=lambda each: each.share, default=None)
    return {name: each for name, each in shares.items() if first is not None and not first.clearly_above(each)}


@dataclass(frozen=True)
class Probability:
    """A `share` of a number of `draws`, written with its error."""

    share: float
    draws: int

    def clearly_above(self, other: Probability) -> bool:
        """Whether other draws would leave it above a share of the same draws that excludes it (McNemar's test)."""
        from scipy import stats  # noqa: PLC0415 - a second, which a run without draws need not wait

        mine, others = round(self.share * self.draws), round(other.share * other.draws)
        return mine > others and stats.binomtest(mine, mine + others).pvalue < 1.0 - CONFIDENCE

    def __str__(self) -> str:
        return probability(self.share, self.draws)


def being_best(decision: Decision | None, perspective: str) -> dict[tuple[str, float], Probability]:
    """Probability of each choice to be the best by policy and threshold; empty where it was not worked out."""
    if decision is None or decision.ceac is None or decision.draws < FEWEST_DRAWS:
        return {}
    rows = rows_of(decision.ceac, perspective=perspective)
    return {
        (str(name), float(at)): Probability(float(share), decision.draws)
        for name, at, share in zip(rows["scenario"], rows["threshold"], rows["probability"], strict=True)
    }


def noise_sentence(case: Comparison, draws: DrawResults) -> str:
    """What part of the spread between draws is Monte Carlo error, which probabilities leave out."""
    place = draws.scenarios.index(case.name)
    shares = [net_benefit_of(draws, view).noise_share[place] for view in _views(case)]
    if not np.isfinite(shares).all():
        return "With one replication per draw, Monte Carlo error cannot be told from parameter uncertainty."
    return (
        f"Monte Carlo error makes up at most {percent_in_words(float(max(shares)))} of the variance of its net "
        "benefit between draws, and is taken out of these probabilities."
    )


def probability_better(draws: DrawResults, scenario: str, view: View) -> float:
    """Share of draws, noise taken out, in which a policy is worth more than the comparator."""
    return float((net_benefit_of(draws, view).clean[:, draws.scenarios.index(scenario)] > 0.0).mean())


def probability(share: float, draws: int) -> str:
    """A share of draws with its 95% Monte Carlo interval (Wilson's); never certainty, however many draws agree.

    >>> probability(0.75, 400), probability(1.0, 400)
    ('75% (71% to 79%)', 'at least 99%')
    """
    from scipy import stats  # noqa: PLC0415 - as in `clearly_above`

    found = stats.binomtest(round(share * draws), draws).proportion_ci(CONFIDENCE, method="wilson")
    if share == 1.0:
        return f"at least {math.floor(found.low * 100)}%"
    if share == 0.0:
        return f"at most {math.ceil(found.high * 100)}%"
    return f"{percent_in_words(share)} ({percent_in_words(found.low)} to {percent_in_words(found.high)})"


def _better(case: Comparison, draws: DrawResults, perspective: str, threshold: float) -> str:
    share = probability_better(draws, case.name, View(perspective, threshold))
    return f"{probability(share, len(draws.numbers))} at {per_qaly(threshold)}"


def _perspectives(case: Comparison) -> list[str]:
    """The study's own point of view first."""
    return sorted(PERSPECTIVES, key=lambda name: name != case.results.study.perspective)


def _views(case: Comparison) -> list[View]:
    return [View(perspective, at) for perspective in _perspectives(case) for at in case.results.study.thresholds]
