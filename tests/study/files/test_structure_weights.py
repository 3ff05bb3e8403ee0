"""Weights of structural choices: by name, equal where nothing is said, off with one word, and taught where wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.study import InputErrors, Study, load
from lbpsim.study.files.declarations import WEIGHTS
from lbpsim.study.options import DRAWN, OPTIONS

STUDY = (Path(__file__).parents[3] / "scenarios" / "study.yaml").read_text(encoding="utf-8")


def read(tmp_path: Path, weights: str = "") -> Study:
    (tmp_path / "study.yaml").write_text(f"{STUDY}\n{weights}\n", encoding="utf-8")
    (tmp_path / "usual-care.yaml").write_text("title: Usual care\n", encoding="utf-8")
    return load(tmp_path)


def test_by_default_every_choice_of_every_drawn_option_weighs_the_same(tmp_path: Path) -> None:
    found = read(tmp_path).structure_weights
    assert found == {name: dict.fromkeys(OPTIONS[name][0], 1.0) for name in DRAWN} == WEIGHTS.equal


def test_one_option_is_weighed_and_the_others_stay_equal(tmp_path: Path) -> None:
    found = read(tmp_path, "structure_weights:\n  utility_slope: {within_person: 3, with_pain: 1}").structure_weights
    assert found["utility_slope"] == {"within_person": 3.0, "with_pain": 1.0}
    assert found["after_year_three"] == WEIGHTS.equal["after_year_three"]


def test_off_switches_it_off_and_is_stored(tmp_path: Path) -> None:
    study = read(tmp_path, "structure_weights: off")
    assert study.structure_weights == {}
    assert Study.from_resolved(study.resolved()).structure_weights == {}


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("  utilty_slope: {within_person: 1}", "Did you mean `utility_slope`"),
        ("  utility_slope: {within_persons: 1}", "Did you mean `within_person`"),
        ("  utility_slope: {within_person: -1}", "below zero"),
        ("  utility_slope: {within_person: 0}", "All weights are zero"),
        ("  utility_slope: many", "choices with weights"),
        ("  many", "or `off`"),
        ("  utility_slope: {within_person: much}", "is not a number"),
    ],
)
def test_wrong_weights_are_told_with_what_would_be_right(tmp_path: Path, weights: str, words: str) -> None:
    with pytest.raises(InputErrors) as told:
        read(tmp_path, f"structure_weights:\n{weights}")
    text = " ".join(str(told.value).split())
    assert words in text and "structure_weights" in text and "study.yaml" in text
