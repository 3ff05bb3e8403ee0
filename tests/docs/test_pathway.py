"""The worked example of a new pathway: its patch applies, and a patched copy does what the guide says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import lbpsim
from tests.docs.sources import DOCS, ROOT, script, text

PATCH = DOCS / "examples" / "walking.patch"
POLICY = "title: Walking programmes at one consultation in five\nassume:\n  walking.offered: 20%\n"
PEOPLE, YEARS = 400, 2
RUN = f"""
import lbpsim
results = lbpsim.load("scenarios/walking.yaml").run(people={PEOPLE}, years={YEARS}, draws=0)
results.summary.to_csv("summary.csv", index=False)
"""


def apply(folder: Path, *options: str) -> None:
    subprocess.run(["git", "apply", *options, str(PATCH)], cwd=folder, check=True, capture_output=True)


def test_the_patch_applies() -> None:
    apply(ROOT, "--check")


def test_the_guide_shows_every_part_of_the_patch_and_nothing_else() -> None:
    shown = script("pages").names(text(DOCS / "guides/add-a-pathway.md"))
    assert sorted(shown) == sorted(script("patches").parts(PATCH))


@pytest.fixture(scope="module")
def patched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a patched copy of the package, its scenarios and tests."""
    folder = tmp_path_factory.mktemp("patched")
    for part in ("lbpsim", "scenarios", "tests"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    apply(folder)
    (folder / "scenarios" / "walking.yaml").write_text(POLICY, encoding="utf-8")
    return folder


def python(folder: Path, *words: str) -> str:
    cache = {"LBPSIM_CACHE": str(folder / "cache"), "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env={**os.environ, **cache}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_its_own_tests_pass(patched: Path) -> None:
    assert "passed" in python(
        patched, "-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", "tests/pathways/test_walking.py"
    )


@pytest.mark.slow
def test_the_policy_walks_and_usual_care_stays_as_it_was(patched: Path) -> None:
    python(patched, "-c", RUN)
    index = ["scenario", "outcome", "discounted"]
    new = pd.read_csv(patched / "summary.csv").set_index(index)
    old = (
        lbpsim.load(ROOT / "scenarios" / "usual-care.yaml")
        .run(people=PEOPLE, years=YEARS, draws=0)
        .summary.set_index(index)
    )
    pd.testing.assert_frame_equal(new.loc[old.index], old, rtol=1e-15)
    assert new.loc[("usual-care", "walking_starts", False), "value"] == 0.0
    assert new.loc[("walking", "walking_starts", False), "value"] > 0.0
    assert new.loc[("walking", "ylds", False), "value"] < new.loc[("usual-care", "ylds", False), "value"]
