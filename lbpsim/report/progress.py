"""Progress of long work, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

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
    starting = "compiling the rules (once) and starting"
    with _bar(console, "{task.percentage:>3.0f}%, left", _left(), starting, quiet, total=None) as update:

        def tell(now: run.Progress) -> None:
            lived, whole = now.person_years / MILLION, now.all_person_years / MILLION
            words = f"{now.title[:LONGEST]:{LONGEST}} {lived:.1f}/{whole:.1f} M person-years"
            update(total=now.pieces, completed=now.done, description=words)

        yield tell


@contextmanager
def counted(title: str, console: Console, *, quiet: bool) -> Iterator[Answered]:
    """Show how many are done, of how many, and the time left; nothing when `quiet` or not on a terminal."""
    with _bar(console, "{task.completed:.0f}/{task.total:.0f}, left", _left(), title, quiet, visible=False) as update:
        yield lambda done, of: update(total=of, completed=done, visible=True)


@contextmanager
def in_stages(console: Console, *, quiet: bool) -> Iterator[Callable[[str, float], None]]:
    """Show what is being done and the share of all that is done; nothing when `quiet` or not on a terminal."""
    with _bar(console, "{task.percentage:>3.0f}%", TimeElapsedColumn(), "starting", quiet) as update:
        yield lambda what, done: update(completed=done, description=f"{what:30}")


@contextmanager
def simulating(console: Console, *, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show what is being done and how many of its simulations are done; nothing when `quiet` or not on a terminal."""
    counts = "{task.completed:>3.0f} of {task.total:.0f} simulations,"
    with _bar(console, counts, TimeElapsedColumn(), "starting", quiet) as update:
        yield lambda doing, done, of: update(total=of, completed=done, description=f"{doing[:LONGEST]:{LONGEST}}")


def _left() -> ProgressColumn:
    return TimeRemainingColumn(compact=True)


@contextmanager
def _bar(
    console: Console, counts: str, clock: ProgressColumn, title: str, quiet: bool, **task: Any
) -> Iterator[Callable[..., None]]:
    """Title, bar, counts and clock on a line that goes when all is done; gives what is told how far things are."""
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=10), TextColumn(counts), clock)
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        yield partial(bar.update, bar.add_task(title, **{"total": 1.0, **task}))
