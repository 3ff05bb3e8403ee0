"""How far an offer reaches: from everybody with chronic low back pain to those who start a course."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from lbpsim.explain.decomposition import COUNTING, POLICY, DecompositionPlan
from lbpsim.explain.per_replication import from_year
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.periods import linearised_ratio
from lbpsim.outcomes.results import Results, mean_and_error

HERE, APART, GIVEN, NOT_COUNTED = "in the policy's run", "in a run of its own", "given", "not counted"
JOINING = (
    # step, unit, outcome
    ("people ever offered it", "people", "cft_people_offered"),
    ("people who accept", "people", "cft_people_accepting"),
    ("taken up: referred to the waiting list", "referrals", "cft_joined"),
    ("turned away, as the list was too long", "referrals", "cft_turned_away"),
    ("left the list untreated", "people", "cft_left_list"),
    ("gave up the place, no longer meeting the criteria", "people", "cft_places_given_up"),
    ("still waiting at the end", "people", "cft_still_waiting"),
    ("courses started", "courses", "cft_courses"),
)
UNKNOWN = (np.nan, np.nan)
ORDER = list(OUTCOMES)

Step = tuple[str, str, float, float, str]


def care_cascade(plan: DecompositionPlan, results: Results) -> pd.DataFrame:
    """How far the offer of a policy reaches, from the year of its first date: step, unit, value, mcse, counted; empty
    without an offer.
    """
    steps = list(_steps(plan, results)) if COUNTING in plan.without else []
    return pd.DataFrame(steps, columns=["step", "unit", "value", "mcse", "counted"])


def _steps(plan: DecompositionPlan, results: Results) -> Iterator[Step]:
    since = results.study.calendar_year(plan.policy.cft.offered.first)
    every = from_year(results, since)

    def counted(outcome: str, place: int = POLICY) -> tuple[float, float]:
        return _first(every[place : place + 1, :, ORDER.index(outcome)])

    yield "adults with chronic low back pain at the start", "people", results.country_cases, 0.0, GIVEN
    yield f"whose pain becomes chronic for the first time from {since} on", "people", *counted("new_cases"), HERE
    yield f"consultations from {since} on", "consultations", *counted("consultations"), HERE
    eligible = counted("cft_offers", plan.without[COUNTING])
    yield "of people who fulfil the entry criteria, if nobody were treated", "consultations", *eligible, APART
    yield "at which the offer is made", "consultations", *counted("cft_offers"), HERE
    if plan.policy.cft.replaced_by is not None:
        yield "taken up", "people", *UNKNOWN, NOT_COUNTED
        return
    for step, unit, outcome in JOINING:
        yield step, unit, *counted(outcome), HERE
    yield "sessions attended by the end, a course started", "sessions", *_sessions(every), HERE
    yield "courses completed", "courses", *UNKNOWN, NOT_COUNTED


def _sessions(every: Numbers) -> tuple[float, float]:
    sessions, courses = (every[POLICY : POLICY + 1, :, ORDER.index(name)] for name in ("cft_sessions", "cft_courses"))
    return _first(linearised_ratio(sessions, courses))


def _first(each: Numbers) -> tuple[float, float]:
    mean, error = mean_and_error(each)
    return float(mean[0]), float(error[0])
