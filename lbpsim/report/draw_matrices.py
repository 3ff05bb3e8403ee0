"""The draws as the matrices that other programs of health economics read: effects and costs, a row a draw.

`effects.csv` and `costs_*.csv` have a column a policy, the comparator first, as BCEA's `bcea(eff, cost)` takes them;
`hesim_*.csv` has a row a draw and policy, as hesim's `cea(sample, strategy)` does; `parameters.csv` has what was drawn,
a column each, as `voi` and BCEA's `createInputs` do. Over the horizon, discounted, for the country, with the noise of
few simulated people in them; `draws.parquet` has the same numbers, and that noise beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.outcomes.draws import DrawResults
from lbpsim.report.files import write_whole

FOLDER, EFFECT = "draws", "qalys"
NAMES = (
    *("effects.csv", "parameters.csv"),
    *(f"{form}_{name}.csv" for form in ("costs", "hesim") for name in PERSPECTIVES),
)
FILES = tuple(f"{FOLDER}/{name}" for name in NAMES)


def write_matrices(draws: DrawResults, folder: Path) -> None:
    """Write them into the folder `draws` of a study's outputs; numbers are written in full."""
    for name, frame in _matrices(draws):
        text: str = frame.to_csv(index=False, lineterminator="\n")
        write_whole(folder / FOLDER / name, text.encode())


def _matrices(draws: DrawResults) -> Iterator[tuple[str, pd.DataFrame]]:
    effects = _by_policy(draws, EFFECT)
    yield "effects.csv", effects
    yield "parameters.csv", draws.parameters.reset_index()
    for perspective in PERSPECTIVES:
        costs = _by_policy(draws, f"cost_{perspective}")
        yield f"costs_{perspective}.csv", costs
        yield f"hesim_{perspective}.csv", _long(draws, effects, costs)


def _by_policy(draws: DrawResults, outcome: str) -> pd.DataFrame:
    frame = pd.DataFrame(draws.of(outcome), columns=list(draws.scenarios))
    frame.insert(0, "draw", draws.numbers)
    return frame


def _long(draws: DrawResults, effects: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """A row a draw and policy: sample, strategy, qalys, costs."""
    index = pd.MultiIndex.from_product([draws.numbers, draws.scenarios], names=["sample", "strategy"])
    names = list(draws.scenarios)
    columns = {"qalys": effects[names].to_numpy().ravel(), "costs": costs[names].to_numpy().ravel()}
    return pd.DataFrame(columns, index=index).reset_index()
