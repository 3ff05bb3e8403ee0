"""The efficiency frontier: which policies are worth having at some value of health, and what the last step costs.

Not here: uncertainty of the order, which a frontier of point estimates or of means says nothing of.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.lifetime import LIFETIME
from lbpsim.outcomes.results import long_frame

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

Amount = TypeVar("Amount", float, npt.NDArray[np.float64])
Status = Literal["on frontier", "dominated", "extendedly dominated"]

PERSPECTIVES: dict[str, str] = {"health_system": "cost_health_system", "societal": "cost_societal"}


@dataclass(frozen=True)
class Option:
    """One option: `cost` in money, `effect` in units of health; `icer` is money per unit of health against the next
    non-dominated option, None where there is nothing to compare with (the cheapest, and every dominated option).
    """

    name: str
    cost: float
    effect: float
    status: Status
    icer: float | None = None


def frontier(names: Sequence[str], costs: Sequence[float], effects: Sequence[float]) -> tuple[Option, ...]:
    """Status and ICER of every option, in the order given.

    An option is dominated when another costs no more and does no less, one of the two strictly. Of the rest, those that
    a mix of two others beats are extendedly dominated. Options with equal cost and effect share status and ICER; an
    option exactly on the line between two others stays on the frontier.

    Args:
        names: distinct names.
        costs: money, one for each name.
        effects: health, one for each name; more is better (QALYs, DALYs averted).

    Raises:
        ValueError: when lengths differ, a name occurs twice, or a number is not finite.

    >>> [row.icer for row in frontier(["usual care", "A", "B"], [0.0, 100.0, 400.0], [0.0, 1.0, 2.0])]
    [None, 100.0, 300.0]
    """
    _check(names, costs, effects)
    options = [_Point(float(cost), float(effect)) for cost, effect in zip(costs, effects, strict=True)]
    kept = _undominated(options)
    icers = _icers(_lower_hull(kept))
    return tuple(_option(name, point, kept, icers) for name, point in zip(names, options, strict=True))


def steps(options: Sequence[Option]) -> tuple[Option, ...]:
    """The options on the frontier, from the cheapest up."""
    reached = (option for option in options if option.status == "on frontier")
    return tuple(sorted(reached, key=lambda option: (option.cost, option.effect)))


def net_benefit(cost: Amount, effect: Amount, threshold: float) -> Amount:
    """Net monetary benefit: `effect` valued at `threshold` (money per unit of health), less `cost` (money).

    >>> net_benefit(100.0, 2.0, 1000.0)
    1900.0
    """
    return effect * threshold - cost


def frontier_table(results: Results) -> pd.DataFrame:
    """The frontier of a study's discounted national totals, one block of rows for each perspective.

    Columns: scenario, perspective, cost (money), qalys, status, icer (money per QALY, missing where there is none),
    net_benefit_<threshold> (money) for each threshold of the study; and expected_cost, expected_qalys, expected_status
    and expected_icer: the same of means over draws, empty where none were made.
    """
    expected = _expected(results) if isinstance(results, ProbabilisticResults) else None
    return _table(results, results.summary, expected)


def lifetime_frontier_table(results: Results) -> pd.DataFrame:
    """As `frontier_table`, over the lifetime of those followed to death."""
    rows = results.lifetime_summary
    return _table(results, rows[rows["part"] == LIFETIME], None)


def _expected(results: ProbabilisticResults) -> pd.DataFrame:
    """Means over draws of discounted totals, as rows of `Results.summary`."""
    draws = results.draws
    axes = {"scenario": draws.scenarios, "outcome": draws.outcomes}
    return long_frame(axes, {"value": draws.values.mean(axis=0)}).assign(discounted=True)


def _table(results: Results, totals: pd.DataFrame, expected: pd.DataFrame | None) -> pd.DataFrame:
    """`totals`: rows as of `Results.summary`; `expected`: such rows of means over draws."""
    blocks = []
    for perspective, outcome in PERSPECTIVES.items():
        block = _block(results, totals, perspective, outcome)
        over_draws = block if expected is None else _block(results, expected, perspective, outcome)
        for name in ("cost", "qalys", "status", "icer"):
            empty = "" if name == "status" else math.nan
            block[f"expected_{name}"] = empty if expected is None else over_draws[name]
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True)


def threshold_column(threshold: float) -> str:
    """Name of the net benefit column of a threshold in money per QALY.

    >>> threshold_column(50000.0), threshold_column(28033.5)
    ('net_benefit_50000', 'net_benefit_28033.5')
    """
    whole = float(threshold).is_integer()
    return f"net_benefit_{int(threshold) if whole else threshold}"


def discounted_totals(results: Results, outcome: str) -> list[float]:
    """Discounted national totals of an outcome over the horizon, in the order of `results.scenarios`."""
    return _discounted(results, results.summary, outcome)


def _discounted(results: Results, totals: pd.DataFrame, outcome: str) -> list[float]:
    rows = totals[(totals["outcome"] == outcome) & totals["discounted"].astype(bool)]
    values = rows.set_index("scenario")["value"]
    return [float(values.loc[scenario]) for scenario in results.scenarios]


@dataclass(frozen=True)
class _Point:
    cost: float
    effect: float


def _block(results: Results, totals: pd.DataFrame, perspective: str, outcome: str) -> pd.DataFrame:
    costs, qalys = (_discounted(results, totals, name) for name in (outcome, "qalys"))
    return pd.DataFrame(
        [
            {
                "scenario": row.name,
                "perspective": perspective,
                "cost": row.cost,
                "qalys": row.effect,
                "status": row.status,
                "icer": math.nan if row.icer is None else row.icer,
            }
            | {threshold_column(at): net_benefit(row.cost, row.effect, at) for at in results.study.thresholds}
            for row in frontier(results.scenarios, costs, qalys)
        ]
    )


def _check(names: Sequence[str], costs: Sequence[float], effects: Sequence[float]) -> None:
    if not len(names) == len(costs) == len(effects):
        raise ValueError(
            f"a frontier needs one cost and one effect for each name; got {len(names)} names, {len(costs)} costs and "
            f"{len(effects)} effects"
        )
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        raise ValueError(f"options of a frontier need distinct names; given more than once: {', '.join(twice)}")
    for name, cost, effect in zip(names, costs, effects, strict=True):
        if not (math.isfinite(cost) and math.isfinite(effect)):
            raise ValueError(f"cost and effect of an option must be finite; {name!r} has cost {cost}, effect {effect}")


def _undominated(points: Sequence[_Point]) -> list[_Point]:
    """The distinct points that no other dominates, by rising cost (and so by rising effect)."""
    kept: list[_Point] = []
    for point in sorted(set(points), key=lambda p: (p.cost, -p.effect)):
        if not kept or point.effect > kept[-1].effect:
            kept.append(point)
    return kept


def _lower_hull(points: Sequence[_Point]) -> list[_Point]:
    """Of points by rising cost and effect, those that no mix of two others beats."""
    hull: list[_Point] = []
    for point in points:
        while len(hull) > 1 and _slope(hull[-2], hull[-1]) > _slope(hull[-1], point):
            hull.pop()
        hull.append(point)
    return hull


def _slope(before: _Point, after: _Point) -> float:
    return (after.cost - before.cost) / (after.effect - before.effect)


def _icers(hull: Sequence[_Point]) -> dict[_Point, float | None]:
    first: dict[_Point, float | None] = {hull[0]: None} if hull else {}
    return first | {after: _slope(before, after) for before, after in pairwise(hull)}


def _option(name: str, point: _Point, kept: Sequence[_Point], icers: dict[_Point, float | None]) -> Option:
    plain = Option(name, point.cost, point.effect, "dominated")
    if point in icers:
        return replace(plain, status="on frontier", icer=icers[point])
    return replace(plain, status="extendedly dominated") if point in kept else plain
