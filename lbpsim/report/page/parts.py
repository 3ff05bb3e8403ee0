"""What sections hand to their templates: cells and heads of tables, and charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


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


Row = Sequence[Cell | str]


@dataclass(frozen=True)
class Head:
    """The head of a column; columns of numbers stand to the right, `long` ones get room for a sentence."""

    label: str
    number: bool = False
    long: bool = False


@dataclass(frozen=True)
class Curve:
    """A chart by year: its `markup` (SVG, safe to show), a title, how to read it, its figures as a table.

    `unit`: of the figures; `heads` and `rows`: of the table.
    """

    key: str
    title: str
    markup: str
    caption: str
    unit: str
    heads: tuple[Head, ...]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Section:
    """A section of the page: `key` is its anchor, `values` are what its `template` shows."""

    key: str
    title: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


def numbers(labels: Iterable[str]) -> list[Head]:
    """Heads of columns of numbers."""
    return [Head(label, number=True) for label in labels]
