"""What a treatment does to a thousand people who get it, against the same people untreated.

Everybody qualifies for CFT at a consultation, and is followed from there once untreated and once under each treatment,
with the same random numbers. Differences are paired person by person, and so are their Monte Carlo errors. Discounted
figures are worth what they are worth on the day of treatment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.evidence import parameters
from lbpsim.evidence.output_tables import frame_of
from lbpsim.evidence.units import told
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import COUNTED, OUTCOMES, SUMS, Outcome
from lbpsim.outcomes.periods import WEEKS_A_YEAR

THOUSAND = 1000
MARKS = (1, 3, 10)  # years after treatment
DAYS_OFF = Outcome(
    "days_off_work",
    "days",
    "Working days not worked at working age, not employed or absent because of pain",
    "person_time",
)
MEASURES = (
    *("rmdq_years", "qalys", "cost_health_system", "cost_lost_work", "cost_societal", "deaths"),
    *("overdoses", "overdose_deaths", "disorders", "opioid_fractures", "surgery_complications", "reoperations"),
    DAYS_OFF.name,
)
FIGURES = ("untreated", "difference", "error")
KEPT = "treated_"  # before the names of arrays that are kept

ALL_PEOPLE, NOT_ON_OPIOIDS, FIT_FOR_FUSION = "everybody", "not_on_opioids", "fit_for_fusion"
AMONG = {
    ALL_PEOPLE: "everybody who qualifies for CFT",
    NOT_ON_OPIOIDS: "those of them who are not on opioids",
    FIT_FOR_FUSION: "those of them who are disabled enough for lumbar fusion, and neither operated nor waiting for it",
}
CFT, BIOFEEDBACK = "cft", "cft_biofeedback"
CFT_IN_TRIAL, BIOFEEDBACK_IN_TRIAL = "cft_as_in_trial", "cft_biofeedback_as_in_trial"
OPIOIDS, FUSION = "opioids", "fusion"
TREATMENTS = {
    CFT: "CFT",
    BIOFEEDBACK: "CFT with biofeedback",
    CFT_IN_TRIAL: "CFT delivered as in the trial",
    BIOFEEDBACK_IN_TRIAL: "CFT with biofeedback delivered as in the trial",
    OPIOIDS: "Long-term opioids",
    FUSION: "Lumbar fusion",
}
COURSES = (CFT, BIOFEEDBACK, CFT_IN_TRIAL, BIOFEEDBACK_IN_TRIAL)
COMPARISONS = (  # each treatment among those who can have it, and CFT among the same people beside it
    *((course, ALL_PEOPLE) for course in COURSES),
    *((each, NOT_ON_OPIOIDS) for each in (*COURSES, OPIOIDS)),
    *((each, FIT_FOR_FUSION) for each in (*COURSES, FUSION)),
)


@dataclass(frozen=True)
class Treated:
    """Means over people, for each of them: `untreated`, and how much more it is when treated (`difference`) with its
    Monte Carlo standard error (`error`), shape (COMPARISONS, MARKS, 2, MEASURES), undiscounted and discounted.

    `people`: how many were followed, shape (COMPARISONS,); where there were none, nothing else is known.
    """

    people: npt.NDArray[np.int64]
    untreated: Numbers
    difference: Numbers
    error: Numbers

    @classmethod
    def of(cls, sums: Mapping[str, Numbers], untreated: Numbers, among: Mapping[str, npt.NDArray[np.bool_]]) -> Treated:
        """From what each person comes to, shape (people, MARKS, 2, MEASURES), under each treatment; not a number for
        whom a treatment is not for.
        """
        found = [_compared(untreated[among[who]], sums[treatment][among[who]]) for treatment, who in COMPARISONS]
        people = np.array([among[who].sum() for _, who in COMPARISONS], np.int64)
        return cls(people, *(np.array(each) for each in zip(*found, strict=True)))

    def followed(self, among: str) -> int:
        """How many of those people there were."""
        return int(self.people[COMPARISONS.index((CFT, among))])

    def figure(self, treatment: str, among: str, years: int, measure: str, *, discounted: bool) -> tuple[float, float]:
        """A difference per 1,000 people treated, and its Monte Carlo standard error."""
        place = COMPARISONS.index((treatment, among)), MARKS.index(years), int(discounted), MEASURES.index(measure)
        return float(self.difference[place] * THOUSAND), float(self.error[place] * THOUSAND)

    @property
    def frame(self) -> pd.DataFrame:
        """The table per 1,000 people."""
        return frame_of("per_thousand", list(self._rows()))

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        for place in np.ndindex(self.difference.shape):
            comparison, mark, discounted, measure = place
            figures = (float(each[place]) * THOUSAND for each in (self.untreated, self.difference, self.error))
            name = MEASURES[measure]
            what = (*COMPARISONS[comparison], MARKS[mark], name, unit(name), bool(discounted))
            yield *what, *figures, int(self.people[comparison])


def nobody() -> pd.DataFrame:
    """The table where nobody was followed."""
    return frame_of("per_thousand", ())


def stored_treated(treated: Treated | None) -> dict[str, npt.NDArray[Any]]:
    """Arrays by the names under which they are kept; none where nobody was followed."""
    return {} if treated is None else {f"{KEPT}{each.name}": getattr(treated, each.name) for each in fields(Treated)}


def read_treated(stored: Mapping[str, npt.NDArray[Any]]) -> Treated | None:
    """What `stored_treated` kept; raises ValueError where its parts do not fit together."""
    names = [f"{KEPT}{each.name}" for each in fields(Treated)]
    if not any(name in stored for name in names):
        return None
    treated = Treated(*(stored[name] for name in names))
    expected = (len(COMPARISONS), len(MARKS), 2, len(MEASURES))
    if treated.people.shape != expected[:1] or {getattr(treated, name).shape for name in FIGURES} != {expected}:
        raise ValueError("what treatments come to does not fit together")
    return treated


def unit(measure: str) -> str:
    """The unit of a measure."""
    return told(DAYS_OFF.unit if measure == DAYS_OFF.name else OUTCOMES[measure].unit)


def weights() -> Numbers:
    """How much of each measure there is in one of each counted outcome, shape (COUNTED, MEASURES)."""
    names = [outcome.name for outcome in COUNTED]
    found = np.zeros((len(names), len(MEASURES)))
    for column, measure in enumerate(MEASURES):
        for part, weight in _parts(measure).items():
            found[names.index(part), column] = weight
    return found


def _parts(measure: str) -> dict[str, float]:
    """Of days off work: the working days of whom is of working age and not employed, and hours absent as days."""
    if measure == DAYS_OFF.name:
        known = parameters()
        a_year = known["work.days_a_week"].value * WEEKS_A_YEAR
        hour = 1.0 / known["work.hours_a_day"].value
        return {"working_age_years": a_year, "employed_years": -a_year, "absence_hours": hour}
    return dict.fromkeys(SUMS[measure][1] if measure in SUMS else (measure,), 1.0)


def _compared(untreated: Numbers, treated: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Mean of the untreated, mean difference and its standard error, over people (first axis)."""
    number, rest = len(untreated), untreated.shape[1:]
    unknown = np.full(rest, np.nan)
    if number == 0:
        return unknown, unknown, unknown
    each = treated - untreated
    error = each.std(axis=0, ddof=1) / np.sqrt(number) if number > 1 else unknown
    return untreated.mean(axis=0), each.mean(axis=0), error
