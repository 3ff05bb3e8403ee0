from __future__ import annotations

from datetime import date

from lbpsim.study.clock import Timeline
from lbpsim.study.sentences import along_a_line, fewer_or_more, from_each_date, grows_or_falls

START = date(2026, 1, 1)


def test_a_sentence_for_each_date() -> None:
    said = from_each_date("walking {} per year.", grows_or_falls)
    assert list(said(Timeline((1.0, 2.5), (0.06, -0.03)), START, None)) == [
        "From 1 January 2027 walking grows by 6% per year.",
        "From 2 July 2028 walking falls by 3% per year.",
    ]
    assert list(said(None, START, None)) == []


def test_a_sentence_on_a_line() -> None:
    said = along_a_line("walks are offered at", "of visits")
    (sentence,) = said(Timeline((1.0,), (0.1,)), START, None)
    assert sentence == "From 1 January 2027 walks are offered at 10% of visits."
    assert list(said(Timeline(), START, None)) == []


def test_changes_in_words() -> None:
    assert [fewer_or_more(change) for change in (-0.2, 0.05)] == ["20% fewer", "5% more"]
