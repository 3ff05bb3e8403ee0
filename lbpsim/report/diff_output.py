"""Two policies, two studies or the results of two runs set side by side: what differs, in words and numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from lbpsim import evidence
from lbpsim.evidence.units import format_quantity, number_text
from lbpsim.explain.attribution import clear
from lbpsim.explain.per_replication import Numbers, over_horizon
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.periods import FLOWS
from lbpsim.outcomes.results import Results, mean_and_error
from lbpsim.report.earlier_run import STORED
from lbpsim.report.outputs import UNFINISHED, record_of, results_of
from lbpsim.report.provenance import RUN_FILE
from lbpsim.study import Policy, Study, load
from lbpsim.study.differences import (
    Change,
    Difference,
    policy_differences,
    sentences_apart,
    setting_differences,
    study_differences,
)
from lbpsim.study.files.errors import did_you_mean
from lbpsim.study.files.reader import STUDY, SUFFIXES

Kind = Literal["policy", "study", "results"]
KINDS = {"policy": "a policy file", "study": "a study", "results": "the results of a run"}
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
Luck = Literal["the same", "partly the same", "independent"]


class CannotCompareError(ValueError):
    """Two things that cannot be compared; the message says why, and what would be right."""


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

    `inputs`: what differs between them; `luck`: how far both have the same; `only`: policies of one alone; `same`:
    policies whose every figure is the same; `outcomes`: scenario, against ("" for totals), outcome, unit, discounted,
    a, b, difference, mcse, clear.
    """

    names: tuple[str, str]
    inputs: tuple[Difference, ...]
    luck: Luck
    draws: bool
    only: tuple[tuple[str, ...], tuple[str, ...]]
    same: tuple[str, ...]
    outcomes: pd.DataFrame


def compare(a: Path, b: Path) -> FilesApart | ResultsApart:
    """What differs between two policy files, two studies (folders, or their study.yaml), or two folders of results.

    Raises CannotCompareError for two kinds or none, InputErrors for wrong files, NoResultsError for results that are
    not whole or of another version.
    """
    kinds = (kind_of(a), kind_of(b))
    if kinds[0] != kinds[1]:
        both = f"{a} is {KINDS[kinds[0]]}, and {b} is {KINDS[kinds[1]]}"
        raise CannotCompareError(f"{both}; give two policy files, two studies, or two folders of results.")
    if kinds[0] == "policy":
        return _policies(a, b)
    if kinds[0] == "study":
        return FilesApart("study", (str(a), str(b)), study_differences(load(a), load(b)))
    return _results(*(path.parent if path.name == RUN_FILE else path for path in (a, b)))


def kind_of(path: Path) -> Kind:
    """What a path is: a policy file, a study, or results.

    Raises CannotCompareError where it is none of these.
    """
    if path.is_dir():
        if any((path / name).exists() for name in (RUN_FILE, STORED, UNFINISHED)):
            return "results"
        if any(file.suffix in SUFFIXES for file in path.iterdir()):
            return "study"
        raise CannotCompareError(f"{path} holds neither scenario files nor the results of a run ({RUN_FILE}).")
    if not path.exists():
        beside = [str(other) for other in path.parent.iterdir()] if path.parent.is_dir() else []
        raise CannotCompareError(f"There is no file or folder {path}. {did_you_mean(str(path), beside)}".rstrip())
    if path.name == RUN_FILE:
        return "results"
    if path.suffix not in SUFFIXES:
        raise CannotCompareError(f"{path} is neither a scenario file (.yaml) nor a folder of results.")
    return "study" if path.stem == STUDY else "policy"


def _policies(a: Path, b: Path) -> FilesApart:
    one, mine = _policy(a)
    other, theirs = _policy(b)
    settings = setting_differences(one, other)  # of another study, where the files stand in two folders
    found = (*settings, *policy_differences(one, mine, other, theirs))
    return FilesApart("policy", (str(a), str(b)), found, sentences_apart(one, mine, other, theirs))


def _policy(path: Path) -> tuple[Study, Policy]:
    study = load(path)
    return study, study.policy(path.stem)


def _results(a: Path, b: Path) -> ResultsApart:
    mine, theirs = record_of(a), record_of(b)
    one, other = results_of(mine), results_of(theirs)
    return results_apart((str(a), str(b)), (one, other), tuple(inputs_apart(one, other, mine.told, theirs.told)))


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
    luck = luck_of(one, other)
    both = [name for name in one.scenarios if name in other.scenarios]
    each = (_replicates(one), _replicates(other))
    rows = [row for name in both for row in _rows(name, each, (one.scenarios[0], other.scenarios[0]), luck)]
    columns = ["scenario", "against", "outcome", "unit", "discounted", "a", "b", "difference", "mcse", "clear"]
    return ResultsApart(
        names=names,
        inputs=inputs,
        luck=luck,
        draws=any(hasattr(result, "draws") for result in results),
        only=(_missing(one, other), _missing(other, one)),
        same=tuple(name for name in both if np.array_equal(each[0][name], each[1][name])),
        outcomes=pd.DataFrame(rows, columns=columns),
    )


def luck_of(one: Results, other: Results) -> Luck:
    """How far two runs have the same luck: with the same seed, people and replications every person has the same."""
    if one.seed != other.seed:
        return "independent"
    same = (one.people, one.replications) == (other.people, other.replications)
    return "the same" if same else "partly the same"


def _replicates(results: Results) -> dict[str, Numbers]:
    return dict(zip(results.scenarios, over_horizon(results), strict=True))


def _missing(here: Results, there: Results) -> tuple[str, ...]:
    return tuple(name for name in here.scenarios if name not in there.scenarios)


def _rows(
    name: str, each: tuple[dict[str, Numbers], dict[str, Numbers]], comparators: tuple[str, str], luck: Luck
) -> Iterator[tuple[Any, ...]]:
    """Totals of a policy, and, where both runs have the same comparator, its differences from that."""
    comparator = comparators[0]
    for against in ("", comparator) if comparators[1] == comparator != name else ("",):
        a, b = (sums[name] - sums[against] if against else sums[name] for sums in each)
        for outcome, discounted in HEADLINE:
            place = (int(discounted), FLOWS.index(outcome))
            figures = apart(a[:, place[0], place[1]], b[:, place[0], place[1]], paired=luck == "the same")
            unit = OUTCOMES[outcome].unit
            yield name, against, outcome, unit, discounted, *figures, clear(figures[2], figures[3])


def apart(a: Numbers, b: Numbers, *, paired: bool) -> tuple[float, float, float, float]:
    """Means of two figures, their difference and its Monte Carlo error, from one value a replication each.

    Where replications are not `paired` both errors count in full; luck in common makes that too large, never too small.
    """
    if paired:
        error = float(mean_and_error((b - a)[None])[1][0])
    else:
        error = float(np.hypot(*(mean_and_error(each[None])[1][0] for each in (a, b))))
    return float(a.mean()), float(b.mean()), float((b - a).mean() if paired else b.mean() - a.mean()), error


def as_json(found: FilesApart | ResultsApart) -> str:
    """What differs, for machines."""
    if isinstance(found, FilesApart):
        told: dict[str, Any] = {"kind": found.kind, "differences": [asdict(each) for each in found.differences]}
    else:
        told = {
            "kind": "results",
            "luck": found.luck,
            "inputs": [asdict(each) for each in found.inputs],
            "only_in_a": found.only[0],
            "only_in_b": found.only[1],
            "same": found.same,
            "outcomes": [
                {name: None if pd.isna(value) else value for name, value in row.items()}
                for row in found.outcomes.to_dict("records")
            ],
        }
    return json.dumps({"a": found.names[0], "b": found.names[1], **told}, indent=2, ensure_ascii=False)
