from __future__ import annotations

from dataclasses import replace

from lbpsim.outcomes.results import Results
from lbpsim.report.brief.content import Brief, brief_of
from lbpsim.report.brief.web import html
from tests.report.page.reading import read

HOSTILE = "<script>document.title='run'</script>"


def said(brief: Brief) -> list[str]:
    """Every piece of text of a brief."""
    passages = [
        part for each in (*brief.doubts, *brief.feet, brief.quote, brief.chart) for part in (each.title, each.text)
    ]
    numbers = [part for each in brief.numbers for part in (each.figure, each.label, each.interval)]
    return [brief.study, brief.title, brief.lead, brief.terms, brief.foot, *passages, *numbers]


def test_it_says_all_that_the_brief_holds(with_draws: Results) -> None:
    brief = brief_of(with_draws)
    text = " ".join(read(html(brief)).text.split())
    for each in said(brief):
        assert " ".join(each.split()) in text, each


def test_it_stands_alone_and_runs_nothing(with_draws: Results) -> None:
    text = html(replace(brief_of(with_draws), title=HOSTILE))
    assert HOSTILE not in text
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")


def test_the_same_text_from_the_same_results(plain: Results) -> None:
    assert html(brief_of(plain)) == html(brief_of(plain))
