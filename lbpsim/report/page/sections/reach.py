"""Who is treated, and who waits: courses by year, the list, and what becomes of those who are referred."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from lbpsim.evidence import in_force
from lbpsim.outcomes.estimate import interval_factor
from lbpsim.outcomes.people_treated import WHOLE_HORIZON
from lbpsim.outcomes.results import Results
from lbpsim.report.format import plain
from lbpsim.report.narrative import titles
from lbpsim.report.narrative.people import counted
from lbpsim.report.page.curves import YearlyChart, curve
from lbpsim.report.page.figures import band_cell, cell
from lbpsim.report.page.forest import Forest, ForestRow
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
AMONG_TREATED = {
    # measure of treated_by_year.csv: head of the column
    "people_offered": "Offered CFT",
    "people_treated": "Treated",
    "people_improved": "Improved by {improved_by} RMDQ points or more",
    "people_improved_by_cft": "of these, by CFT itself",
    "people_with_low_disability": "RMDQ of {low_disability} or less",
    "cost_per_person_treated": "{currency} a person treated",
    "cost_per_person_improved_by_cft": "{currency} a person improved by CFT",
}
IMPROVED = (
    "Improved at week 13 of the course; many would be so without CFT, as flares end and pain remits. Costs are of CFT "
    "and of training for it, undiscounted."
)
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
    """People treated and improved, and lists by year, of the policies under which people wait for CFT."""
    study = material.results.study
    queueing = tuple(name for name in material.shown if study.policy(name).cft.queues)
    lists = {"CFT": queueing, "surgery": material.results.scenarios}
    if not queueing:
        return None
    values = {
        "treated": _treated(material, queueing),
        "by_year": [(material.label(name), _by_year(material, name)) for name in queueing],
        "heads": list(_heads(material).values()),
        "charts": [curve(material, subject, queueing) for subject in SUBJECTS],
        "more": [curve(material, subject, queueing) for subject in MORE],
        "lists": [(queue, *_table(material, queue, names)) for queue, names in lists.items()],
    }
    return Section(KEY, TITLE, "reach.html", values)


def _treated(material: Material, names: Sequence[str]) -> Forest:
    """People treated by the end of the study, how many of them improve, and what that costs, with intervals."""
    seen = material.seen
    rows = [
        ForestRow(
            material.cell(name),
            counted(seen, name, "people_treated"),
            material.case is not None and name == material.case.name,
            tuple(_person(seen, name, measure) for measure in AMONG_TREATED if measure != "people_treated"),
        )
        for name in names
    ]
    heads = tuple(head for measure, head in _heads(material).items() if measure != "people_treated")
    title = titles.reached(material.case) if material.case is not None else "People treated with CFT"
    return Forest("treated", title, "Policy", "People treated", "", rows, heads, IMPROVED, signs=False)


def _heads(material: Material) -> dict[str, str]:
    """Heads of the measures, with the thresholds of the registry."""
    known = material.results.study.registry.parameters
    names = {"improved_by": "cft.improved_by", "low_disability": "cft.low_disability"}
    limits = {place: plain(known[name].value) for place, name in names.items()}
    return {measure: head.format(currency=in_force.currency(), **limits) for measure, head in AMONG_TREATED.items()}


def _by_year(material: Material, name: str) -> list[Row]:
    periods = {**{str(year): str(year) for year in material.results.years}, WHOLE_HORIZON: "All years"}
    return [
        (label, *(_person(material.seen, name, measure, year) for measure in AMONG_TREATED))
        for year, label in periods.items()
    ]


def _person(results: Results, name: str, measure: str, year: str = WHOLE_HORIZON) -> Cell:
    """A measure of people treated; empty where there is nobody to divide by."""
    found = counted(results, name, measure, year)
    return band_cell(found) if math.isfinite(found.value) else Cell("")


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
