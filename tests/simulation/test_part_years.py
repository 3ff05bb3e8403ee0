"""A study may start on any day: its totals are those of its time, its means are over its time, whatever the year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.periods import every_outcome, over_years
from lbpsim.outcomes.results import Results
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.simulation.replication import PreparedPolicy, PreparedStudy
from lbpsim.simulation.run import run_study
from lbpsim.study import Policy, Study, Timeline
from lbpsim.study.policies import CftPolicy
from tests.pathways.small_country import USUAL_CARE, study

JULY, JANUARY = date(2026, 7, 1), date(2026, 1, 1)
GROWTH = 0.015  # of the population in half a year, and more
ERRORS = 4.0  # Monte Carlo errors that two figures may be apart: one in 16,000 is, by chance


def offered(since: float, **cft: object) -> Policy:
    """CFT for half of those eligible, `since` so many years after the start."""
    return Policy("rollout", "Rollout", cft=CftPolicy(Timeline((since,), (0.5,)), **cft))  # type: ignore[arg-type]


def asked(start: date, policy: Policy, *, people: int, years: int = 2) -> Study:
    made = study(USUAL_CARE, policy, people=people, years=years, replications=10)
    return replace(made, start=start, comparator=USUAL_CARE.name)


@cache
def two_years(start: date) -> Results:
    """Two years in which nothing is dated by the calendar: a policy half a year after the start."""
    return run_study(asked(start, offered(0.5, trained_at_start=3000.0), people=2000))


def whole(results: Results) -> dict[str, tuple[float, float]]:
    """Every outcome under the policy over the horizon: value and Monte Carlo error."""
    rows = results.summary
    rows = rows[(rows["scenario"] == "rollout") & ~rows["discounted"]]
    return {row.outcome: (float(row.value), float(row.mcse)) for row in rows.itertuples()}


@pytest.mark.gate
@pytest.mark.parametrize("nature", ["flow", "level", "stock", "ratio"])
def test_two_years_come_to_the_same_whenever_they_start(nature: str) -> None:
    """Totals, levels, stocks and ratios of two years: from July, in three calendar years, and from January, in two."""
    july, january = whole(two_years(JULY)), whole(two_years(JANUARY))

    apart = {}
    for name in (name for name, outcome in OUTCOMES.items() if outcome.nature == nature):
        (one, error), (other, its) = july[name], january[name]
        if abs(one - other) > ERRORS * float(np.hypot(error, its)) + GROWTH * abs(other):
            apart[name] = (one, other, error)
    assert not apart


@pytest.mark.gate
def test_means_of_a_part_year_are_not_smaller_than_those_of_a_whole_one() -> None:
    """A thousand physiotherapists who never leave are a thousand in every year; a list is as long on average."""
    policy = offered(0.0, trained_at_start=1000.0)
    made = asked(JULY, policy, people=2000)
    results = run_study(replace(made, assume={"cft.attrition": 0.0}))
    yearly = results.yearly[results.yearly["scenario"] == "rollout"].set_index(["outcome", "year"])["value"]
    assert yearly["physiotherapists_trained"].tolist() == pytest.approx([1000.0, 1000.0, 1000.0], rel=1e-12)
    waiting = results.waiting[(results.waiting["scenario"] == "rollout") & (results.waiting["list"] == "CFT")]
    table = waiting.set_index(["measure", "year"])["value"]
    for year, before in ((2027, 2026), (2028, 2027)):  # a list grows, then stays about level: it lies near its ends
        ends = sorted((table["list_length_end", before], table["list_length_end", year]))
        assert 0.95 * ends[0] <= table["list_length_mean", year] <= 1.05 * ends[1]


# --- the same dates, seen by two studies ---------------------------------------------------------------------------


class CutInJuly(PreparedStudy):
    """A study that starts in January, whose years are counted from July to June; the half year before comes first."""

    def ready(self, policy: Policy) -> PreparedPolicy:
        made = super().ready(policy)
        inputs = made.inputs.copy()
        inputs["first_year_end"] = self.study.clock(JULY)
        return replace(made, inputs=inputs)

    def blank_totals(self) -> npt.NDArray[np.int64]:
        blank = super().blank_totals()
        return np.concatenate([blank, blank[:, :1]], axis=1)


def by_replication(study: Study, policy: Policy, years: slice, kind: type[PreparedStudy]) -> npt.NDArray[np.float64]:
    """Outcomes of people over some years, shape (replications, outcomes)."""
    prepared_study = kind(study)
    totals = np.array(
        [prepared_study.simulate(policy, number).totals[0] for number in range(prepared_study.replications)]
    )
    scales = np.array([prepared_study.scale(number) for number in range(prepared_study.replications)])
    counted = totals.sum(axis=2)[:, years] * (scales / FIXED_POINT)[:, None, None]
    return np.asarray(every_outcome(over_years(counted[None], 2), 2.0)[0])


STEADY = (
    *("in_pain_years", "rmdq_years", "pain_years", "ylds", "dalys", "flares", "consultations", "cost_usual_care"),
    *("cost_health_system", "cost_societal", "rmdq_mean", "pain_mean"),
    *("cft_offers", "cft_joined", "cft_courses", "cft_sessions", "cft_waiting_years", "cft_years_waited"),
    *("cft_waiting_at_year_end", "cost_cft", "cft_wait_mean"),
)
COUNTED_OTHERWISE = ("cft_places", "cft_places_unused", *(f"{one}_{what}" for one in ("cft", "surgery")
                     for what in ("still_waiting", "never_reached")))  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("places", [{2027: 2000.0, 2028: 2000.0}, {2027: 6000.0}])
def test_two_years_from_july_are_those_of_a_study_from_january(places: dict[int, float]) -> None:
    """The same policy on the same dates: what it changes from July 2026 to June 2028 is the same in every outcome in
    a study from January, and so are the levels of outcomes that are steady from the start.

    Not steady are people in remission, of whom there are none at the start of a study, and what follows from them; nor
    long-term opioid use. Places and who is still waiting are counted by calendar year and at the study's end.
    """

    def policy(study: Study) -> Policy:
        since, training = (study.clock(date(year, 1, 1)) for year in (2027, min(places)))
        return offered(since, training_places=places, first_training=training)

    july = asked(JULY, USUAL_CARE, people=20_000)
    january = replace(july, start=JANUARY, years=3)
    levels, changes = [], []
    for made, years, kind in ((july, slice(0, 3), PreparedStudy), (january, slice(1, 3), CutInJuly)):
        both = replace(made, policies=(USUAL_CARE, policy(made)))
        usual, rolled = (by_replication(both, one, years, kind) for one in both.policies)
        levels.append(rolled)
        changes.append(rolled - usual)
    compared = [name for name in OUTCOMES if name not in COUNTED_OTHERWISE and name != "cft_wait_mean"]
    assert not far_apart(*changes, compared)
    assert not far_apart(*levels, STEADY)


def far_apart(
    one: npt.NDArray[np.float64], other: npt.NDArray[np.float64], names: Iterable[str]
) -> dict[str, tuple[float, float]]:
    """Outcomes that are further apart than Monte Carlo errors and half a year's growth allow, with both values."""
    found = {}
    for name in names:
        a, b = (each[:, list(OUTCOMES).index(name)] for each in (one, other))
        error = np.hypot(a.std(ddof=1), b.std(ddof=1)) / np.sqrt(len(a))
        if abs(a.mean() - b.mean()) > ERRORS * error + GROWTH * abs(b.mean()) + 1e-3:
            found[name] = (float(a.mean()), float(b.mean()))
    return found
