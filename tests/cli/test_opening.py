"""`lbpsim lab` says in a line what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_runner import Lbpsim


def test_without_its_library_it_says_how_to_install_it(lbpsim: Lbpsim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lbpsim.cli.opening.find_spec", lambda name: None)
    done = lbpsim("lab", "scenarios")
    assert done.status == 2
    assert done.err.splitlines() == ["The lab needs Shiny, which is not installed here: pip install 'lbpsim[lab]'"]


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_without_a_study_it_says_how_to_write_one(lbpsim: Lbpsim, tmp_path: Path, folder: str) -> None:
    pytest.importorskip("shiny")
    done = lbpsim("lab", str(tmp_path / folder))
    assert done.status == 2
    assert "lbpsim init" in done.err
    assert list(tmp_path.iterdir()) == []
