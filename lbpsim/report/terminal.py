"""The look of tables on a terminal."""

from __future__ import annotations

from rich import box
from rich.table import Table


def plain_table(title: str | None = None, caption: str | None = None) -> Table:
    """A table without columns yet: a rule below the heads alone, title and caption at the left."""
    return Table(
        title=title, caption=caption, box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0),
        title_justify="left", caption_justify="left",
    )  # fmt: skip
