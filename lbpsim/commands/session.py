"""What all commands share that work in a folder of outputs: nobody else writes there, nothing of others is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console, RenderableType

from lbpsim.engine import compiled_engine
from lbpsim.report.folder_lock import held
from lbpsim.simulation import compile_engine
from lbpsim.simulation.engines import COMPILED, MODEL
from lbpsim.study import Study

COMPILING = "Compiling the rules of the model; this is needed once and takes under a minute."
NOTHING_TO_RESUME = "There is no unfinished work on the same inputs to take up in"


@dataclass(frozen=True)
class Session:
    """A command at work in a `folder`; it says what it does on a `console` unless it is to be `quiet`.

    `overwrite`: whether what the folder holds of other inputs may go.
    """

    folder: Path
    console: Console
    quiet: bool = False
    overwrite: bool = False

    @contextmanager
    def at_work(
        self, refuse: Callable[[], None], beginning: Iterable[str] = (), *, engine: str = COMPILED
    ) -> Iterator[None]:
        """Have the folder to oneself while the work is done; `beginning`: what is said before it.

        `refuse` raises InputErrors where the folder holds results of other inputs; it is not asked with `overwrite`.
        Raises FolderInUseError where somebody else writes there.
        """
        with held(self.folder):
            if not self.overwrite:
                refuse()
            self.say(*beginning)
            if engine == COMPILED and compiled_engine.needs_compiling(MODEL):
                self.say(COMPILING)
                compile_engine.start()
            yield

    def say_resumed(self, anything: bool) -> None:
        """Say that there was nothing to resume, where there was not."""
        if not anything:
            self.say(f"{NOTHING_TO_RESUME} {self.folder}: the work begins anew.")

    def say(self, *words: RenderableType, wrapped: bool = False) -> None:
        """Say texts, or show tables; texts run on past the width of the terminal unless they are to be `wrapped`."""
        for each in () if self.quiet else words:
            if isinstance(each, str):
                self.console.print(each, markup=False, highlight=False, soft_wrap=not wrapped)
            else:
                self.console.print(each)


def of_the_country(study: Study) -> Iterator[str]:
    """That the work is of the whole country, where a study is of a part of it."""
    if study.region is not None:
        yield (
            f"Published figures are of {study.country}, so they are compared with the whole country, not with "
            f"{study.region.name} alone."
        )
