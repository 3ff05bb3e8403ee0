"""Who waits: lists, waits, places and people never reached."""

from __future__ import annotations

import pandas as pd

from lbpsim.report.charts.series import interval_factor
from lbpsim.report.page.curves import YearlyChart, curve
from lbpsim.report.page.figures import cell, rows_of
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Head, Pictures, Section, Sheet, Words
from lbpsim.study.phrasing import span

KEY, TITLE = "waiting", "Who waits"
SUBJECTS = (
    YearlyChart("cft_waiting_years", "People on the waiting list for CFT", "people, average of the year", against=False,
            people=True),
    YearlyChart("cft_wait_mean", "Mean wait of those who start CFT", "weeks", against=False,
            note="Nobody starts in the years without a figure."),
    YearlyChart("cft_courses", "CFT courses started", "courses", against=False),
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
READ = (
    "A long list means people who are offered CFT and go untreated, or start late. Unused places mean that clinics "
    "could treat more people than are offered CFT. Never reached counts the times that people left "
    "the list untreated, or were still on it at the end; some people more than once."
)


def section(material: Material) -> Section:
    """Lists by year of the policies that have any, and a table of the whole horizon."""
    shown = _queueing(material)
    surgery = _sheet(material, "surgery", tuple(material.results.scenarios))
    if not shown:
        which = "of this study" if material.whole is material.results else "shown here"
        nobody = f"No policy {which} has a limited number of CFT places, so nobody waits for CFT."
        return Section(KEY, TITLE, (Words(nobody), surgery))
    charts = Pictures(tuple(curve(material, subject, shown) for subject in SUBJECTS))
    return Section(KEY, TITLE, (Words(READ), charts, _sheet(material, "CFT", shown), surgery))


def _queueing(material: Material) -> tuple[str, ...]:
    """Policies under which people wait for CFT."""
    study = material.results.study
    return tuple(name for name in material.shown if study.policy(name).cft.queues)


def _sheet(material: Material, queue: str, shown: tuple[str, ...]) -> Sheet:
    """Sums over the horizon; measures that a list does not have are left out."""
    rows = rows_of(material.results.waiting, list=queue)
    measures = [measure for measure in MEASURES if (rows["measure"] == measure).any()]
    columns = tuple(Head(f"{MEASURES[measure]}", number=True) for measure in measures)
    return Sheet(
        f"waiting-{queue.lower()}",
        f"The waiting list for {queue} over the horizon, {span(material.results.years)}",
        (Head("Policy"), *columns),
        tuple((material.cell(name), *(_cell(material, rows, name, each) for each in measures)) for name in shown),
        note="People and places, undiscounted. Never reached is given with its 95% Monte Carlo interval.",
    )


def _cell(material: Material, rows: pd.DataFrame, scenario: str, measure: str) -> Cell:
    mine = rows_of(rows, scenario=scenario, measure=measure)
    value = float(mine["value"].sum())
    if measure != "never_reached":
        return Cell(f"{value:,.0f}" if value < 1000 else f"{round(value, -2):,.0f}")
    half = interval_factor(material.results.replications) * float(mine["mcse"].iloc[0])
    return cell(value, value - half, value + half)
