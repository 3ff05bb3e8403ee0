"""Compilation of the rules by Numba, with a cache that can never run a stale rule.

Numba keeps compiled code by the file of each function and does not notice when a function *called* from another file
has changed. The cache folder is therefore named after a hash of every source file of the package: edit any rule, and
everything is compiled anew. A package that cannot be written to (a read-only installation) makes no difference,
because the folder lies with the user's caches.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numba

Rule = TypeVar("Rule", bound=Callable[..., object])


def source_hash(package: Path) -> str:
    """Hash of every Python source file of `package`, in hexadecimal."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder(package: Path) -> Path:
    """A folder for compiled code that belongs to exactly this state of the source, made if absent."""
    home = Path(os.environ.get("LBPSIM_CACHE") or Path.home() / ".cache" / "lbpsim")
    for root in (home, Path(tempfile.gettempdir()) / "lbpsim"):
        folder = root / source_hash(package)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="lbpsim-"))


numba.config.CACHE_DIR = str(cache_folder(Path(__file__).parents[1]))


def rule(function: Rule) -> Rule:
    """Compile `function`; the same text stays callable as plain Python with NUMBA_DISABLE_JIT=1."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)  # type: ignore[no-any-return]
