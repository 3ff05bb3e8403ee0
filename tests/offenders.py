"""One test holds a rule for many things, and names every one that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def offenders(things: Mapping[str, Any], wrong: Callable[[Any], Any]) -> dict[str, Any]:
    """What is `wrong` with each of the things with which anything is, by name; there have to be some things."""
    assert things, "a rule about nothing holds nothing"
    return {name: found for name, thing in things.items() if (found := wrong(thing))}
