"""Who is treated, and who waits: courses by year, the list, and what becomes of those who are referred."""

from __future__ import annotations

import pandas as pd

from lbpsim.outcomes.estimate import interval_factor
from lbpsim.report.page.curves import YearlyChart, curve
from lbpsim.report.page.figures import cell
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.report.rows import rows_of

KEY, TITLE = "reach", "Who is treated, and who waits"
SUBJECTS = (
    YearlyChart("cft_courses", "CFT courses started", "courses", against=False),
    YearlyChart(
        "cft_waiting_years", "People on the waiting list for CFT", "people, average of the year", against=False,
        people=True,
    ),
)  # fmt: skip
MORE = (
    YearlyChart(
        "cft_wait_mean", "Mean wait of those who start CFT", "weeks", against=False,
        note="Nobody starts in the years without a figure.",
    ),
    YearlyChart("physiotherapists_trained", "Physiotherapists trained in CFT and practising", "physiotherapists",
                against=False),
)  # fmt: skip
MEASURES = {
    # measure in the table of waiting lists: head of the column
    "joined": "Referred to the list",
    "turned_away": "Turned away",
    "started": "Started",
    "left_untreated": "Left untreated",
    "places_given_up": "Places given up",
    "never_reached": "Never reached",
    "places": "Places",
    "places_unused": "Places unused",
}


def section(material: Material) -> Section | None:
    """Lists by year of the policies under which people wait for CFT, and tables of the whole horizon."""
    study = material.results.study
    queueing = tuple(name for name in material.shown if study.policy(name).cft.queues)
    lists = {"CFT": queueing, "surgery": material.results.scenarios}
    if not queueing:
        return None
    values = {
        "charts": [curve(material, subject, queueing) for subject in SUBJECTS],
        "more": [curve(material, subject, queueing) for subject in MORE],
        "lists": [(queue, *_table(material, queue, names)) for queue, names in lists.items()],
    }
    return Section(KEY, TITLE, "reach.html", values)


def _table(material: Material, queue: str, names: tuple[str, ...]) -> tuple[list[str], list[Row]]:
    """Heads, and sums over the horizon; measures that a list does not have are left out."""
    rows = rows_of(material.results.waiting, list=queue)
    measures = [measure for measure in MEASURES if (rows["measure"] == measure).any()]
    table: list[Row] = [
        (material.cell(name), *(_cell(material, rows_of(rows, scenario=name), each) for each in measures))
        for name in names
    ]
    return [MEASURES[measure] for measure in measures], table


def _cell(material: Material, rows: pd.DataFrame, measure: str) -> Cell | str:
    mine = rows_of(rows, measure=measure)
    value = float(mine["value"].sum())
    if measure != "never_reached":
        return f"{value:,.0f}" if value < 1000 else f"{round(value, -2):,.0f}"
    return cell(value, interval_factor(material.results.replications) * float(mine["mcse"].iloc[0]))
