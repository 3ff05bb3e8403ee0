"""Made-up draws of health by group."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lbpsim.outcomes.draws import DECISIVE, ProbabilisticResults
from lbpsim.outcomes.groups import GROUPS, QUINTILES
from lbpsim.outcomes.health_by_group import HEALTH, LABELS
from lbpsim.outcomes.results import Results
from tests.report.decided import drawn

LIVED, BASE = 4e6, 3e6  # years, and QALYs, of a fifth under the comparator
AGES = len(QUINTILES) / len(GROUPS)  # of a fifth, in each age and sex


def with_groups(
    results: Results,
    fifths: tuple[float, ...] = (900.0, 800.0, 700.0, 600.0, 500.0),
    *,
    number: int = 60,
    shared: float = 0.05,
    own: float = 0.0,
    noise: float = 0.0,
    cost: float = 0.0,
    replications: int = 2,
) -> ProbabilisticResults:
    """The results with draws in which policy after policy gains so many QALYs more in each fifth, and as many in each
    age and sex as in the mean fifth.

    `shared`, `own`: how far gains of all groups, and of each by itself, vary between draws, as a share; `noise`: that
    of the replications of a draw, in QALYs; `cost`: of health care, policy after policy.
    """
    generator = np.random.default_rng(6)
    policies = np.arange(len(results.scenarios), dtype=float)
    whole = np.array([*[AGES * np.mean(fifths)] * len(GROUPS), *fifths])
    moved = (
        1.0 + shared * generator.standard_normal((number, 1)) + own * generator.standard_normal((number, len(whole)))
    )
    luck = noise * generator.standard_normal((number, len(policies), replications, len(LABELS)))
    gained = (moved * whole)[:, None] * policies[:, None]
    by_group = np.zeros((number, len(policies), replications, len(LABELS), len(HEALTH)))
    sizes = np.where(np.arange(len(LABELS)) < len(GROUPS), AGES, 1.0)
    for place, base in enumerate((BASE, BASE, LIVED)):
        by_group[..., place] = base * sizes
    by_group[..., :2] += (gained[:, :, None] + luck * (policies[:, None, None] > 0.0))[..., None]
    replicates = np.zeros((number, len(policies), replications, len(DECISIVE)))
    replicates[..., DECISIVE.index("cost_health_system")] = cost * policies[:, None]
    replicates[..., DECISIVE.index("qalys")] = by_group[..., len(GROUPS) :, HEALTH.index("qalys_discounted")].sum(
        axis=-1
    )
    draws = drawn(results, number, replications)
    values = draws.values.copy()
    values[..., [draws.outcomes.index(name) for name in DECISIVE]] = replicates.mean(axis=2)
    draws = replace(draws, by_group=by_group, replicates=replicates, structured=replicates, values=values)
    return ProbabilisticResults.join(results, draws)


def without_groups(results: ProbabilisticResults) -> ProbabilisticResults:
    """The same, with draws as earlier versions kept them."""
    draws = results.draws
    return ProbabilisticResults.join(results, replace(draws, by_group=np.full_like(draws.by_group, np.nan)))


def keeping_groups(results: ProbabilisticResults) -> ProbabilisticResults:
    """Made-up results with draws, which keep made-up health by group too."""
    draws = results.draws
    made = with_groups(results, number=len(draws.numbers), own=0.02, replications=draws.replicates.shape[2])
    return ProbabilisticResults.join(results, replace(draws, by_group=made.draws.by_group))
