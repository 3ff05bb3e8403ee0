"""The brief as one sheet of A4, drawn by the library that draws the charts: no browser, the same bytes every time.

Words stand at the top and at the bottom as high as they are; the chart has what is left between them. Where that would
be too little, all words are set smaller.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lbpsim.report.brief.chart import BELOW, LEFT, RIGHT, draw_on
from lbpsim.report.brief.content import Brief
from lbpsim.report.charts.chart_files import PDF_METADATA
from lbpsim.report.charts.page import Words, our_look
from lbpsim.report.charts.policy_styles import FAINT, INK, MUTED
from lbpsim.report.charts.styles import MM

WIDTH, HEIGHT = 210.0 * MM, 297.0 * MM  # inches
MARGIN, GUTTER = 16.0 * MM, 6.0 * MM
LEAST_CHART, MOST_CHART = 2.1, 3.4  # inches of height
SCALES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65)  # of the type, until all fits
KICKER, TITLE, LEAD, FIGURE, LABEL, HEADING, BODY, QUOTE, SMALL = 8.5, 17.0, 10.0, 13.0, 9.0, 10.5, 9.5, 11.0, 8.0
AIR, LITTLE = 0.16, 0.04  # inches between rows, and between words that belong together
RULE = 0.8  # points
OVER_WORDS = 4  # drawn after them, so that a reader of the file hears the title first


@dataclass(frozen=True)
class Row:
    """Columns side by side, each of words one below the other; `before`: inches above them; `ruled`: with a line."""

    columns: tuple[tuple[Words, ...], ...]
    before: float = AIR
    ruled: bool = False

    @property
    def inches(self) -> float:
        """How high it stands, with the room above it."""
        return self.before + max(sum(words.inches + LITTLE for words in column) for column in self.columns)

    def write(self, figure: Figure, top: float) -> None:
        """Write it from `top` inches below the upper edge on."""
        if self.ruled:
            figure.add_artist(_rule(top + self.before / 2.0))
        for column in self.columns:
            down = top + self.before
            for words in column:
                words.write(figure, top=down)
                down += words.inches + LITTLE


def pdf(brief: Brief) -> bytes:
    """The brief as a PDF of one page."""
    stream = io.BytesIO()
    with our_look():
        sheet(brief).savefig(stream, format="pdf", metadata={**PDF_METADATA, "Title": brief.title})
    return stream.getvalue()


def sheet(brief: Brief) -> Figure:
    """The brief as a figure of the size of the paper."""
    with our_look():
        figure = Figure(figsize=(WIDTH, HEIGHT))
        above, below, room = _fitting(brief)
        down = _written(figure, above, MARGIN)
        _chart(figure, brief, down, min(room, MOST_CHART))
        _written(figure, below, down + min(room, MOST_CHART))
        return figure


def _fitting(brief: Brief) -> tuple[list[Row], list[Row], float]:
    """Rows above and below the chart, and the inches between them, in the largest type that leaves it room."""
    for scale in SCALES:
        above, below = list(_above(brief, scale)), list(_below(brief, scale))
        room = HEIGHT - 2 * MARGIN - sum(row.inches for row in (*above, *below))
        if room >= LEAST_CHART:
            break
    return above, below, room


def _written(figure: Figure, rows: Iterable[Row], top: float) -> float:
    for row in rows:
        row.write(figure, top)
        top += row.inches
    return top


def _chart(figure: Figure, brief: Brief, top: float, height: float) -> None:
    place: tuple[float, float, float, float] = (
        *((MARGIN + LEFT) / WIDTH, 1.0 - (top + height - BELOW) / HEIGHT),
        *((WIDTH - 2 * MARGIN - LEFT - RIGHT) / WIDTH, (height - BELOW - AIR) / HEIGHT),
    )
    draw_on(figure.add_axes(place, zorder=OVER_WORDS), brief.results, brief.best)


def _above(brief: Brief, scale: float) -> Iterator[Row]:
    """From the name of the study to the title of the chart."""
    yield Row(((_words(brief.study, KICKER * scale, MUTED),),), before=0.0)
    yield Row(((_words(brief.title, TITLE * scale, bold=True),),), before=LITTLE)
    yield Row(((_words(brief.lead, LEAD * scale, MUTED),),), before=LITTLE)
    tiles = [
        [(number.figure, FIGURE, INK, True), (number.label, LABEL, INK, False), (number.interval, SMALL, MUTED, False)]
        for number in brief.numbers
    ]
    yield Row(tuple(_columns(tiles, scale)), before=2 * AIR, ruled=True)
    yield Row(((_words(brief.terms, SMALL * scale, MUTED),),))
    yield Row(((_words(brief.chart.title, HEADING * scale, bold=True),),), before=2 * AIR, ruled=True)


def _below(brief: Brief, scale: float) -> Iterator[Row]:
    """From the words under the chart to the foot."""
    yield Row(((_words(brief.chart.text, SMALL * scale, MUTED),),), before=0.0)
    doubts = [[(doubt.title, HEADING, INK, True), (doubt.text, BODY, INK, False)] for doubt in brief.doubts]
    yield Row(tuple(_columns(doubts, scale)), before=2 * AIR, ruled=True)
    quote = [(brief.quote.title, HEADING, INK, True), (brief.quote.text, QUOTE, INK, False)]
    yield Row(tuple(_columns([quote], scale)), before=2 * AIR, ruled=True)
    feet = [[(foot.title, LABEL, INK, True), (foot.text, SMALL, INK, False)] for foot in brief.feet]
    yield Row(tuple(_columns(feet, scale)), before=2 * AIR, ruled=True)
    yield Row(((_words(brief.foot, SMALL * scale, MUTED),),), before=AIR)


Line = tuple[str, float, str, bool]  # words, size, colour, whether bold


def _columns(contents: Iterable[Sequence[Line]], scale: float) -> Iterator[tuple[Words, ...]]:
    """Columns of equal width."""
    each = list(contents)
    wide = (WIDTH - 2 * MARGIN - GUTTER * (len(each) - 1)) / len(each)
    for place, lines in enumerate(each):
        left = MARGIN + place * (wide + GUTTER)
        sides = {"left": left, "right": WIDTH - left - wide}
        yield tuple(_words(text, size * scale, colour, bold=bold, **sides) for text, size, colour, bold in lines)


def _words(text: str, size: float, colour: str = INK, *, bold: bool = False, **sides: float) -> Words:
    where: dict[str, Any] = {"left": MARGIN, "right": MARGIN, **sides}
    return Words(text, size, WIDTH, colour, "bold" if bold else "normal", **where)


def _rule(down: float) -> Line2D:
    ends, height = [MARGIN / WIDTH, 1.0 - MARGIN / WIDTH], 1.0 - down / HEIGHT
    return Line2D(ends, [height, height], color=FAINT, linewidth=RULE)
