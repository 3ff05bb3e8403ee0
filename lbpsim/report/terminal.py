"""The look of tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.table import Table


def plain_table(
    title: str | None = None, caption: str | None = None, names: str | None = None, figures: Iterable[str] = ()
) -> Table:
    """A table with a rule below the heads alone, title and caption at the left.

    `names`: head of the names of rows, which are folded where they are long; `figures`: heads of columns at the right.
    """
    table = Table(
        title=title, caption=caption, box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0),
        title_justify="left", caption_justify="left",
    )  # fmt: skip
    if names is not None:
        table.add_column(names, overflow="fold")
    for head in figures:
        table.add_column(head, justify="right", no_wrap=True)
    return table
