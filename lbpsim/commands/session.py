"""What all commands share that work in a folder of outputs: nobody else writes there, nothing of others is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType

from lbpsim.engine import compiled_engine
from lbpsim.report.earlier_run import refuse_other_record
from lbpsim.report.file_names import UNFINISHED
from lbpsim.report.folder_lock import held
from lbpsim.simulation import compile_engine
from lbpsim.simulation.checkpoints import anything_kept, remove_saved
from lbpsim.simulation.engines import COMPILED, MODEL
from lbpsim.study import Study

COMPILING = "Compiling the rules of the model; this is needed once and takes under a minute."
NOTHING_TO_RESUME = "There is no unfinished work on the same inputs to take up in"
Earlier = Callable[[Path], Iterable[Path]]


@dataclass(frozen=True)
class Session:
    """A command at work in a `folder`; it says what it does on a `console` unless it is to be `quiet`.

    `overwrite`: whether what the folder holds of other inputs may go. `resume`: whether work that an interruption left
    there is taken up.
    """

    folder: Path
    console: Console
    quiet: bool = False
    overwrite: bool = False
    resume: bool = False

    @property
    def unfinished(self) -> Path:
        """Where pieces are kept until all is done."""
        return self.folder / UNFINISHED

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

    def answering(
        self, record: str, asked: Mapping[str, Any], study: Study, earlier: Earlier, beginning: Iterable[str] = ()
    ) -> AbstractContextManager[None]:
        """As `at_work`, for what is `asked` of a study and answered with a `record`; `earlier`: the files of a folder
        that an earlier answer left there.
        """
        refuse = partial(refuse_other_record, self.folder / record, asked, study, earlier(self.folder))
        return self.at_work(refuse, beginning)

    def take_up(self, inputs: str = "") -> None:
        """Take up unfinished work of these `inputs`, or say that there is none; or begin anew, where that is meant."""
        if not self.resume:
            remove_saved(self.unfinished)
        elif not anything_kept(self.unfinished / inputs):
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
