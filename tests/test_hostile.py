"""Hostile input at the command line: a clear paragraph, exit status 2, no traceback, and nothing left looking whole."""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli_runner import ended

SHIPPED = Path(__file__).parents[1] / "scenarios"
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
OFFER = "title: Mine\ncft:\n  offered: "


@dataclass(frozen=True)
class Case:
    """What stands in a file of the study, and words that the complaint about it must hold."""

    text: str | bytes
    words: tuple[str, ...]
    file: str = "mine.yaml"


def study_with(**lines: str) -> str:
    """The shipped study file with some lines replaced; an empty line takes the key away."""
    text = (SHIPPED / "study.yaml").read_text(encoding="utf-8")
    for key, line in lines.items():
        text = re.sub(rf"(?m)^{key}:.*$", line, text)
    return text


def in_study(key: str, line: str, *words: str) -> Case:
    return Case(study_with(**{key: line}), (key, *words), "study.yaml")


CASES = {
    "an empty file": Case("", ("empty",)),
    "only a comment": Case("# nothing\n", ("empty",)),
    "only words": Case("just words", ("just words",)),
    "a list": Case("[1, 2]", ("a list",)),
    "no title": Case("cft:\n  offered: {2027: 10%}\n", ("title", "missing")),
    "broken YAML": Case("title: [A\n", ("line",)),
    "a tab for indentation": Case("title: A\ncft:\n\toffered: {2027: 1%}\n", ("line 3",)),
    "not text": Case(b"\xff\xfe\x00\x01\x02", ("mine.yaml",)),
    "zero bytes": Case(b"title: A\x00B\n", ("mine.yaml",)),
    "a wrong type": Case("title: A\ncft: 5\n", ("line 2", "`5`")),
    "a list for a title": Case("title: [A]\n", ("line 1", "a list")),
    "a wrong unit": Case(f"{OFFER}{{2027: 12 weeks}}\n", ("line 3", "12 weeks", "share")),
    "no unit": Case("title: A\nassume:\n  cft.training_cost: 9000\n", ("line 3", "9000", "no unit")),
    "another dimension": Case("title: A\nassume:\n  cft.training_cost: 3 weeks\n", ("line 3", "money")),
    "an unknown key": Case("title: A\nsurgey:\n  growth: {2027: 6% per year}\n", ("line 2", "Did you mean `surgery`?")),
    "a key out of place": Case("title: A\noffered: {2027: 10%}\n", ("line 2", "offered", "cft.offered")),
    "a duplicate key": Case("title: A\ntitle: B\n", ("line 2", "twice")),
    "a duplicate date": Case(f"{OFFER}{{2027: 1%, 2027-01-01: 2%}}\n", ("line 3", "twice")),
    "an anchor": Case("title: &t A\ndescription: *t\n", ("line 1",)),
    "a tag": Case("title: !!python/object/apply:os.system ['true']\n", ("line 1",)),
    "a billion laughs": Case(LAUGHS, ("line 1",)),
    "a very large file": Case("title: " + "x" * 300_000 + "\n", ("mine.yaml",)),
    "very deep nesting": Case("title: A\ncft: " + "[" * 5000 + "]" * 5000 + "\n", ("mine.yaml",)),
    "two documents": Case("title: A\n---\ntitle: B\n", ("line 2", "second document")),
    "dates out of order": Case(f"{OFFER}{{2028: 1%, 2027: 2%}}\n", ("line 3", "stands after")),
    "a date before the start": Case(f"{OFFER}{{2025-12-31: 1%}}\n", ("line 3", "before the study starts")),
    "a date that is none": Case(f"{OFFER}{{2027-02-30: 1%}}\n", ("line 3", "2027-02-30")),
    "a share above one": Case(f"{OFFER}{{2027: 110%}}\n", ("line 3", "110%", "out of range")),
    "a share below nothing": Case(f"{OFFER}{{2027: -10%}}\n", ("line 3", "-10%")),
    "negative places": Case(f"{OFFER}{{2027: 1%}}\n  training_places: {{2027: -1}}\n", ("line 4", "-1")),
    "negative operations": Case("title: A\nsurgery: {operations_per_year: {2027: -5}}\n", ("line 2", "-5")),
    "not a number": Case(f"{OFFER}{{2027: .nan}}\n", ("line 3", ".nan")),
    "infinity": Case(f"{OFFER}{{2027: .inf}}\n", ("line 3", ".inf")),
    "a number too large": Case(f"{OFFER}{{2027: 1%}}\n  training_places: {{2027: 1e400}}\n", ("line 4", "1e400")),
    "a distribution that cannot be": Case(
        "title: A\nassume:\n  disability.trait_sd: 20 RMDQ points\n", ("disability.trait_sd",)
    ),
    "a target assumed": Case("title: A\nassume:\n  restore.women: 50%\n", ("line 3", "restore.women")),
    "an unknown choice": Case("title: A\noptions: {after_year_three: forever}\n", ("line 2", "forever", "waning")),
    "a second study": Case(study_with(), ("second study file",)),
    "a second comparator": in_study("comparator", "comparator: [usual-care, mine]", "a list"),
    "two lines of comparators": in_study("comparator", "comparator: usual-care\ncomparator: mine", "twice"),
    "a comparator that is missing": in_study("comparator", "comparator: usual-cair", "usual-cair", "Did you mean"),
    "a comparator that changes things": Case(
        "title: Usual care\nassume: {cft.uptake: 50%}\n", ("changes nothing",), "usual-care.yaml"
    ),
    "nobody": in_study("people", "people: 0", "0 is not a number of people"),
    "a billion people": in_study("people", "people: 1000000000", "1,000,000,000 people are more than"),
    "less than nobody": in_study("people", "people: -5", "-5"),
    "half a person": in_study("people", "people: 10.5", "10.5"),
    "no years": in_study("years", "years: 0", "out of range"),
    "ten thousand years": in_study("years", "years: 10000", "out of range"),
    "no replications": in_study("replications", "replications: 0", "out of range"),
    "a start long ago": in_study("start", "start: 1999-01-01", "out of range"),
    "a start that is no date": in_study("start", "start: soon", "soon"),
    "a discount rate without unit": in_study("discount_rate", "discount_rate: 0.05", "no unit"),
    "a negative discount rate": in_study("discount_rate", "discount_rate: -5% per year", "-5%"),
    "a price year before prices": in_study("price_year", "price_year: 1850", "out of range"),
    "a name that leads elsewhere": in_study("name", "name: ../../etc", "cannot be a name"),
    "an empty study": Case("", ("study.yaml", "empty"), "study.yaml"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    for name in ("study", "usual-care"):
        shutil.copy(SHIPPED / f"{name}.yaml", scenarios)
    return scenarios


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("case", CASES)
def test_hostile_files(
    case: str, command: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = CASES[case]
    content = hostile.text if isinstance(hostile.text, bytes) else hostile.text.encode()
    (folder / hostile.file).write_bytes(content)
    out = folder.parent / "out"
    began = time.perf_counter()
    status = ended(monkeypatch, command, folder, *(["--out", out] if command == "run" else []))
    assert time.perf_counter() - began < 20.0
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    complaint = " ".join(said.err.split())
    assert "Traceback" not in complaint
    assert len(said.err) < 3000, "a clear paragraph, not a page"
    assert hostile.file in complaint
    for word in hostile.words:
        assert word in complaint
    assert not out.exists()


def test_the_study_without_hostility_is_right(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder into which hostile files are put is itself in order."""
    assert ended(monkeypatch, "check", folder) == 0


def test_everything_wrong_is_told_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mine.yaml").write_text(f"{OFFER}{{2027: 110%}}\nassume:\n  cft.uptak: 50%\n", encoding="utf-8")
    (folder / "study.yaml").write_text(study_with(people="people: 0"), encoding="utf-8")
    assert ended(monkeypatch, "run", folder) == 2
    complaint = " ".join(capsys.readouterr().err.split())
    for words in ("110%", "Did you mean `cft.uptake`?", "0 is not a number of people"):
        assert words in complaint


def test_a_folder_for_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mine.yaml").mkdir()
    assert ended(monkeypatch, "check", folder) in (1, 2)
    assert "mine.yaml" in capsys.readouterr().err


def test_a_loop_of_links(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mine.yaml").symlink_to(folder / "mine.yaml")
    assert ended(monkeypatch, "check", folder) in (1, 2)
    assert "mine.yaml" in capsys.readouterr().err


def test_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(monkeypatch, "run", tmp_path) == 2
    assert capsys.readouterr().err.strip()


def test_a_scenario_named_strangely(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "my plan; rm.yaml").write_text("title: A\n", encoding="utf-8")
    assert ended(monkeypatch, "run", folder) == 2
    assert "cannot name a scenario" in " ".join(capsys.readouterr().err.split())
