"""Projections year by year: disability, health, pain, opioids and operations under every policy, with bands."""

from __future__ import annotations

from lbpsim.report.page.curves import YearlyChart, curve, pair
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Section

KEY, TITLE = "projections", "Projections, year by year"
NO_DEATHS = "Years of life lost to deaths are not in YLDs; DALYs count them too."
PEOPLE = "people, average of the year"
LEVELS = (
    YearlyChart("ylds", "Years lived with disability", "YLDs", against=False, note=NO_DEATHS),
    YearlyChart("high_impact_years", "People in pain with high impact", PEOPLE, against=False, people=True),
    YearlyChart("rmdq_mean", "Mean disability of people in pain (RMDQ, 0 to 24)", "points", against=False),
    YearlyChart("pain_mean", "Mean pain of people in pain (0 to 10)", "points", against=False),
)
CHANGES = (
    YearlyChart("ylds", "Years lived with disability averted", "YLDs", -1.0, note=f"Below zero: added. {NO_DEATHS}"),
    YearlyChart("qalys", "Quality-adjusted life years gained", "QALYs", note="Below zero: lost."),
    YearlyChart("high_impact_years", "Change in people in pain with high impact", PEOPLE, people=True),
    YearlyChart("opioid_years", "Change in people on long-term opioids", PEOPLE, people=True),
    YearlyChart("surgeries", "Change in lumbar fusions", "operations"),
    YearlyChart("overdose_deaths", "Change in deaths from overdose", "deaths"),
)


def section(material: Material) -> Section:
    """Levels under each policy, then what the policies change."""
    every = (material.results.scenarios[0], *material.shown)
    values = {
        "changes": [] if material.alone else [chart for subject in CHANGES for chart in pair(material, subject)],
        "levels": [curve(material, subject, every) for subject in LEVELS],
    }
    return Section(KEY, TITLE, "projections.html", values)
