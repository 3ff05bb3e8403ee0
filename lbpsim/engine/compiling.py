"""Compilation of the rules by Numba, with a cache that can never run a stale rule.

Numba keeps compiled code by the file of each function and does not notice when a function *called* from another file
has changed. The cache folder is therefore named after a hash of every source file that holds a rule or is imported,
directly or not, by one that does: edit any of them, and everything is compiled anew. A package that cannot be written
to (a read-only installation) makes no difference, because the folder lies with the user's caches.
"""

from __future__ import annotations

import ast
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numba

RULES = "compiling import "
Rule = TypeVar("Rule", bound=Callable[..., object])


def source_hash(package: Path) -> str:
    """Hash of every Python source file of `package`, in hexadecimal."""
    return hash_of(sorted(package.rglob("*.py")), package)


def hash_of(files: Iterable[Path], package: Path) -> str:
    """Hash of the names and contents of source files of `package`, in hexadecimal."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in files:
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def rule_files(package: Path) -> list[Path]:
    """Source files of `package` on which compiled code can depend: those with rules, and all that these import."""
    found: set[Path] = set()
    ahead = [path for path in package.rglob("*.py") if RULES in path.read_text(encoding="utf-8")]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            ahead += _imported(path, package)
    return sorted(found)


def _imported(path: Path, package: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        places = [package.parent.joinpath(*name.split(".")) for name in names]
        yield from (
            file for place in places for file in (place.with_suffix(".py"), place / "__init__.py") if file.exists()
        )


def cache_folder(package: Path) -> Path:
    """A folder for compiled code that belongs to exactly this state of the rules, made if absent."""
    name = hash_of(rule_files(package), package)
    for root in _places():
        folder = root / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="lbpsim-"))  # private, and compiled anew each time


def _places() -> Iterator[Path]:
    if chosen := os.environ.get("LBPSIM_CACHE"):
        yield Path(chosen)
    try:
        yield Path.home() / ".cache" / "lbpsim"
    except RuntimeError:  # a user without a home
        return


numba.config.CACHE_DIR = str(cache_folder(Path(__file__).parents[1]))  # type: ignore[attr-defined]


SETTINGS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}
NO_ARRAYS: dict[str, Any] = {"_nrt": False}  # nobody counts who holds an array: a tenth of the time saved


def rule(function: Rule) -> Rule:
    """Compile `function`, which makes no arrays; the same text stays callable as plain Python with NUMBA_DISABLE_JIT=1.

    Numba refuses one that makes arrays with "NRT required but not enabled": use `array_rule`.
    """
    return numba.njit(**SETTINGS, **NO_ARRAYS)(function)


def inlined_rule(function: Rule) -> Rule:
    """As `rule`, and laid into the code of its callers: for small functions that are called at every event."""
    return numba.njit(**SETTINGS, **NO_ARRAYS, forceinline=True)(function)


def array_rule(function: Rule) -> Rule:
    """As `rule`, for a function that makes arrays."""
    return numba.njit(**SETTINGS)(function)
