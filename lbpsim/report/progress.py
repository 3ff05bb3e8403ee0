"""Progress of long work, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from lbpsim.simulation import runs

Answered = Callable[[int, int], None]
MILLION = 1e6
LONGEST = 22  # of a title, to fit a line of 80


@contextmanager
def shown(console: Console, *, quiet: bool) -> Iterator[Callable[[runs.Progress], None]]:
    """Show scenario, person-years simulated and the time left; nothing when `quiet` or not on a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=10),
        TextColumn("{task.percentage:>3.0f}%, left"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task("compiling the rules (once) and starting", total=None)

        def tell(now: runs.Progress) -> None:
            lived, whole = now.person_years / MILLION, now.all_person_years / MILLION
            words = f"{now.title[:LONGEST]:{LONGEST}} {lived:.1f}/{whole:.1f} M person-years"
            bar.update(task, total=now.pieces, completed=now.done, description=words)

        yield tell


@contextmanager
def counted(title: str, console: Console, *, quiet: bool) -> Iterator[Answered]:
    """Show how many are done, of how many, and the time left; nothing when `quiet` or not on a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=10),
        TextColumn("{task.completed:.0f}/{task.total:.0f}, left"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task(title, total=1, visible=False)

        def tell(done: int, of: int) -> None:
            bar.update(task, total=of, completed=done, visible=True)

        yield tell
