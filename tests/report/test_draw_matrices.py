"""Effects and costs of draws as other programs read them: shapes and values of draws.parquet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lbpsim.outcomes.draws import DrawResults
from lbpsim.report.draw_matrices import FILES, FOLDER, PERSPECTIVES, write_matrices
from lbpsim.report.psa_files import DRAWS, write_draws
from tests.cea.made_up import made_up


@pytest.fixture(scope="module")
def draws() -> DrawResults:
    return made_up(12, noise=300.0)


@pytest.fixture(scope="module")
def folder(draws: DrawResults, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("outputs")
    write_draws(draws, out)
    write_matrices(draws, out)
    return out


def stored(folder: Path, outcome: str) -> pd.DataFrame:
    whole = pd.read_parquet(folder / DRAWS)
    return whole[whole["outcome"] == outcome].astype({"scenario": str})


def test_these_files_and_no_others_are_written(folder: Path) -> None:
    assert {f"{FOLDER}/{path.name}" for path in (folder / FOLDER).iterdir()} == set(FILES)


@pytest.mark.parametrize(
    ("file", "outcome"),
    [("effects", "qalys"), ("costs_health_system", "cost_health_system"), ("costs_societal", "cost_societal")],
)
def test_matrices_have_the_shape_and_values_of_the_draws(
    folder: Path, draws: DrawResults, file: str, outcome: str
) -> None:
    matrix = pd.read_csv(folder / FOLDER / f"{file}.csv", index_col="draw")
    expected = stored(folder, outcome).pivot_table(index="draw", columns="scenario", values="value", sort=False)
    assert list(matrix.columns) == list(draws.scenarios), "the comparator first, as BCEA's ref = 1"
    assert matrix.shape == (len(draws.numbers), len(draws.scenarios))
    np.testing.assert_array_equal(matrix.to_numpy(), expected[matrix.columns].to_numpy())


@pytest.mark.parametrize("perspective", PERSPECTIVES)
def test_rows_for_hesim_have_every_draw_and_policy_once(folder: Path, draws: DrawResults, perspective: str) -> None:
    rows = pd.read_csv(folder / FOLDER / f"hesim_{perspective}.csv")
    assert list(rows.columns) == ["sample", "strategy", "qalys", "costs"]
    assert len(rows) == len(draws.numbers) * len(draws.scenarios)
    assert not rows.duplicated(["sample", "strategy"]).any()
    for column, outcome in (("qalys", "qalys"), ("costs", f"cost_{perspective}")):
        np.testing.assert_array_equal(rows[column], stored(folder, outcome)["value"])


def test_parameters_have_a_row_for_each_draw(folder: Path, draws: DrawResults) -> None:
    drawn = pd.read_csv(folder / FOLDER / "parameters.csv", index_col="draw")
    np.testing.assert_array_equal(drawn.to_numpy(), draws.parameters.to_numpy())
