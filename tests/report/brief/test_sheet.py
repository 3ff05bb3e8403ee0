"""The sheet: one page of A4, nothing over anything else, words that can be copied, the same bytes every time."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from pypdf import PdfReader

from lbpsim.outcomes.results import Results
from lbpsim.report.brief.content import Brief, Passage, brief_of
from lbpsim.report.brief.sheet import SCALES, pdf, sheet
from lbpsim.study.limits import LONGEST_TITLE

A4 = 595.3, 841.9  # points


@pytest.fixture(scope="module", params=["plain", "with_draws"])
def brief(request: pytest.FixtureRequest) -> Brief:
    return brief_of(request.getfixturevalue(request.param))


@pytest.fixture(scope="module")
def content(brief: Brief) -> bytes:
    """The sheet as a file."""
    return pdf(brief)


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text on a sheet, and where it stands."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    (axes,) = figure.axes
    level, upright = axes.get_xlim(), axes.get_ylim()
    ticks = [each.label1 for each in axes.xaxis.get_major_ticks() if level[0] <= each.get_loc() <= level[1]]
    ticks += [each.label1 for each in axes.yaxis.get_major_ticks() if upright[0] <= each.get_loc() <= upright[1]]
    texts = [text for text in (*figure.texts, *axes.texts, *ticks, axes.yaxis.label) if text.get_text().strip()]
    return [(text.get_text(), text.get_window_extent(renderer)) for text in texts]


def check_apart(figure: Figure) -> None:
    found, page = boxes(figure), figure.bbox
    assert len(found) > 25
    for text, box in found:
        assert page.x0 < box.x0 and box.x1 < page.x1 and page.y0 < box.y0 and box.y1 < page.y1, text
    for (one, here), (other, there) in combinations(found, 2):
        assert not here.shrunk(0.98, 0.9).overlaps(there.shrunk(0.98, 0.9)), (one, other)


def read(content: bytes) -> str:
    (page,) = PdfReader(io.BytesIO(content)).pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4, abs=1.0)
    return " ".join(page.extract_text().split())


def test_one_page_of_a4_whose_words_can_be_copied(brief: Brief, content: bytes) -> None:
    text = read(content)
    passages = [part for each in (*brief.doubts, *brief.feet, brief.quote) for part in (each.title, each.text)]
    numbers = [part for each in brief.numbers for part in (each.figure, each.label, each.interval)]
    for said in (brief.study, brief.title, brief.lead, brief.terms, brief.foot, *passages, *numbers):
        assert " ".join(said.split()) in text, said


def test_the_title_is_read_first_and_the_chart_last(brief: Brief, content: bytes) -> None:
    assert read(content).startswith(f"{brief.study} {brief.title}")


def test_the_same_bytes_and_nothing_of_today_or_this_machine(brief: Brief, content: bytes) -> None:
    assert content == pdf(brief)
    assert dict(PdfReader(io.BytesIO(content)).metadata or {}) == {"/Title": brief.title}


def test_nothing_stands_over_anything_else(brief: Brief) -> None:
    check_apart(sheet(brief))


def test_the_longest_titles_are_set_smaller_and_fit(with_draws: Results) -> None:
    long = "Policy " * (LONGEST_TITLE // 7)
    study = replace(
        with_draws.study,
        title=long,
        policies=tuple(
            replace(each, title=f"{long[: LONGEST_TITLE - 3]}{n}") for n, each in enumerate(with_draws.study.policies)
        ),
    )
    brief = brief_of(replace(with_draws, study=study))
    figure = sheet(brief)
    check_apart(figure)
    assert min(text.get_fontsize() for text in figure.texts) >= 8.0 * SCALES[-1]
    assert "Policy Policy" in read(pdf(brief))


def test_words_without_end_still_leave_one_page(brief: Brief) -> None:
    longer = replace(brief, doubts=tuple(Passage(each.title, each.text * 2) for each in brief.doubts))
    check_apart(sheet(longer))
    read(pdf(longer))


def test_grey_is_enough(brief: Brief) -> None:
    """Words are dark, and no two lines look alike but for their colour."""
    figure = sheet(brief)
    assert {str(text.get_color()) for text in figure.texts} <= {"#1a1a1a", "#5f5f5f"}
    courses = [line for line in figure.axes[0].lines if len(line.get_xdata()) == len(brief.results.years)]
    assert len({(line.get_linestyle(), line.get_marker()) for line in courses}) == len(courses)
