"""A few people's life lines: who is chosen and why, and that the chart can be read."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from lbpsim.report.charts import NothingToDraw, picture
from lbpsim.report.charts.people import (
    KEPT,
    PEOPLE_A_REPLICATION,
    Portrait,
    keep_people,
    kept_people,
    picked,
    portraits,
    reduced,
    subject,
)
from lbpsim.report.charts.portraits import draw, gained
from lbpsim.report.charts.styles import STYLES, Style
from lbpsim.simulation.trace import parting, trace
from lbpsim.study import Study
from tests.pathways.small_country import shipped
from tests.report.charts.test_charts import _boxes, _cut_off, _standing
from tests.report.charts.test_two_lives import BETTER, WORSE
from tests.report.test_trace_text import CONSULTED, HERE, JOINED, life

NAMES = ("usual-care", "cft-rollout")


@pytest.fixture(scope="module")
def study() -> Study:
    whole = shipped()
    return replace(whole, policies=tuple(whole.policy(name) for name in NAMES), years=6, people=3000, replications=2)


@pytest.fixture(scope="module")
def found(study: Study) -> tuple[Portrait, ...]:
    return portraits(study, picked(study))


@pytest.fixture(scope="module")
def people(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    keep_people(study, folder)
    return folder / KEPT


def test_what_a_person_gains_is_said_and_that_nothing_is() -> None:
    usual, better = life("usual-care", HERE, CONSULTED, WORSE), life("other", HERE, JOINED, BETTER)
    same = life("other", HERE, JOINED, WORSE)
    assert gained(Portrait(1, "treated with CFT", (usual, better))) == "0.30 QALYs gained"
    assert gained(Portrait(1, "treated with CFT", (better, usual))) == "0.30 QALYs lost"
    assert gained(Portrait(1, "treated with CFT", (usual, same))) == "no QALYs gained or lost by the end"
    assert gained(Portrait(1, "not reached", (usual, usual))) == ""


def test_each_is_shown_for_something_else(found: tuple[Portrait, ...]) -> None:
    assert len({one.why for one in found}) == len(found) >= 3
    assert len({one.person for one in found}) == len(found)
    for one in found:
        same = one.why.startswith("not reached")
        assert (parting(one.lives) is None) == same
        assert one.lives[0].moments[-1].event == "end of the study"


def test_they_are_the_lives_that_trace_tells(study: Study, found: tuple[Portrait, ...]) -> None:
    for mine, theirs in zip(found[0].lives, trace(study, found[0].person), strict=True):
        assert mine.moments == theirs.moments
        assert np.array_equal(mine.sums, theirs.sums)


def test_of_large_studies_fewer_people_are_looked_at(study: Study) -> None:
    assert reduced(study) is study
    for people in ("all", 10**6):
        assert reduced(replace(study, people=people)).people == 2 * PEOPLE_A_REPLICATION  # type: ignore[arg-type]


def test_without_cft_there_is_nobody_to_show(study: Study) -> None:
    with pytest.raises(NothingToDraw, match="offers CFT"):
        subject(replace(study, policies=study.policies[:1]))


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_nothing_is_cut_off_or_covered(study: Study, people: Path, style: Style) -> None:
    figure = draw(study, people, style)
    FigureCanvasAgg(figure).draw()
    assert not _cut_off(figure)
    for (one, here), (other, there) in combinations(_boxes(_standing(figure)), 2):
        assert not here.overlaps(there), (one, other)


def test_the_same_bytes_again(study: Study, people: Path) -> None:
    assert picture(draw(study, people), "svg") == picture(draw(study, people), "svg")


def test_what_happened_is_kept_to_the_bit(study: Study, people: Path) -> None:
    assert kept_people(people) == picked(study)


@pytest.mark.parametrize("content", ["", "[1]", '[{"row": 3}]', "{"])
def test_people_that_cannot_be_read_are_not_drawn(study: Study, tmp_path: Path, content: str) -> None:
    (tmp_path / KEPT).write_text(content)
    with pytest.raises(NothingToDraw, match="run the study again"):
        draw(study, tmp_path / KEPT)
