"""A few people's life lines: who is chosen and why, and that the chart can be read."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from lbpsim.outcomes.lives import Portrait
from lbpsim.report.charts import NothingToDraw, picture
from lbpsim.report.charts.portraits import draw, gained
from lbpsim.report.charts.styles import STYLES, Style
from lbpsim.report.lives_file import KEPT, keep_lives, kept_lives
from lbpsim.study import Study
from tests.report.charts.test_charts import _boxes, _cut_off, _standing
from tests.report.charts.test_two_lives import BETTER, WORSE
from tests.report.test_trace_text import CONSULTED, HERE, JOINED, life


@pytest.fixture(scope="module")
def people(pictured: tuple[Portrait, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    keep_lives(pictured, folder)
    return folder / KEPT


def test_what_a_person_gains_is_said_and_that_nothing_is() -> None:
    usual, better = life("usual-care", HERE, CONSULTED, WORSE), life("other", HERE, JOINED, BETTER)
    same = life("other", HERE, JOINED, WORSE)
    assert gained(Portrait(1, "treated with CFT", (usual, better), 60)) == "0.30 QALYs gained"
    assert gained(Portrait(1, "treated with CFT", (better, usual), 60)) == "0.30 QALYs lost"
    assert gained(Portrait(1, "treated with CFT", (usual, same), 60)) == "no QALYs gained or lost by the end"
    assert gained(Portrait(1, "not reached", (usual, usual), 60)) == ""


def test_without_cft_there_is_nobody_to_show(rollout: Study, people: Path) -> None:
    usual = replace(rollout, policies=rollout.policies[:1])
    with pytest.raises(NothingToDraw, match="offers CFT"):
        draw(usual, people)


def test_where_nobody_stays_there_is_nobody_to_show(rollout: Study, tmp_path: Path) -> None:
    keep_lives((), tmp_path)
    with pytest.raises(NothingToDraw, match="from its start to its end"):
        draw(rollout, tmp_path / KEPT)


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_nothing_is_cut_off_or_covered(rollout: Study, people: Path, style: Style) -> None:
    figure = draw(rollout, people, style)
    FigureCanvasAgg(figure).draw()
    assert not _cut_off(figure)
    for (one, here), (other, there) in combinations(_boxes(_standing(figure)), 2):
        assert not here.overlaps(there), (one, other)


def test_the_same_bytes_again(rollout: Study, people: Path) -> None:
    assert picture(draw(rollout, people), "svg") == picture(draw(rollout, people), "svg")


def test_lives_are_kept_to_the_bit(pictured: tuple[Portrait, ...], people: Path) -> None:
    for kept, lived in zip(kept_lives(people), pictured, strict=True):
        assert (kept.person, kept.why) == (lived.person, lived.why)
        assert [(life.policy, life.moments) for life in kept.lives] == [
            (life.policy, life.moments) for life in lived.lives
        ]


def test_where_people_live_is_kept_and_told(
    rollout: Study, pictured: tuple[Portrait, ...], people: Path, tmp_path: Path
) -> None:
    assert "region" not in people.read_text("utf-8"), "where the study knows of none"
    lives = [tuple(replace(each, region="The North") for each in one.lives) for one in pictured]
    keep_lives([replace(one, lives=each) for one, each in zip(pictured, lives, strict=True)], tmp_path)
    assert {each.region for one in kept_lives(tmp_path / KEPT) for each in one.lives} == {"The North"}
    assert any("\nThe North\n" in text.get_text() for text in draw(rollout, tmp_path / KEPT).texts)


@pytest.mark.parametrize("content", ["", "[1]", '[{"person": 3}]', "{"])
def test_people_that_cannot_be_read_are_not_drawn(rollout: Study, tmp_path: Path, content: str) -> None:
    (tmp_path / KEPT).write_text(content)
    with pytest.raises(NothingToDraw, match="run the study again"):
        draw(rollout, tmp_path / KEPT)
