"""Two-way analysis: net benefit over a grid of two parameters, each over its registered 95% interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from lbpsim.cea.net_benefit import views
from lbpsim.cea.paired_differences import SummaryMeasure, estimate, increments
from lbpsim.dsa.one_way import in_words, interval_of, movements
from lbpsim.dsa.plan import Scope
from lbpsim.evidence.output_tables import frame_of
from lbpsim.simulation.variants import Variant, VariantRunner, affected_policies, among, assuming
from lbpsim.study import Study
from lbpsim.study.files.errors import wrong_option


@dataclass(frozen=True)
class Grid:
    """Two parameters (`names`) and the values of each, in canonical units."""

    names: tuple[str, str]
    first: tuple[float, ...]
    second: tuple[float, ...]

    @property
    def points(self) -> list[tuple[float, float]]:
        """Every pair of values, the second moving fastest."""
        return list(product(self.first, self.second))


def grid(study: Study, policy: str, words: str, scope: Scope) -> Grid:
    """The grid that "NAME,NAME" asks for.

    Raises InputErrors where these are not two different parameters with an interval, or the policy sets one itself.
    """
    names = [name.strip() for name in words.split(",")]
    if len(names) != 2 or names[0] == names[1]:
        wrong = f"`{words}` does not name two different parameters"
        raise wrong_option("two-way", wrong, "Write two names with a comma: `cft.uptake,cft.session_cost`")
    for name in names:
        movements(study, policy, [name])  # which says what is wrong with a name
    first, second = (_values(study, name, scope) for name in names)
    return Grid((names[0], names[1]), first, second)


def _values(study: Study, name: str, scope: Scope) -> tuple[float, ...]:
    return tuple(np.linspace(*interval_of(name, study), scope.grid).tolist())


def two_way(runner: VariantRunner, study: Study, policy: str, over: Grid) -> pd.DataFrame:
    """Net benefit of a policy against the comparator at every point of a grid.

    A row a point, perspective and threshold: first, first_value, first_text, second, second_value, second_text,
    perspective, threshold, net_benefit (money), mcse.

    Raises as `VariantRunner.many`.
    """
    small, pair = among(study, (policy,)), (study.policies[0].name, policy)
    who = affected_policies(study, over.names, pair) or (policy,)
    base = runner.one(Variant("base case", small, pair))
    asked = [_variant(small, over, point, who) for point in over.points]
    rows: list[dict[str, Any]] = []
    for point, found in zip(over.points, runner.many(asked), strict=True):
        usual, mine = ((base | found)[name] for name in pair)
        increment = increments(mine, usual)
        for view in views(study.thresholds):
            benefit = estimate(increment, SummaryMeasure("net_benefit", *view))
            figures = {"net_benefit": benefit.value, "mcse": benefit.mcse}
            rows.append(_told(study, over, point) | view._asdict() | figures)
    return frame_of("two_way", rows)


def _variant(study: Study, over: Grid, point: tuple[float, float], who: Sequence[str]) -> Variant:
    words = ", ".join(
        f"{name} {in_words(study.registry.parameters[name], value)}"
        for name, value in zip(over.names, point, strict=True)
    )
    return Variant(words, assuming(study, dict(zip(over.names, point, strict=True))), tuple(who))


def _told(study: Study, over: Grid, point: tuple[float, float]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for which, name, value in zip(("first", "second"), over.names, point, strict=True):
        told |= {
            which: name,
            f"{which}_value": value,
            f"{which}_text": in_words(study.registry.parameters[name], value),
        }
    return told
