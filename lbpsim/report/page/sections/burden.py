"""The burden by year: what each policy averts, and under usual care how much there is."""

from __future__ import annotations

from lbpsim.report.charts.harms import too_few
from lbpsim.report.narrative import titles
from lbpsim.report.page.curves import YearlyChart, apart, choices, curve
from lbpsim.report.page.figures import Column, differences
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Section

KEY, TITLE = "burden", "Burden by year"
NO_DEATHS = "Years of life lost to deaths are not in YLDs."
PEOPLE = "people, average of the year"
AVERTED = YearlyChart("ylds", "", "YLDs averted", -1.0, note=NO_DEATHS)
LEVEL = YearlyChart(
    "high_impact_years", "People in pain with high impact on daily life", PEOPLE, against=False, people=True
)
MORE = (
    YearlyChart("qalys", "Quality-adjusted life years gained", "QALYs"),
    YearlyChart("high_impact_years", "Change in people in pain with high impact", PEOPLE, people=True),
    YearlyChart("opioid_years", "Change in people on long-term opioids", PEOPLE, people=True),
    YearlyChart("rmdq_mean", "Change in mean disability of people in pain (RMDQ, 0 to 24)", "points"),
)
RARE = {"surgeries": "Lumbar fusions", "overdose_deaths": "Deaths from overdose", "deaths": "Deaths from all causes"}


def section(material: Material) -> Section:
    """Years averted and the level; folded, other outcomes by year, and rare events with all years together."""
    first = material.results.scenarios[0]
    values = {
        "level": [curve(material, LEVEL, (first,))],
        "averted": [] if material.case is None else choices(material, AVERTED, titles.averted(material.case)),
        "more": [] if material.alone else [chart for each in MORE for chart in choices(material, each)],
        "apart": [] if material.alone else [chart for each in (AVERTED, *MORE) for chart in apart(material, each)],
        "rare": [] if material.alone else _rare(material),
    }
    return Section(KEY, TITLE, "burden.html", values)


def _rare(material: Material) -> list[Column]:
    """Events of which a single year says little, because most of what differs is Monte Carlo error."""
    return [
        Column(label, differences(material.results, outcome, discounted=False), few=too_few(material.results, outcome))
        for outcome, label in RARE.items()
    ]
