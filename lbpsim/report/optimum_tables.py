"""The tables of `lbpsim optimise`: levers, limits, what more of a limit is worth, choices, spending and health."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from lbpsim.evidence.currency import in_currency
from lbpsim.evidence.output_tables import frame_of
from lbpsim.optimisation.optimum import FrontierPoint, Optimum
from lbpsim.optimisation.sample import interval_of
from lbpsim.optimisation.trials import SHOWN, SPENT, Score

FOUND = "optimum"  # the name of the policy that was found


def tables(found: Optimum) -> dict[str, pd.DataFrame]:
    """Every table by name, as tables.yaml describes them."""
    return {
        "levers": frame_of("levers", list(_levers(found))),
        "limits": frame_of("limits", list(_limits(found))),
        "shadow_prices": frame_of("shadow_prices", list(_prices(found))),
        "choices": frame_of("choices", list(_choices(found))),
        "budget_frontier": frame_of("budget_frontier", list(_frontier(found))),
    }


def _levers(found: Optimum) -> Iterator[tuple[str, ...]]:
    space = found.question.space
    for place, lever in enumerate(space.levers):
        ordered = sorted((values[place] for values in found.alike), key=lever.share)
        told = (space.given[place], found.values[place], ordered[0], ordered[-1])
        yield lever.label, lever.path, *(lever.words(value) for value in told)


def _limits(found: Optimum) -> Iterator[tuple[Any, ...]]:
    names, code = {limit.name for limit in found.binding}, _code(found)
    for place, limit in enumerate(found.question.limits):
        used, left = found.score.used[place], found.left[place]
        for k, period in enumerate(limit.known):
            each, allowed = used[:, period], float(limit.allowed[period])
            beyond = each < allowed if limit.at_least else each > allowed
            binds = limit.name in names and float(left[k]) < found.question.plan.binding
            error = float(each.std(ddof=1) / np.sqrt(len(each)))
            unit = in_currency(limit.unit, code)
            yield (
                limit.name,
                limit.periods[period],
                unit,
                allowed,
                float(each.mean()),
                error,
                float(beyond.mean()),
                binds,
            )


def _prices(found: Optimum) -> Iterator[tuple[Any, ...]]:
    goal, code = found.question.goal, _code(found)
    for price in found.prices:
        unit, of = in_currency(price.limit.unit, code), in_currency(goal.unit, code)
        gains = price.gain, price.error, *price.of_one
        yield price.limit.name, unit, price.more, goal.label, of, *gains, price.kept


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
    limit, before = found.question.judged[found.question.budget], None
    for point in found.frontier:
        error = point.score.over(before.score)[1] if before is not None else float("nan")
        told = point.multiple, point.budget, limit.name.partition(".")[2], point.kept
        yield *told, *_gain(point.score), float(point.score.extra[SPENT].mean()), error, _in_words(found, point)
        before = point


def _in_words(found: Optimum, point: FrontierPoint) -> str:
    pairs = zip(found.question.space.levers, point.values, strict=True)
    return "; ".join(f"{lever.label}: {lever.words(value)}" for lever, value in pairs)


def _code(found: Optimum) -> str:
    return found.question.study.country.currency.code
