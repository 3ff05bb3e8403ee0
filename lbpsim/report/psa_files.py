"""Draws on disk: Parquet files beside the tables, the same bytes from the same draws, and read back.

`draws.parquet` holds the totals over the horizon in long form, `draws_yearly.parquet` those by calendar year,
`draws_replicates.parquet` the replications within each draw, `draws_treated.parquet` people treated and improved by
year, `draws_paid.parquet` what each payer pays, `draws_groups.parquet` health by age and sex, and by fifth,
`draws_parameters.parquet` what was drawn, a column each.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lbpsim.outcomes.draws import BANDED, DECISIVE, DrawPlan, DrawResults
from lbpsim.outcomes.health_by_group import HEALTH, LABELS
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.people_treated import MEASURES
from lbpsim.psa.parameter_sampling import structures_of
from lbpsim.report.decision_files import kept_table
from lbpsim.report.file_records import Record
from lbpsim.report.files import write_whole
from lbpsim.study import Study

DRAWS, YEARLY, REPLICATES, TREATED, PAID, GROUPS, PARAMETERS = FILES = (
    *("draws.parquet", "draws_yearly.parquet", "draws_replicates.parquet", "draws_treated.parquet"),
    *("draws_paid.parquet", "draws_groups.parquet", "draws_parameters.parquet"),
)
KEPT_LATER = ("physiotherapists_trained",)  # by year: draws of earlier runs do not have it


def write_draws(draws: DrawResults, folder: Path) -> tuple[Path, ...]:
    """Write the files into the folder of a study's outputs; each appears whole."""
    frames = {
        DRAWS: _with_structures(draws),
        YEARLY: draws.yearly_frame,
        REPLICATES: _replicates(draws),
        TREATED: draws.treated_frame,
        PAID: draws.paid_frame,
        GROUPS: draws.by_group_frame,
        PARAMETERS: draws.parameters.reset_index(),
    }
    for name, frame in frames.items():
        write_whole(folder / name, _parquet(frame))
    return tuple(folder / name for name in FILES)


def _with_structures(draws: DrawResults) -> pd.DataFrame:
    """The totals, with the structural choices that their draw picked beside its base structure."""
    chosen = draws.structures.loc[draws.frame["draw"]].reset_index(drop=True) if len(draws.structures.columns) else None
    return draws.frame if chosen is None else draws.frame.join(chosen.add_prefix("structure."))


def read_draws(record: Record, study: Study) -> DrawResults:
    """The draws that were written with a record of a run.

    Raises DamagedError where a file is not as it was written, KeyError or ValueError where they do not fit the study.
    """
    told: dict[str, Any] = record.told["draws"]
    scenarios, years = tuple(policy.name for policy in study.policies), study.calendar_years
    frames = {name: kept_table(record, name) for name in FILES if name in record.files}
    parameters = frames[PARAMETERS].set_index("draw")
    numbers = tuple(int(number) for number in parameters.index)
    whole, yearly, each, treated = (frames[name] for name in (DRAWS, YEARLY, REPLICATES, TREATED))
    by_year = BANDED if KEPT_LATER[0] in set(yearly["outcome"]) else BANDED[: -len(KEPT_LATER)]
    for frame, outcomes in ((whole, tuple(OUTCOMES)), (yearly, by_year), (each, DECISIVE)):
        _check_outcomes(frame, outcomes)
    shape = (len(numbers), len(scenarios))
    return DrawResults(
        scenarios=scenarios,
        years=years,
        numbers=numbers,
        plan=DrawPlan(**told["plan"]),
        values=_array(whole, "value", (*shape, -1)),
        noise=_array(whole, "noise", (*shape, -1)),
        mcse=_array(whole, "mcse", (*shape, -1)),
        replicates=_array(each, "value", (*shape, -1, len(DECISIVE))),
        yearly=_by_year(yearly, "value", (*shape, len(years), len(by_year))),
        yearly_noise=_by_year(yearly, "noise", (*shape, len(years), len(by_year))),
        yearly_mcse=_by_year(yearly, "mcse", (*shape, len(years), len(by_year))),
        parameters=parameters,
        seconds=float(told["seconds"]),
        cut=int(told.get("rates_cut_in", 0)),
        structured=_array(each, "structured", (*shape, -1, len(DECISIVE))),
        structures=structures_of(study, numbers),
        treated=_by_measure(treated, "value", (*shape, len(years) + 1)),
        treated_noise=_by_measure(treated, "noise", (*shape, len(years) + 1)),
        **_paid(frames[PAID], shape) if PAID in frames else {},
        **_by_group(frames[GROUPS], shape) if GROUPS in frames else {},
    )


def _paid(frame: pd.DataFrame, shape: tuple[int, int]) -> dict[str, Any]:
    """What each payer pays; draws of earlier runs did not keep it, and their budgets have no interval."""
    payers = tuple(str(name) for name in dict.fromkeys(frame["payer"]))
    paid, mcse = (_array(frame, column, (*shape, len(payers), -1)) for column in ("value", "mcse"))
    return {"paid": paid, "paid_mcse": mcse, "payers": payers}


def _by_group(frame: pd.DataFrame, shape: tuple[int, int]) -> dict[str, Any]:
    """Health by group; draws of earlier runs did not keep it, and who gains has no interval over draws."""
    return {"by_group": np.stack([_array(frame, name, (*shape, -1, len(LABELS))) for name in HEALTH], axis=-1)}


def _by_year(frame: pd.DataFrame, column: str, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Figures of the outcomes by year; not a number for those that earlier draws did not keep, which come last."""
    found = np.full((*shape[:-1], len(BANDED)), np.nan)
    found[..., : shape[-1]] = _array(frame, column, shape)
    return found


def _by_measure(frame: pd.DataFrame, column: str, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Figures of every measure by its name; not a number for one that earlier draws did not keep.

    Raises ValueError for a measure that this version does not know.
    """
    stored = [str(name) for name in dict.fromkeys(frame["measure"])]
    found = np.full((*shape, len(MEASURES)), np.nan)
    found[..., [MEASURES.index(name) for name in stored]] = _array(frame, column, (*shape, len(stored)))
    return found


def _check_outcomes(frame: pd.DataFrame, expected: tuple[str, ...]) -> None:
    """Raise ValueError where stored draws are of other outcomes: read under today's names, they would be wrong."""
    stored = tuple(str(name) for name in dict.fromkeys(frame["outcome"]))
    if stored != expected:
        raise ValueError(f"the draws hold {len(stored)} outcomes, and not the {len(expected)} of this version")


def _replicates(draws: DrawResults) -> pd.DataFrame:
    index = pd.MultiIndex.from_product(
        [draws.numbers, draws.scenarios, range(draws.replicates.shape[2]), DECISIVE],
        names=["draw", "scenario", "replication", "outcome"],
    )
    columns = {"value": draws.replicates.ravel(), "structured": draws.structured.ravel()}
    return pd.DataFrame(columns, index=index).reset_index()


def _parquet(frame: pd.DataFrame) -> bytes:
    """A frame as Parquet without a trace of pandas, its words as dictionaries."""
    columns = {}
    for name in frame.columns:
        column = pa.array(frame[name].to_numpy())
        columns[str(name)] = column.dictionary_encode() if pa.types.is_string(column.type) else column
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content, compression="zstd")
    return content.getvalue()


def _array(frame: pd.DataFrame, column: str, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    return frame[column].to_numpy(dtype=float).reshape(shape)
