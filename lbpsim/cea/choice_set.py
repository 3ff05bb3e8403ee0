"""Between which policies a decision is made: those that somebody could choose, the comparator first.

A policy that assumes capacity away shows what capacity is worth; one that gives people something else in CFT's place,
what CFT is worth beside it. They are benchmarks (`CftPolicy.only_compares`): nobody would choose them, and beside them
every real choice would look as if there were nothing to decide and nothing to learn.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lbpsim.outcomes.draws import ARRAYS

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import DrawResults
    from lbpsim.study import Study


class ChoiceError(ValueError):
    """Names that are no policies of the study, or choices without the comparator."""


def choosable(study: Study) -> tuple[str, ...]:
    """Names of the policies that could be chosen: the comparator, and all that are not there to be compared with."""
    comparator = study.policies[0].name
    return tuple(policy.name for policy in study.policies if policy.name == comparator or not policy.cft.only_compares)


def among(draws: DrawResults, choices: Sequence[str]) -> DrawResults:
    """The draws with the policies `choices` alone, in the study's order.

    Raises ChoiceError for a name that is not among the draws, and for choices without the comparator.
    """
    unknown = sorted(set(choices) - set(draws.scenarios))
    if unknown or draws.scenarios[0] not in choices:
        raise ChoiceError(
            f"choices must be policies of the study, the comparator {draws.scenarios[0]} among them; "
            f"got {', '.join(choices)}" + (f", of which {', '.join(unknown)} is none" if unknown else "")
        )
    kept = np.flatnonzero([name in choices for name in draws.scenarios])
    arrays = {name: getattr(draws, name)[:, kept] for name in ARRAYS}
    return dataclasses.replace(draws, scenarios=tuple(draws.scenarios[place] for place in kept), **arrays)
