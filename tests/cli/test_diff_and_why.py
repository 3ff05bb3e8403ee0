"""`lbpsim diff` and `lbpsim why` on the command line: what they say, how they end, how they fail."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli_runner import Lbpsim

SHIPPED = Path(__file__).parents[2] / "scenarios"
ROLLOUT, SENSORS = SHIPPED / "cft-rollout.yaml", SHIPPED / "cft-biofeedback.yaml"
Told = tuple[int, str, str]  # exit status, output, complaint in words
Tell = Callable[..., Told]


@pytest.fixture
def lbpsim(lbpsim: Lbpsim) -> Tell:
    """Runs the command line; what it says comes in three parts."""

    def run(*words: object) -> Told:
        said = lbpsim(*words)
        return said.status, said.out, said.words

    return run


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A folder with a small study: usual care and a rollout."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    text = (SHIPPED / "study.yaml").read_text(encoding="utf-8")
    for key, value in (("years", 2), ("people", 24), ("replications", 3)):
        text = re.sub(rf"(?m)^{key}: \S+", f"{key}: {value}", text)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    for name in ("usual-care", "cft-rollout"):
        shutil.copy(SHIPPED / f"{name}.yaml", folder)
    return folder


def test_diff_says_what_differs(lbpsim: Tell) -> None:
    status, out, err = lbpsim("diff", ROLLOUT, SENSORS)
    assert (status, err) == (0, "")
    assert "3 settings differ." in out and "no -> yes" in out


def test_diff_says_that_nothing_differs(lbpsim: Tell) -> None:
    status, out, _ = lbpsim("diff", ROLLOUT, ROLLOUT)
    assert status == 0 and "No differences." in out


def test_diff_for_machines(lbpsim: Tell) -> None:
    status, out, _ = lbpsim("diff", ROLLOUT, SENSORS, "--json")
    told = json.loads(out)
    assert status == 0 and told["kind"] == "policy"
    assert [each["key"] for each in told["differences"]] == ["title", "description", "cft.biofeedback"]


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (ROLLOUT, SHIPPED, "give two policy files, two studies, or two folders of results"),
        (ROLLOUT, SHIPPED / "cft-rolout.yaml", "There is no file or folder"),
        (ROLLOUT, SHIPPED.parent / "docs" / "images", "holds neither scenario files nor the results of a run"),
    ],
)
def test_diff_of_what_cannot_be_compared(lbpsim: Tell, a: Path, b: Path, words: str) -> None:
    status, out, err = lbpsim("diff", a, b)
    assert (status, out) == (2, "")
    assert words in err and "Traceback" not in err


def test_diff_of_an_unfinished_run(lbpsim: Tell, tmp_path: Path) -> None:
    (tmp_path / "unfinished").mkdir()
    status, out, err = lbpsim("diff", tmp_path, tmp_path)
    assert (status, out) == (2, "")
    assert "does not hold the results of a finished run" in err


def test_diff_of_a_wrong_file(lbpsim: Tell, study: Path) -> None:
    (study / "wrong.yaml").write_text("titel: A\n", encoding="utf-8")
    status, _, err = lbpsim("diff", study / "wrong.yaml", study / "cft-rollout.yaml")
    assert status == 2 and "titel" in err and "wrong.yaml" in err


def test_why_says_and_writes(lbpsim: Tell, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "why"
    status, said, err = lbpsim("why", study, "--people", 60, "--out", out, "--workers", 1)
    assert (status, err) == (0, "")
    assert any(line.startswith("CFT rollout ") for line in said.splitlines()[:2])  # compiling may be told first
    assert {"why.csv", "held_back.csv", "datapackage.json", "why.json", "why.svg", "why.png"} <= {
        file.name for file in out.iterdir()
    }


def test_why_writes_beside_the_results(
    lbpsim: Tell, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("lbpsim.report.explain_output.files_of", lambda *_: {})
    status, said, _ = lbpsim("why", study, "--people", 24, "--policy", "cft-rollout", "--workers", 1, "--quiet")
    assert (status, said) == (0, "")
    assert (tmp_path / "outputs" / "australia" / "why" / "cft-rollout" / "why.csv").exists()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--policy", "usual-care"], "--policy usual-care: it is the comparator"),
        (["--policy", "cft-rolout"], "there is no such policy. Did you mean `cft-rollout`?"),
        (["--policy", "x"], "there is no such policy. The policies are cft-rollout."),
        (["--people", "0"], "people"),
    ],
)
def test_why_of_what_cannot_be_explained(lbpsim: Tell, study: Path, words: list[str], complaint: str) -> None:
    status, out, err = lbpsim("why", study, *words)
    assert (status, out) == (2, "")
    assert complaint in err and "Traceback" not in err


def test_why_asks_which_policy(lbpsim: Tell) -> None:
    status, _, err = lbpsim("why", SHIPPED)
    assert status == 2
    assert "--policy: it is missing, and names the policy to take apart. The policies are cft-biofeedback," in err
