"""Lives as lines: what is named, that names do not cover each other, and the chart of a traced person."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lbpsim.outcomes.lives import CFT_BEGINS, LIST_FULL, Life
from lbpsim.report.charts import picture
from lbpsim.report.charts.chart_files import UnknownKindError, kind_of
from lbpsim.report.charts.forms.lives import JOINS, disability_line, happenings, lanes
from lbpsim.report.charts.two_lives import draw, write
from tests.report.charts.test_charts import _boxes, _cut_off, _standing
from tests.report.test_trace_text import CONSULTED, END, HERE, JOINED, STUDY, life

OFF = replace(HERE, time=0.7, event="leaves work", rmdq_before=12.0, rmdq=12.0, lost_work=9000.0, health_care=800.0)
ON = replace(JOINED, time=1.2, event=CFT_BEGINS, rmdq_before=11.0, rmdq=11.0, on_cft_list=False, health_care=900.0)
BETTER = replace(END, rmdq_before=5.0, rmdq=5.0, qalys=1.4, health_care=2400.0, lost_work=20_000.0)
WORSE = replace(END, rmdq_before=13.0, rmdq=13.0, qalys=1.1, health_care=3100.0, lost_work=41_000.0)


def two() -> tuple[Life, Life]:
    return life("usual-care", HERE, CONSULTED, OFF, WORSE), life("other", HERE, CONSULTED, OFF, JOINED, ON, BETTER)


@given(st.lists(st.tuples(st.floats(0.0, 10.0), st.floats(0.1, 4.0)), max_size=25))
def test_names_cover_neither_each_other_nor_the_lines_of_others(names: list[tuple[float, float]]) -> None:
    names.sort(key=lambda name: name[0])
    found = lanes([start for start, _ in names], [width for _, width in names])
    for (i, (early, width)), (j, (late, _)) in combinations(enumerate(names), 2):
        if late < early + width:  # the later one's line passes where the earlier one's name would be
            assert found[i] > found[j]


def test_the_line_is_straight_between_events_and_upright_at_them() -> None:
    jump = replace(CONSULTED, rmdq_before=8.0, rmdq=6.0)
    times, scores = disability_line(STUDY, life("usual-care", HERE, jump, END))
    assert times == [2026.0, 2026.5, 2026.5, 2028.0, 2028.0]
    assert scores == pytest.approx([9.04, 8.0, 6.0, 9.04, 9.04])


def test_what_is_worth_a_name() -> None:
    assert [event.name for event in happenings(two()[1])] == ["leaves work", JOINS, "CFT begins"]
    operated = [replace(HERE, on_surgery_list=True), replace(HERE, time=1.0, event="surgery date or review")]
    assert [event.name for event in happenings(life("usual-care", *operated))] == ["operation"]


def test_a_full_list_is_named_once_with_how_often() -> None:
    away = replace(JOINED, event=LIST_FULL, on_cft_list=False)
    moments = [replace(one, time=time) for time, one in enumerate((HERE, JOINED, away, JOINED, away, JOINED, ON))]
    told = happenings(life("other", *moments))
    assert [(event.time, event.name) for event in told] == [(2, "list full (2 times)"), (5, JOINS), (6, "CFT begins")]
    (one,) = happenings(life("other", *moments[:3]))
    assert one.name == "list full"


def test_pain_that_comes_back_without_disability_is_told_so() -> None:
    back = replace(HERE, time=1.0, event="recurrence", rmdq_before=0.0)
    told = [happenings(life("usual-care", HERE, replace(back, rmdq=rmdq)))[0].name for rmdq in (0.0, 5.0)]
    assert told == ["pain recurs, no disability", "pain recurs"]


def test_the_dead_have_no_disability() -> None:
    dead = replace(CONSULTED, time=1.0, event="death", rmdq_before=7.0, rmdq=0.0, alive=False)
    assert disability_line(STUDY, life("usual-care", HERE, dead))[1][-1] == 7.0


def _words(figure: Figure) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in figure.texts)


def test_the_chart_says_who_where_they_part_and_what_it_came_to() -> None:
    figure = draw(STUDY, 17, two())
    FigureCanvasAgg(figure).draw()
    words = _words(figure)
    assert "Person 17: one life under two policies, Australia" in words
    assert "The lives part on 1 January 2027 (dashed)" in words
    assert "person 17 of a simulation of 10 people, seed 1" in words
    named = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert any("1.400" in text for text in named) and any("AUD 3,100" in text for text in named)
    assert [axes.get_title(loc="left") for axes in figure.axes[2:]] == [
        "Health care so far",
        "Lost work so far",
        "QALYs so far",
    ]


@pytest.mark.parametrize("number", [1, 2, 4])
def test_nothing_is_cut_off_or_covered(number: int) -> None:
    figure = draw(STUDY, 17, (two() * 2)[:number])
    FigureCanvasAgg(figure).draw()
    assert not _cut_off(figure)
    for (one, here), (other, there) in combinations(_boxes(_standing(figure)), 2):
        assert not here.overlaps(there), (one, other)


def test_lives_that_never_part_have_no_dashed_line() -> None:
    same = [life(name, HERE, CONSULTED, BETTER) for name in ("usual-care", "other")]
    assert "no policy ever touched this person" in _words(draw(STUDY, 3, same))
    assert "part on" not in _words(draw(STUDY, 3, same[:1]))


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_it_is_written_by_the_name_of_the_file(tmp_path: Path, kind: str) -> None:
    for name in ("one", "other"):
        write(STUDY, 17, two(), tmp_path / f"{name}.{kind}")
    content = (tmp_path / f"one.{kind}").read_bytes()
    assert content == (tmp_path / f"other.{kind}").read_bytes()
    assert content.startswith({"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[kind])


def test_other_kinds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownKindError, match="svg, png or pdf"):
        write(STUDY, 17, two(), tmp_path / "life.jpeg")
    assert kind_of(Path("A.SVG")) == "svg"


def test_many_events_are_all_named() -> None:
    """Twelve events within half a year stand one above the other."""
    crowd = [replace(OFF, time=0.4 + 0.04 * n, event=("leaves work", "returns to work")[n % 2]) for n in range(12)]
    lives = (life("usual-care", HERE, *crowd, WORSE), life("other", HERE, BETTER))
    figure = draw(STUDY, 17, lives)
    FigureCanvasAgg(figure).draw()
    names = [text for axes in figure.axes for text in axes.texts if text.get_gid() == "event"]
    assert len(names) == 12
    assert len({np.round(text.get_window_extent().y0) for text in names}) > 3
    assert not _cut_off(figure)
    assert picture(figure, "svg") == picture(draw(STUDY, 17, lives), "svg")
