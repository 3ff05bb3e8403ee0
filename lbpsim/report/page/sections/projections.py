"""Projections year by year: disability, health, pain, opioids and operations under every policy, with bands."""

from __future__ import annotations

from lbpsim.report.page.curves import YearlyChart, curve, pair
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Heading, Part, Pictures, Section, Words

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
READ = (
    "All figures are undiscounted and for the whole country. Switch policies off to see the others closer: the axis "
    "follows. Move over a chart, or give it the focus and press the left and right arrow keys, to read a year."
)
SHARED = (
    "Levels drift in ways that all policies share, so differences between policies are surer than levels. People join "
    "and leave the model through the years: do not read a level as a forecast of the country's total."
)


def section(material: Material) -> Section:
    """Levels under each policy, then what the policies change."""
    results = material.results
    alone = len(results.scenarios) == 1
    parts: list[Part] = [Words(READ)]
    changes = [picture for subject in CHANGES for picture in pair(material, subject)] if not alone else []
    levels = [curve(material, subject, (results.scenarios[0], *material.shown)) for subject in LEVELS]
    if changes:
        heading = Heading("projections-changes", f"What the policies change against {material.comparator}")
        parts += [heading, Pictures(tuple(changes))]
    parts += [Heading("projections-levels", "Levels"), Words(SHARED), Pictures(tuple(levels))]
    return Section(KEY, TITLE, tuple(parts))
