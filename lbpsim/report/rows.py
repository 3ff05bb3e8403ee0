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


def most_valuable(voi: pd.DataFrame) -> list[str]:
    """Names in a table of the value of information by what each is worth at most at any threshold, highest first."""
    worth = voi.groupby("name", sort=False)["value"].max()
    return worth.sort_values(ascending=False, kind="stable").index.to_list()
