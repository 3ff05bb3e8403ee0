"""Keys: clear of titles of panels, and of the source line."""

from __future__ import annotations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from lbpsim.report.charts.forms.keys import key_above, key_below, spot, stroke, swatch
from lbpsim.report.charts.page import Panels, framed
from lbpsim.report.charts.styles import FULL, PRINT

ENTRIES = (swatch("filled", "red", "//"), stroke("line", color="k"), spot("mark", "D", color="k"))


@pytest.mark.parametrize("titles", [("one", "two\nlines\nand three"), ("a\nb", "c")])
def test_a_key_above_is_clear_of_all_titles(titles: tuple[str, str]) -> None:
    figure, grid = framed(Panels(columns=2, above=1.2), PRINT.sheet(FULL), "title", "subtitle", "source")
    for axes, title in zip(grid[0], titles, strict=True):
        axes.set_title(title, loc="left", size=9)
    key_above(grid[0][0], ENTRIES, 3)
    FigureCanvasAgg(figure).draw()
    foot = figure.legends[0].get_window_extent().y0
    assert foot > max(axes._left_title.get_window_extent().y1 for axes in grid[0])
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["filled", "line", "mark"]


@pytest.mark.parametrize("source", ["short", "a long source line " * 20])
def test_a_key_below_stands_between_panels_and_source(source: str) -> None:
    figure, grid = framed(Panels(below=1.0), PRINT.sheet(FULL), "title", "subtitle", source)
    key_below(figure, ENTRIES)
    FigureCanvasAgg(figure).draw()
    box = figure.legends[0].get_window_extent()
    (line,) = [text for text in figure.texts if text.get_gid() == "source"]
    assert line.get_window_extent().y1 < box.y0 and box.y1 < grid[0, 0].get_window_extent().y0
