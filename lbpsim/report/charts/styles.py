"""How charts are laid out and sized: for print, for a slide, for a column of text.

Every chart is laid out with the type of print. A page for a slide is laid out small and magnified when it is written,
so that its type comes out large; one for a column is laid out wide and shrunk. Text, lines and marks keep their
proportions, and each chart only has to say how many panels its page can bear.
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
class Style:
    """A way to lay out and size charts."""

    name: Literal["print", "slide", "column"]

    def choose(self, on_paper: Kind, slide: Kind, column: Kind) -> Kind:
        """The one of three that is meant for this style."""
        return {"print": on_paper, "slide": slide, "column": column}[self.name]

    def magnification(self, width: float) -> float:
        """How many times as large as laid out a page of this `width` (inches, as laid out) is written."""
        return self.choose(1.0, SLIDE_WIDTH / width, COLUMN_TYPE)


PRINT, SLIDE, COLUMN = Style("print"), Style("slide"), Style("column")
STYLES: dict[str, Style] = {style.name: style for style in (PRINT, SLIDE, COLUMN)}


def slide(width: float = 10.6) -> tuple[float, float]:
    """Size in inches of a slide as laid out; the narrower, the larger its type comes out."""
    return width, width / SLIDE_SHAPE


def column(height: float, width: float = COLUMN_WIDTH) -> tuple[float, float]:
    """Size in inches of a column as laid out; wider than a column of text where a chart cannot bear less."""
    return width, height
