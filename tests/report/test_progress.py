"""Progress is told on a terminal alone, and in words that fit its line."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from lbpsim.report import progress
from lbpsim.simulation.run import Progress


def told(terminal: bool, *, quiet: bool = False) -> str:
    """All that four kinds of work tell, half of each done."""
    console = Console(file=io.StringIO(), force_terminal=terminal, width=80)
    now = Progress(title="a policy with a title far too long", done=1, pieces=2, person_years=5e6, all_person_years=1e7)
    work: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (progress.shown(console, quiet=quiet), (now,)),
        (progress.counted("questions", console, quiet=quiet), (3, 8)),
        (progress.in_stages(console, quiet=quiet), ("writing", 0.25)),
        (progress.simulating(console, quiet=quiet), ("moving parameters", 7, 9)),
    )
    for shown, what in work:
        with shown as tell:
            tell(*what)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_a_terminal_sees_what_is_done_and_of_how_much() -> None:
    text = told(terminal=True)
    for words in ("a policy with a title ", "5.0/10.0 M person-years", "50%", "3/8", "writing", "25%", "7 of 9"):
        assert words in text, words
    assert "title far" not in text, "cut to fit the line"


@pytest.mark.parametrize(("terminal", "quiet"), [(False, False), (True, True)])
def test_nobody_else_is_told(terminal: bool, quiet: bool) -> None:
    assert "policy" not in told(terminal, quiet=quiet) and "writing" not in told(terminal, quiet=quiet)
