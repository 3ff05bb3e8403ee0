"""A small study and the outputs of its run, for tests of commands."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from lbpsim import cli
from tests.cli_runner import Said
from tests.report.galleries import few_files

SHIPPED = Path(__file__).parents[2] / "scenarios"

COMMANDS = (
    *("init", "run", "check", "parameters", "trace", "sensitivity", "why", "research"),
    *("diff", "validate", "calibrate", "report", "brief", "schema"),
)

ESCAPE = "\x1b"


def assert_wrong_input(said: Said, *words: str) -> None:
    """Exit status 2, nothing on the output, one clear complaint that holds these words."""
    assert (said.status, said.out) == (2, ""), said
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.words, said.words


def a_study(folder: Path) -> Path:
    """A folder with a small study: usual care and an unlimited offer."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (SHIPPED / "study.yaml").read_text(encoding="utf-8")
    for key, value in (("years", 2), ("people", 24), ("replications", 3)):
        text = re.sub(rf"(?m)^{key}: \S+", f"{key}: {value}", text)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    for name in ("usual-care", "cft-unlimited"):
        shutil.copy(SHIPPED / f"{name}.yaml", folder)
    return folder


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return a_study(tmp_path / "scenarios")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of a run, with few files; not to be changed."""
    home = tmp_path_factory.mktemp("finished")
    scenarios = a_study(home / "scenarios")
    with few_files(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            sys, "argv", ["lbpsim", "run", str(scenarios), "--draws", "0", "--quiet", "--out", str(home / "out")]
        )
        with pytest.raises(SystemExit) as end:
            cli.main()
    assert not end.value.code
    return home / "out"


@pytest.fixture
def outputs(finished: Path, tmp_path: Path) -> Path:
    """A copy of finished outputs, to be spoilt."""
    return Path(shutil.copytree(finished, tmp_path / "outputs"))
