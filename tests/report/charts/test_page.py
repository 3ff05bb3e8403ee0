"""The page of a chart: as high as what stands on it, unless it is a slide."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from lbpsim.report.charts import picture
from lbpsim.report.charts.page import Panels, framed, our_look
from lbpsim.report.charts.styles import FULL, PRINT, SLIDE, SLIDE_SHAPE, STYLES, Style


def sized(panels: Panels, style: Style, subtitle: str = "how to read it") -> tuple[Figure, float]:
    """A figure, and the inches of its first panel."""
    figure, grid = framed(panels, style.sheet(FULL), "title", subtitle, "source")
    return figure, float(grid[0, 0].get_position().height * figure.get_figheight())


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("words", ["short", "so many words that they take lines " * 30])
def test_panels_are_as_high_as_wanted_whatever_is_said(style: Style, words: str) -> None:
    figure, tall = sized(Panels(rows=2, tall=(2.0, 1.0)), style, words)
    if style is SLIDE:
        assert figure.get_figwidth() / figure.get_figheight() == pytest.approx(SLIDE_SHAPE)
    else:
        assert tall == pytest.approx(2.0)


def test_rows_share_a_slide_as_their_inches_have_it() -> None:
    figure, grid = framed(Panels(rows=2, tall=(2.0, 1.0)), SLIDE.sheet(FULL), "title", "subtitle", "source")
    heights = [axes.get_position().height for axes in grid[:, 0]]
    assert heights[0] == pytest.approx(2.0 * heights[1])
    assert figure.get_figwidth() == FULL.slide


def test_more_rows_make_a_higher_page() -> None:
    one, two = (sized(Panels(rows=rows, down=0.5), PRINT)[0].get_figheight() for rows in (1, 2))
    assert two - one == pytest.approx(Panels().heights[0] + 0.5)


def test_dollars_in_a_title_are_dollars_not_mathematics() -> None:
    with our_look():
        figure = Figure()
        figure.text(0.1, 0.1, r"Sessions at $5 \or $6")  # as mathematics it could not be drawn
    assert b"<svg" in picture(figure, "svg")
