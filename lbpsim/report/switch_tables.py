"""The headline under other readings of the model: its table, kept with a run, on a terminal and in a sentence."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lbpsim.report.columns import OUTCOME, SCENARIO, UNIT, Column, Table
from lbpsim.report.decision_files import as_parquet
from lbpsim.report.file_records import Record
from lbpsim.report.files import write_whole

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results

KEPT_SWITCHES = "switches.parquet"
SWITCHES = Table(
    "switches",
    "The headline under other readings of the model",
    "The plainest offer of CFT less the comparator over the horizon, discounted, at central inputs: as the study has "
    "it, and with one choice of structure, or of strength, made otherwise. The same people live through all of them "
    "with the same luck.",
    (
        Column("switch", "string", "The reading; `base` is the study as it is."),
        Column("title", "string", "The reading in words."),
        Column("note", "string", "Who makes the choice already, or why it makes no sense here; else empty."),
        SCENARIO,
        OUTCOME,
        UNIT,
        Column(
            "difference",
            "number",
            "Policy less comparator for the country under this reading: that of the whole run, and the change.",
            nature="row",
        ),
        Column("mcse", "number", "Monte Carlo standard error of the difference.", nature="statistic"),
        Column("change", "number", "Difference under this reading less that of the base, paired.", nature="row"),
        Column("change_mcse", "number", "Monte Carlo standard error of the change.", nature="statistic"),
    ),
    ("switch", "scenario", "outcome"),
)


def keep_switches(results: Results, folder: Path) -> None:
    """Keep the table where there is one."""
    if results.switches is not None:
        write_whole(folder / KEPT_SWITCHES, as_parquet(results.switches))


def kept_switches(record: Record) -> pd.DataFrame | None:
    """The table that was kept with a run, None without; raises DamagedError where it is not as it was written."""
    if KEPT_SWITCHES not in record.files:
        return None
    return pd.read_parquet(io.BytesIO(record.content(KEPT_SWITCHES)))
