"""What each treatment does to 1,000 people who get it: CFT beside opioids and surgery."""

from __future__ import annotations

from lbpsim.outcomes import per_thousand_treated as thousand
from lbpsim.outcomes.estimate import SURE
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.report.charts import per_thousand_treated as chart
from lbpsim.report.page.figures import cell
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.report.page.pictures import inlined

KEY, TITLE = "per-thousand", f"Per {thousand.THOUSAND:,} people treated"
COLUMNS = (
    (thousand.CFT, thousand.ALL_PEOPLE),
    (thousand.CFT_IN_TRIAL, thousand.ALL_PEOPLE),
    (thousand.BIOFEEDBACK, thousand.ALL_PEOPLE),
    (thousand.BIOFEEDBACK_IN_TRIAL, thousand.ALL_PEOPLE),
    (thousand.OPIOIDS, thousand.NOT_ON_OPIOIDS),
    (thousand.FUSION, thousand.FIT_FOR_FUSION),
    (thousand.CFT, thousand.FIT_FOR_FUSION),
)
OF_THE_LAST = "CFT for the people of the column before"
WORTH_LESS_LATER = ("rmdq_years", "qalys", "cost_health_system", "cost_lost_work", "cost_societal")


def section(material: Material) -> Section | None:
    """The chart of differences per 1,000 people, and tables at every mark."""
    treated = material.results.treated
    if treated is None:
        return None
    kinds = [
        (thousand.MARKS[-1], False),
        *((years, False) for years in thousand.MARKS[:-1]),
        *((years, True) for years in thousand.MARKS),
    ]
    values = {
        "qualified": treated.followed(thousand.ALL_PEOPLE),
        "not_on_opioids": treated.followed(thousand.NOT_ON_OPIOIDS),
        "fit_for_fusion": treated.followed(thousand.FIT_FOR_FUSION),
        "title": TITLE,
        "markup": inlined("per_thousand", TITLE, lambda: chart.draw(material.results)),
        "heads": [*(thousand.TREATMENTS[treatment] for treatment, _ in COLUMNS[:-1]), OF_THE_LAST],
        "tables": [(years, discounted, _rows(treated, years, discounted)) for years, discounted in kinds],
    }
    return Section(KEY, TITLE, "per_thousand_treated.html", values)


def _rows(treated: thousand.Treated, years: int, discounted: bool) -> list[Row]:
    measures = [name for name in thousand.MEASURES if name in WORTH_LESS_LATER] if discounted else thousand.MEASURES
    return [(_named(name), *_figures(treated, name, years, discounted)) for name in measures]


def _named(measure: str) -> Cell:
    label = thousand.DAYS_OFF.label if measure == thousand.DAYS_OFF.name else OUTCOMES[measure].label
    return Cell(label, below="" if thousand.unit(measure) == "events" else thousand.unit(measure))


def _figures(treated: thousand.Treated, measure: str, years: int, discounted: bool) -> list[Cell]:
    found = (treated.figure(what, who, years, measure, discounted=discounted) for what, who in COLUMNS)
    return [cell(value, SURE * error, signs=True) for value, error in found]
