"""Two policies, two studies or the results of two runs set side by side: what differs, in words and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from lbpsim import evidence
from lbpsim.evidence.units import format_quantity, number_text, told
from lbpsim.explain.attribution import clear
from lbpsim.explain.per_replication import over_horizon
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.periods import FLOWS
from lbpsim.outcomes.results import Results, mean_and_error
from lbpsim.study.differences import Change, Difference, study_differences

Kind = Literal["policy", "study", "results"]
RUN = "run"
HEADLINE = (
    # outcome, discounted
    *((name, True) for name in ("qalys", "dalys", "cost_health_system", "cost_societal")),
    *((name, False) for name in ("deaths", "cft_courses", "opioid_years", "surgeries")),
)
OF_A_RUN = {
    # key of run.json: what it gives
    "lbpsim": "the version of lbpsim",
    "registry_hash": "the registered parameters: values, distributions, sources, grades",
    "engine": "the engine",
    "people": "the number of people simulated at the start",
    "replications": "the number of independent replications",
}
Shared = Literal["the same", "partly the same", "independent"]


@dataclass(frozen=True)
class FilesApart:
    """Two policies, or two studies: `names` and `kind`; all `differences`; what is said only of each, in sentences."""

    kind: Kind
    names: tuple[str, str]
    differences: tuple[Difference, ...]
    said: tuple[Sequence[str], Sequence[str]] = ((), ())


@dataclass(frozen=True)
class ResultsApart:
    """The results of two runs.

    `inputs`: what differs between them; `random_numbers`: how far both have the same; `only`: policies of one alone;
    `same`: policies whose every figure is the same; `outcomes`: scenario, against ("" for totals), outcome, unit,
    discounted, a, b, difference, mcse, clear.
    """

    names: tuple[str, str]
    inputs: tuple[Difference, ...]
    random_numbers: Shared
    draws: bool
    only: tuple[tuple[str, ...], tuple[str, ...]]
    same: tuple[str, ...]
    outcomes: pd.DataFrame


def inputs_apart(
    one: Results, other: Results, run: Mapping[str, Any], other_run: Mapping[str, Any]
) -> list[Difference]:
    """What differs between the inputs of two runs, `run` and `other_run` being their run.json."""
    settings = study_differences(one.study, other.study)
    told = {difference.key.removeprefix("assume.") for difference in settings if difference.where == "study"}
    found = [*settings]
    for key, means in OF_A_RUN.items():
        if key not in told:
            found += _differ(RUN, key, means, run.get(key), other_run.get(key))
    found += _differ(RUN, "draws", "draws of the uncertain parameters", _draws(run), _draws(other_run))
    found += _parameters(run["parameters"], other_run["parameters"], told)
    packages, others = run.get("packages", {}), other_run.get("packages", {})
    for name in dict.fromkeys([*packages, *others]):
        found += _differ(RUN, f"packages.{name}", f"the version of {name}", packages.get(name), others.get(name))
    return found


def _draws(run: Mapping[str, Any]) -> int:
    return int(run["draws"]["number"]) if "draws" in run else 0


def _differ(where: str, key: str, means: str, before: Any, after: Any) -> Iterator[Difference]:
    if before != after:
        change: Change = "added" if before is None else "removed" if after is None else "changed"
        words = [f"{value:,}" if isinstance(value, int) else str(value or "") for value in (before, after)]
        yield Difference(where, key, "", means, change, *words)


def _parameters(mine: Mapping[str, float], theirs: Mapping[str, float], told: set[str]) -> Iterator[Difference]:
    for name in dict.fromkeys([*mine, *theirs]):
        if name in told or mine.get(name) == theirs.get(name):
            continue
        known = evidence.parameters().get(name)
        words = [_quantity(each[name], known) if name in each else None for each in (mine, theirs)]
        if words[0] == words[1]:  # they differ where rounded words do not show it
            words = [repr(each[name]) for each in (mine, theirs)]
        label = f"{known.label} ({known.grade})" if known is not None else "a parameter"
        yield from _differ("parameters", name, label, *words)


def _quantity(value: float, parameter: evidence.Parameter | None) -> str:
    return format_quantity(value, parameter.dimension) if parameter is not None else number_text(value)


def results_apart(
    names: tuple[str, str], results: tuple[Results, Results], inputs: tuple[Difference, ...]
) -> ResultsApart:
    """The headline outcomes of two runs side by side; `names` of the runs, `inputs` that differ."""
    one, other = results
    shared = shared_random_numbers(one, other)
    both = [name for name in one.scenarios if name in other.scenarios]
    each = (_replicates(one), _replicates(other))
    rows = [row for name in both for row in _rows(name, each, (one.scenarios[0], other.scenarios[0]), shared)]
    columns = ["scenario", "against", "outcome", "unit", "discounted", "a", "b", "difference", "mcse", "clear"]
    return ResultsApart(
        names=names,
        inputs=inputs,
        random_numbers=shared,
        draws=any(hasattr(result, "draws") for result in results),
        only=(_missing(one, other), _missing(other, one)),
        same=tuple(name for name in both if np.array_equal(each[0][name], each[1][name])),
        outcomes=pd.DataFrame(rows, columns=columns),
    )


def shared_random_numbers(one: Results, other: Results) -> Shared:
    """How far two runs share random numbers: with the same seed, people and replications every person has the same."""
    if one.seed != other.seed:
        return "independent"
    same = (one.people, one.replications) == (other.people, other.replications)
    return "the same" if same else "partly the same"


def _replicates(results: Results) -> dict[str, Numbers]:
    return dict(zip(results.scenarios, over_horizon(results), strict=True))


def _missing(here: Results, there: Results) -> tuple[str, ...]:
    return tuple(name for name in here.scenarios if name not in there.scenarios)


def _rows(
    name: str, each: tuple[dict[str, Numbers], dict[str, Numbers]], comparators: tuple[str, str], shared: Shared
) -> Iterator[tuple[Any, ...]]:
    """Totals of a policy, and, where both runs have the same comparator, its differences from that."""
    comparator = comparators[0]
    for against in ("", comparator) if comparators[1] == comparator != name else ("",):
        a, b = (sums[name] - sums[against] if against else sums[name] for sums in each)
        for outcome, discounted in HEADLINE:
            place = (int(discounted), FLOWS.index(outcome))
            figures = apart(a[:, place[0], place[1]], b[:, place[0], place[1]], paired=shared == "the same")
            unit = told(OUTCOMES[outcome].unit)
            yield name, against, outcome, unit, discounted, *figures, clear(figures[2], figures[3])


def apart(a: Numbers, b: Numbers, *, paired: bool) -> tuple[float, float, float, float]:
    """Means of two figures, their difference and its Monte Carlo error, from one value a replication each.

    Where replications are not `paired` both errors count in full; random numbers in common make that too large, never
    too small.
    """
    if paired:
        error = float(mean_and_error((b - a)[None])[1][0])
    else:
        error = float(np.hypot(*(mean_and_error(each[None])[1][0] for each in (a, b))))
    return float(a.mean()), float(b.mean()), float((b - a).mean() if paired else b.mean() - a.mean()), error
