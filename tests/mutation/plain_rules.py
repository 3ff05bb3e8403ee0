"""Takes the place of `lbpsim.engine.numba_cache` in a scratch copy: rules run as plain Python, nothing is compiled.

Compiled code reads fields of records as attributes; of NumPy's arrays only record arrays offer that, so every rule
turns what it is given into those.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np


def as_records(value: Any) -> Any:
    """A structured array, or one of its rows, with fields as attributes and the same memory; anything else as it is."""
    if isinstance(value, np.void) and not isinstance(value, np.record) and value.dtype.names:
        row = value.__array_interface__["data"][0] - value.base.__array_interface__["data"][0]
        return np.atleast_1d(value.base)[row // value.dtype.itemsize :].view(np.recarray)[0]
    if isinstance(value, np.ndarray) and value.dtype.names and not isinstance(value, np.recarray):
        return value.view(np.recarray)
    return value


def rule(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function itself, given records."""

    @functools.wraps(function)
    def plain(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*map(as_records, arguments))

    return plain


inlined_rule = array_rule = rule


def source_hash(package: Path) -> str:
    """Nothing is compiled, so nothing is kept."""
    return "plain"


def hash_of(files: Iterable[Path], package: Path) -> str:
    """Nothing is compiled, so nothing is kept."""
    return "plain"


def cache_folder(package: Path) -> Path:
    """Nothing is compiled, so nothing is kept."""
    raise RuntimeError("plain rules have no compiled code: leave out tests that run the compiled engine")


def tell(message: str) -> None:
    """Nothing is compiled, so there is nothing to say."""
