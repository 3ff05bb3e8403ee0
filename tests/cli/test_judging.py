"""`lbpsim validate` and `lbpsim calibrate` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SHIPPED
from tests.cli_runner import Lbpsim


def test_results_of_tests_that_cannot_be_read_are_told_before_the_work(
    lbpsim: Lbpsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judged(*_: Any, **__: Any) -> None:
        raise AssertionError("validate works before it can know whether it will succeed")

    monkeypatch.setattr("lbpsim.commands.validate.validate_and_write", judged)
    (tmp_path / "verification").mkdir()
    (tmp_path / "verification" / "tests.xml").write_text("<testsuites><testcase", encoding="utf-8")
    said = lbpsim("validate", SHIPPED, "--book", "--out", tmp_path / "validation")
    assert (said.status, said.out) == (1, "")
    assert "tests.xml does not hold results of tests" in said.words and "make verify" in said.words
