"""Several proposed studies side by side: which is worth most, and in tables as declared."""

from __future__ import annotations

import pytest

from lbpsim.evidence.output_tables import output_table
from lbpsim.voi.research import Research
from tests.voi.proposed import made_up_research


@pytest.fixture(scope="module")
def found() -> Research:
    return made_up_research()


def test_the_study_that_is_worth_most_stands_first(found: Research) -> None:
    assert found.best["design"].tolist() == ["survey", "idle"]
    assert len(found.best) == 2
    assert found.best.iloc[0]["net"] == found.of_view().query("design == 'survey'")["net"].max()


def test_the_view_is_the_studys_own_at_its_lowest_threshold(found: Research) -> None:
    assert found.view == ("societal", 28_033.0)
    assert set(found.of_view()["threshold"]) == {28_033.0}


def test_tables_have_the_declared_columns(found: Research) -> None:
    for name in ("evsi", "implementation", "design_numbers"):
        assert list(getattr(found, name).columns) == output_table(name).names
        assert not getattr(found, name).duplicated(list(output_table(name).key)).any()


def test_every_number_of_a_design_stands_with_its_grade(found: Research) -> None:
    mine = found.design_numbers[found.design_numbers["design"] == "survey"]
    assert len(mine) == len(found.designs[1].numbers)
    assert set(mine["grade"]) == {"assumption"}
