"""Records of what was written: every file with its size and SHA-256, and a seal over the record itself.

Both are checked whenever something is read, so that a file that was cut, changed by a failing disk or by hand, or mixed
in from another run is known by name. They are against accidents and careless editing, not against forgery: whoever
means to can seal again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lbpsim import __version__
from lbpsim.report.files import write_whole
from lbpsim.study.files.errors import short

FILES, SEAL, MADE_BY = "files", "seal", "made_by"


class DamagedError(ValueError):
    """Something is not as it was written; the message names the file and says what is wrong with it."""


@dataclass(frozen=True)
class Record:
    """A record that was found as it was written: its `path`, and what it `told`."""

    path: Path
    told: Mapping[str, Any]

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files that were written with it, as seen from its folder."""
        return tuple(self.told[FILES])

    def content(self, name: str) -> bytes:
        """A file as it was written; raises DamagedError where it is not there, or not as it was."""
        file, about = self.path.parent / name, self.told[FILES][name]
        try:
            size = file.stat().st_size
            if size != about["bytes"]:
                raise DamagedError(self._other(name, f"it has {size:,} bytes, and {about['bytes']:,} were written"))
            content = file.read_bytes()
        except FileNotFoundError:
            raise DamagedError(f"{name} is missing, which was written with {self.path.name}") from None
        except OSError as problem:
            raise DamagedError(f"{name} cannot be read: {problem.strerror}") from problem
        if hashlib.sha256(content).hexdigest() != about["sha256"]:
            raise DamagedError(self._other(name, "its SHA-256 is another"))
        return content

    def check(self) -> None:
        """Raise DamagedError for the first file that is not as it was written."""
        for name in self.files:
            self.content(name)

    def _other(self, name: str, why: str) -> str:
        return f"{name} was not written by this {self.path.name}, or was changed since: {why}"


def write_record(path: Path, told: Mapping[str, Any], files: Iterable[str] = ()) -> None:
    """Write a record of this version, of all that it is `told`, and of `files`, which stand beside it or below."""
    described = {name: _described(path.parent / name) for name in files}
    content = {"lbpsim": __version__, **told, FILES: described}
    text = json.dumps({**content, SEAL: seal(content)}, indent=2, ensure_ascii=False, allow_nan=False)
    write_whole(path, f"{text}\n".encode())


def record_all(path: Path, told: Mapping[str, Any]) -> None:
    """Write a record of all that it is `told`, and of every file that stands beside it or below."""
    files = sorted(each for each in path.parent.rglob("*") if each.is_file())
    write_record(path, told, [each.relative_to(path.parent).as_posix() for each in files])


def read_record(path: Path) -> Record:
    """The record in a file; its files are checked as they are read.

    Raises DamagedError where it cannot be read, was changed after it was sealed, or is of another version.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise DamagedError(f"{path.name} cannot be read: {problem.strerror}") from problem
    except (ValueError, RecursionError) as problem:
        raise DamagedError(f"{path.name} is not what was written: it is no JSON") from problem
    version = told.get("lbpsim") if isinstance(told, dict) else None
    if isinstance(version, str) and version != __version__:
        raise DamagedError(
            f"{path.name} says that they were written by version {short(version)}, and this is {__version__}"
        )
    if not _sealed(told):
        raise DamagedError(f"these results were not written by this {path.name}: it was changed after it was sealed")
    return Record(path, told)


def found_whole(path: Path) -> Record | None:
    """The record in a file, with every file as it was written; None where there is none; raises as `read_record`."""
    if not path.exists():
        return None
    record = read_record(path)
    record.check()
    return record


def seal(told: Mapping[str, Any]) -> str:
    """SHA-256 of what a record tells, but for the seal itself; spaces and the order of keys do not matter.

    Raises ValueError where it holds what JSON has no number for.
    """
    rest = {key: value for key, value in told.items() if key != SEAL}
    return f"sha256:{hashlib.sha256(json.dumps(rest, sort_keys=True, allow_nan=False).encode()).hexdigest()}"


def _sealed(told: Any) -> bool:
    try:
        return isinstance(told, dict) and told.get(SEAL) == seal(told)
    except (ValueError, RecursionError):  # no number, or groups within groups without end
        return False


def _described(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
