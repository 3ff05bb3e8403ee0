"""The page on validation: its tables can be made from what the command writes, and all have a place on it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from lbpsim.report import validation_output
from lbpsim.report.validation_output import write
from tests.validation.small import judged

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    if str(DOCS) not in sys.path:
        sys.path.append(str(DOCS))
    spec = importlib.util.spec_from_file_location("docs_validation", DOCS / "validation.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def parts(script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(validation_output, "CHARTS", {})
    write(judged(), tmp_path)
    made: dict[str, str] = script.parts(tmp_path)
    return made


@pytest.mark.gate
def test_every_part_has_its_place(parts: dict[str, str]) -> None:
    from pages import names  # type: ignore[import-not-found]

    stands = names((DOCS / "validation.md").read_text(encoding="utf-8"))
    assert sorted(stands) == sorted(parts)


def test_parts_hold_what_was_found(parts: dict[str, str]) -> None:
    checks = judged().checks
    missed = checks[checks["verdict"].isin(["miss", "inconclusive"])]
    assert len(parts["missed"].splitlines()) == 2 + len(missed)
    assert len(parts["country"].splitlines()) == 2 + len(judged().targets)
    assert len(parts["others"].splitlines()) == 2 + len(judged().other_trials)
    assert "nan" not in "".join(parts.values())


def test_without_outputs_it_says_what_to_run(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["validation.py", str(tmp_path)])
    with pytest.raises(SystemExit, match="run that first"):
        script.main()
