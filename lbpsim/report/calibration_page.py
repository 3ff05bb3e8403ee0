"""The fit report, filled into its template `calibration.md`: what was fitted to what, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lbpsim.calibration.emulator import fewest
from lbpsim.calibration.fit import Fit
from lbpsim.calibration.fit_tables import HARDLY, LEARNT, direction_table, parameter_table, search_table, target_table
from lbpsim.calibration.plan import CalibrationPlan
from lbpsim.evidence import parameters
from lbpsim.evidence.units import format_in_unit, number_text
from lbpsim.report.page.templates import rendered

TIED = 0.3  # correlation from which two parameters are said to go together
SHOWN = 4  # significant digits


def fit_page(fit: Fit, plan: CalibrationPlan, *, charts: str) -> str:
    """The whole report; `charts`: the folder of the charts, from the page."""
    targets, directions = target_table(fit), direction_table(fit)
    aimed = targets[targets["fitted"]]
    off = {name: (aimed[name] - aimed["after"]).abs() / aimed["within"] for name in ("sample_mean", "other_luck")}
    text = rendered(
        "calibration.md",
        **{"fit": fit, "plan": plan, "charts": charts, "tied": TIED},
        terms=fewest(len(plan.free)),
        learnt=f"{LEARNT:.0%}",
        hardly=f"{HARDLY:.0%}",
        targets=[
            {**row, "label": f"{parameters()[row['target']].label} (`{row['target']}`)"}
            for row in targets.to_dict("records")
        ],
        aimed=aimed.to_dict("records"),
        far=aimed[aimed["miss"].abs() > 1.0].to_dict("records"),
        parameters=parameter_table(fit).to_dict("records"),
        directions=directions.to_dict("records"),
        told=int((directions["told"] == "yes").sum()),
        searches=search_table(fit).to_dict("records"),
        worst=(aimed["emulator_error"] / aimed["within"]).max(),
        spread=off["sample_mean"].max(),
        moved=off["other_luck"].max(),
        distances=_distances(plan),
        figure=_number,
        plain_text=_plain,
        far_off=_far,
        in_unit=format_in_unit,
    )
    return f"{text}\n"


def _far(row: Mapping[str, Any]) -> str:
    inside = " (inside its published interval)" if row["low"] <= row["after"] <= row["high"] else ""
    return f"`{row['target']}`, {_number(row['after'])} for {_number(row['published'])}{inside}"


def _distances(plan: CalibrationPlan) -> list[tuple[str, str, list[str]]]:
    """Acceptable distances with their reasons, and the targets that have the same for the same reason."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for aim in plan.targets:
        grouped.setdefault((format_in_unit(aim.within, aim.target.unit), _plain(aim.because)), []).append(aim.name)
    return [(*same, names) for same, names in grouped.items()]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _number(value: float, digits: int = SHOWN) -> str:
    return number_text(float(f"{value:.{digits}g}"))
