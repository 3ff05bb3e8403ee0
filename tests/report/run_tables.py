"""The tables of a run by name, with columns and rows in the order in which they are written."""

from __future__ import annotations

import pandas as pd

from lbpsim.outcomes.results import Results
from lbpsim.report.data_package import ordered
from lbpsim.report.tables import tables
from lbpsim.voi.decision_analysis import Decision


def frames(results: Results, decision: Decision | None = None) -> dict[str, pd.DataFrame]:
    return {table.name: ordered(frame, table, results.study) for table, frame in tables(results, decision)}
