from __future__ import annotations

import pickle

import pytest

from lbpsim.study.files.errors import InputErrors, Place, Problem, did_you_mean, listed, nearest, short

ONE = Problem(Place("a.yaml", 3, 5), "cft.offerd", "There is no such key", "Did you mean `offered`?")
TWO = Problem(Place("a.yaml", 1, 2), "", "Something is wrong", "")
THREE = Problem(Place("b.yaml"), "", "The file is empty", "")


def test_a_problem_is_a_sentence_that_says_where() -> None:
    said = "a.yaml, line 3, column 5: `cft.offerd`: There is no such key. Did you mean `offered`?"
    assert str(ONE) == said
    assert str(THREE) == "b.yaml: The file is empty."


def test_what_a_terminal_would_obey_is_escaped() -> None:
    problem = Problem(Place("a\x1b[31m\u202e.yaml"), "k\x07", "`\x9b` and \ud800 stand here", "")
    assert str(problem).isprintable()
    assert "a\\x1b[31m\\u202e.yaml" in str(problem)


def test_problems_are_in_reading_order_each_a_paragraph() -> None:
    errors = InputErrors([ONE, THREE, TWO])
    assert errors.problems == (TWO, ONE, THREE)
    paragraphs = [" ".join(paragraph.split()) for paragraph in str(errors).split("\n\n")]
    assert paragraphs == [str(TWO), str(ONE), str(THREE)]


def test_lines_are_short_enough_for_a_terminal() -> None:
    long = InputErrors([Problem(Place("a.yaml", 1, 1), "key", "word " * 100, "word " * 100)])
    assert max(len(line) for line in str(long).splitlines()) <= 80


def test_errors_survive_a_process_boundary() -> None:
    errors = InputErrors([ONE, TWO])
    assert pickle.loads(pickle.dumps(errors)).problems == errors.problems


@pytest.mark.parametrize(("word", "hint"), [("offerd", "Did you mean `offered`?"), ("xyzzy", "")])
def test_did_you_mean(word: str, hint: str) -> None:
    assert did_you_mean(word, ["offered", "growth"]) == hint


def test_words() -> None:
    assert listed(["a", "b", "c"]) == "a, b or c"
    assert listed(["a"]) == "a"
    assert nearest("grwth", ["offered", "growth"]) == "growth"
    assert nearest("xyzzy", ["offered"]) is None
    assert short("a\n  b") == "a b"
    assert len(short("x" * 1000)) < 100
