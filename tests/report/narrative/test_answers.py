"""All sentences of whole studies: nothing is claimed that results of any kind would not bear."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.narrative import TOPICS, Answer, Claim, answers, headline
from lbpsim.voi.decision_analysis import Decision
from tests.report.decided import drawn
from tests.report.narrative.made_up import PLAIN, made, with_decision
from tests.report.synthetic import SHIPPED

OVERCLAIMING = re.compile(
    r"\b(saves?|savings?|saved|will|would cause|(?<!all )causes?|caused|because|due to|leads? to|proves?|proven|"
    r"significant\w*|best policy|guarantee\w*|undoubtedly|nan|None|inf)\b"
)


def _texts(told: tuple[Answer, ...]) -> list[str]:
    return [claim.text for answer in told for claim in answer.claims]


@pytest.fixture(scope="module")
def told(results: Results) -> tuple[Answer, ...]:
    return answers(results, None)


@pytest.fixture(scope="module")
def probable(make: Callable[..., Results]) -> tuple[ProbabilisticResults, Decision]:
    results = make(SHIPPED[:5], years=6, replications=4)
    return with_decision(ProbabilisticResults.join(results, drawn(results)))


def test_one_answer_a_policy_in_the_studys_order(results: Results, told: tuple[Answer, ...]) -> None:
    assert tuple(answer.scenario for answer in told) == results.scenarios[1:]
    assert [answer.title for answer in told] == [policy.title for policy in results.study.policies[1:]]


def test_every_answer_covers_every_topic_in_order(told: tuple[Answer, ...]) -> None:
    for answer in told:
        topics = [claim.topic for claim in answer.claims]
        assert topics == sorted(topics, key=TOPICS.index)
        assert set(topics) == set(TOPICS)


def _whole(text: str) -> bool:
    ended = text[:1].isupper() and text.endswith(".") and "  " not in text and text.count("(") == text.count(")")
    return ended and not OVERCLAIMING.search(text)


def test_sentences_are_whole_and_claim_no_cause(results: Results, told: tuple[Answer, ...]) -> None:
    for text in [*_texts(told), *headline(results, None)]:
        assert _whole(text), text


def test_sentences_with_draws_are_whole_too(probable: tuple[ProbabilisticResults, Decision]) -> None:
    for text in [*_texts(answers(*probable)), *headline(*probable)]:
        assert _whole(text), text
        assert "was not looked at" not in text
    assert any("best of" in text for text in _texts(answers(*probable)))


def test_every_claim_names_its_basis(told: tuple[Answer, ...]) -> None:
    assert all(claim.basis and isinstance(claim, Claim) for answer in told for claim in answer.claims)


def test_overclaiming_is_found() -> None:
    assert OVERCLAIMING.search("CFT saves money.")
    assert not _whole("It will end well.")
    assert not _whole("costs AUD nan less.")
    assert _whole("It costs AUD 3 less.")


def test_a_study_without_policies_has_no_answers(alone: Results) -> None:
    assert answers(alone, None) == ()


def test_one_replication_states_no_direction(make: Callable[..., Results]) -> None:
    results = make(SHIPPED[:4], years=3, replications=1)
    for text in [*_texts(answers(results, None)), *headline(results, None)]:
        assert _whole(text), text
        assert not re.search(r" (gains|loses) [\d]| (more|less|fewer) [a-z ]*\(|dominate", text), text


def test_odd_names_are_told(many: Results) -> None:
    assert len(answers(many, None)) == len(many.scenarios) - 1


COUNTS = st.tuples(st.integers(-100_000, 100_000), st.integers(0, 50_000))


@settings(max_examples=25, deadline=None)
@given(COUNTS, COUNTS, COUNTS)
def test_whatever_the_results_words_follow_sign_and_clarity(
    qalys: tuple[int, int], surgery: tuple[int, int], deaths: tuple[int, int]
) -> None:
    """Differences of any size and error: what is said fits with the interval, and dominance needs both to be clear."""
    results = made((PLAIN, {"qalys": qalys, "cost_surgery": surgery, "deaths": deaths}), years=2, replications=8)
    rows = results.incremental[results.incremental["discounted"]].set_index("outcome")
    edge = 2.364624  # Student's t of 7 degrees of freedom
    sign = {
        name: int(row["difference"] > edge * row["mcse"]) - int(-row["difference"] > edge * row["mcse"])
        for name, row in rows.loc[["qalys", "cost_surgery", "deaths"]].iterrows()
    }
    text = " ".join(_texts(answers(results, None)))
    assert ("gains " in text) == (sign["qalys"] > 0)
    assert ("loses " in text) == (sign["qalys"] < 0)
    assert ("more deaths from all causes" in text) == (sign["deaths"] > 0)
    assert ("fewer deaths from all causes" in text) == (sign["deaths"] < 0)
    assert (" costs AUD" in text and "more (" in text) >= (sign["cost_surgery"] > 0)
    assert ("so it dominates" in text) == (sign["qalys"] > 0 > sign["cost_surgery"])
    assert ("is dominated by" in text) == (sign["cost_surgery"] > 0 > sign["qalys"])
