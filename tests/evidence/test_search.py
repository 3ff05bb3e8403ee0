"""Parameters are found by what people call them."""

from __future__ import annotations

import pytest

from lbpsim.evidence import parameters
from lbpsim.evidence.search import UnknownParameterError, matching


def found(words: str) -> set[str]:
    return {one.name for one in matching(words, parameters().values())}


def test_the_first_parts_of_a_name_bring_all_that_begin_with_them() -> None:
    assert {name for name in parameters() if name.startswith("cft.")} <= found("cft")
    assert found("cft.") == found("cft.*") == {name for name in parameters() if name.startswith("cft.")}
    assert found("CFT.RMDQ") == {"cft.rmdq_week13", "cft.rmdq_week52", "cft.rmdq_year3"} <= found("cft.r*")


def test_a_whole_name_brings_itself() -> None:
    assert found("quality.slope") == {"quality.slope"}


@pytest.mark.parametrize(
    ("words", "name"),
    [("utility", "quality.slope"), ("physio", "cft.training_cost"), ("kent2023", "cft.rmdq_week13"),
     ("Session COST", "cft.session_cost")],
)  # fmt: skip
def test_words_of_labels_units_and_sources_find(words: str, name: str) -> None:
    assert name in found(words)
    assert len(found(words)) < len(parameters()) / 2


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        ("cft.uptak", "did you mean cft.uptake?"),
        ("utilty", "did you mean utility?"),
        ("", "names begin with biofeedback, "),
        ("*", "names begin with biofeedback, "),
        ("zzzzzz", "`lbpsim parameters` lists them all"),
    ],
)
def test_what_is_not_there_brings_the_nearest_or_where_to_look(words: str, nearest: str) -> None:
    with pytest.raises(UnknownParameterError) as caught:
        found(words)
    assert nearest in str(caught.value)
