"""Every check of the book, chapter by chapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lbpsim.verification import (
    closed_forms,
    engines,
    model_checks,
    published_numbers,
    queues,
    randomness,
    time_to_event,
)
from lbpsim.verification.check import Check

CHAPTERS = (randomness, time_to_event, closed_forms, queues, engines, model_checks, published_numbers)
Tell = Callable[[str], None]


def checks(*, fast: bool, tell: Tell | None = None) -> Iterator[Check]:
    """Every check of the book, done one after another; `tell` is called with the title of each as it is done."""
    for chapter in CHAPTERS:
        for check in chapter.checks(fast=fast):
            if tell is not None:
                tell(check.title)
            yield check
