"""The draws in words, on a terminal: how many people and draws, why, and whether that was enough."""

from __future__ import annotations

import math
from collections.abc import Iterator

from lbpsim.outcomes.draws import DrawPlan, DrawResults, ProbabilisticResults
from lbpsim.psa.sample_size import STEP, Z, probabilities
from lbpsim.psa.uncertainty_tables import AVERAGED, BASE, probabilities_by_structure
from lbpsim.report.format import per_qaly
from lbpsim.report.narrative.confidence import many, probability
from lbpsim.report.rows import rows_of
from lbpsim.study.phrasing import number_of

CUT = (
    "In {cut} of {draws} more people would leave treatment of opioid use disorder by stopping opioids than begin it: "
    "there no treatment ends for other reasons (a rate cut to 0), and the share in treatment falls."
)


def plan_in_words(plan: DrawPlan) -> str:
    """How large the probabilistic analysis will be, with the reason."""
    number = f"up to {plan.draws:,}" if plan.until_settled else f"{plan.draws:,}"
    size = f"Draws: {number}, of {number_of(plan.people, 'person')} each"
    if not plan.pilot:
        return f"{size}."
    return (
        f"{size}. A pilot of {plan.pilot} draws found that so many people move no probability by more than "
        f"{plan.precision:.1%}; {plan.reason}."
    )


def draws_in_words(results: ProbabilisticResults) -> str:
    """How certain the probabilities are after all draws, and where that is not enough, how many more it would take."""
    draws = results.draws
    found = probabilities(draws, results.study.thresholds)
    error, move = found.worst_error(), found.last_move()
    told = (
        f"{many(draws)} of {number_of(draws.parameters.shape[1], 'parameter')}: probabilities are known to "
        f"± {error:.1%} at worst (95% Monte Carlo) and moved by at most {move:.1%} over the last half of the draws."
    )
    told += f" {structure_in_words(results)}"
    if found.settled(draws.plan.precision):
        return told
    more = _draws_for(draws.plan.precision, error, found.draws[-1])
    return f"{told} To know them to {draws.plan.precision:.1%} would take about {number_of(more, 'draw')}."


def cut_in_words(draws: DrawResults) -> Iterator[str]:
    """In how many draws the balance of treatment asked for a rate below 0, and got 0; nothing where in none."""
    if draws.cut:
        yield CUT.format(cut=draws.cut, draws=many(draws))


def structure_in_words(results: ProbabilisticResults) -> str:
    """How likely the policy of the headline is worth more, under the study's structure and averaged over structures."""
    table = probabilities_by_structure(results.draws, results.study.thresholds)
    policy = results.study.plainest_offer or next(iter(results.study.policies[1:]), None)
    if policy is None:
        return ""
    view = {"perspective": results.study.perspective, "threshold": results.study.thresholds[0]}
    mine = rows_of(table, scenario=policy.name, **view).set_index("structure")["better"]
    number = len(results.draws.numbers)
    start = f"{policy.name} is worth more than {results.scenarios[0]} at {per_qaly(results.study.thresholds[0])}"
    base = f"{start} with probability {probability(float(mine[BASE]), number)} under the structure of the study"
    if AVERAGED not in mine:
        return f"{base}; structure was not drawn (`structure_weights: off`)."
    return f"{base}, and {probability(float(mine[AVERAGED]), number)} averaged over structures."


def _draws_for(precision: float, error: float, draws: int) -> int:
    """Errors fall with the square root of the number of draws; a probability of one half needs the most."""
    least = math.ceil((Z * 0.5 / precision) ** 2)
    return max(min(math.ceil(draws * (error / precision) ** 2), least), draws + STEP)
