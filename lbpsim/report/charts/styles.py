"""How charts are laid out and sized: for print, for a slide, for a column of text.

Every chart is laid out with the type of print. A page for a slide is laid out small and magnified when it is written,
so that its type comes out large; one for a column is laid out wide and shrunk. Text, lines and marks keep their
proportions, and each chart only has to say how many panels its page can bear, and which of a few widths it takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

Kind = TypeVar("Kind")

MM = 1.0 / 25.4  # inches
SLIDE_WIDTH, SLIDE_SHAPE = 40.0 / 3.0, 16.0 / 9.0  # inches, and width to height
COLUMN_TYPE = 0.7  # of the type of print
COLUMN_WIDTH = 85.0 * MM / COLUMN_TYPE  # inches as laid out


@dataclass(frozen=True)
class Widths:
    """How wide a chart is as laid out (inches): on paper, on a slide (the narrower, the larger its type comes out), and
    in a column: wider than a column of text where a chart cannot bear less.
    """

    paper: float
    slide: float
    column: float


LINES = Widths(10.0, 11.0, COLUMN_WIDTH)  # panels one below the other, with names at the right
FULL = Widths(12.5, 12.5, 6.4)  # panels side by side
ROWS = Widths(11.5, 10.8, 9.0)  # a policy or a person a row, named at the left


@dataclass(frozen=True)
class Sheet:
    """A page as laid out: its `width`, and its `height` in inches; 0: as high as what stands on it."""

    width: float
    height: float = 0.0


@dataclass(frozen=True)
class Style:
    """A way to lay out and size charts."""

    name: Literal["print", "slide", "column"]

    def __reduce__(self) -> str:
        return self.name.upper()  # in another process, too, it is one of the three below, not another like it

    def choose(self, on_paper: Kind, slide: Kind, column: Kind) -> Kind:
        """The one of three that is meant for this style."""
        return {"print": on_paper, "slide": slide, "column": column}[self.name]

    def sheet(self, widths: Widths) -> Sheet:
        """The page of a chart of these widths."""
        width = self.choose(widths.paper, widths.slide, widths.column)
        return Sheet(width, self.choose(0.0, width / SLIDE_SHAPE, 0.0))

    def magnification(self, width: float) -> float:
        """How many times as large as laid out a page of this `width` (inches, as laid out) is written."""
        return self.choose(1.0, SLIDE_WIDTH / width, COLUMN_TYPE)


PRINT, SLIDE, COLUMN = Style("print"), Style("slide"), Style("column")
STYLES: dict[str, Style] = {style.name: style for style in (PRINT, SLIDE, COLUMN)}
