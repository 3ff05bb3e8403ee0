"""A small study in a folder of its own, and a lab of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("shiny", reason="the lab is an extra: pip install 'lbpsim[lab]'")

from lbpsim.evidence.shipped_countries import reference
from lbpsim.lab.laboratory import Laboratory
from lbpsim.study import shipped

SMALL = {"people: 140000": "people: 2000", "years: 10": "years: 3", "replications: 20": "replications: 4"}
PATIENCE = 120  # seconds, on a busy machine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped study, small."""
    home = tmp_path / "study"
    shipped.write(home)
    file = home / "study.yaml"
    text = file.read_text("utf-8")
    for usual, small in SMALL.items():
        assert usual in text
        text = text.replace(usual, small)
    file.write_text(text, encoding="utf-8")
    return home


@pytest.fixture
def regional(folder: Path) -> Path:
    """The same, which knows of three regions."""
    rows = [
        f"{name},{group.low},{group.high},{group.male * share:.0f},{group.female * share:.0f}"
        for name, share in (("Tasmania", 0.02), ('"North, the"', 0.18), ("Elsewhere", 0.8))
        for group in reference().population
    ]
    (folder / "states.csv").write_text("\n".join(["region,age_low,age_high,male,female", *rows]) + "\n")
    with (folder / "study.yaml").open("a", encoding="utf-8") as study:
        study.write("regions: {population: states.csv, source: made up}\n")
    return folder


@pytest.fixture
def lab(folder: Path) -> Iterator[Laboratory]:
    """The lab of that study."""
    opened = Laboratory(folder, workers=2)
    yield opened
    opened.close()


def wait_until(true: Callable[[], bool]) -> None:
    """Wait until something is so; fails where it takes too long."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.01)
