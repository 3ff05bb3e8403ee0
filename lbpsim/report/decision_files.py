"""What follows from the draws for those who decide, on disk: found in a minute, wanted again in seconds."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lbpsim.report.file_records import Record
from lbpsim.report.files import write_whole
from lbpsim.voi.decision_analysis import Decision

SAMPLED = {"ceac": "decision_ceac.parquet", "voi": "decision_voi.parquet"}


def write_sampled(decision: Decision, folder: Path) -> None:
    """Keep the tables that come from draws."""
    for name, file in SAMPLED.items():
        table = getattr(decision, name)
        if table is not None:
            write_whole(folder / file, as_parquet(table))


def as_parquet(table: pd.DataFrame) -> bytes:
    """A table as Parquet, whose columns come back as they are."""
    content = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), content, compression="zstd")
    return content.getvalue()


def with_sampled(plain: Decision, record: Record, draws: int) -> Decision | None:
    """A decision without draws, with the tables kept of so many draws added; None where they were not kept.

    Raises DamagedError where they are not as they were written.
    """
    if not set(SAMPLED.values()) <= set(record.files):
        return None
    kept = {name: pd.read_parquet(io.BytesIO(record.content(file))) for name, file in SAMPLED.items()}
    choices = tuple(str(name) for name in dict.fromkeys(kept["ceac"]["scenario"]))
    return dataclasses.replace(plain, ceac=kept["ceac"], voi=kept["voi"], draws=draws, choices=choices)
