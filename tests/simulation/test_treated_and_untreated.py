"""A thousand people treated: the same people and luck as the emulated trial's, and what each treatment must do."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from lbpsim.evidence import parameters
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.per_thousand_treated import (
    ALL_PEOPLE,
    BIOFEEDBACK,
    CFT,
    CFT_IN_TRIAL,
    FIT_FOR_FUSION,
    FUSION,
    MARKS,
    MEASURES,
    NOT_ON_OPIOIDS,
    OPIOIDS,
    Treated,
)
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways.cft import WEEK_13
from lbpsim.simulation import cohort_follow_up
from lbpsim.simulation.inputs import build
from lbpsim.simulation.treated_and_untreated import MOST_PEOPLE, TreatedCohort, treat_a_thousand, with_treated
from lbpsim.study import CftPolicy, Study, SurgeryPolicy, Timeline
from lbpsim.validation.trial_selection import volunteer
from tests.validation.small import enrolment, study, sums

SHARED = ("qalys", "cost_health_system", "cost_lost_work", "cost_societal")


@cache
def asked() -> Study:
    return study(2000)


@cache
def treated() -> Treated:
    return treat_a_thousand(asked())


def of(found: npt.NDArray[np.float64], measure: str, years: int) -> npt.NDArray[np.float64]:
    """One undiscounted measure of each person at a mark."""
    return np.asarray(found[:, MARKS.index(years), 0, MEASURES.index(measure)])


def difference(treatment: str, among: str, measure: str, years: int = 10) -> tuple[float, float]:
    return treated().figure(treatment, among, years, measure, discounted=False)


def test_participants_of_the_trial_come_to_what_they_come_to_there() -> None:
    """The same people with the same luck: not within error, but the same, person by person."""
    treated_cohort = TreatedCohort(study(), enrolment().participants)
    untreated, course = treated_cohort.followed(cohort_follow_up.UNTREATED), treated_cohort.course(False, in_trial=True)
    for measure in SHARED:
        theirs = sums().of(measure)
        for place, years in enumerate((1, 3)):
            assert np.allclose(of(untreated, measure, years), theirs[0, :, place], rtol=0, atol=1e-3), measure
            assert np.allclose(of(course, measure, years), theirs[1, :, place], rtol=0, atol=1e-3), measure


def test_others_of_the_same_kind_come_to_the_same_within_error() -> None:
    """Another 4,000 people under the trial's criteria, chosen by age and sex as its participants are."""
    entry = parameters()["restore.entry_rmdq"].canonical
    other = replace(study(), seed=study().seed + 1, assume={"cft.eligible_rmdq": entry})
    everybody = TreatedCohort(other).people
    treated_cohort = TreatedCohort(other, everybody[volunteer(everybody, other.seed, 0)])
    mine = treated_cohort.course(False, in_trial=True) - treated_cohort.followed(cohort_follow_up.UNTREATED)
    for measure in ("qalys", "cost_health_system"):
        theirs = sums().of(measure)[1, :, 0] - sums().of(measure)[0, :, 0]
        each = of(mine, measure, 1)
        error = np.hypot(each.std() / np.sqrt(len(each)), theirs.std() / np.sqrt(len(theirs)))
        assert abs(each.mean() - theirs.mean()) < 4.0 * error, measure


def test_fidelity_is_the_studys_or_the_trials() -> None:
    half = treat_a_thousand(replace(asked(), assume={"cft.fidelity": 0.5}))
    as_delivered = half.figure(CFT, ALL_PEOPLE, 1, "rmdq_years", discounted=False)[0]
    in_trial = half.figure(CFT_IN_TRIAL, ALL_PEOPLE, 1, "rmdq_years", discounted=False)[0]
    assert as_delivered == pytest.approx(in_trial / 2.0, rel=0.15)
    assert in_trial == difference(CFT_IN_TRIAL, ALL_PEOPLE, "rmdq_years", 1)[0]


def test_sensors_cost_what_they_cost() -> None:
    price = asked().values(asked().policies[0])["biofeedback.device_cost"]
    plain, sensed = (difference(each, ALL_PEOPLE, "cost_health_system", 1)[0] for each in (CFT, BIOFEEDBACK))
    if difference(CFT, ALL_PEOPLE, "rmdq_years", 1) == difference(BIOFEEDBACK, ALL_PEOPLE, "rmdq_years", 1):
        assert sensed - plain == pytest.approx(1000.0 * price, rel=1e-6)
    assert sensed > plain


def test_harms_are_those_of_each_treatment() -> None:
    """Ten years on: opioids bring disorder, overdose and fractures, fusion complications and operations again."""
    for measure in ("disorders", "opioid_fractures"):
        more, error = difference(OPIOIDS, NOT_ON_OPIOIDS, measure)
        assert more > 3.0 * error, measure
    for measure in ("surgery_complications", "reoperations"):
        more, error = difference(FUSION, FIT_FOR_FUSION, measure)
        assert more > 3.0 * error, measure
        assert difference(CFT, FIT_FOR_FUSION, measure)[0] <= 0.0
    assert difference(FUSION, FIT_FOR_FUSION, "days_off_work", 1)[0] > 0.0


def test_people_are_those_whom_a_treatment_is_for() -> None:
    people = treated().frame.groupby("among")["people"].unique()
    everybody, naive, fit = (people[among].tolist() for among in (ALL_PEOPLE, NOT_ON_OPIOIDS, FIT_FOR_FUSION))
    assert len(everybody) == len(naive) == len(fit) == 1
    assert 0 < fit[0] < everybody[0] and 0 < naive[0] < everybody[0] < 2000


def test_discounting_starts_on_the_day_of_treatment() -> None:
    """A course's first session is paid on the day of treatment: by whoever starts late, too, in full."""
    still = replace(asked(), assume={"cft.sessions": 1.0})
    frame = treat_a_thousand(replace(still, discount_rate=0.0)).frame
    plain = frame[~frame["discounted"]].drop(columns="discounted").reset_index(drop=True)
    same = frame[frame["discounted"]].drop(columns="discounted").reset_index(drop=True)
    assert np.allclose(plain["difference"], same["difference"], rtol=1e-6, atol=1e-3)
    first_year = treated().frame.query("years == 1 and outcome == 'qalys' and among == 'everybody'")
    plain_qalys, discounted = (first_year[first_year["discounted"] == which]["untreated"].iloc[0] for which in (0, 1))
    rate = asked().discount_rate
    assert discounted / plain_qalys == pytest.approx((1.0 - 1.0 / (1.0 + rate)) / np.log1p(rate), rel=0.002)


def test_nobody_waits_and_nobody_is_offered_cft_again() -> None:
    """Whatever the comparator offers or limits: untreated is untreated, and each stands for themselves."""
    usual = asked().policies[0]
    offers = CftPolicy(offered=Timeline((0.0,), (1.0,)), capacity_limited=False)
    booked = SurgeryPolicy(operations_per_year=Timeline((0.0,), (1.0,)))
    other = replace(asked(), policies=(replace(usual, cft=offers, surgery=booked),))
    assert treat_a_thousand(other).frame.equals(treated().frame)


def test_results_of_a_run_have_it_and_hardly_anybody_does_no_harm() -> None:
    """Of few people perhaps nobody is fit for a fusion: then figures are unknown, and nothing fails."""
    results = asked().with_changes(people=20, years=1).run(workers=1, draws=0)
    assert results.per_thousand["people"].max() <= 25  # some come into pain later
    assert with_treated(results).per_thousand.equals(results.per_thousand)


def test_no_more_are_followed_than_it_takes() -> None:
    assert TreatedCohort(replace(asked(), people="all"), np.empty(0)).study.people == MOST_PEOPLE


def at_week_13(cohort: TreatedCohort, treatment: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Disability of each person 13 weeks on, not a number for the dead; and who counts as improved anyway."""
    people, outcomes = cohort.people.copy(), np.array([OUTCOME_INDEX["cft_improved_anyway"]])
    found = np.zeros((len(people), 1, 2, 1))
    given = build(cohort.study, cohort.usual, cohort.study.values(cohort.usual))
    mark = np.array([WEEK_13])
    cohort_follow_up.accumulated_outcomes(people, given, cohort.blank, mark, treatment, outcomes, found)
    disability = np.where(people["present"] == 1, cohort_follow_up.disability(people), np.nan)
    return disability, found[:, 0, 0, 0] / FIXED_POINT


def test_who_would_have_improved_anyway_are_those_who_do_untreated() -> None:
    """Against each untreated life: but for opioids and operations that CFT averts within 13 weeks, the same."""
    cohort = TreatedCohort(asked())
    untreated, _ = at_week_13(cohort, cohort_follow_up.UNTREATED)
    treated, anyway = at_week_13(cohort, cohort_follow_up.CFT)
    both = np.isfinite(untreated) & np.isfinite(treated)
    fell = cohort_follow_up.disability(cohort.people) - untreated >= 5.0
    assert 0.1 < fell[both].mean() < 0.6
    assert (fell[both] == (anyway[both] == 1.0)).mean() > 0.995
