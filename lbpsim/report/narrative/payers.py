"""What each payer of health care pays more or less under a policy, over the horizon."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from lbpsim.evidence import in_force
from lbpsim.outcomes import payers
from lbpsim.outcomes.draws import DrawResults
from lbpsim.outcomes.estimate import Estimate, from_draws
from lbpsim.outcomes.measures import COST_CATEGORIES
from lbpsim.report.narrative.comparison import Comparison, first_letter_up
from lbpsim.report.narrative.differences import apart, country, from_replications
from lbpsim.report.narrative.phrasing import graded

Numbers = npt.NDArray[np.float64]
PAYERS = ("government", "private_insurer", "patient")
NAMES = {"private_insurer": "private insurers", "patient": "patients", "employer": "employers",
         "society": "society (lost work)"}  # fmt: skip
CARE = tuple(name for name in COST_CATEGORIES if name != "cost_lost_work")


def payer_named(payer: str) -> str:
    """A payer as a sentence calls it: as the country knows it."""
    return in_force.country().payers.get(payer) or NAMES.get(payer, payer.replace("_", " "))


def payer_label(payer: str) -> str:
    """The same by itself."""
    return first_letter_up(payer_named(payer))


def paid_by(case: Comparison) -> dict[str, Estimate]:
    """What each payer pays for health care over the comparator, discounted; shares of payers are not drawn."""
    if case.draws is not None:
        return {payer: _over_draws(case, case.draws, payer) for payer in PAYERS}
    spent = np.stack([country(case.results, name, discounting=True).sum(axis=-1) for name in CARE], axis=-1)
    usual, own = shares_of(case)
    place = case.results.scenarios.index(case.name)
    return {payer: from_replications(apart(spent[place] @ own[payer], spent[0] @ usual[payer])) for payer in PAYERS}


def shares_of(case: Comparison) -> tuple[Mapping[str, Numbers], Mapping[str, Numbers]]:
    """Each payer's share of the categories `CARE`, under the comparator and under the policy."""
    study = case.results.study
    usual, own = (payers.shares(study.values(policy)) for policy in (study.policies[0], case.policy))
    return _by_payer(usual), _by_payer(own)


def grades_of_split(case: Comparison) -> str:
    """How certain the shares of payers are, in the words of the registry."""
    known = case.results.study.registry
    return graded(
        known, *(f"payers.{name.removeprefix('cost_')}.{payer}" for name in CARE for payer in payers.NAMED_OF_CARE)
    )


def _over_draws(case: Comparison, draws: DrawResults, payer: str) -> Estimate:
    spent = np.stack([draws.of(name) for name in CARE], axis=-1)
    usual, own = shares_of(case)
    return from_draws(spent[:, case.results.scenarios.index(case.name)] @ own[payer] - spent[:, 0] @ usual[payer], None)


def _by_payer(shares: Mapping[str, Mapping[str, float]]) -> dict[str, Numbers]:
    return {payer: np.array([shares[name.removeprefix("cost_")][payer] for name in CARE]) for payer in PAYERS}
