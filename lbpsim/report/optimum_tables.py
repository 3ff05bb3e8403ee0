"""The tables of `lbpsim optimise`: levers, limits, what more of a limit is worth, choices, spending and health."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from lbpsim.evidence.currency import in_currency
from lbpsim.evidence.output_tables import frame_of
from lbpsim.optimisation.optimum import FrontierPoint, Optimum
from lbpsim.optimisation.sample import interval_of
from lbpsim.optimisation.trials import SHOWN, SPENT, Score

FOUND = "optimum"  # the name of the policy that was found


def tables(found: Optimum) -> dict[str, pd.DataFrame]:
    """Every table by name, as tables.yaml describes them."""
    rows = {
        **{"levers": _levers, "limits": _limits, "shadow_prices": _prices, "choices": _choices},
        "budget_frontier": _frontier,
    }
    return {name: frame_of(name, list(of(found))) for name, of in rows.items()}


def _levers(found: Optimum) -> Iterator[tuple[Any, ...]]:
    space = found.question.space
    for place, lever in enumerate(space.levers):
        told = (lever.words(value[place]) for value in (space.began, found.values))
        yield lever.label, lever.path, *told, *(cell for way in (-1, 1) for cell in _side(found, place, way))


def _side(found: Optimum, place: int, way: int) -> tuple[str, float, float, str]:
    """What a lever moved alone comes to, down (-1) or up (1); nothing where it has no room."""
    lever, best = found.question.space.levers[place], found.values[place]
    mine = (each for each in found.sideways if each.lever == place)
    aside = next((each for each in mine if way * (lever.share(each.values[place]) - lever.share(best)) > 0.0), None)
    if aside is None:
        return "", float("nan"), float("nan"), ""
    return lever.words(aside.values[place]), *found.score.over(aside.score), "yes" if aside.kept else "no"


def _limits(found: Optimum) -> Iterator[tuple[Any, ...]]:
    names, code = {limit.name for limit in found.binding}, _code(found)
    for place, limit in enumerate(found.question.limits):
        used, error = found.score.used_on_average(place), found.score.error_of_used(place)
        for k, period in enumerate(limit.known):
            binds = limit.name in names and float(found.left[place][k]) < found.question.plan.binding
            figures = float(limit.allowed[period]), float(used[period]), float(error[period])
            beyond = float(found.score.beyond[place][period])
            yield limit.name, limit.periods[period], in_currency(limit.unit, code), *figures, beyond, binds


def _prices(found: Optimum) -> Iterator[tuple[Any, ...]]:
    goal, code = found.question.goal, _code(found)
    for price in found.prices:
        unit, of = in_currency(price.limit.unit, code), in_currency(goal.unit, code)
        yield price.limit.name, unit, price.more, goal.label, of, price.gain, price.error, *price.of_one


def _choices(found: Optimum) -> Iterator[tuple[Any, ...]]:
    titles = {policy.name: policy.title for policy in found.question.study.policies}
    every = [(FOUND, "The best policy found", found.score, True)]
    every += [(own.name, titles[own.name], own.score, own.kept) for own in found.own]
    for name, title, score, kept in every:
        mean, error = found.score.over(score)
        lead = interval_of(found.score.gains - score.gains)
        ends = (mean, error, float(lead.low), float(lead.high)) if name != FOUND else (0.0, 0.0, 0.0, 0.0)
        yield name, title, kept, *_gain(score), *ends, *_outcomes(score)


def _gain(score: Score) -> tuple[float, float, float]:
    found = interval_of(score.gains)
    return score.gain, float(found.low), float(found.high)


def _outcomes(score: Score) -> Iterator[float]:
    return (float(score.extra[name].mean()) for name in SHOWN)


def _frontier(found: Optimum) -> Iterator[tuple[Any, ...]]:
    limit, before = found.question.tracked[found.question.budget], None
    for point in found.frontier:
        error = point.score.over(before.score)[1] if before is not None else float("nan")
        told = point.multiple, point.budget, limit.name.partition(".")[2]
        yield *told, *_gain(point.score), float(point.score.extra[SPENT].mean()), error, _in_words(found, point)
        before = point


def _in_words(found: Optimum, point: FrontierPoint) -> str:
    pairs = zip(found.question.space.levers, point.values, strict=True)
    return "; ".join(f"{lever.label}: {lever.words(value)}" for lever, value in pairs)


def _code(found: Optimum) -> str:
    return found.question.study.country.currency.code
