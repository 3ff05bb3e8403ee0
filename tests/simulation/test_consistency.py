"""Whatever `check` passes, a run can draw and live; what it refuses, it says with the key and what would be right."""

from __future__ import annotations

import dataclasses
import random
import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path

import pytest

from lbpsim.evidence import Parameter, parameters
from lbpsim.evidence.bounds import bounds
from lbpsim.simulation.consistency import check
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import InputErrors, Study, load

INPUTS = [parameter for parameter in parameters().values() if parameter.role == "input"]
SHIPPED = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def small() -> Study:
    study = load([SHIPPED / "study.yaml", SHIPPED / "cft-rollout.yaml"])
    return dataclasses.replace(study, people=40, replications=2, years=2)


def assuming(study: Study, values: Mapping[str, float]) -> Study:
    return dataclasses.replace(study, assume=dict(values))


def passes(study: Study) -> bool:
    try:
        check(study)
    except InputErrors:
        return False
    return True


def live(study: Study) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        prepared_study = PreparedStudy(study)
        for policy in study.policies:
            prepared_study.simulate(policy, 0)


@pytest.mark.parametrize(
    ("assumed", "said"),
    [
        ({"disability.pain_sd": 5.0}, "disability.pain_sd is 5 NRS points"),
        ({"disability.pain_mean": 0.0}, "disability.pain_mean lies between 0 and 10"),
        ({"disability.trait_sd": 20.0}, "square root of mean x (24 - mean)"),
        ({"disability.pain_correlation": 1.5}, "between -1 and 1"),
        ({"population.adult_prevalence": 0.9}, "more people would be in pain than there are"),
        ({"cft.sessions": 2.5}, "whole number of sessions"),
        ({"cft.session_interval": 0.3833}, "cft.sessions is 7 sessions and cft.session_interval is 20 weeks"),
        ({"payers.surgery.patient": 1.0}, "cannot exceed 100%"),
    ],
)
def test_what_cannot_be_drawn_is_told_with_key_and_remedy(small: Study, assumed: dict[str, float], said: str) -> None:
    with pytest.raises(InputErrors) as caught:
        check(assuming(small, assumed))
    (problem,) = caught.value.problems
    assert said in str(problem)
    assert next(iter(assumed)) in str(problem)


@pytest.mark.gate
@pytest.mark.parametrize("parameter", INPUTS, ids=lambda parameter: parameter.name)
def test_either_end_of_every_range_is_refused_or_runs(small: Study, parameter: Parameter) -> None:
    for value in bounds(parameter).canonical:
        study = assuming(small, {parameter.name: value})
        if passes(study):
            live(study)


@pytest.mark.gate
@pytest.mark.parametrize("seed", range(40))
def test_several_values_anywhere_in_their_ranges_are_refused_or_run(small: Study, seed: int) -> None:
    chance = random.Random(seed)
    chosen = {each.name: bounds(each).canonical for each in chance.sample(INPUTS, 6)}
    study = assuming(small, {name: chance.uniform(*ends) for name, ends in chosen.items()})
    if passes(study):
        live(study)


def test_what_makes_no_sense_together_is_told_with_its_line(tmp_path: Path) -> None:
    for name in ("study.yaml", "usual-care.yaml"):
        shutil.copy(SHIPPED / name, tmp_path)
    with (tmp_path / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("assume:\n  cft.uptake: 50%\n  disability.pain_sd: 5 NRS points\n")
    lines = (tmp_path / "study.yaml").read_text(encoding="utf-8").splitlines()
    with pytest.raises(InputErrors) as found:
        check(load(tmp_path))
    (problem,) = found.value.problems
    assert problem.key == "assume.disability.pain_sd"
    assert problem.place.line == lines.index("  disability.pain_sd: 5 NRS points") + 1
