"""What the lab holds while it is open, for all tabs: what is compared, how it got there, what is known of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lbpsim.lab import assumptions
from lbpsim.lab.assumptions import Assumption, Ranking
from lbpsim.lab.comparison import FOR_ALL, MOST, Comparison, Reading, read_all
from lbpsim.lab.draft import BLANK, Draft, Value
from lbpsim.lab.full_run import FullRun
from lbpsim.lab.levers import by_path
from lbpsim.lab.live_run import LiveRun
from lbpsim.lab.study_folder import Refused, StudyFolder
from lbpsim.study import Study

MOST_STEPS = 200  # that can be undone
MOST_ROWS = 40
LONGEST = 2000  # characters at a lever
PAUSE = 1.5  # seconds after which what is typed at a lever is another step
NEW = {"title": "New policy"}


@dataclass(frozen=True)
class View:
    """The state of the lab at one moment; `version` is another after every change.

    `shape` is another where the form has other fields than before, or other words than its user typed; `typed`: the
    version that each tab made last by typing.
    """

    comparison: Comparison
    reading: Reading
    version: int = 0
    shape: int = 0
    typed: Mapping[str, int] = field(default_factory=dict)

    def drawn_for(self, tab: str) -> tuple[int, int]:
        """Another value where the form of a tab is to be drawn anew; what its own user types leaves it as it is."""
        return self.shape, max((version for each, version in self.typed.items() if each != tab), default=0)


class Laboratory:
    """The lab of one study folder. Its methods change what is compared, in whatever tab they are asked for."""

    def __init__(self, folder: Path, *, workers: int | None = None) -> None:
        self.folder = StudyFolder(folder)
        self.base: Study = self.folder.base()
        self.ranking: Ranking = assumptions.ranking(self.folder.finished_runs, self.base.registry)
        self.run = LiveRun(workers)
        self.full_run = FullRun(self.folder.outputs)
        self._lock = threading.RLock()
        self._past: list[Comparison] = []
        self._at, self._when = "", 0.0  # where and when the last change was made: what is typed at once is one step
        comparison = self.folder.kept() or self._first()
        self.view = View(comparison, read_all(comparison, self.base))
        self.run.ask(self.view.reading.study)

    def close(self) -> None:
        """End all work."""
        self.run.close()
        self.full_run.stop()

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """The assumptions that are shown: those that matter most, and others that are set."""
        names = dict.fromkeys([*self.ranking.names, *self.view.comparison.assume])
        return assumptions.shown(names, self.base)

    def set(self, path: str, words: str, *, by: str = "") -> None:
        """Put words at a lever, or at an assumption (`for_all.` and its name)."""
        self._change(self._with(path, _short(words)), at=path, by=by)

    def set_row(self, path: str, row: int, column: int, words: str, *, by: str = "") -> None:
        """Put words into a row of a lever: at 0 when, at 1 how much."""
        draft = self.view.comparison.draft
        rows = [list(each) for each in draft.rows(_rows(path))]
        if not (0 <= row < len(rows) and column in (0, 1)):
            raise Refused("There is no such row")
        rows[row][column] = _short(words)
        self._change(
            self._with(path, tuple((when, amount) for when, amount in rows)), at=f"{path}.{row}.{column}", by=by
        )

    def pick(self, path: str, name: str, *, taken: bool, by: str = "") -> None:
        """Take one of several words at a lever, or leave it out; the others stay."""
        if path not in by_path() or by_path()[path].form != "several":
            raise Refused("There is no such lever")
        there = self.view.comparison.draft.picked(path)
        known = dict.fromkeys((*self.base.names_of_regions, *there))
        if name not in known:
            raise Refused("There is no such region")
        found = [each for each in known if (taken if each == name else each in there)]
        self._change(self._with(path, "\n".join(found)), at=f"{path}.{name}", by=by)

    def add_row(self, path: str) -> None:
        """Add an empty row to a lever."""
        rows = self.view.comparison.draft.rows(_rows(path))
        if len(rows) >= MOST_ROWS:
            raise Refused(f"{MOST_ROWS} rows are kept at most")
        self._change(self._with(path, (*rows, *BLANK)))

    def remove_row(self, path: str, row: int) -> None:
        """Take a row of a lever away."""
        rows = self.view.comparison.draft.rows(_rows(path))
        self._change(self._with(path, tuple(each for place, each in enumerate(rows) if place != row)))

    def edit(self, place: int) -> None:
        """Show the levers of another policy."""
        if not 0 <= place < len(self.view.comparison.drafts):
            raise Refused("There is no such policy")
        self._change(replace(self.view.comparison, edited=place))

    def add(self, name: str = "") -> None:
        """Put another policy beside the others: that of a file, or a copy of the one that is edited."""
        comparison = self.view.comparison
        if len(comparison.drafts) >= MOST:
            raise Refused(f"{MOST} policies can stand side by side. Remove one first")
        draft = self.folder.open(name) if name else self._copy()
        _refuse_twice(draft, comparison.drafts)
        drafts = (*comparison.drafts, draft)
        self._change(replace(comparison, drafts=drafts, edited=len(drafts) - 1))

    def open(self, name: str) -> None:
        """Put the policy of a file in the place of the one that is edited."""
        draft = self.folder.open(name)
        _refuse_twice(draft, self.view.comparison.others)
        self._change(self.view.comparison.with_draft(draft))

    def remove(self) -> None:
        """Take the policy that is edited away from the others."""
        comparison = self.view.comparison
        if len(comparison.drafts) == 1:
            raise Refused("One policy has to stay; open another in its place")
        self._change(replace(comparison, drafts=comparison.others, edited=0))

    def undo(self) -> None:
        """Go one step back."""
        with self._lock:
            if not self._past:
                raise Refused("There is nothing to undo")
            self._at = ""
            self._show(self._past.pop(), shape=True)

    def save(self, name: str, *, replacing: bool) -> str:
        """Save the policy that is edited as the file of this name; what was done, in words."""
        comparison, reading = self.view.comparison, self.view.reading
        mine = reading.problems[comparison.edited]
        if mine:
            raise Refused(f"Something is wrong at {', '.join(mine)}; put it right first")
        draft = replace(comparison.draft, name=name.strip().removesuffix(".yaml"))
        _refuse_twice(draft, comparison.others)
        file = self.folder.save(draft, replacing=replacing)
        self._change(comparison.with_draft(draft))
        return f"Saved as {file}"

    def save_assumptions(self) -> str:
        """Write the assumptions that are set into the study file; what was done, in words."""
        given = {name: words for name, words in self.view.comparison.assume.items() if words.strip()}
        if not given:
            raise Refused("No assumption is set here")
        if any(key.startswith(f"{FOR_ALL}.") for found in self.view.reading.problems for key in found):
            raise Refused("An assumption is wrong; put it right first")
        self.folder.write_assumptions(given)
        self.base = self.folder.base()
        self._change(self.view.comparison)
        return f"{len(given)} assumptions written into study.yaml, for every policy"

    def start_full_run(self, *, draws: int | None) -> str:
        """Start `lbpsim run` of the policies, which must be saved as they stand; what was done, in words."""
        comparison = self.view.comparison
        unsaved = [draft.title for draft in comparison.drafts if not self.folder.saved(draft)]
        if unsaved:
            raise Refused(f"A run is of files. Save first: {', '.join(unsaved)}")
        if self._unsaved_assumptions():
            raise Refused("A run is of files. Write the assumptions into study.yaml first")
        files = [self.folder.path / "study.yaml", *(self.folder.file(draft.name) for draft in comparison.drafts)]
        self.full_run.start(files, comparison.titles, draws)
        return "The run has begun"

    def _unsaved_assumptions(self) -> bool:
        study = self.view.reading.study
        return study is not None and dict(study.assume) != dict(self.base.assume)

    def _with(self, path: str, value: Value) -> Comparison:
        comparison = self.view.comparison
        name = path.removeprefix(f"{FOR_ALL}.")
        if path != name and isinstance(value, str):
            if name not in self.base.registry.parameters:
                raise Refused(f"There is no parameter {name[:60]}")
            return replace(comparison, assume=_set(comparison.assume, name, value))
        if path not in by_path() or isinstance(value, str) == (by_path()[path].form == "rows"):
            raise Refused("There is no such lever")
        return comparison.with_draft(comparison.draft.setting(path, value))

    def _change(self, comparison: Comparison, *, at: str = "", by: str = "") -> None:
        """Take up a change; `at`: the lever whose words are others, "" where the form has other fields."""
        with self._lock:
            typing = at and at == self._at and time.monotonic() - self._when < PAUSE
            if comparison != self.view.comparison and not typing:
                self._past = [*self._past[-MOST_STEPS + 1 :], self.view.comparison]
            self._at, self._when = at, time.monotonic()
            self._show(comparison, shape=not at, by=by)

    def _show(self, comparison: Comparison, *, shape: bool, by: str = "") -> None:
        before = self.view
        reading = read_all(comparison, self.base)
        version = before.version + 1
        typed = {**before.typed, by: version} if by else before.typed
        self.view = View(comparison, reading, version, before.shape + shape, typed)
        self.folder.keep(comparison)
        if reading.study != before.reading.study:
            self.run.ask(reading.study)

    def _first(self) -> Comparison:
        """What is compared where nothing was in work: the first policy of the folder that offers CFT, or a new one."""
        names = self.folder.names()
        drafts = [self.folder.open(name) for name in names[:1] if names]
        for name in names:
            if any(path.startswith("cft.") for path in self.folder.open(name).given):
                drafts = [self.folder.open(name)]
                break
        return Comparison(tuple(drafts) or (Draft("new-policy", NEW),))

    def _copy(self) -> Draft:
        """A copy of the draft that is edited, under a name and a title of its own."""
        comparison = self.view.comparison
        taken = {*self.folder.names(), *(draft.name for draft in comparison.drafts)}
        number = next(n for n in range(2, len(taken) + 3) if f"{comparison.draft.name}-{n}" not in taken)
        copied = comparison.draft.setting("title", f"{comparison.draft.title} {number}")
        return replace(copied, name=f"{comparison.draft.name}-{number}")


def _set(assume: Mapping[str, str], name: str, words: str) -> dict[str, str]:
    """The words of assumptions with others at one; one without words is as the study has it."""
    return {**assume, name: words} if words.strip() else {key: kept for key, kept in assume.items() if key != name}


def _refuse_twice(draft: Draft, others: Iterable[Draft]) -> None:
    if any(draft.name == other.name for other in others):
        raise Refused(f"{draft.name} is here already, as another policy")


def _rows(path: str) -> str:
    if path not in by_path() or by_path()[path].form != "rows":
        raise Refused("There is no such lever")
    return path


def _short(words: str) -> str:
    if len(words) > LONGEST:
        raise Refused(f"That has {len(words):,} characters; {LONGEST:,} are read at most")
    return words
