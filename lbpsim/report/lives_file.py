"""The lives of a few people, kept with a run so that their chart needs no simulation."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lbpsim.outcomes.lives import Life, Moment, Portrait
from lbpsim.report.files import write_whole

KEPT = "lives.json"


def keep_lives(portraits: Sequence[Portrait], folder: Path) -> None:
    """Keep people and their lives: person, why they are shown, and every moment under both policies."""
    write_whole(folder / KEPT, json.dumps([_told(portrait) for portrait in portraits]).encode())


def kept_lives(path: Path) -> tuple[Portrait, ...]:
    """The people whom `keep_lives` kept in a file; raises OSError, ValueError, KeyError or TypeError for any other."""
    return tuple(_portrait(told) for told in json.loads(path.read_text(encoding="utf-8")))


def _told(portrait: Portrait) -> dict[str, Any]:
    lives = [
        {"policy": life.policy, "moments": [dataclasses.asdict(moment) for moment in life.moments]}
        for life in portrait.lives
    ]
    return {"person": portrait.person, "why": portrait.why, "lives": lives, "among": portrait.among}


def _portrait(told: dict[str, Any]) -> Portrait:
    usual, policy = (Life(one["policy"], tuple(Moment(**moment) for moment in one["moments"])) for one in told["lives"])
    return Portrait(told["person"], told["why"], (usual, policy), told["among"])
