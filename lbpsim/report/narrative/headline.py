"""The first sentences of a report: what is compared, what gains, at what cost, how certain, with what caveat."""

from __future__ import annotations

from collections.abc import Iterator

from lbpsim.outcomes.draws import FEWEST_DRAWS
from lbpsim.outcomes.results import Results
from lbpsim.report.format import discounting, listed
from lbpsim.report.narrative.budget import payers_in_years, payers_over_inputs
from lbpsim.report.narrative.comparison import (
    Comparison,
    at_central,
    benchmark,
    called,
    comparator,
    first_letter_up,
    rate,
)
from lbpsim.report.narrative.confidence import (
    HOW_TO_LOOK,
    NOT_RUN,
    better_sentence,
    compared_draws,
    enough,
    likeliest_sentence,
    many,
)
from lbpsim.report.narrative.cost import costs_words
from lbpsim.report.narrative.differences import between, discounted, draws_of
from lbpsim.report.narrative.effect import QALYS
from lbpsim.report.narrative.limits import after_trial_sentence, operations_sentence
from lbpsim.report.narrative.phrasing import Thing, alone, difference
from lbpsim.study.phrasing import in_years
from lbpsim.voi.decision_analysis import Decision

IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def sentences(results: Results, decision: Decision | None) -> Iterator[str]:
    """What is said first; cost and caveat only where a policy that could be chosen clearly gains."""
    yield compared(results)
    leaders = leading(results)
    yield most_gained(results, leaders)
    best = Comparison(results, decision, results.study.policy(leaders[0])) if leaders else None
    if best is not None:
        yield cost_sentence(best)
    yield how_sure(results, decision, best)
    yield caveat(best)


def compared(results: Results) -> str:
    """What the study compares, for whom, where and when."""
    others = results.study.policies[1:]
    aside = [called(policy) for policy in others if benchmark(policy)]
    what = "is a benchmark, not a choice" if len(aside) == 1 else "are benchmarks, not choices"
    return (
        f"A simulation compares {_number(len(others))} with {comparator(results)} for the "
        f"{alone(results.country_cases, Thing('adults'))} with chronic low back pain in {results.study.country}, and "
        f"those who join them, {in_years(results.years)}."
        + (f" {first_letter_up(listed(aside))} {what}." if aside else "")
    )


def leading(results: Results) -> tuple[str, ...]:
    """Of the policies that could be chosen, the one with the largest of the clear gains in QALYs, and all from which
    it cannot be told, whether or not their own gains are clear; none where none clearly gains.
    """
    choices = [policy.name for policy in results.study.policies[1:] if not benchmark(policy)]
    gains = {name: discounted(results, name, "qalys") for name in choices}
    first = max((name for name in choices if gains[name].direction > 0), key=lambda name: gains[name].value, default="")
    if not first:
        return ()
    ahead = {name: between(results, first, name, {"qalys": 1.0}) for name in choices if name != first}
    rivals = (name for name, lead in ahead.items() if lead.direction <= 0)
    return (first, *sorted(rivals, key=lambda name: -gains[name].value))


def most_gained(results: Results, leaders: tuple[str, ...]) -> str:
    """Which policy gains most health, or which ones where the first cannot be told from the next.

    "Most" is said over draws alone: a lead that only Monte Carlo error was held against is one at central inputs.
    """
    opening = first_letter_up(f"{at_central(results)}in this model")
    if not leaders:
        return (
            f"{opening} no policy that could be chosen clearly gains QALYs against {comparator(results)}; "
            "the answers below give every difference with its interval."
        )
    first = discounted(results, leaders[0], "qalys")
    told = difference(first, QALYS, "{}", "{}")
    per = f"at {discounting(results.study)} a year"
    lead, *rest = (called(results.study.policy(name)) for name in leaders)
    gain = f"{opening} {lead} gains {told}, discounted {per}"
    if rest:
        return f"{gain}; there is no clear difference between that and {listed(rest)}."
    if len([policy for policy in results.study.policies[1:] if not benchmark(policy)]) == 1:
        return f"{gain}."
    if draws_of(results) is None:
        return f"{gain}, the highest of all choices there; parameter uncertainty is not in this, so none is named best."
    return f"{opening} {lead} gains most QALYs of all choices: {told}, discounted {per}."


def cost_sentence(case: Comparison) -> str:
    """What the policy that is named first costs, without and with lost work, and whom."""
    care, society = (discounted(case.results, case.name, name) for name in ("cost_health_system", "cost_societal"))
    payers = (
        f"{in_years(case.results.years)}, undiscounted, {payers_in_years(case, case.results.years)}"
        if case.draws is None
        else payers_over_inputs(case, case.draws)
    )
    return (
        f"Health care under {case.subject} {costs_words(care)}, discounted at {rate(case)} a year, and with lost work "
        f"counted too it {costs_words(society, full=False)}, all in prices of {case.results.study.price_year}. "
        f"For health care {payers}."
    )


def how_sure(results: Results, decision: Decision | None, case: Comparison | None) -> str:
    """How certain the answer is under parameter uncertainty, or that this was not looked at."""
    draws = draws_of(results)
    if draws is None:
        return f"{NOT_RUN}: the intervals here are of Monte Carlo error alone. {HOW_TO_LOOK}"
    if not enough(draws):
        return f"The uncertainty of the answer cannot be told from {many(draws)}; it takes at least {FEWEST_DRAWS}."
    first = f"This rests on {many(draws)} of the uncertain inputs, under the structure of the study."
    if case is not None:
        first = better_sentence(case, compared_draws(case, draws), [results.study.perspective])
    return f"{first} {likeliest_sentence(results, decision)}".rstrip()


def caveat(case: Comparison | None) -> str:
    """What a reader should know before quoting any of it."""
    if case is not None and case.offers_cft:
        return f"The most important caveat: {after_trial_sentence(case)}"
    told = operations_sentence(case) if case is not None else ""
    return told or (
        "The most important caveat: these are results of a model, which rests on what it assumes of care, dates and "
        "inputs; nobody has tried these policies."
    )


def _number(count: int) -> str:
    word = IN_WORDS[count] if count < len(IN_WORDS) else f"{count}"
    return f"{word} polic{'y' if count == 1 else 'ies'}"
