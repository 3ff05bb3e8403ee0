"""Progress of long work, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from lbpsim.simulation import run

MILLION = 1e6
LONGEST = 22  # of a title, to fit a line of 80
Answered = Callable[[int, int], None]  # told how many questions are answered, and of how many


@contextmanager
def shown(console: Console, *, quiet: bool) -> Iterator[Callable[[run.Progress], None]]:
    """Show scenario, person-years simulated and the time left; nothing when `quiet` or not on a terminal."""
    with _bar(console, "{task.percentage:>3.0f}%, left", _left(), quiet=quiet) as bar:
        task = bar.add_task("compiling the rules (once) and starting", total=None)

        def tell(now: run.Progress) -> None:
            lived, whole = now.person_years / MILLION, now.all_person_years / MILLION
            words = f"{now.title[:LONGEST]:{LONGEST}} {lived:.1f}/{whole:.1f} M person-years"
            bar.update(task, total=now.pieces, completed=now.done, description=words)

        yield tell


@contextmanager
def counted(title: str, console: Console, *, quiet: bool) -> Iterator[Answered]:
    """Show how many are done, of how many, and the time left; nothing when `quiet` or not on a terminal."""
    with _bar(console, "{task.completed:.0f}/{task.total:.0f}, left", _left(), quiet=quiet) as bar:
        task = bar.add_task(title, total=1, visible=False)

        def tell(done: int, of: int) -> None:
            bar.update(task, total=of, completed=done, visible=True)

        yield tell


@contextmanager
def in_stages(console: Console, *, quiet: bool) -> Iterator[Callable[[str, float], None]]:
    """Show what is being done and the share of all that is done; nothing when `quiet` or not on a terminal."""
    with _bar(console, "{task.percentage:>3.0f}%", TimeElapsedColumn(), quiet=quiet) as bar:
        task = bar.add_task("starting", total=1.0)

        def tell(what: str, done: float) -> None:
            bar.update(task, completed=done, description=f"{what:30}")

        yield tell


@contextmanager
def simulating(console: Console, *, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show what is being done and how many of its simulations are done; nothing when `quiet` or not on a terminal."""
    counts = "{task.completed:>3.0f} of {task.total:.0f} simulations,"
    with _bar(console, counts, TimeElapsedColumn(), quiet=quiet) as bar:
        task = bar.add_task("starting", total=1)

        def tell(doing: str, done: int, of: int) -> None:
            bar.update(task, total=of, completed=done, description=f"{doing[:LONGEST]:{LONGEST}}")

        yield tell


def _left() -> ProgressColumn:
    return TimeRemainingColumn(compact=True)


def _bar(console: Console, counts: str, clock: ProgressColumn, *, quiet: bool) -> Progress:
    """Title, bar, counts and clock on a line that goes when all is done."""
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=10), TextColumn(counts), clock)
    return Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True)
