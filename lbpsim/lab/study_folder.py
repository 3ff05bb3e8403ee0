"""The folder of the study, the only place where the lab writes: policy files, what is in work, assumptions for all."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from lbpsim.lab.comments import with_comments
from lbpsim.lab.comparison import Comparison
from lbpsim.lab.draft import SUFFIX, Draft, opened, read
from lbpsim.lab.writing import quoted, written
from lbpsim.report.files import write_whole
from lbpsim.study import InputErrors, Problem, Study, load
from lbpsim.study.files.plain_fields import Name, reserved
from lbpsim.study.files.reader import NO_POLICIES, STUDY

IN_WORK = ".lbpsim-lab.json"  # hidden: no scenario
OUTPUTS = Path("outputs", "lab")
LARGEST = 1_000_000  # bytes of what is in work; more was not written here
ASSUME = "assume"
A_NAME = "A name is a letter, then letters, digits, hyphens and underscores, such as cft-rollout"


class Refused(Exception):  # noqa: N818 - it is told to the user, who can put it right
    """Something is not done; the message says why and what would be right."""


@dataclass(frozen=True)
class StudyFolder:
    """A folder with a study file; every path that the lab uses is made here, and lies within it."""

    path: Path

    def base(self) -> Study:
        """The study with its comparator alone, as its files have it; raises InputErrors."""
        return load(self.path / f"{STUDY}{SUFFIX}").of_comparator

    @property
    def outputs(self) -> Path:
        """Where a run that the lab starts puts its results."""
        return self.path / OUTPUTS

    @property
    def finished_runs(self) -> tuple[Path, ...]:
        """Folders of results within the folder, the last first."""
        found = [file.parent for file in (self.path / "outputs").glob("*/run.json")]
        return tuple(sorted(found, key=lambda folder: (folder / "run.json").stat().st_mtime, reverse=True))

    def names(self) -> tuple[str, ...]:
        """Names of the policies that can be opened."""
        usual = self.base().comparator
        files = (file for file in sorted(self.path.glob(f"*{SUFFIX}")) if not file.name.startswith("."))
        return tuple(file.stem for file in files if file.stem not in (*NO_POLICIES, usual))

    def file(self, name: str) -> Path:
        """The file of a policy; raises Refused for a name that no policy here can have."""
        if not re.fullmatch(Name.pattern, name) or reserved(name):
            raise Refused(f"“{name[:60]}” cannot name a policy. {A_NAME}")
        if name.lower() in (*NO_POLICIES, self.base().comparator.lower()):
            raise Refused(f"{name}{SUFFIX} is not a policy of the lab's. Choose another name")
        return self.path / f"{name}{SUFFIX}"

    def open(self, name: str) -> Draft:
        """The draft of a policy file; raises Refused where it is not there, InputErrors where it is wrong."""
        file = self.file(name)
        if not file.is_file() or file.is_symlink():
            raise Refused(f"There is no policy {name}{SUFFIX} in {self.path}")
        load(file)
        return opened(file)

    def save(self, draft: Draft, *, replacing: bool) -> Path:
        """Write the file of a draft that is right, and read it again; raises Refused, and leaves what was there.

        `replacing`: whether a file of this name that holds anything else may go; its comments stay.
        """
        file, before = self.file(draft.name), self._before(draft)
        text = written(draft) if before is None else _commented(written(draft), before)
        if before is not None and before != text.encode() and not replacing:
            raise Refused(
                f"{file.name} is there already, and holds something else. Tick “Replace” or choose another name"
            )
        write_whole(file, text.encode())
        try:
            self._check_written(file, draft)
        except (InputErrors, Refused) as wrong:
            _restore(file, before)
            raise Refused(f"{file.name} was not written: {wrong}") from None
        return file

    def _before(self, draft: Draft) -> bytes | None:
        file = self.file(draft.name)
        if file.is_symlink():
            raise Refused(f"{file.name} is a link to another place, where the lab does not write")
        return file.read_bytes() if file.is_file() else None

    def _check_written(self, file: Path, draft: Draft) -> None:
        """Raise where the file does not read as the draft, or the folder is no study with it."""
        study = load(self.path)
        problems: list[Problem] = []
        meant = read(draft, study, problems)
        if meant is None or replace(meant, file=None) != replace(study.policy(draft.name), file=None):
            raise Refused("it would not read as it stands here")

    def saved(self, draft: Draft) -> bool:
        """Whether the file of a draft holds just what the draft says."""
        try:
            return opened(self.file(draft.name)).given == draft.given
        except (Refused, OSError):
            return False

    def write_assumptions(self, words: Mapping[str, str]) -> None:
        """Set these assumptions in the study file, for every policy; raises Refused, and leaves what was there."""
        file = self.path / f"{STUDY}{SUFFIX}"
        before = file.read_bytes()
        text = _with_assumptions(before.decode("utf-8"), words)
        write_whole(file, text.encode())
        try:
            load(self.path)
        except InputErrors as wrong:
            _restore(file, before)
            raise Refused(f"{file.name} was left as it was: {wrong}") from None

    def keep(self, comparison: Comparison) -> None:
        """Keep what is in work."""
        write_whole(self.path / IN_WORK, json.dumps(comparison.stored(), indent=1).encode())

    def kept(self) -> Comparison | None:
        """What was in work when the lab was last open; None where there is nothing, or nothing that can be read."""
        file = self.path / IN_WORK
        try:
            if file.stat().st_size > LARGEST:
                return None
            return Comparison.of(json.loads(file.read_bytes()), self.base().registry)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None


def _commented(text: str, before: bytes) -> str:
    """A text with the comments of a file; without them where the file is none that can be read."""
    try:
        return with_comments(text, before.decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        return text


def _restore(file: Path, before: bytes | None) -> None:
    if before is None:
        file.unlink(missing_ok=True)
    else:
        write_whole(file, before)


def _with_assumptions(text: str, words: Mapping[str, str]) -> str:
    """The text of a study file that sets these assumptions too, at its end; all else stands as it stood."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    there: dict[str, str] = {}
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == ASSUME:
            there = {name.value: amount.value for name, amount in value.value}
            end = value.end_mark.index if value.flow_style else value.value[-1][1].end_mark.index
            after = text.find("\n", end) + 1 or len(text)
            text = text[: key.start_mark.index] + text[after:]
    lines = [f"  {name}: {quoted(value.strip())}\n" for name, value in {**there, **words}.items()]
    return f"{text.rstrip()}\n\n{ASSUME}:\n{''.join(lines)}"
