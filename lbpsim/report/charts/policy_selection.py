"""Which of many policies a chart or a page shows, by one rule: the comparator, the frontier, then those worth most.

Tables hold all policies, however many there are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.cea.choice_set import among, choosable
from lbpsim.cea.frontier import PERSPECTIVES, discounted_totals, frontier
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.policy_styles import comparator
from lbpsim.report.format import per_qaly
from lbpsim.study import Policy
from lbpsim.study.phrasing import number_of

Numbers = npt.NDArray[np.float64]
READABLE, MARKED = 12, 4  # policies whose lines and labels can be told apart; thresholds with a mark of their own
COUNTED = {"health_system": "health care", "societal": "health care and lost work"}


@dataclass(frozen=True)
class Kind:
    """The policies that a chart is about: those that `holds` tells, "policies" and `words` in a sentence."""

    words: str
    holds: Callable[[Policy], bool]


def few(results: Results, most: int | None = READABLE, kind: Kind | None = None) -> Results:
    """The results of at most `most` policies, chosen by the rule, and of a few thresholds where there are many.

    They are as they are where there are no more policies than READABLE, or `most` is None, and few thresholds. `kind`:
    of the policies that can be shown beside the comparator; all by default.
    """
    names, at, told = set(results.scenarios), marked(results.study.thresholds), []
    if most is not None and len(results.scenarios) > READABLE:
        pool = [name for name in ranked(results) if kind is None or kind.holds(results.study.policy(name))]
        chosen = pool[: most - 1]
        names = {results.scenarios[0], *chosen}
        told += [] if len(chosen) == len(pool) and kind is not None else [_said(results, chosen, pool, kind)]
    if at != results.study.thresholds:
        told.append(f"{len(at)} of {len(results.study.thresholds)} thresholds: the first, the lowest and the highest")
    elif len(names) == len(results.scenarios):
        return results
    return only(results, names, at, f"Shown: {'; '.join(told)}. All are in tables/." if told else "")


def choices(results: Results) -> Results:
    """The results of the policies that could be chosen; as they are where no other, or none but the comparator, is."""
    names = choosable(results.study)
    if len(names) in (1, len(results.scenarios)):
        return results
    told = f"Benchmarks left out, {number_of(len(results.scenarios) - len(names), 'policy')} that nobody would choose."
    return only(results, set(names), results.study.thresholds, told)


def marked(thresholds: tuple[float, ...]) -> tuple[float, ...]:
    """The thresholds (money per QALY) that can be marked in a chart: of many the first, the lowest and the highest."""
    if len(thresholds) <= MARKED:
        return thresholds
    return tuple(dict.fromkeys((thresholds[0], min(thresholds), max(thresholds))))


def ranked(results: Results) -> tuple[str, ...]:
    """Policies beside the comparator in the order in which they are chosen: those on the frontier, those worth most.

    Discounted, from the perspective and at the first threshold of the study; means over draws where there are draws.
    """
    cost, qalys = _costs_and_qalys(results)
    worth, on = qalys * results.study.thresholds[0] - cost, on_frontier(results)
    order = sorted(range(1, len(worth)), key=lambda place: (results.scenarios[place] not in on, -worth[place]))
    return tuple(results.scenarios[place] for place in order)


def on_frontier(results: Results) -> frozenset[str]:
    """Names of the policies on the frontier from the perspective of the study."""
    options = frontier(results.scenarios, *(each.tolist() for each in _costs_and_qalys(results)))
    return frozenset(option.name for option in options if option.status == "on frontier")


def _said(results: Results, chosen: Sequence[str], pool: Sequence[str], kind: Kind | None) -> str:
    """How many policies are shown, and which, in words."""
    study = results.study
    usual = f"{comparator(results)}, "
    number = f"{len(chosen)} of {len(pool)} policies {kind.words}" if kind else ""
    number = number or f"{len(chosen) + 1} of {len(pool) + 1} policies"
    best = f"with the highest net benefit at {per_qaly(study.thresholds[0])} ({COUNTED[study.perspective]})"
    which = _which(on_frontier(results) & set(pool), set(chosen))
    return f"{number}: {'' if kind else usual}{which} {best}"


def _which(on: frozenset[str], chosen: set[str]) -> str:
    if not on:
        return "those"
    if on < chosen:
        return f"the {'one' if len(on) == 1 else len(on)} on the frontier, and those"
    return "those on the frontier"


def only(results: Results, names: set[str], thresholds: tuple[float, ...], said: str = "") -> Results:
    """The results of these policies and thresholds alone, policies in the study's order; `said`: which these are."""
    kept = [place for place, name in enumerate(results.scenarios) if name in names]
    policies = tuple(results.study.policies[place] for place in kept)
    study = dataclasses.replace(results.study, policies=policies, thresholds=thresholds)
    parts: dict[str, Any] = {"study": study, "totals": results.totals[kept], "national": results.national[kept]}
    if results.beyond is not None:
        parts["beyond"] = results.beyond[kept]
    if isinstance(results, ProbabilisticResults):
        parts["draws"] = among(results.draws, tuple(names))
    return dataclasses.replace(results, **parts, whole=results, part=said)


def _costs_and_qalys(results: Results) -> tuple[Numbers, Numbers]:
    """Discounted costs (money, perspective of the study) and QALYs of each policy; means over draws where there are."""
    outcomes = (PERSPECTIVES[results.study.perspective], "qalys")
    if isinstance(results, ProbabilisticResults):
        cost, qalys = (results.draws.of(outcome).mean(axis=0) for outcome in outcomes)
    else:
        cost, qalys = (np.array(discounted_totals(results, outcome)) for outcome in outcomes)
    return cost, qalys
