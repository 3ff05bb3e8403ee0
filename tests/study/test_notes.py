from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.study import load
from lbpsim.study.notes import notes


def odd(folder: Path, text: str) -> tuple[str, ...]:
    (folder / "tried.yaml").write_text(text, encoding="utf-8")
    return notes(load(folder))


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("cft: {offered: {2027: 10%, 2040: 20%}, trained_at_start: 5}", "`cft.offered` has dates after"),
        ("cft: {offered: {2027: 10%}, training_places: {2027: 1, 2036: 1}}", "`cft.training_places` has years after"),
        ("cft: {offered: {2027: 10%}}", "nobody can start"),
        ("description: none", "equal the comparator"),
        ("surgery: {growth: {2027: 6% per year}}\noptions: {after_year_three: sustained}", "offers no CFT"),
        ("assume: {cft.uptake: 99%}", "outside its 95% interval"),
    ],
)
def test_notes(folder: Path, text: str, note: str) -> None:
    (found,) = odd(folder, f"title: A\n{text}\n")
    assert found.startswith("tried: ")
    assert note in found


def test_notes_on_sampling(folder: Path) -> None:
    study = load(folder)
    assert "Monte Carlo" in notes(study.with_changes(replications=1))[0]
    assert "no more than 3 replications" in notes(study.with_changes(people=3))[0]
    assert not notes(study)


def test_the_shipped_study_has_nothing_odd(shipped: Path) -> None:
    assert not notes(load(shipped))
