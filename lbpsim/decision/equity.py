"""Who gains: distributional cost-effectiveness by socioeconomic fifth (Cookson et al. 2020, ISBN 9780198838197).

Health gained in each fifth, less health lost to it because the money is not spent elsewhere; then one figure for a
whole distribution, the level which, equally shared, would be as good: the equally distributed equivalent (EDE).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.outcomes.groups import QUINTILES

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

Numbers = npt.NDArray[np.float64]


def atkinson_ede(levels: Numbers, weights: Numbers, aversion: float) -> float:
    """Equally distributed equivalent for aversion to relative inequality; `levels` above 0, `weights` of people.

    >>> atkinson_ede(np.array([1.0, 3.0]), np.array([1.0, 1.0]), 0.0)
    2.0
    """
    share = weights / weights.sum()
    if aversion == 1.0:
        return float(np.exp(share @ np.log(levels)))
    return float((share @ levels ** (1.0 - aversion)) ** (1.0 / (1.0 - aversion)))


def kolm_ede(levels: Numbers, weights: Numbers, aversion: float) -> float:
    """Equally distributed equivalent for aversion to absolute inequality (per unit of `levels`).

    >>> kolm_ede(np.array([1.0, 3.0]), np.array([1.0, 1.0]), 0.0)
    2.0
    """
    share = weights / weights.sum()
    if aversion == 0.0:
        return float(share @ levels)
    low = levels.min()  # taken out and put back: exponentials of large numbers overflow
    return float(low - np.log(share @ np.exp(-aversion * (levels - low))) / aversion)


def health_by_quintile(results: Results, threshold: float, cost: str = "cost_health_system") -> pd.DataFrame:
    """Discounted QALYs by fifth: scenario, quintile, gained, forgone, net, mcse (of gained).

    `forgone`: what the extra `cost` would buy elsewhere at `threshold` (AUD per QALY), an equal part for each fifth, as
    nobody has measured where it would have gone. Costs that belong to no person (training) count in what is forgone.
    """
    rows = results.incremental_by_quintile
    gained = rows[(rows["outcome"] == "qalys") & rows["discounted"]].reset_index(drop=True)
    national = results.incremental[(results.incremental["outcome"] == cost) & results.incremental["discounted"]]
    forgone = national.set_index("scenario")["difference"] / threshold / len(QUINTILES)
    health = gained[["scenario", "quintile"]].assign(
        gained=gained["difference"], forgone=gained["scenario"].map(forgone).astype(float)
    )
    return health.assign(net=health["gained"] - health["forgone"], mcse=gained["mcse"])
