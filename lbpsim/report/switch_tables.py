"""The headline under other readings of the model: its table, kept with a run."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lbpsim.report.decision_files import as_parquet
from lbpsim.report.file_records import Record
from lbpsim.report.files import write_whole

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

KEPT_SWITCHES = "switches.parquet"


def keep_switches(results: Results, folder: Path) -> None:
    """Keep the table where there is one."""
    if results.switches is not None:
        write_whole(folder / KEPT_SWITCHES, as_parquet(results.switches))


def kept_switches(record: Record) -> pd.DataFrame | None:
    """The table that was kept with a run, None without; raises DamagedError where it is not as it was written."""
    if KEPT_SWITCHES not in record.files:
        return None
    return pd.read_parquet(io.BytesIO(record.content(KEPT_SWITCHES)))
