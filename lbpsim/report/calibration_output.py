"""What `lbpsim calibrate` leaves in its folder: tables, charts, assumptions for a study file, and the fit report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from lbpsim.calibration import fit_tables
from lbpsim.calibration.fit import Fit
from lbpsim.calibration.plan import CalibrationPlan
from lbpsim.calibration.ship import posterior_csv
from lbpsim.evidence.units import format_in_unit
from lbpsim.report.calibration_page import fit_page
from lbpsim.report.charts import USUAL_KINDS, files_of
from lbpsim.report.charts import fit as fit_charts
from lbpsim.report.earlier_run import evidence
from lbpsim.report.file_names import FITTED as RECORD
from lbpsim.report.file_records import MADE_BY
from lbpsim.report.files import plain_csv
from lbpsim.report.staging import leave
from lbpsim.study import Study

PAGE = "fit.md"
POSTERIOR, ASSUME = "posterior.csv", "assume.yaml"
TABLES: Mapping[str, Callable[[Fit], pd.DataFrame]] = {
    "parameters": fit_tables.parameter_table,
    "targets": fit_tables.target_table,
    "correlation": fit_tables.correlation_table,
    "directions": fit_tables.direction_table,
    "searches": fit_tables.search_table,
}
CHARTS: Mapping[str, Callable[[Fit], Figure]] = {
    "fit_targets": fit_charts.draw_targets,
    "fit_parameters": fit_charts.draw_parameters,
}


def write(fit: Fit, plan: CalibrationPlan, study: Study, folder: Path) -> None:
    """Write everything; the outputs are whole when calibration.json is there, which comes last."""
    contents = {f"{name}.csv": plain_csv(frame) for name, frame in frames(fit).items()}
    contents |= {POSTERIOR: posterior_csv(fit).encode(), ASSUME: assumptions(fit).encode()}
    for name, draw in CHARTS.items():
        contents |= files_of(f"charts/{name}", draw(fit))
    contents[PAGE] = fit_page(fit, plan, charts="charts").encode()
    told = {**asked(plan), "study": study.of_comparator.resolved()}
    leave(folder, contents, written_earlier, record=RECORD, told=told)


def asked(plan: CalibrationPlan) -> dict[str, Any]:
    """What calibration.json says of the question, beside the study with its comparator."""
    return {MADE_BY: "lbpsim calibrate", "plan": plan.model_dump(mode="json"), **evidence()}


def written_earlier(folder: Path) -> list[Path]:
    """Files that an earlier calibration left in a folder, by the names that it gives; simulations are no part."""
    charts = (f"charts/{name}.{kind}" for name in CHARTS for kind in USUAL_KINDS)
    tables = (f"{name}.csv" for name in TABLES)
    return [folder / name for name in (RECORD, PAGE, POSTERIOR, ASSUME, *tables, *charts)]


def frames(fit: Fit) -> dict[str, pd.DataFrame]:
    """Tables that are written as CSV, by the name of their file."""
    return {name: table(fit) for name, table in TABLES.items()}


def assumptions(fit: Fit) -> str:
    """The fitted values as the `assume` of a study file."""
    lines = [
        f'  {one.name}: "{format_in_unit(float(value), one.unit)}"'
        for one, value in zip(fit.task.scores.parameters, fit.values, strict=True)
    ]
    return "\n".join(["# To be put into study.yaml.", "assume:", *lines]) + "\n"


def in_words(fit: Fit) -> str:
    """How near the fit comes, in two sentences."""
    rows = fit_tables.target_table(fit)
    aimed = rows[rows["fitted"]]
    before = ((aimed["before"] - aimed["published"]) / aimed["within"]).abs()
    near = int((aimed["miss"].abs() <= 1.0).sum())
    worst = aimed.iloc[int(aimed["miss"].abs().argmax())]
    return (
        f"{near} of {len(aimed)} targets are met within the distance that the plan allows, "
        f"{int((before <= 1.0).sum())} were before. Farthest off is {worst['target']}: {worst['after']:.4g} for "
        f"{worst['published']:.4g}."
    )
