"""What is compared is read as `lbpsim check` reads; what is wrong is told at its lever."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lbpsim.evidence.in_force import registry
from lbpsim.evidence.layers import Layer
from lbpsim.lab import assumptions
from lbpsim.lab.comparison import Comparison, read_all
from lbpsim.lab.draft import Draft, opened
from lbpsim.study import Problem, Study, load, shipped
from lbpsim.study.describe import changes

FOLDER = shipped.folder()


@pytest.fixture(scope="module")
def base() -> Study:
    return load(FOLDER).of_comparator


def draft(name: str) -> Draft:
    return opened(FOLDER / f"{name}.yaml")


def test_the_words_are_those_of_check(base: Study) -> None:
    reading = read_all(Comparison((draft("cft-rollout"), draft("surgery-restraint"))), base)
    whole = load(FOLDER)
    assert reading.wrong == 0
    assert reading.study is not None
    assert [policy.name for policy in reading.study.policies] == ["usual-care", "cft-rollout", "surgery-restraint"]
    assert reading.words == tuple(
        tuple(changes(whole, whole.policy(name))) for name in ("cft-rollout", "surgery-restraint")
    )


def test_what_is_odd_is_noted(base: Study) -> None:
    idle = Draft("idle", {"title": "Idle"})
    reading = read_all(Comparison((idle,)), base)
    assert any("changes nothing" in note for note in reading.notes)


def test_a_wrong_lever_is_told_there_and_nothing_is_simulated(base: Study) -> None:
    wrong = draft("cft-rollout").setting("cft.offered", (("2027-01-01", "170%"),))
    reading = read_all(Comparison((draft("cft-first"), wrong)), base)
    assert reading.study is None
    assert reading.problems[0] == {}
    assert set(reading.problems[1]) == {"cft.offered"}
    assert "170%" in reading.problems[1]["cft.offered"]
    assert "Give a share" in reading.problems[1]["cft.offered"]
    assert reading.words[0]
    assert reading.words[1] == ()


def test_two_policies_of_one_title_are_told(base: Study) -> None:
    same = replace(draft("cft-rollout"), name="other")
    reading = read_all(Comparison((draft("cft-rollout"), same)), base)
    assert set(reading.problems[1]) == {"title"}


def test_an_assumption_holds_for_every_policy(base: Study) -> None:
    reading = read_all(
        Comparison((draft("cft-rollout"),), assume={"quality.slope": "0.01 per RMDQ point", "cft.uptake": " "}), base
    )
    assert reading.study is not None
    usual, rollout = reading.study.policies
    assert reading.study.values(usual)["quality.slope"] == reading.study.values(rollout)["quality.slope"] == 0.01


@pytest.mark.parametrize(
    ("words", "told"), [("much", "cft.sessions"), ("2.5", "whole number"), ("900", "cft.sessions")]
)
def test_an_impossible_assumption_is_told_at_it(base: Study, words: str, told: str) -> None:
    """Alone, or with what else the model needs."""
    reading = read_all(Comparison((draft("cft-rollout"),), assume={"cft.sessions": words}), base)
    assert reading.study is None
    (place,) = reading.problems[0]
    assert place == "for_all.cft.sessions"
    assert told in place + reading.problems[0][place]


def test_assumptions_are_judged_by_the_evidence_of_the_study() -> None:
    """A study that has measured more sessions than the package knows may assume them."""
    told: list[Problem] = []
    known = registry()
    more = known.parameters["cft.sessions"].model_copy(update={"value": 900.0, "interval": (800.0, 1000.0)})
    assert assumptions.read({"cft.sessions": "900"}, told, known) == {} and len(told) == 1
    assert assumptions.read({"cft.sessions": "900"}, [], registry(Layer((more,)))) == {"cft.sessions": 900.0}


def test_what_makes_no_sense_together_is_told_at_the_policy_that_sets_it(base: Study) -> None:
    wrong = draft("cft-rollout").setting("assume", (("cft.sessions", "2.5"),))
    reading = read_all(Comparison((wrong,)), base)
    assert set(reading.problems[0]) == {"assume"}


def test_it_is_kept_as_plain_values() -> None:
    comparison = Comparison((draft("cft-rollout"), Draft("b", {"title": "B"})), 1, {"cft.uptake": "50%"})
    assert Comparison.of(comparison.stored(), registry()) == comparison


@pytest.mark.parametrize(
    "damage",
    [
        {"drafts": []},
        {"edited": 7},
        {"drafts": [{"name": "a"}]},
        {"drafts": [{"name": "a", "values": {"cft.offered": [["2027"]]}}]},
        {"assume": None},
    ],
)
def test_what_was_not_kept_by_the_lab_is_refused(damage: dict[str, object]) -> None:
    kept = Comparison((Draft("a", {"title": "A"}),)).stored()
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        Comparison.of({**kept, **damage}, registry())


def test_unknown_levers_that_were_kept_go(tmp_path: Path) -> None:
    kept = {
        "drafts": [{"name": "a", "values": {"no.such": "1", "title": "A"}}],
        "edited": 0,
        "assume": {"no.such": "1"},
    }
    assert Comparison.of(kept, registry()) == Comparison((Draft("a", {"title": "A"}),))
