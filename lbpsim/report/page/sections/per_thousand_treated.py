"""What each treatment does to 1,000 people who get it: CFT beside opioids and surgery."""

from __future__ import annotations

from lbpsim.outcomes.estimate import SURE
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.per_thousand_treated import (
    ALL_PEOPLE,
    AMONG,
    BIOFEEDBACK,
    BIOFEEDBACK_IN_TRIAL,
    CFT,
    CFT_IN_TRIAL,
    COMPARISONS,
    DAYS_OFF,
    FIT_FOR_FUSION,
    FUSION,
    MARKS,
    MEASURES,
    NOT_ON_OPIOIDS,
    OPIOIDS,
    THOUSAND,
    TREATMENTS,
    Treated,
    unit,
)
from lbpsim.report.charts import per_thousand_treated
from lbpsim.report.page.figures import cell
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.report.page.pictures import inlined

KEY, TITLE = "per-thousand", f"Per {THOUSAND:,} people treated"
COLUMNS = (
    (CFT, ALL_PEOPLE, TREATMENTS[CFT]),
    (CFT_IN_TRIAL, ALL_PEOPLE, TREATMENTS[CFT_IN_TRIAL]),
    (BIOFEEDBACK, ALL_PEOPLE, TREATMENTS[BIOFEEDBACK]),
    (BIOFEEDBACK_IN_TRIAL, ALL_PEOPLE, TREATMENTS[BIOFEEDBACK_IN_TRIAL]),
    (OPIOIDS, NOT_ON_OPIOIDS, TREATMENTS[OPIOIDS]),
    (FUSION, FIT_FOR_FUSION, TREATMENTS[FUSION]),
    (CFT, FIT_FOR_FUSION, "CFT for the people of the column before"),
)
WORTH_LESS_LATER = ("rmdq_years", "qalys", "cost_health_system", "cost_lost_work", "cost_societal")


def section(material: Material) -> Section | None:
    """The chart of differences per 1,000 people, and tables at every mark."""
    treated = material.results.treated
    if treated is None:
        return None
    people = {among: int(treated.people[COMPARISONS.index((CFT, among))]) for among in AMONG}
    kinds = [(MARKS[-1], False), *((years, False) for years in MARKS[:-1]), *((years, True) for years in MARKS)]
    values = {
        "qualified": people[ALL_PEOPLE],
        "not_on_opioids": people[NOT_ON_OPIOIDS],
        "fit_for_fusion": people[FIT_FOR_FUSION],
        "title": TITLE,
        "markup": inlined("per_thousand", TITLE, lambda: per_thousand_treated.draw(material.results)),
        "heads": [label for _, _, label in COLUMNS],
        "tables": [(years, discounted, _rows(treated, years, discounted)) for years, discounted in kinds],
    }
    return Section(KEY, TITLE, "per_thousand_treated.html", values)


def _rows(treated: Treated, years: int, discounted: bool) -> list[Row]:
    measures = [name for name in MEASURES if name in WORTH_LESS_LATER] if discounted else MEASURES
    return [(_named(name), *_figures(treated, name, years, discounted)) for name in measures]


def _named(measure: str) -> Cell:
    label = DAYS_OFF.label if measure == DAYS_OFF.name else OUTCOMES[measure].label
    return Cell(label, below="" if unit(measure) == "events" else unit(measure))


def _figures(treated: Treated, measure: str, years: int, discounted: bool) -> list[Cell]:
    found = (treated.figure(what, who, years, measure, discounted=discounted) for what, who, _ in COLUMNS)
    return [cell(value, SURE * error, signs=True) for value, error in found]
