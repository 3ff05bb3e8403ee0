"""Tables on disk that take minutes to work out and are wanted again in seconds: as Parquet, beside the results.

What follows from the draws for those who decide, and the headline under other readings of the model.
"""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import pandas as pd

from lbpsim.outcomes.results import Results
from lbpsim.report.file_records import Record
from lbpsim.report.files import write_whole
from lbpsim.voi.decision_analysis import Decision

SAMPLED = {"ceac": "decision_ceac.parquet", "voi": "decision_voi.parquet"}
KEPT_SWITCHES = "switches.parquet"


def keep_tables(results: Results, decision: Decision, folder: Path) -> None:
    """Keep the tables of a decision that come from draws, and that of other readings of the model, where there are."""
    tables = {file: getattr(decision, name) for name, file in SAMPLED.items()} | {KEPT_SWITCHES: results.switches}
    for file, table in tables.items():
        if table is not None:
            write_whole(folder / file, table.to_parquet(index=False, compression="zstd"))


def kept_table(record: Record, file: str) -> pd.DataFrame:
    """A table that was kept with a record; raises DamagedError where it is not as it was written."""
    return pd.read_parquet(io.BytesIO(record.content(file)))


def kept_switches(record: Record) -> pd.DataFrame | None:
    """The headline under other readings, None where it was not kept; raises as `kept_table`."""
    return kept_table(record, KEPT_SWITCHES) if KEPT_SWITCHES in record.files else None


def with_sampled(plain: Decision, record: Record, draws: int) -> Decision | None:
    """A decision without draws, with the tables kept of so many draws added; None where they were not kept.

    Raises as `kept_table`.
    """
    if not set(SAMPLED.values()) <= set(record.files):
        return None
    kept = {name: kept_table(record, file) for name, file in SAMPLED.items()}
    choices = tuple(str(name) for name in dict.fromkeys(kept["ceac"]["scenario"]))
    return dataclasses.replace(plain, ceac=kept["ceac"], voi=kept["voi"], draws=draws, choices=choices)
