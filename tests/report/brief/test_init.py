"""Both files, as the command, the Python interface and a run write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.outcomes.results import Results
from lbpsim.report.brief import write_brief
from lbpsim.report.file_names import BRIEF_PAGE, BRIEF_SHEET


def test_both_files_are_written_the_same_every_time(with_draws: Results, tmp_path: Path) -> None:
    first = write_brief(with_draws, tmp_path / "a")
    second = with_draws.brief(tmp_path / "b")
    assert [path.name for path in first] == [BRIEF_PAGE, BRIEF_SHEET]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_python_refuses_as_the_command_does(plain: Results, tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="Did you mean"):
        plain.brief(tmp_path, policies=["cft-rolout"])
    with pytest.raises(ValueError, match="could choose"):
        plain.brief(tmp_path, policies=["cft-unlimited"])
    assert list(tmp_path.iterdir()) == []
