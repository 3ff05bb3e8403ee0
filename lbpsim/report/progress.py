"""Progress of long work, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from lbpsim.simulation import runs


@contextmanager
def shown(console: Console, *, quiet: bool) -> Iterator[Callable[[runs.Progress], None]]:
    """Show scenario, person-years simulated and the time left; nothing when `quiet` or not on a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TextColumn("time left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task("compiling the rules (once) and starting", total=None)

        def tell(now: runs.Progress) -> None:
            words = f"{now.title[:48]}: {now.person_years:,.0f} of {now.all_person_years:,.0f} person-years"
            bar.update(task, total=now.pieces, completed=now.done, description=words)

        yield tell
