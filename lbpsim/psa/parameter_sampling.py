"""One draw of every uncertain parameter, as a pure function of the seed, the number of the draw and the name.

Each input with a registered distribution is drawn from it. Some are drawn together (`DEPENDENT_GROUPS`): levels that
have to keep their order share one uniform number, which leaves each its registered law; CFT's effects at their
published times, on both outcomes and in both arms, are joined by a Gaussian copula. Parameters that were fitted to
targets are drawn as whole rows of the posterior. What the analyst assumes in study.yaml stays as assumed.

Every registered value is the mean of its law, so that the mean of the draws is the base case. A ratio with a lognormal
law is published with an interval that is symmetric on the log scale, as if its estimate were the median: its law is
moved down until its mean is the estimate.

`cft.moderation_centre` is not moved with the effects drawn: it is the disability at which the average effect holds, a
property of who was in the trial. To move it so that the line of moderation keeps its published height at one place
would take the uncertainty of the average effect out of the model again.

Choices of structure are drawn beside the parameters, by the weights of the study (`structure_of`). Not here: the
discount rate and the horizon. They are no estimates, and are never drawn.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from lbpsim.engine.random_numbers import uniform
from lbpsim.evidence import Parameter, distributions, tables
from lbpsim.evidence.layers import Registry
from lbpsim.evidence.registry import common
from lbpsim.simulation.cft_effect import KNOTS, PAIN, RMDQ
from lbpsim.simulation.variants import ONLY_CFT
from lbpsim.study import Policy, Study
from lbpsim.study.limits import IN_ORDER

FIRST_DRAW = 1  # draw 0 is the base case: the random numbers of a run at the point estimates
KEPT_QUANTILES = 2**18  # of two thousand draws, each of which is asked for when it is made, and again in tables
RESERVED = 0x80000000  # kinds of chance from here up are not used by the lives of people


@dataclass(frozen=True)
class DependentGroup:
    """Parameters drawn together: "in order" by one uniform number, "copula" by correlated normal ones."""

    title: str
    members: tuple[str, ...]
    kind: Literal["in order", "copula"]


DEPENDENT_GROUPS = (
    DependentGroup(
        "Effects of CFT",
        tuple(name for arm in RMDQ for name in (*RMDQ[arm], *PAIN[arm])),
        "copula",
    ),
    DependentGroup("Usual care by impact", ("usual_care.low", "usual_care.moderate", "usual_care.high"), "in order"),
    DependentGroup(
        "Absence by impact",
        ("work.absence_none", "work.absence_low", "work.absence_moderate", "work.absence_high"),
        "in order",
    ),
    DependentGroup("Fees of CFT sessions", ("cft.session_cost", "cft.first_session_cost"), "in order"),
    DependentGroup("Stopping opioids", ("opioids.stop_established", "opioids.stop_early"), "in order"),
    DependentGroup("Length of opioid use", ("opioids.stop_second_year", "opioids.stop_first_year"), "in order"),
    DependentGroup("Reoperation", ("surgery.reoperation_2y", "surgery.reoperation_10y"), "in order"),
)


def sampled_parameters(study: Study) -> tuple[str, ...]:
    """Names of the parameters that the draws of a study vary: all uncertain ones but those that it assumes, that no
    policy feels, or that every policy which could feel them sets itself: draws of these are without effect.
    """
    felt = [name for name in study.registry.drawable if study.feels(name)]
    return tuple(name for name in felt if name not in study.assume and not _set_wherever_felt(study, name))


def _set_wherever_felt(study: Study, name: str) -> bool:
    feeling = [policy for policy in study.policies if not name.startswith(ONLY_CFT) or policy.cft.makes_offers]
    return bool(feeling) and all(name in policy.assume for policy in feeling)


def parameters_of(study: Study, draw: int) -> dict[str, float]:
    """Values of one draw in canonical units, money at the study's prices, by name in the order of `sampled_parameters`;
    none passes what the study assumes of another that it has to stay below or above.

    `draw`: from `FIRST_DRAW` on.
    """
    drawn = _drawn(study, draw)
    return drawn | _stopped(drawn, study.assume)


def _drawn(study: Study, draw: int) -> dict[str, float]:
    """As `parameters_of`, by the distributions alone."""
    shares = quantiles(study.seed, draw, study.registry)
    together = {name: value for name, value in _posterior_row(draw).items() if name in study.registry.fitted}
    return {
        name: together[name] if name in together else value_at(study.registry.uncertain[name], shares[name], study)
        for name in sampled_parameters(study)
    }


def study_of_draw(study: Study, draw: int) -> Study:
    """The study with the parameters of one draw under its own assumptions and those of its policies."""
    drawn = parameters_of(study, draw)
    policies = tuple(_with_stopped(policy, drawn) for policy in study.policies)
    return dataclasses.replace(study, assume={**drawn, **study.assume}, policies=policies)


def _with_stopped(policy: Policy, drawn: Mapping[str, float]) -> Policy:
    """The policy with what was drawn stopped at what it assumes itself; mostly the same."""
    stopped = _stopped(drawn, policy.assume)
    return dataclasses.replace(policy, assume={**stopped, **policy.assume}) if stopped else policy


def _stopped(drawn: Mapping[str, float], assumed: Mapping[str, float]) -> dict[str, float]:
    """What was drawn beyond an assumed value that it may not pass, at that value."""
    late = {late: assumed[early] for early, late in IN_ORDER if early in assumed and late in drawn}
    early = {early: assumed[late] for early, late in IN_ORDER if late in assumed and early in drawn}
    return {
        **{name: least for name, least in late.items() if drawn[name] < least},
        **{name: most for name, most in early.items() if drawn[name] > most},
    }


def structure_of(study: Study, draw: int) -> dict[str, str]:
    """The structural choices of one draw, by the study's weights: a pure function of seed, draw and option."""
    return {
        option: _weighted(weights, _chance(study.seed, draw, f"structure.{option}"))
        for option, weights in study.structure_weights.items()
    }


def with_drawn_structure(study: Study, draw: int) -> Study:
    """The study with the structure of one draw; what a policy's own file chooses stays."""
    return dataclasses.replace(study, options={**study.options, **structure_of(study, draw)})


def _weighted(weights: Mapping[str, float], share: float) -> str:
    """The choice at a cumulative share of the weights."""
    choices, sums = list(weights), np.cumsum(list(weights.values()))
    return choices[int(np.searchsorted(sums, share * sums[-1], side="right"))]


def value_at(parameter: Parameter, share: float, study: Study) -> float:
    """Quantile of a parameter's distribution at `share` (0 to 1), in the canonical unit at the study's prices."""
    assert parameter.distribution is not None
    quantile = _quantile(parameter.distribution, share)
    return parameter.model_copy(update={"value": quantile}).at_prices_of(study.price_year, study.registry.prices)


@lru_cache(KEPT_QUANTILES)
def _quantile(distribution: str, share: float) -> float:
    return distributions.drawn(distribution, share)


def quantiles(seed: int, draw: int, known: Registry) -> dict[str, float]:
    """Quantile (0 to 1) of each uncertain parameter's distribution in a draw; dependent ones are drawn jointly.

    `known`: the registry; members of a group have a quantile whether or not they have a distribution there.
    """
    tied = (name for group in DEPENDENT_GROUPS for name in group.members)
    shares = {name: _chance(seed, draw, name) for name in (*known.uncertain, *tied)}
    for group in DEPENDENT_GROUPS:
        if group.kind == "in order":
            shares |= dict.fromkeys(group.members, shares[group.members[0]])
        else:
            normal = special.ndtri([shares[name] for name in group.members])
            joint = special.ndtr(_cholesky() @ normal)
            shares |= dict(zip(group.members, joint.tolist(), strict=True))
    return shares


def _chance(seed: int, draw: int, name: str) -> float:
    return float(uniform(seed, draw, 0, chance_of(name), 0))


@cache
def chance_of(name: str) -> int:
    """Kind of chance of a parameter: from its name alone, so that a new parameter changes no other's draws."""
    return RESERVED | int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")


def effect_correlation() -> npt.NDArray[np.float64]:
    """Correlation of CFT's effects in the order of their group: between arms, outcomes and times, multiplied."""
    arms = _pair("uncertainty.correlation_between_arms")
    outcomes = _pair("uncertainty.correlation_of_outcomes")
    step = common()["uncertainty.correlation_over_time"].value
    apart = np.abs(np.subtract.outer(np.arange(KNOTS), np.arange(KNOTS)))
    return np.asarray(np.kron(np.kron(arms, outcomes), step**apart), dtype=np.float64)


def _pair(name: str) -> npt.NDArray[np.float64]:
    tie = common()[name].value
    return np.array([[1.0, tie], [tie, 1.0]])


@cache
def _cholesky() -> npt.NDArray[np.float64]:
    return np.asarray(np.linalg.cholesky(effect_correlation()), dtype=np.float64)


def _posterior_row(draw: int) -> dict[str, float]:
    """Fitted parameters: a row of the posterior for each draw, from the first again after the last."""
    rows = tables.posterior()
    row = rows.iloc[(draw - FIRST_DRAW) % len(rows)]
    return {str(name): float(row[name]) for name in rows.columns}


def structures_of(study: Study, numbers: Sequence[int]) -> pd.DataFrame:
    """The structural choices of draws, a column an option; no column where structure is not drawn."""
    rows = [structure_of(study, number) for number in numbers]
    return pd.DataFrame(rows, index=pd.Index(numbers, name="draw"), columns=list(study.structure_weights))
