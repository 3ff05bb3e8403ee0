"""A copy of the registry that somebody has edited: what is wrong with it is told with file, line and key."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import lbpsim
from lbpsim.evidence import EvidenceError, parameters, registry
from tests.generated.broken import OF_BYTES, OF_LINES

PACKAGE = Path(lbpsim.__file__).parent
FILES = sorted(path.name for path in (PACKAGE / "evidence" / "parameters").glob("*.yaml"))
SCENARIOS = PACKAGE.parent / "scenarios"
GENERATED = 60


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with a copy of the registry, and of nothing else."""
    shutil.copytree(PACKAGE / "evidence" / "parameters", tmp_path / "parameters")
    shutil.copy(PACKAGE / "evidence" / "bibliography.yaml", tmp_path)
    return tmp_path


def edit(file: Path, name: str, line: str, by: str) -> None:
    """Replace a line of an entry, which starts as `line` says."""
    lines = file.read_text(encoding="utf-8").splitlines()
    start = lines.index(f"{name}:")
    at = next(n for n in range(start, len(lines)) if lines[n].strip().startswith(line))
    lines[at] = by
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")


def test_a_copy_is_the_registry(copied: Path) -> None:
    assert registry.read(copied, in_full=True) == registry.common()


@pytest.mark.parametrize(
    ("name", "line", "by", "told"),
    [
        ("cft.eligible_pain", "sources", "  sources: [kent2032]", "sources: kent2032 is not in bibliography.yaml"),
        ("cft.uptake", "interval", "  interval: [0.1, 0.9]", "0.1 to 0.9 is not the 95% interval of beta(13.8, 9.2)"),
        ("cft.uptake", "distribution", "  distribution: beta(138, 92)", "which is 0.536 to 0.662"),
        ("cft.uptake", "distribution", "  distribution: normal(60, 9)", "is not the 95% interval of normal(60, 9)"),
        ("cft.uptake", "distribution", "  distribution: poisson(1, 2)", "poisson is not one of normal, lognormal"),
        ("cft.uptake", "unit", "  unit: shares", 'unit: "shares" is not a unit'),
        ("cft.uptake", "grade", "  grade: certain", 'grade: "certain" is not one of'),
        ("cft.uptake", "value", "  value: 0.9", "value: value outside its interval"),
    ],
)
def test_an_edit_that_cannot_be_meant_is_told_with_its_line(
    copied: Path, name: str, line: str, by: str, told: str
) -> None:
    file = copied / "parameters" / "cft.yaml"
    edit(file, name, line, by)
    with pytest.raises(EvidenceError) as error:
        registry.check(copied)
    (only,) = str(error.value).splitlines()
    found = re.match(rf"cft\.yaml, line (\d+): {re.escape(name)}\.(\w+): ", only)
    assert found is not None and told in only
    assert file.read_text(encoding="utf-8").splitlines()[int(found[1]) - 1].strip().startswith(f"{found[2]}:")


def test_everything_wrong_in_any_file_is_told_at_once(copied: Path) -> None:
    edit(copied / "parameters" / "cft.yaml", "cft.uptake", "value", "  value: much")
    (copied / "parameters" / "care.yaml").write_text("a: [\n", encoding="utf-8")
    shutil.copy(copied / "parameters" / "work.yaml", copied / "parameters" / "zero.yaml")
    with pytest.raises(EvidenceError) as error:
        registry.check(copied)
    told = str(error.value)
    assert "cft.uptake.value" in told and "care.yaml, line 2: this is not YAML" in told
    assert re.search(r"zero\.yaml: work\.\w+ is registered in work\.yaml already", told)


def test_a_folder_that_holds_no_registry_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"bibliography\.yaml cannot be read"):
        registry.check(tmp_path)
    shutil.copy(PACKAGE / "evidence" / "bibliography.yaml", tmp_path)
    with pytest.raises(EvidenceError, match="the folder parameters cannot be read"):
        registry.check(tmp_path)


@pytest.mark.parametrize("file", [*FILES, "bibliography.yaml"])
def test_generated_edits_are_accepted_or_told(file: str, tmp_path: Path) -> None:
    """Each file of the registry alone, with lines moved, values changed and bytes flipped, several times."""
    whole = PACKAGE / "evidence"
    (tmp_path / "parameters").mkdir()
    original = (whole / ("" if file == "bibliography.yaml" else "parameters") / file).read_bytes()
    shutil.copy(whole / "bibliography.yaml", tmp_path)
    edited = tmp_path / ("" if file == "bibliography.yaml" else "parameters") / file
    refused = 0
    for number in range(GENERATED // len(FILES)):
        chance = np.random.default_rng([number, FILES.index(file) if file in FILES else len(FILES)])
        edited.write_bytes(_changed(original, chance))
        try:
            registry.read(tmp_path, in_full=True)
        except EvidenceError as error:
            refused += 1
            assert all(line.startswith(file) for line in str(error).splitlines())
    assert refused, "some of them cannot be meant"


def _changed(content: bytes, chance: np.random.Generator) -> bytes:
    if chance.random() < 0.2:
        changed = OF_BYTES[int(chance.integers(len(OF_BYTES)))](content, chance)
        return b"" if changed is None else bytes(changed)
    lines = content.decode().splitlines()
    for _ in range(8):
        lines = OF_LINES[int(chance.integers(len(OF_LINES)))](lines, chance)
    return "\n".join(lines).encode(errors="surrogatepass")


@pytest.mark.gate
@pytest.mark.parametrize("command", [("check", str(SCENARIOS)), ("parameters",), ("diff", "a.yaml", "b.yaml")])
def test_commands_end_with_what_is_wrong(command: tuple[str, ...], tmp_path: Path) -> None:
    """Before anything else is done, from a copy of the whole package, as the registry is read where it is needed."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "lbpsim", ignore=ignored)
    edit(tmp_path / "lbpsim" / "evidence" / "parameters" / "cft.yaml", "cft.eligible_pain", "sources", "  sources: [x]")
    for name in ("a.yaml", "b.yaml", "study.yaml", "usual-care.yaml"):
        source = "study.yaml" if name == "study.yaml" else "usual-care.yaml"
        shutil.copy(SCENARIOS / source, tmp_path / name)
    said = subprocess.run(
        [sys.executable, "-m", "lbpsim.cli", *command],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stdout) == (2, "")
    assert re.match(r"cft\.yaml, line \d+: cft\.eligible_pain\.sources: x is not in bibliography\.yaml", said.stderr)


def test_an_entry_that_is_counted_on_and_gone_is_told_by_name(copied: Path) -> None:
    file = copied / "parameters" / "cft.yaml"
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"(?ms)^cft\.fidelity:\n.*?(?=^\S)", "", text).replace("cft.uptake:", "cft.up_take:")
    file.write_text(text, encoding="utf-8")
    edit(file, "cft.attendance", "role", "  role: context")
    left = {name: one for name, one in parameters().items() if name not in registry.common()}
    assert sorted(registry.missing({**left, **registry.read(copied)})) == [
        "cft.yaml: cft.attendance.role: cft.attendance is counted on as input, and this is context",
        "cft.yaml: cft.fidelity is missing, which is counted on as input; put its entry back, under this name",
        "cft.yaml: cft.uptake is missing, which is counted on as input; put its entry back, under this name",
    ]


def test_every_entry_is_counted_on() -> None:
    told = (PACKAGE / "evidence" / registry.NAMES).read_text(encoding="utf-8").split()
    assert set(zip(told[1::3], told[2::3], strict=True)) == {(one.name, one.role) for one in parameters().values()}
    ours = {path.name for path in (PACKAGE / "evidence" / "countries").glob("*/parameters/*.yaml")}
    assert set(told[::3]) == {*FILES, *ours}
