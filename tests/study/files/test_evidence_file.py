"""evidence.yaml beside a study: read with it, told in words, kept with it, and said to be fixed where it is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest
import yaml

from lbpsim.evidence.layers import Layer
from lbpsim.study import InputErrors, Study, load
from lbpsim.study.describe import describe
from lbpsim.study.differences import study_differences
from lbpsim.study.files.evidence_file import schema
from lbpsim.study.notes import notes
from tests.evidence.test_layer_file import RIGHT, WRONG

FIXED = """\
parameters:
  cft.session_cost: {value: 150, unit: AUD, price_year: 2024, grade: assumption}
"""


@pytest.fixture
def folder(shipped: Path, tmp_path: Path) -> Path:
    for name in ("study", "usual-care", "cft-rollout"):
        shutil.copy(shipped / f"{name}.yaml", tmp_path)
    return tmp_path


def with_evidence(folder: Path, text: str = RIGHT) -> Study:
    (folder / "evidence.yaml").write_text(text, encoding="utf-8")
    return load(folder)


def test_it_lies_over_the_package_and_is_no_policy(folder: Path) -> None:
    study = with_evidence(folder)
    assert [policy.name for policy in study.policies] == ["usual-care", "cft-rollout"]
    assert study.values(study.policies[0])["cft.uptake"] == 0.5
    assert "evidence.yaml" in study.file_hashes


def test_without_it_nothing_is_known_but_what_the_package_knows(folder: Path) -> None:
    assert load(folder).evidence == Layer()


@pytest.mark.parametrize("given", [("cft-rollout.yaml",), ("study.yaml",), ("evidence.yaml", "cft-rollout.yaml")])
def test_it_is_found_beside_the_study_whatever_is_given(folder: Path, given: tuple[str, ...]) -> None:
    with_evidence(folder)
    study = load([folder / name for name in given])
    assert study.evidence.names == ("cft.uptake", "cost_items.travel")


def test_alone_in_a_folder_it_is_no_study(tmp_path: Path) -> None:
    with pytest.raises(InputErrors, match="no study file"):
        with_evidence(tmp_path)


def test_what_assume_sets_lies_over_it(folder: Path) -> None:
    text = (folder / "study.yaml").read_text(encoding="utf-8")
    (folder / "study.yaml").write_text(f"{text}assume: {{cft.uptake: 70%}}\n", encoding="utf-8")
    study = with_evidence(folder)
    assert study.values(study.policies[0])["cft.uptake"] == pytest.approx(0.7)


@pytest.mark.parametrize("file", ["study.yaml", "cft-rollout.yaml"])
def test_what_assume_sets_is_judged_by_it(folder: Path, file: str) -> None:
    """A price that the package could not mean can be meant where the study knows the price to be as high."""
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(f"{text}assume: {{cft.session_cost: AUD 2000}}\n", encoding="utf-8")
    with pytest.raises(InputErrors, match="above"):
        load(folder)
    study = with_evidence(folder, FIXED.replace("150", "1400"))
    assert study.values(study.policies[-1])["cft.session_cost"] == 2000.0


@pytest.mark.parametrize("case", ["an unknown source", "a mismatched interval", "a missing unit"])
def test_errors_have_file_line_key_and_remedy(folder: Path, case: str) -> None:
    before, after, line, key, _ = WRONG[case]
    with pytest.raises(InputErrors) as caught:
        with_evidence(folder, RIGHT.replace(before, after))
    (problem,) = caught.value.problems
    assert (Path(problem.place.file).name, problem.place.line, problem.key) == ("evidence.yaml", line, key)
    assert problem.wrong and problem.right


def test_what_is_not_yaml_is_told(folder: Path) -> None:
    with pytest.raises(InputErrors, match="this is not YAML"):
        with_evidence(folder, "parameters: [")


def test_check_says_what_it_changes_and_what_is_fixed(folder: Path) -> None:
    words = " ".join(describe(with_evidence(folder)).split())
    assert "cft.uptake: 60% -> 50% (cohort, own_survey and kent2023), drawn from beta(48, 48)." in words
    assert "cost_items.travel: new cost, AUD 20 for each of cft sessions, part of the costs of cft" in words
    assert "cost_items.travel has no distribution, so it is fixed in draws" in words


def test_notes_on_draws_are_said_only_where_there_are_draws(folder: Path) -> None:
    study = with_evidence(folder, FIXED)
    told = "evidence.yaml: cft.session_cost has no distribution, so it is fixed in draws"
    assert any(str(note).startswith(told) for note in notes(study))
    assert not any(str(note).startswith(told) for note in notes(study, drawn=False))


def test_a_study_kept_as_json_comes_back_with_its_evidence(folder: Path) -> None:
    study = with_evidence(folder)
    again = Study.from_resolved(json.loads(json.dumps(study.resolved())))
    assert again.evidence == study.evidence
    assert again.registry is study.registry


def test_diff_says_what_evidence_differs(folder: Path) -> None:
    before, after = load(folder), with_evidence(folder)
    told = {each.key: each.after for each in study_differences(before, after)}
    assert told["evidence.cft.uptake.distribution"] == "beta(48, 48)"
    assert told["evidence.cost_items.travel.per"] == "cft_sessions"


def test_the_schema_takes_what_is_right_and_refuses_what_is_wrong() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    assert validator.is_valid(yaml.safe_load(RIGHT))
    for case in ("a missing unit", "another unit", "no such grade", "a name misspelt", "a section misspelt"):
        before, after, *_ = WRONG[case]
        assert not validator.is_valid(yaml.safe_load(RIGHT.replace(before, after))), case
