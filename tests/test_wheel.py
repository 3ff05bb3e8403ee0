"""What is installed works alone: the wheel holds every file that the package reads, and a study can be run with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLACES = {"lbpsim": ROOT / "lbpsim", "lbpsim/scenarios": ROOT / "scenarios"}  # in an installation, and here
SHIPPED = {
    f"{place}/{path.relative_to(folder).as_posix()}": path
    for place, folder in PLACES.items()
    for path in sorted(folder.rglob("*"))
    if path.is_file() and "__pycache__" not in path.parts
}


def data_patterns() -> list[str]:
    """Patterns of the data files that the build takes, from the folder of the package that they are in."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = told["tool"]["setuptools"]["package-data"]
    return found["*"]


def left_out(paths: list[Path], patterns: list[str]) -> list[str]:
    """Files of the package that no pattern takes."""
    taken = {
        file
        for package in {*(path.parent for path in ROOT.glob("lbpsim/**/__init__.py")), ROOT / "scenarios"}
        for pattern in patterns
        for file in package.glob(pattern)
    }
    return [str(path.relative_to(ROOT)) for path in paths if path.suffix != ".py" and path not in taken]


def test_every_data_file_is_shipped() -> None:
    kinds = {path.suffix for path in SHIPPED.values()}
    assert {".yaml", ".csv", ".html", ".js", ".css", ".txt"} <= kinds
    assert not left_out(list(SHIPPED.values()), data_patterns()), "add their kind to package-data in pyproject.toml"


def test_a_data_file_of_a_new_kind_is_noticed() -> None:
    fewer = [pattern for pattern in data_patterns() if pattern != "*.css"]
    assert left_out(list(SHIPPED.values()), fewer) == [
        "lbpsim/lab/lab.css",
        "lbpsim/report/brief/brief.css",
        "lbpsim/report/page/page.css",
    ]


def test_every_folder_with_code_is_a_package() -> None:
    """The build takes packages, not folders."""
    with_code = {path.parent for path in SHIPPED.values() if path.suffix == ".py"}
    assert not [str(folder) for folder in with_code if not (folder / "__init__.py").is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built offline from a copy, since a build leaves files beside its sources."""
    home = tmp_path_factory.mktemp("wheel")
    for folder in ("lbpsim", "scenarios"):
        shutil.copytree(ROOT / folder, home / "sources" / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, home / "sources")
    pip("wheel", "--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", home, home / "sources")
    (built,) = home.glob("lbpsim-*.whl")
    return built


def pip(*words: object) -> None:
    """Run pip."""
    quiet = ("--quiet", "--disable-pip-version-check")
    subprocess.run([sys.executable, "-m", "pip", *quiet, *map(str, words)], check=True)


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The commands of an environment that has the wheel, and all that it needs but this checkout."""
    home = wheel.parent / "environment"
    venv.create(home, symlinks=os.name != "nt")
    paths = {"base": str(home), "platbase": str(home)}
    packages = Path(sysconfig.get_path("purelib", "venv", paths))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    commands = Path(sysconfig.get_path("scripts", "venv", paths))
    pip("--python", commands / "python", "install", "--no-deps", "--no-index", wheel)
    return commands


def run(command: Path, *words: str, folder: Path) -> str:
    """What a command says, started in a folder as by a user who has no checkout."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    told = subprocess.run([command, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return told.stdout


@pytest.mark.gate
def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        content = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}
    assert content == {name: path.read_bytes() for name, path in SHIPPED.items()}


@pytest.mark.gate
def test_a_study_is_begun_and_run_with_nothing_but_the_wheel(installed: Path, tmp_path: Path) -> None:
    place = run(installed / "python", "-c", "import lbpsim; print(lbpsim.__file__)", folder=tmp_path)
    assert Path(place.strip()).is_relative_to(installed.parent), "it is the wheel that is tried"
    lbpsim = installed / "lbpsim"
    run(lbpsim, "init", "s", folder=tmp_path)
    assert "cft-rollout: CFT rollout" in run(lbpsim, "check", "s", folder=tmp_path)
    sizes = ("--people", "60", "--years", "1", "--draws", "0")
    assert run(lbpsim, "run", "s", *sizes, "--quiet", folder=tmp_path) == ""
    results = tmp_path / "outputs" / "australia"
    told = json.loads((results / "run.json").read_text(encoding="utf-8"))
    assert (told["people"], told["study"]["years"]) == (60, 1)
    assert set(told["file_hashes"]) == {path.name for path in (ROOT / "scenarios").iterdir()}
    assert "<html" in (results / "report.html").read_text(encoding="utf-8")
