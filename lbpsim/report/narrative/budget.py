"""Who pays: what all payers of health care, and each of them, pay more or less in the first years and over all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from lbpsim.cea.budget_impact import FIRST_YEARS
from lbpsim.evidence.layers import Registry
from lbpsim.outcomes import payers
from lbpsim.outcomes.draws import DrawResults
from lbpsim.outcomes.estimate import Estimate, from_draws
from lbpsim.outcomes.measures import COST_CATEGORIES
from lbpsim.report.format import listed
from lbpsim.report.narrative.claim import Claim
from lbpsim.report.narrative.comparison import Comparison, first_letter_up, rate
from lbpsim.report.narrative.differences import apart, columns_of, country, from_replications, undiscounted
from lbpsim.report.narrative.phrasing import graded, paid
from lbpsim.study.phrasing import in_years, span

Numbers = npt.NDArray[np.float64]
PAYERS = {"government": "government", "private_insurer": "private insurers", "patient": "patients"}
CARE = tuple(name for name in COST_CATEGORIES if name != "cost_lost_work")


def budgets(case: Comparison) -> Iterator[Claim]:
    """One claim for the first years and one for all; with draws another for each payer under parameter uncertainty."""
    also = "" if case.draws is None else "; draws_yearly.parquet: cost_health_system"
    for years in periods(case.results.years):
        named = span(years, "-")
        yield Claim("cost", budget_sentence(case, years), f"budget: {named}{also}")
    if case.draws is not None:
        told = first_letter_up(f"{payers_over_inputs(case, case.draws)}.")
        yield Claim("cost", told, "draws.parquet: categories of cost, discounted; parameters: payers")


def periods(years: Sequence[int]) -> list[Sequence[int]]:
    """The first years, as the budget impact has them, and all years where there are more."""
    return [years[:FIRST_YEARS], years] if len(years) > FIRST_YEARS else [years]


def budget_sentence(case: Comparison, years: Sequence[int]) -> str:
    """What all payers and each of them pay more or less for health care in some years, undiscounted.

    Draws keep no payers by year: where the sum is not clear over the draws, its parts are not told, and over all
    years they are told from the draws instead.
    """
    everybody = undiscounted(case.results, case.name, "cost_health_system", years)
    when = first_letter_up(in_years(years))
    sentence = (
        f"{when}, undiscounted, all payers together {'pay' if everybody.clear else 'show'} {paid(everybody)} for "
        "health care."
    )
    if case.draws is not None and (not everybody.clear or len(years) == len(case.results.years)):
        return sentence
    return f"{sentence} {first_letter_up(payers_in_years(case, years))}."


def payers_in_years(case: Comparison, years: Sequence[int]) -> str:
    """What each payer of health care pays more or less in some years, undiscounted, at central inputs."""
    told = listed_payers(by_payer(case, years), full=case.draws is not None)
    return f"at central inputs, by payer (a split {grades_of_split(case.results.study.registry)}): {told}"


def payers_over_inputs(case: Comparison, draws: DrawResults) -> str:
    """What each payer of health care pays more or less over the horizon, discounted, over draws of the inputs."""
    told = listed_payers({payer: over_draws(case, draws, payer) for payer in PAYERS}, full=True)
    split = grades_of_split(case.results.study.registry)
    return f"over all years, discounted at {rate(case)} a year, by payer (a split {split}): {told}"


def listed_payers(each: Mapping[str, Estimate], *, full: bool) -> str:
    """Payers with what they pay more or less; `full`: the first says what the intervals are for."""
    first = next(iter(each))
    return listed([f"{PAYERS[payer]} {paid(cost, full=full and payer == first)}" for payer, cost in each.items()])


def by_payer(case: Comparison, years: Sequence[int]) -> dict[str, Estimate]:
    """What each payer of health care pays over the comparator in some years, in AUD, undiscounted."""
    chosen = columns_of(case.results, years)
    spent = np.stack([country(case.results, name)[:, :, chosen].sum(axis=-1) for name in CARE], axis=-1)
    usual, own = shares_of(case)
    place = case.results.scenarios.index(case.name)
    return {payer: from_replications(apart(spent[place] @ own[payer], spent[0] @ usual[payer])) for payer in PAYERS}


def over_draws(case: Comparison, draws: DrawResults, payer: str) -> Estimate:
    """As `by_payer` over the horizon, discounted, over draws. Shares of payers are not drawn."""
    spent = np.stack([draws.of(name) for name in CARE], axis=-1)
    usual, own = shares_of(case)
    return from_draws(spent[:, case.results.scenarios.index(case.name)] @ own[payer] - spent[:, 0] @ usual[payer], None)


def shares_of(case: Comparison) -> tuple[Mapping[str, Numbers], Mapping[str, Numbers]]:
    """Each payer's share of the categories `CARE`, under the comparator and under the policy."""
    study = case.results.study
    usual, own = (payers.shares(study.values(policy)) for policy in (study.policies[0], case.policy))
    return _by_payer(usual), _by_payer(own)


def grades_of_split(known: Registry) -> str:
    """How certain the shares of payers are, in the words of the registry."""
    return graded(
        known, *(f"payers.{name.removeprefix('cost_')}.{payer}" for name in CARE for payer in payers.NAMED_OF_CARE)
    )


def _by_payer(shares: Mapping[str, Mapping[str, float]]) -> dict[str, Numbers]:
    return {payer: np.array([shares[name.removeprefix("cost_")][payer] for name in CARE]) for payer in PAYERS}
