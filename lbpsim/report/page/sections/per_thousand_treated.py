"""What each treatment does to 1,000 people who get it: CFT beside opioids and surgery."""

from __future__ import annotations

from collections.abc import Iterator

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
from lbpsim.report.page.figures import FROM_LUCK, cell
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Folded, Head, Part, Picture, Section, Sheet, Words
from lbpsim.report.page.pictures import inlined
from lbpsim.study.phrasing import number_of
from lbpsim.validation.verdicts import SURE

KEY, TITLE = "per-thousand", f"What treatments do to {THOUSAND:,} people"
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
READ = (
    "A policy reaches few people of a country, so what it does to the country says little of what it does to those "
    "whom it treats. Here people who qualify for CFT at a consultation are treated on that day, and are followed "
    "beside themselves untreated, with the same luck. Untreated is the comparator's care: some of them come to opioids "
    "or to surgery by themselves later, and so do some of the treated."
)
DISCOUNTED = "Discounted to the day of treatment"
NOBODY = "Nobody of this study was followed under each treatment."


def section(material: Material) -> Section:
    """The chart of differences per 1,000 people, and tables at every mark."""
    treated = material.results.treated
    if treated is None:
        return Section(KEY, TITLE, (Words(NOBODY),))
    last = _sheet(treated, MARKS[-1], discounted=False)
    markup = inlined("per_thousand", TITLE, lambda: per_thousand_treated.draw(material.results))
    caption = (
        "Each bar: how much more or less 1,000 treated people come to than the same people untreated. Below the line, "
        "the people who are disabled enough for lumbar fusion."
    )
    first: Part = last if markup is None else Picture("per-thousand-chart", TITLE, markup, caption, last)
    others = tuple(_sheet(treated, years, discounted=False) for years in MARKS[:-1])
    discounted = tuple(_sheet(treated, years, discounted=True) for years in MARKS)
    folded = Folded("Other times, and discounted", others + discounted)
    return Section(KEY, TITLE, (Words(READ), Words(_who(treated), "note"), first, folded))


def _who(treated: Treated) -> str:
    """Who is treated with what."""
    people = {among: int(treated.people[COMPARISONS.index((CFT, among))]) for among in AMONG}
    return (
        f"{number_of(people[ALL_PEOPLE], 'simulated person')} qualified. Opioids are begun by the "
        f"{people[NOT_ON_OPIOIDS]:,} who were not on them; the {people[FIT_FOR_FUSION]:,} who were disabled enough for "
        "lumbar fusion, and neither operated nor waiting for it, have the operation at once. Others count neither "
        "among the treated nor among the untreated of that column. CFT is delivered with the fidelity that the study "
        "assumes, and beside it as in the trial."
    )


def _sheet(treated: Treated, years: int, *, discounted: bool) -> Sheet:
    when = f"{number_of(years, 'year')} after treatment"
    measures = [name for name in MEASURES if name in WORTH_LESS_LATER] if discounted else MEASURES
    return Sheet(
        f"per-thousand-{years}{'-discounted' if discounted else ''}",
        f"Per {THOUSAND:,} people treated, {when}: treated less untreated{', discounted' if discounted else ''}",
        (Head("Outcome"), *(Head(label, number=True) for _, _, label in COLUMNS)),
        tuple(_row(treated, name, years, discounted) for name in measures),
        note=f"{DISCOUNTED if discounted else 'Undiscounted'}. Below each figure: {FROM_LUCK}.",
    )


def _row(treated: Treated, measure: str, years: int, discounted: bool) -> tuple[Cell, ...]:
    label = DAYS_OFF.label if measure == DAYS_OFF.name else OUTCOMES[measure].label
    of = unit(measure)
    return (Cell(label, below="" if of == "events" else of), *_figures(treated, measure, years, discounted))


def _figures(treated: Treated, measure: str, years: int, discounted: bool) -> Iterator[Cell]:
    for treatment, among, _ in COLUMNS:
        value, error = treated.figure(treatment, among, years, measure, discounted=discounted)
        yield cell(value, value - SURE * error, value + SURE * error, signs=True)
