from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.study import Study, load
from lbpsim.study.notes import notes
from lbpsim.study.unusual import dated_changes, settings


def tried(folder: Path, text: str) -> Study:
    (folder / "tried.yaml").write_text(f"title: A\n{text}\n", encoding="utf-8")
    return load(folder)


def trains(folder: Path, places: str) -> list[str]:
    study = tried(folder, f"cft: {{offered: {{2027: 10%}}, training_places: {places}}}")
    return list(dated_changes(study, study.policy("tried")))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("opioids: {growth: {2027: 20% per year}}", "was 6% (mathieson2018)"),
        ("surgery: {growth: {2027: -20% per year}}", "was 6% (tran2023)"),
        ("surgery: {operations_per_year: {2027: 20000}}", "room for 20,000 operations a year; lumbar fusions a year"),
        (
            "cft: {offered: {2027: 10%}, trained_at_start: 5, referral_stops_at: 30 years}",
            "so that it stops nobody",
        ),
        ("opioids: {growth: {9999-12-31: 6% per year}}", "`opioids.growth` has dates after"),
        ("cft: {offered: {2027: 10%, 9999-12-31: 20%}, trained_at_start: 5}", "`cft.offered` has dates after"),
        (
            "cft: {offered: {2027: 1%}, training_places: {from 2027: 1, from 2036: 2}}",
            "`cft.training_places` has dates after",
        ),
    ],
)
def test_the_notes_on_a_policy_hold_it(folder: Path, text: str, words: str) -> None:
    (found,) = notes(tried(folder, text))
    assert found.policy == "tried" and words in found.text


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ("{2027: 3, 2034: 4}", "Training ends in 2034; from 2035 nobody enters it."),
        ("{2027: 4700}", "write `from 2027: 4700`"),
        ("{from 2027: 40000}", "360,000 physiotherapists are trained in all; 47,761 are registered"),
    ],
)
def test_training_that_ends_early_or_trains_more_than_there_are(folder: Path, places: str, words: str) -> None:
    (found,) = trains(folder, places)
    assert words in found


@pytest.mark.parametrize(
    "places", ["{2027: 3, 2034: 4, 2035: 0}", "{from 2027: 3}", "{2027: 3, from 2028: 4}", "{2027: 3, 2035: 1}"]
)
def test_training_that_lasts_or_is_stopped_on_purpose_is_not_unusual(folder: Path, places: str) -> None:
    assert not trains(folder, places)


def test_training_ends_before_a_longer_study_does(shipped: Path) -> None:
    longer = load(shipped).with_changes(years=20)
    assert any("Training ends in 2035" in text for text in dated_changes(longer, longer.policy("cft-rollout")))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("start: 2026-01-01", "start: 2100-01-01", "76 years after the population was counted"),
        ("discount_rate: 5%", "discount_rate: 11%", "twice the 5% per year that is customary (pbac)"),
        ("AUD 50,000", "AUD 500", "AUD 20,758 (edney2018)"),
        ("AUD 50,000", "AUD 150,000", "AUD 100,000 (twice the customary threshold)"),
    ],
)
def test_settings_of_a_study(folder: Path, old: str, new: str, words: str) -> None:
    file = folder / "study.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (found,) = settings(load(folder))
    assert words in found
    assert str(notes(load(folder))[0]) == f"study.yaml: {found}"
