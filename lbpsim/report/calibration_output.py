"""What `lbpsim calibrate` leaves in its folder: tables, charts, assumptions for a study file, and the fit report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from rich.console import Console

from lbpsim import __version__
from lbpsim.calibration.fit import Fit, calibrate
from lbpsim.calibration.fit_tables import (
    correlation_table,
    direction_table,
    parameter_table,
    search_table,
    target_table,
)
from lbpsim.calibration.plan import CalibrationPlan, shipped
from lbpsim.calibration.ship import posterior_csv, ship
from lbpsim.engine import compiled_engine
from lbpsim.evidence.units import format_in_unit
from lbpsim.report.calibration_page import fit_page
from lbpsim.report.charts import fit as fit_charts
from lbpsim.report.charts import picture
from lbpsim.report.earlier_run import FITTED as RECORD
from lbpsim.report.earlier_run import evidence, refuse_other_record
from lbpsim.report.file_records import MADE_BY, write_record
from lbpsim.report.files import plain_csv, write_whole
from lbpsim.report.folder_lock import held
from lbpsim.report.progress import simulating
from lbpsim.report.staging import aside
from lbpsim.simulation.replication import MODEL
from lbpsim.study import Study

PAGE, SIMULATIONS = "fit.md", "simulations"
POSTERIOR, ASSUME, CHART_KINDS = "posterior.csv", "assume.yaml", ("svg", "png")
TABLES: Mapping[str, Callable[[Fit], pd.DataFrame]] = {
    "parameters": parameter_table,
    "targets": target_table,
    "correlation": correlation_table,
    "directions": direction_table,
    "searches": search_table,
}
CHARTS: Mapping[str, Callable[[Fit], Figure]] = {
    "fit_targets": fit_charts.draw_targets,
    "fit_parameters": fit_charts.draw_parameters,
}
DOCS = Path(__file__).parents[2] / "docs"


def calibrate_and_write(
    study: Study,
    folder: Path,
    *,
    plan: CalibrationPlan | None = None,
    workers: int | None = None,
    to_ship: bool = False,
    overwrite: bool = False,
    console: Console,
    quiet: bool = False,
) -> Fit:
    """Fit the free parameters, with progress on a terminal, and write what was found into `folder`.

    `to_ship` also puts it into the registry and the documentation of a checkout. Simulations are kept in the folder,
    so that interrupted work goes on from where it was. Raises PlanError, TooFewError, NotShippedError; InputErrors
    where the folder holds a fit of other inputs and `overwrite` does not say that it may go; FolderInUseError where
    somebody else writes there.
    """
    plan = plan or shipped()
    with held(folder):
        if not overwrite:
            refuse_other_record(folder / RECORD, asked(plan), study.of_comparator, _written_earlier(folder))
        if compiled_engine.needs_compiling(MODEL) and not quiet:
            console.print("Compiling the rules of the model; this is needed once and takes under a minute.")
        with simulating(console, quiet=quiet) as tell:
            fit = calibrate(study, folder / SIMULATIONS, plan=plan, workers=workers, tell=tell)
        write(fit, plan, study, folder)
    if to_ship:
        ship(fit)
        document(fit, plan)
    if not quiet:
        console.print(in_words(fit), markup=False, highlight=False)
        console.print(f"Tables, charts and the fit report are in {folder}", soft_wrap=True)
    return fit


def write(fit: Fit, plan: CalibrationPlan, study: Study, folder: Path) -> None:
    """Write everything; the outputs are whole when calibration.json is there, which comes last."""
    contents = {f"{name}.csv": plain_csv(frame) for name, frame in frames(fit).items()}
    contents |= {POSTERIOR: posterior_csv(fit).encode(), ASSUME: assumptions(fit).encode()}
    contents |= {f"charts/{name}.{kind}": content for (name, kind), content in _pictures(fit, CHART_KINDS).items()}
    contents[PAGE] = fit_page(fit, plan, charts="charts").encode()
    told = {"lbpsim": __version__, **asked(plan), "study": study.of_comparator.resolved()}
    with aside(folder, _written_earlier, last=RECORD) as new:
        for name, content in contents.items():
            write_whole(new / name, content)
        write_record(new / RECORD, told, contents)


def asked(plan: CalibrationPlan) -> dict[str, Any]:
    """What calibration.json says of the question, beside the study with its comparator."""
    return {MADE_BY: "lbpsim calibrate", "plan": plan.model_dump(mode="json"), **evidence()}


def _written_earlier(folder: Path) -> list[Path]:
    """Files that an earlier calibration left in a folder, by the names that it gives; simulations are no part."""
    charts = (f"charts/{name}.{kind}" for name in CHARTS for kind in CHART_KINDS)
    tables = (f"{name}.csv" for name in TABLES)
    return [folder / name for name in (RECORD, PAGE, POSTERIOR, ASSUME, *tables, *charts)]


def document(fit: Fit, plan: CalibrationPlan, docs: Path = DOCS) -> None:
    """Write the fit report and its charts into the documentation."""
    for (name, kind), content in _pictures(fit, ("png",)).items():
        write_whole(docs / "images" / f"{name}.{kind}", content)
    write_whole(docs / "calibration.md", fit_page(fit, plan, charts="images").encode())


def _pictures(fit: Fit, kinds: tuple[str, ...]) -> dict[tuple[str, str], bytes]:
    return {(name, kind): picture(draw(fit), kind) for name, draw in CHARTS.items() for kind in kinds}


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
    rows = target_table(fit)
    aimed = rows[rows["fitted"]]
    before = ((aimed["before"] - aimed["published"]) / aimed["within"]).abs()
    near = int((aimed["miss"].abs() <= 1.0).sum())
    worst = aimed.iloc[int(aimed["miss"].abs().argmax())]
    return (
        f"{near} of {len(aimed)} targets are met within the distance that the plan allows, "
        f"{int((before <= 1.0).sum())} were before. Farthest off is {worst['target']}: {worst['after']:.4g} for "
        f"{worst['published']:.4g}."
    )
