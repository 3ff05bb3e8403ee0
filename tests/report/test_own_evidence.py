"""A study's own evidence in what a run leaves: another distribution moves draws, value of information and page."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from lbpsim.commands.run import run_and_write
from lbpsim.commands.session import Session
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.psa.parameter_sampling import parameters_of
from lbpsim.report.file_names import PAGE_FILE
from lbpsim.report.outputs import read
from lbpsim.report.provenance import RUN_FILE
from lbpsim.study import Study, load
from lbpsim.voi.evppi import evppi
from tests.evidence.test_layer_file import RIGHT
from tests.pathways.small_country import SCENARIOS
from tests.report import galleries

pytestmark = pytest.mark.gate

SILENT = Console(file=io.StringIO())
ASKED = DrawRequest(draws=12, people=60)
WIDER = RIGHT.replace("beta(48, 48)", "beta(6, 6)").replace("[0.401, 0.599]", "[0.234, 0.766]")


def run(study: Study, folder: Path) -> Path:
    run_and_write(study, Session(folder, SILENT, quiet=True), asked=ASKED, workers=1)
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """The outputs of two runs that differ in the distribution of one parameter."""
    found = []
    with galleries.few_charts(()):
        for text in (RIGHT, WIDER):
            home = tmp_path_factory.mktemp("study")
            for name in ("study", "usual-care", "cft-rollout"):
                shutil.copy(SCENARIOS / f"{name}.yaml", home)
            (home / "evidence.yaml").write_text(text, encoding="utf-8")
            study = load(home).with_changes(people=200, years=3, replications=2)
            found.append(run(study, tmp_path_factory.mktemp("outputs")))
        yield found[0], found[1]


def test_another_distribution_moves_draws(folders: tuple[Path, Path]) -> None:
    narrow, wide = (
        pd.read_csv(folder / "tables" / "parameters_drawn.csv", index_col="parameter") for folder in folders
    )
    assert wide.loc["cft.uptake", "sd"] > 2.0 * narrow.loc["cft.uptake", "sd"]
    assert narrow.drop(index="cft.uptake").equals(wide.drop(index="cft.uptake"))
    assert "cost_items.travel" not in narrow.index, "it has no distribution"


def test_another_distribution_moves_the_value_of_information(folders: tuple[Path, Path]) -> None:
    """Of a policy that is worth what more people accept than half: the wider the law, the more it is worth to know."""
    worth = []
    for folder in folders:
        study = read(folder).study
        rows = [parameters_of(study, number) for number in range(1, 201)]
        drawn = pd.DataFrame(rows)[["cft.uptake"]].to_numpy()
        benefit = np.column_stack([np.zeros(len(drawn)), drawn[:, 0] - 0.5])
        everything = benefit.max(axis=1).mean() - benefit.mean(axis=0).max()
        worth.append(evppi(benefit[None], drawn, [everything])[0].value)
    assert worth[1] > 2.0 * worth[0] > 0.0


def test_the_page_has_own_values_sources_and_what_is_fixed(folders: tuple[Path, Path]) -> None:
    pages = [(folder / PAGE_FILE).read_text(encoding="utf-8") for folder in folders]
    for page in pages:
        assert "own evidence of this study" in page and "Our survey of 96 patients, 2026." in page
        assert "Travel to sessions" in page and "cost_items.travel has no distribution" in page
    assert pages[0] != pages[1] and "0.234 to 0.766" not in pages[0]


def test_a_run_repeated_from_its_record_gives_the_same_bytes(folders: tuple[Path, Path], tmp_path: Path) -> None:
    told = json.loads((folders[0] / RUN_FILE).read_text(encoding="utf-8"))
    assert "evidence.yaml" in told["file_hashes"]
    again = run(Study.from_resolved(told["study"]), tmp_path)
    for table in sorted((folders[0] / "tables").glob("*.csv")):
        assert (again / "tables" / table.name).read_bytes() == table.read_bytes(), table.name


def test_results_read_again_know_their_evidence(folders: tuple[Path, Path]) -> None:
    assert read(folders[0]).study.evidence.names == ("cft.uptake", "cost_items.travel")
