"""The value of information as a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lbpsim.evidence.output_tables import output_table
from lbpsim.voi.decision_horizon import share_in_use
from lbpsim.voi.voi_table import information_table
from tests.cea.made_up import A_QALY, NAMES, made_up


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return information_table(made_up(300, noise=300.0), (A_QALY,), share_in_use(10.0, 0.0, 4.0, 10.0))


def _rows(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    rows = table[(table["kind"] == kind) & (table["perspective"] == "health_system")]
    return rows.set_index("name")


@pytest.mark.gate
def test_every_question_in_every_view(table: pd.DataFrame) -> None:
    assert list(table.columns) == output_table("voi").names
    assert not table.duplicated(["perspective", "threshold", "kind", "name"]).any()
    assert list(_rows(table, "parameter").index) == list(NAMES)


def test_no_part_is_worth_more_than_everything(table: pd.DataFrame) -> None:
    """TECH-VER, uncertainty: EVPI >= every EVPPI >= 0 on the same draws."""
    everything = table[table["kind"] == "everything"].set_index(["perspective", "threshold"])["value"]
    for row in table.itertuples():
        assert 0.0 <= row.value <= everything[row.perspective, row.threshold]
    assert table["share"].between(0.0, 1.0).all()


def test_what_matters_is_found_and_what_does_not_is_not(table: pd.DataFrame) -> None:
    alone = _rows(table, "parameter")
    assert alone["value"].idxmax() == "cft.rmdq_week52"
    assert alone.loc["cft.rmdq_week52", "clear"]
    assert alone.loc["work.exit_rate", "value"] <= 2.0 * alone.loc["work.exit_rate", "se"]
    parts = _rows(table, "part of the model")
    assert parts.loc["CFT", "value"] >= alone.loc["cft.rmdq_week52", "value"] * 0.95
    assert parts.loc["CFT", "parameters"] == 2


def test_value_over_the_years_of_use(table: pd.DataFrame) -> None:
    np.testing.assert_allclose(table["over_lifetime"], 0.6 * table["value"])


def test_identical_policies_have_nothing_to_learn() -> None:
    """TECH-VER, uncertainty: identical policies give EVPI 0 and equal CEACs."""
    draws = made_up(100)
    draws.replicates[:] = draws.replicates[:, 1:2]
    table = information_table(draws, (A_QALY,), share_in_use(10.0, 0.0, 0.0, 10.0))
    assert (table["value"] == 0.0).all()
    assert table["share"].isna().all()


@pytest.mark.gate
def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    information_table(
        made_up(40), (A_QALY,), share_in_use(10.0, 0.0, 0.0, 10.0), tell=lambda done, of: told.append((done, of))
    )
    assert told == [(number + 1, len(told)) for number in range(len(told))]
