"""Whatever `check` accepts, `run` finishes: studies made up from the declarations of keys, run at tiny size.

Of every study all of our code runs to tables, workbook and page, warnings of computing and of drawing being errors, and
draws in two of five. What is dear is done for some: charts are drawn for one study in DRAWN, by our code alone, and in
one in RENDERED by Matplotlib to the last dot, though coarse. The same numbers make the same studies; a failure tells
its number and its files.
"""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from lbpsim import evidence
from tests.generated.running import Charts, run_to_the_page
from tests.generated.studies import made_up, paths, sections, settled

QUICK, ALL, CHUNK = 20, 2000, 10
DRAWN, RENDERED = 3, 25
LOOKED_AT = 150  # studies that are made and checked, but not run


def chunks() -> list[object]:
    """Numbers of studies, a few to a test, so that tests share the processor's cores; the first are not slow."""
    starts = range(0, ALL, CHUNK)
    marks = [pytest.mark.gate if start < QUICK else pytest.mark.slow for start in starts]
    return [pytest.param(start, marks=mark) for start, mark in zip(starts, marks, strict=True)]


def charts_of(number: int) -> Charts:
    if number % RENDERED == 0:
        return "rendered"
    return "drawn" if number % DRAWN == 0 else "none"


@pytest.mark.parametrize("start", chunks())
def test_what_check_accepts_runs_to_the_page(start: int, tmp_path: Path) -> None:
    for number in range(start, start + CHUNK):
        made = made_up(number)
        study = settled(made, tmp_path / f"{number}")
        try:
            run_to_the_page(study, tmp_path / f"{number}-out", draws=made.draws, charts=charts_of(number))
        except Exception as failure:
            failure.add_note(f"study {number}, {made.draws} draws, size {made.size}:\n{made.text}")
            raise
        gc.collect()  # figures and tables hold each other


@pytest.mark.gate
def test_every_key_and_most_parameters_are_made_up_and_kept(tmp_path: Path) -> None:
    """Otherwise the studies above would say less than they seem to."""
    kept: set[str] = set()
    wanted = {path for section in sections().values() for path, _ in section.paths()}
    inputs = {name for name, known in evidence.parameters().items() if known.role == "input"}
    for number in range(LOOKED_AT):
        made = made_up(number)
        settled(made, tmp_path)
        for file, tree in made.files.items():
            kept |= {*paths(tree, sections()[file == "study.yaml"]), *tree.get("assume", {})}
    assert wanted - kept == set()
    assert len(inputs & kept) > 0.7 * len(inputs)
