"""The outcomes: what is counted, under which name, in which unit. Tables and charts are made from this one list.

What may be done with an outcome follows from its nature, declared here once (`lbpsim.outcomes.periods` does it):

| Nature | Such as | Over several years | Over groups of people |
|---|---|---|---|
| flow | deaths, person-years, money | added | added |
| level | physiotherapists in practice | mean over the time that is simulated | added |
| stock | people on a list at the end | the last one | added |
| ratio | mean disability | from the sums of its parts | from the sums of its parts |

All of them may be averaged over replications and draws, and subtracted between policies. Only flows are divided by
people, and only flows are worth less when they come later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from lbpsim.evidence.currency import MONEY

Kind = Literal["person_time", "event", "health", "cost", "clinic", "derived"]
Nature = Literal["flow", "level", "stock", "ratio"]


@dataclass(frozen=True)
class Outcome:
    """One thing that is counted: `name` as in tables, `unit`, `label` for readers, `kind`, `nature`."""

    name: str
    unit: str
    label: str
    kind: Kind
    nature: Nature = "flow"


LINE = re.compile(r"\s*(?P<name>\w+)(?: \[(?P<nature>level|stock)\])?: (?P<label>.*)")


def _outcomes(kind: Kind, unit: str, text: str) -> list[Outcome]:
    """One outcome a line, "name: label", or "name [stock]: label" where it is no flow."""
    return [_outcome(kind, unit, line) for line in text.strip().splitlines()]


def _outcome(kind: Kind, unit: str, line: str) -> Outcome:
    match = LINE.fullmatch(line)
    assert match is not None, line
    return Outcome(match["name"], unit, match["label"], kind, cast(Nature, match["nature"] or "flow"))


COUNTED: tuple[Outcome, ...] = tuple(
    _outcomes(
        "person_time",
        "person-years",
        """
        pain_free_years: Years in remission, free of activity-limiting pain
        low_impact_years: Years in pain with low impact
        moderate_impact_years: Years in pain with moderate impact
        high_impact_years: Years in pain with high impact
        opioid_years: Years on long-term opioids
        opioid_years_in_pain: Years on long-term opioids while in pain
        disorder_years: Years with opioid use disorder
        treatment_years: Years in treatment of opioid use disorder
        working_age_years: Years of working age
        employed_years: Years employed
        cft_waiting_years: Years spent on the CFT waiting list
        surgery_waiting_years: Years spent waiting for surgery
        """,
    )
    + _outcomes("person_time", "RMDQ point-years", "rmdq_years: Disability (RMDQ points) over time in pain")
    + _outcomes("person_time", "NRS point-years", "pain_years: Pain (0-10) over time in pain")
    + _outcomes(
        "health",
        "QALYs",
        """
        qalys: Quality-adjusted life years, of the study's years
        qalys_beyond: Quality-adjusted life years beyond the study, lost (below zero) at deaths within it
        """,
    )
    + _outcomes("health", "YLDs", "ylds: Years lived with disability")
    + _outcomes(
        "health",
        "YLLs",
        """
        ylls: Years of life lost to deaths caused by a pathway, of the study's years
        ylls_beyond: Years of life lost to deaths caused by a pathway, beyond the study
        """,
    )
    + _outcomes(
        "event",
        "events",
        """
        new_cases: First-ever onsets of chronic low back pain
        migrant_cases: Migrants who have, or have had, chronic low back pain
        remissions: Remissions
        recurrences: Recurrences of activity-limiting pain
        chronic_recurrences: Recurrences that become chronic again
        flares: Flares
        consultations: Consultations
        cft_offers: Offers of CFT, or of what is offered in its place
        cft_people_offered: People offered it for the first time
        cft_people_accepting: People who accept it for the first time
        cft_joined: Referrals to the CFT waiting list
        cft_turned_away: Referrals turned away because the CFT waiting list was too long
        cft_places_given_up: CFT places given up by people who no longer meet the criteria
        cft_courses: CFT courses started
        cft_first_courses: First courses of CFT
        cft_repeat_courses: Repeat courses of CFT
        cft_telehealth_courses: Courses of CFT by telehealth
        cft_group_courses: Courses of CFT in groups
        cft_assessed: People assessed at week 13 of their first course of CFT
        cft_improved: Of them, people whose disability has improved since its start
        cft_improved_anyway: Of them, people whose disability would have improved as much without CFT
        cft_low_disability: Of them, people who have little disability
        cft_low_disability_anyway: Of them, people who would have as little disability without CFT
        cft_sessions: CFT sessions attended
        cft_left_list: People who leave the CFT waiting list untreated
        cft_long_waits: CFT courses started after a long wait
        cft_waiting_at_year_end [stock]: People on the CFT waiting list at the end of the year
        cft_still_waiting [stock]: People still on the CFT waiting list at the end
        opioid_starts: New long-term opioid users
        opioid_stops: Long-term opioid users who stop
        disorders: New opioid use disorders
        overdoses: Non-fatal overdoses
        overdose_deaths: Deaths from overdose
        opioid_fractures: Fractures caused by opioids
        tapers: Supported tapers started
        surgery_referrals: Referrals to surgery
        surgeries: Lumbar fusions
        surgery_complications: Complications of surgery
        surgery_deaths: Deaths from surgery
        reoperations: Reoperations
        surgery_left_list: People who leave the surgery waiting list unoperated
        surgery_waiting_at_year_end [stock]: People waiting for surgery at the end of the year
        surgery_still_waiting [stock]: People still waiting for surgery at the end
        work_exits: People who leave work
        work_returns: People who return to work
        deaths: Deaths from all causes
        """,
    )
    + _outcomes("event", "years", "cft_years_waited: Years waited by those who start CFT")
    + _outcomes("event", "hours", "absence_hours: Hours absent from work")
    + _outcomes(
        "clinic",
        "places",
        """
        cft_places: CFT places
        cft_places_unused: CFT places left unused
        """,
    )
    + _outcomes(
        "clinic",
        "physiotherapists",
        """
        physiotherapists_trained [level]: Physiotherapists trained in CFT and practising, on average
        physiotherapists_entering: Physiotherapists who enter CFT training
        """,
    )
    + _outcomes(
        "cost",
        MONEY,
        """
        cost_consultations: Consultations
        cost_usual_care: Usual care
        cost_cft: CFT
        cost_training: CFT training
        cost_opioids: Opioids
        cost_disorder: Treatment of opioid use disorder
        cost_overdose: Overdose
        cost_fractures: Fractures caused by opioids
        cost_surgery: Surgery and its complications
        cost_lost_work: Lost work
        """,
    )
)

OUTCOME_INDEX = {outcome.name: number for number, outcome in enumerate(COUNTED)}
COST_CATEGORIES = tuple(outcome.name for outcome in COUNTED if outcome.kind == "cost")

SUMS: dict[str, tuple[Outcome, tuple[str, ...]]] = {
    outcome.name: (outcome, parts)
    for outcome, parts in (
        (
            Outcome("in_pain_years", "person-years", "Years in chronic low back pain", "person_time"),
            ("low_impact_years", "moderate_impact_years", "high_impact_years"),
        ),
        (
            Outcome("life_years", "person-years", "Life years", "person_time"),
            ("low_impact_years", "moderate_impact_years", "high_impact_years", "pain_free_years"),
        ),
        (
            Outcome("cft_never_reached", "times", "Times never reached: left the CFT list, or still on it", "event"),
            ("cft_left_list", "cft_still_waiting"),
        ),
        (
            Outcome("surgery_never_reached", "times", "Times never operated: left the list, or still on it", "event"),
            ("surgery_left_list", "surgery_still_waiting"),
        ),
        (
            Outcome("qalys_with_beyond", "QALYs", "Quality-adjusted life years, with what lies beyond", "health"),
            ("qalys", "qalys_beyond"),
        ),
        (
            Outcome("dalys", "DALYs", "Disability-adjusted life years, of the study's years", "health"),
            ("ylds", "ylls"),
        ),
        (
            Outcome("dalys_with_beyond", "DALYs", "Disability-adjusted life years, with what lies beyond", "health"),
            ("ylds", "ylls", "ylls_beyond"),
        ),
        (
            Outcome("cost_health_system", MONEY, "Health care, whoever pays", "cost"),
            tuple(name for name in COST_CATEGORIES if name != "cost_lost_work"),
        ),
        (Outcome("cost_societal", MONEY, "Health care and lost work", "cost"), COST_CATEGORIES),
    )
}

RATIOS: dict[str, tuple[Outcome, str, str, str]] = {
    # outcome, numerator, denominator, unit of the quotient as a duration in years ("weeks") or plain ("")
    "rmdq_mean": (
        Outcome("rmdq_mean", "RMDQ points", "Mean disability in pain", "derived", "ratio"),
        "rmdq_years",
        "in_pain_years",
        "",
    ),
    "pain_mean": (
        Outcome("pain_mean", "NRS points", "Mean pain (0-10) in pain", "derived", "ratio"),
        "pain_years",
        "in_pain_years",
        "",
    ),
    "opioid_use_share": (
        Outcome("opioid_use_share", "share", "Share of people in pain on long-term opioids", "derived", "ratio"),
        "opioid_years_in_pain",
        "in_pain_years",
        "",
    ),
    "employed_share": (
        Outcome("employed_share", "share", "Share of working-age person-time employed", "derived", "ratio"),
        "employed_years",
        "working_age_years",
        "",
    ),
    "cft_uptake": (
        Outcome("cft_uptake", "share", "Share who accept, of people ever offered CFT", "derived", "ratio"),
        "cft_people_accepting",
        "cft_people_offered",
        "",
    ),
    "cft_wait_mean": (
        Outcome("cft_wait_mean", "weeks", "Mean wait of those who start CFT", "derived", "ratio"),
        "cft_years_waited",
        "cft_courses",
        "weeks",
    ),
}

OUTCOMES: dict[str, Outcome] = (
    {outcome.name: outcome for outcome in COUNTED}
    | {name: outcome for name, (outcome, _) in SUMS.items()}
    | {name: ratio[0] for name, ratio in RATIOS.items()}
)


def reported(*, discounted: bool) -> tuple[str, ...]:
    """Outcomes of totals over the horizon; a stock is not discounted, for it is worth no less for being there later."""
    return tuple(name for name, outcome in OUTCOMES.items() if not (discounted and outcome.nature == "stock"))


def adding_up(name: str) -> str:
    """The name of an outcome whose years may be added; raises ValueError for one that is no flow."""
    if OUTCOMES[name].nature != "flow":
        raise ValueError(f"{name} is a {OUTCOMES[name].nature}: its years do not add up")
    return name
