"""Draws made up without simulating anybody: net benefit is a known function of named parameters, plus known noise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from lbpsim.engine.random_numbers import uniforms
from lbpsim.outcomes.draws import BANDED, DECISIVE, DrawPlan, DrawResults
from lbpsim.outcomes.measures import OUTCOMES

Numbers = npt.NDArray[np.float64]
NAMES = ("cft.rmdq_week52", "cft.session_cost", "opioids.start_rate", "work.exit_rate")  # the last has no effect
SCENARIOS = ("usual-care", "cft-rollout", "cft-rollout-again", "opioid-stewardship")
A_QALY = 50_000.0


def normals(number: int, stream: int) -> Numbers:
    """Standard normal numbers of a fixed stream; shape (number,)."""
    return np.asarray(stats.norm.ppf(uniforms(3, 0, np.arange(number), stream, 0)))


def made_up(number: int = 400, replications: int = 10, noise: float = 0.0) -> DrawResults:
    """Four policies, the third a copy of the second: QALYs and costs linear in three of four parameters.

    `noise`: standard deviation of QALYs of one replication from luck; the replications of a draw share none of it.
    """
    effect, price, opioids, idle = (normals(number, stream) for stream in range(4))
    decisive = np.zeros((number, len(SCENARIOS), replications, len(DECISIVE)))
    qalys, cost = decisive[..., DECISIVE.index("qalys")], decisive[..., DECISIVE.index("cost_health_system")]
    qalys[:, 1] = (100.0 + 400.0 * effect)[:, None] + noise * normals(number * replications, 9).reshape(number, -1)
    cost[:, 1] = 2e6 + 5e6 * price[:, None]
    qalys[:, 2], cost[:, 2] = qalys[:, 1], cost[:, 1]
    qalys[:, 3] = (50.0 * opioids)[:, None] + noise * normals(number * replications, 10).reshape(number, -1)
    decisive[..., DECISIVE.index("cost_societal")] = 2.0 * cost
    return _wrapped(decisive, np.column_stack([effect, price, opioids, idle]))


def _wrapped(decisive: Numbers, drawn: Numbers) -> DrawResults:
    number, policies = decisive.shape[:2]
    whole, yearly = np.zeros((number, policies, len(OUTCOMES))), np.zeros((number, policies, 2, len(BANDED)))
    whole[:, :, [list(OUTCOMES).index(name) for name in DECISIVE]] = decisive.mean(axis=2)
    return DrawResults(
        scenarios=SCENARIOS,
        years=(2026, 2027),
        numbers=tuple(range(1, number + 1)),
        plan=DrawPlan(1000, number, 0.02, until_settled=False, pilot=0, reason=""),
        values=whole,
        noise=np.zeros_like(whole),
        mcse=np.zeros_like(whole),
        replicates=decisive,
        yearly=yearly,
        yearly_noise=yearly,
        yearly_mcse=yearly,
        parameters=pd.DataFrame(drawn, columns=list(NAMES), index=pd.RangeIndex(1, number + 1, name="draw")),
    )
