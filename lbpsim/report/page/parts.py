"""What a page is made of: paragraphs, lists, tables and charts. How each looks is the business of the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lbpsim.report.narrative import Answer


@dataclass(frozen=True)
class Cell:
    """One cell of a table: its `text`, an interval or remark shown `below` it, a `mark` that says what kind it is.

    `link`: address of what the text refers to, on this page ("#...") or elsewhere; `links`: text and address of several
    such, in place of one text; `name`: the cell's own on the page, for links to it.
    """

    text: str
    below: str = ""
    mark: str = ""
    link: str = ""
    links: tuple[tuple[str, str], ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Head:
    """The head of a column; columns of numbers stand to the right, `long` ones get room for a sentence."""

    label: str
    number: bool = False
    long: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table whose first column names its rows; `key` is its own on the page.

    `choices`: kinds by which its rows can be filtered, the mark of the cell in column `chosen_by`; none: no filter.
    """

    key: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    choices: tuple[str, ...] = ()
    chosen_by: int = 0

    kind = "sheet"


@dataclass(frozen=True)
class Words:
    """A paragraph; of the `tone` "plain", "note" (a caution) or "small"."""

    text: str
    tone: str = "plain"

    kind = "words"


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: tuple[str, ...]

    kind = "points"


@dataclass(frozen=True)
class Heading:
    """A heading within a section; `key` is its own on the page."""

    key: str
    text: str

    kind = "heading"


@dataclass(frozen=True)
class Picture:
    """A chart: its `markup` (SVG or an image, safe to show), a name, how to read it, and its figures as a table.

    `wide`: needs the width of a page to be read, and scrolls in its own box where there is less.
    """

    key: str
    title: str
    markup: str
    caption: str
    sheet: Sheet | None = None
    wide: bool = True
    explored: bool = False

    kind = "picture"


@dataclass(frozen=True)
class Pictures:
    """Charts side by side where there is room, and the policies that can be switched on and off in them."""

    pictures: tuple[Picture, ...]

    kind = "pictures"


@dataclass(frozen=True)
class Folded:
    """Parts behind a line that opens them."""

    summary: str
    parts: tuple[Part, ...]

    kind = "folded"


@dataclass(frozen=True)
class Further:
    """An analysis that another command adds: what it shows, the command, and what to do `afterwards`."""

    what: str
    command: str
    afterwards: str = "Then `lbpsim report` with the folder of these results writes this page again."

    kind = "further"


@dataclass(frozen=True)
class Cards:
    """The answers, a card a policy."""

    answers: tuple[Answer, ...]

    kind = "cards"


@dataclass(frozen=True)
class Command:
    """A line to type, or several."""

    text: str

    kind = "command"


Part = Words | Points | Heading | Sheet | Picture | Pictures | Folded | Further | Cards | Command


@dataclass(frozen=True)
class Section:
    """A section of the page: `key` is its anchor."""

    key: str
    title: str
    parts: tuple[Part, ...] = field(default_factory=tuple)


def cells(*texts: str | Cell) -> tuple[Cell, ...]:
    """A row of a table from texts and cells."""
    return tuple(text if isinstance(text, Cell) else Cell(text) for text in texts)


def heads(*labels: str | Head, numbers: Sequence[str] = ()) -> tuple[Head, ...]:
    """Heads of columns: those in `labels`, then columns of `numbers`."""
    plain = (label if isinstance(label, Head) else Head(label) for label in labels)
    return (*plain, *(Head(label, number=True) for label in numbers))
