"""Fit the free parameters, write what was found, and put it into a checkout where that is asked for."""

from __future__ import annotations

from pathlib import Path

from lbpsim.calibration.fit import Fit, calibrate
from lbpsim.calibration.plan import CalibrationPlan, shipped
from lbpsim.calibration.ship import ship
from lbpsim.commands.session import Session, of_the_country
from lbpsim.report.calibration_output import CHARTS, asked, in_words, write, written_earlier
from lbpsim.report.calibration_page import fit_page
from lbpsim.report.charts import picture
from lbpsim.report.file_names import FITTED
from lbpsim.report.files import write_whole
from lbpsim.report.progress import simulating
from lbpsim.study import Study

SIMULATIONS = "simulations"
DOCS = Path(__file__).parents[2] / "docs"


def calibrate_and_write(
    study: Study,
    session: Session,
    *,
    plan: CalibrationPlan | None = None,
    workers: int | None = None,
    to_ship: bool = False,
) -> Fit:
    """Fit the free parameters, with progress on a terminal, and write what was found into the folder of the session.

    `to_ship` also puts it into the registry and the documentation of a checkout. Simulations are kept in the folder,
    so that interrupted work goes on from where it was. Raises PlanError, TooFewError, NotShippedError; InputErrors
    where the folder holds a fit of other inputs and `overwrite` does not say that it may go; FolderInUseError where
    somebody else writes there.
    """
    plan = plan or shipped()
    asked_of, study = study, study.of_the_country
    folder, beginning = session.folder, of_the_country(asked_of)
    with session.answering(FITTED, asked(plan), study.of_comparator, written_earlier, beginning):
        with simulating(session.console, quiet=session.quiet) as tell:
            fit = calibrate(study, folder / SIMULATIONS, plan=plan, workers=workers, tell=tell)
        write(fit, plan, study, folder)
    if to_ship:
        ship(fit)
        document(fit, plan)
    session.say(in_words(fit), wrapped=True)
    session.say(f"Tables, charts and the fit report are in {folder}")
    return fit


def document(fit: Fit, plan: CalibrationPlan, docs: Path = DOCS) -> None:
    """Write the fit report and its charts into the documentation."""
    for name, draw in CHARTS.items():
        write_whole(docs / "images" / f"{name}.png", picture(draw(fit), "png"))
    write_whole(docs / "calibration.md", fit_page(fit, plan, charts="images").encode())
