"""The lives of a few people, kept with a run so that their chart needs no simulation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from lbpsim.outcomes.lives import Portrait
from lbpsim.report.files import write_whole

KEPT = "lives.json"


def keep_lives(portraits: Sequence[Portrait], folder: Path) -> None:
    """Keep people and their lives: person, why they are shown, and every moment under both policies."""
    told = _stored().dump_python(tuple(portraits), mode="json", exclude_defaults=True)
    write_whole(folder / KEPT, json.dumps(told).encode())


def kept_lives(path: Path) -> tuple[Portrait, ...]:
    """The people whom `keep_lives` kept in a file; raises OSError or ValueError for any other."""
    return _stored().validate_json(path.read_bytes())


@cache
def _stored() -> TypeAdapter[tuple[Portrait, ...]]:
    return TypeAdapter(tuple[Portrait, ...])
