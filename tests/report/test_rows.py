"""Rows of tables by what stands in their columns."""

from __future__ import annotations

import pandas as pd
import pytest

from lbpsim.report.rows import rows_of

TABLE = pd.DataFrame({"payer": ["patient", "employer", "patient"], "year": [1, 1, 2]})


def test_all_conditions_hold_and_rows_keep_their_order() -> None:
    assert rows_of(TABLE, payer="patient").index.tolist() == [0, 2]
    assert rows_of(TABLE, payer="patient", year=1).index.tolist() == [0]
    assert rows_of(TABLE, payer="employer", year=2).empty


def test_a_column_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        rows_of(TABLE, payers="patient")
