"""How tests run the command line in their own process; the fixture `lbpsim` gives it to them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from lbpsim import cli


@dataclass(frozen=True)
class Said:
    """How a command ended: its exit status, what it wrote, and what it complained of."""

    status: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """The complaint on one line, frames of boxes taken away."""
        return " ".join(re.sub(r"[│╭╮╰╯─]", " ", self.err).split())


Lbpsim = Callable[..., Said]


def ended(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """Run the command line in this process, as `lbpsim ...` would; its exit status."""
    monkeypatch.setattr(sys, "argv", ["lbpsim", *map(str, words)])
    monkeypatch.setattr(sys.modules["__main__"], "__package__", "", raising=False)  # not `python -m pytest`
    try:
        cli.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    return 0


def command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lbpsim:
    """What runs the command line in this process, as `lbpsim ...` would."""

    def run(*words: object) -> Said:
        capsys.readouterr()
        status = ended(monkeypatch, *words)
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return run
