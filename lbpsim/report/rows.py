"""Rows of tables of results, chosen by what stands in their columns."""

from __future__ import annotations

import pandas as pd


def rows_of(frame: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    """Rows of a table whose columns have these values.

    >>> rows_of(pd.DataFrame({"payer": ["patient", "patient"], "year": [1, 2]}), payer="patient", year=2).index.tolist()
    [1]
    """
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    return frame
