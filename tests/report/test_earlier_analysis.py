"""What a search left beside a run stands on its page and in its brief; that of another study is told as such."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lbpsim.outcomes.results import Results
from lbpsim.report.brief import brief_of
from lbpsim.report.earlier_analysis import read_analysis
from lbpsim.report.file_names import OPTIMISED, RESEARCHED
from lbpsim.report.file_records import DamagedError, write_record
from lbpsim.report.page.assembly import page_text
from lbpsim.study import Study

SENTENCES = ("The best policy found gains much.", "That is more than others.", "It is held back by the wait.")


def left(folder: Path, study: Study) -> Path:
    """A folder of outputs in which a search of this study has finished."""
    told = {"study": study.resolved(), "sentences": list(SENTENCES)}
    for name, record in (("optimum", OPTIMISED), ("research", RESEARCHED)):
        (folder / name).mkdir(parents=True)
        write_record(folder / name / record, told)
    return folder


def test_what_was_found_is_read_back(eleven: Results, tmp_path: Path) -> None:
    found = read_analysis(left(tmp_path, eleven.study), "optimum", eleven.study)
    assert found is not None
    assert (found.sentences, found.other) == (SENTENCES, ())


def test_nothing_is_there_where_nobody_has_looked(eleven: Results, tmp_path: Path) -> None:
    assert read_analysis(tmp_path, "optimum", eleven.study) is None


def test_size_and_policies_may_differ_and_nothing_else(eleven: Results, tmp_path: Path) -> None:
    other = dataclasses.replace(eleven.study, people=77, policies=eleven.study.policies[:2], discount_rate=0.01)
    found = read_analysis(left(tmp_path, other), "optimum", eleven.study)
    assert found is not None and found.other == ("discount_rate",)


def test_the_page_tells_it(eleven: Results, tmp_path: Path) -> None:
    page = page_text(eleven, None, left(tmp_path, eleven.study))
    assert "The best policy within limits" in page and all(sentence in page for sentence in SENTENCES)
    assert "The best policy within limits" not in page_text(eleven, None, tmp_path / "elsewhere")


def test_the_page_says_that_a_search_is_of_another_study(eleven: Results, tmp_path: Path) -> None:
    other = dataclasses.replace(eleven.study, discount_rate=0.01)
    assert "which differs in: discount rate" in page_text(eleven, None, left(tmp_path, other))


def test_a_changed_record_is_told_on_the_page_and_refused_for_the_brief(eleven: Results, tmp_path: Path) -> None:
    record = left(tmp_path, eleven.study) / "optimum" / OPTIMISED
    record.write_text(record.read_text("utf-8").replace("gains much", "gains all"), encoding="utf-8")
    assert "What was found cannot be shown" in page_text(eleven, None, tmp_path)
    with pytest.raises(DamagedError):
        brief_of(eleven, folder=tmp_path)


def test_the_brief_has_each_in_a_sentence(eleven: Results, tmp_path: Path) -> None:
    feet = {foot.title: foot.text for foot in brief_of(eleven, folder=left(tmp_path, eleven.study)).feet}
    assert feet["Best within limits"] == feet["Worth a study"] == SENTENCES[0]
    other = dataclasses.replace(eleven.study, discount_rate=0.01)
    feet = {foot.title: foot.text for foot in brief_of(eleven, folder=left(tmp_path / "other", other)).feet}
    assert "Best within limits" not in feet
