"""Death: never less likely than in the life table, causes apart, years of life lost to what a pathway added."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.pathways import death
from lbpsim.pathways import person as s
from lbpsim.pathways.life_expectancy import expected_years
from tests.evidence.pack_tables import pack_table
from tests.pathways.small_country import FREQUENT, Lives, inputs, live, no_totals, person, study

LIFE_TABLE_ONLY = {
    **dict.fromkeys(("mortality.back_pain_rr", "opioids.mortality_rr", "opioids.disorder_mortality_rr"), 1.0),
    "opioids.treatment_mortality_rr": 1.0,
    "opioids.overdose_fatal": 0.0,
    "surgery.death": 0.0,
}


@pytest.mark.parametrize(
    ("on_opioids", "disorder", "treated"),
    [state for state in itertools.product([0, 1], repeat=3) if state in ((0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1))],
)
@pytest.mark.parametrize("severe_mortality", ["off", "on"])
def test_survival_is_never_above_the_life_table(
    on_opioids: int, disorder: int, treated: int, severe_mortality: str
) -> None:
    """TECH-VER, events and states: every multiplier of a state that can be is 1 or more."""
    given = inputs(severe_mortality=severe_mortality)
    for disability, in_pain in itertools.product((0.0, 7.0, 14.0, 24.0), (0, 1)):
        someone = person(on_opioids=on_opioids, disorder=disorder, treated=treated, in_pain=in_pain)
        expected = 1.3**on_opioids * 3.0**disorder * 0.47**treated
        expected *= 1.26 if severe_mortality == "on" and in_pain and disability >= 14.0 else 1.0
        assert death.multiplier(someone, disability, given) == pytest.approx(expected)
        assert expected >= 1.0


def test_hazards_are_those_of_the_life_table() -> None:
    table, given = pack_table("life_table").set_index("age"), inputs()
    for sex, column in enumerate(("male_qx", "female_qx")):
        for age in (18, 40, 65, 90, 100, 110):
            someone = person(age=age, sex=sex)
            death.hazards(someone, 5.0, given)
            year = -math.expm1(-someone["hazard"][s.DEATH])
            assert year == pytest.approx(table.loc[min(age, 100), column], rel=1e-9)


def day_of_death(lives: Lives) -> dict[int, float]:
    """When each person died; infinite for those who live on."""
    dead = dict(zip(lives.after["id"].tolist(), (lives.after["alive"] == 0).tolist(), strict=True))
    return {person: log[-1][0] if dead[person] else math.inf for person, log in lives.log.items()}


def test_nobody_outlives_the_life_table() -> None:
    """The same luck at higher hazards: each dies no later than by the life table alone, some sooner."""
    lived = live(study(people=3000, assume=FREQUENT), watch=True)
    table_only = study(people=3000, assume={**FREQUENT, **LIFE_TABLE_ONLY})
    by_table, real = day_of_death(live(table_only, watch=True, people=lived.before)), day_of_death(lived)
    assert by_table.keys() == real.keys()
    assert all(real[person] <= day + 1e-9 for person, day in by_table.items())
    assert sum(real[person] < day - 1e-6 for person, day in by_table.items()) > 30


def test_deaths_are_as_many_as_the_life_table_expects() -> None:
    """Each person's exposure to the table over the study, summed; |z| < 4: false alarm 0.0001."""
    lives = live(study(people=6000, assume=LIFE_TABLE_ONLY))
    expected = np.array([chance_of_dying(someone, lives.inputs["death_hazard"][0]) for someone in lives.before])
    spread = math.sqrt((expected * (1.0 - expected)).sum())
    assert expected.sum() > 300
    assert abs(lives.number("deaths") - expected.sum()) < 4.0 * spread


def chance_of_dying(someone: Any, hazard: np.ndarray[Any, Any]) -> float:
    """Before the end of a study of six years."""
    now, birthday = float(someone["now"]), float(someone["next_time"][s.BIRTHDAY])
    spent, age = 0.0, int(someone["age"])
    while now < 6.0:
        until = min(birthday, 6.0)
        spent += hazard[int(someone["sex"]), min(age, 110)] * (until - now)
        now, birthday, age = until, birthday + 1.0, age + 1
    return -math.expm1(-spent)


def lost(totals: Any, outcome: str, *, discounted: bool = False) -> float:
    return float(totals[int(discounted), ..., OUTCOME_INDEX[outcome]].sum()) / 2.0**24


def on_a_birthday(now: float = 0.0, **fields: Any) -> Any:
    someone = person(now=now, **fields)
    someone["next_time"][s.BIRTHDAY] = now + 1.0
    return someone


def test_years_of_life_lost_are_those_before_the_horizon_times_the_added_share() -> None:
    for fields, share in (({}, 0.0), ({"on_opioids": 1}, 0.3 / 1.3), ({"on_opioids": 1, "disorder": 1}, 2.9 / 3.9)):
        someone, totals, given = on_a_birthday(sex=1, **fields), no_totals(), inputs()
        ahead, worth, _, _ = expected_years(someone, 0.0, given["horizon"], given)
        death.background(someone, given, totals)
        assert 5.9 < ahead < 6.0
        assert lost(totals, "ylls") == pytest.approx(ahead * share, abs=1e-6)
        assert lost(totals, "ylls", discounted=True) == pytest.approx(worth * share, abs=1e-6)
        assert someone["alive"] == someone["present"] == 0


@pytest.mark.parametrize("now", [0.0, 0.7, 5.999])
@pytest.mark.parametrize("age", [18, 50, 90, 110])
def test_a_death_never_loses_more_years_than_the_study_has_left(age: int, now: float) -> None:
    someone, totals, given = on_a_birthday(now, age=age), no_totals(), inputs()
    death.from_overdose(someone, given, totals)
    assert 0.0 < lost(totals, "ylls") <= given["horizon"] - now
    assert lost(totals, "ylls", discounted=True) <= lost(totals, "ylls")


def test_a_certain_life_loses_all_the_years_that_the_study_has_left() -> None:
    someone, totals, given = on_a_birthday(2.0), no_totals(), inputs().copy()
    given["death_hazard"] = 0.0
    death.from_overdose(someone, given, totals)
    assert lost(totals, "ylls") == pytest.approx(given["horizon"] - 2.0, abs=1e-6)


def test_an_overdose_death_loses_all_the_years_and_is_counted_as_both() -> None:
    """Those within the study and those beyond it are together the life table's expectation."""
    someone, totals = on_a_birthday(sex=0, on_opioids=1, joined=[0.0, np.inf]), no_totals()
    death.from_overdose(someone, inputs(), totals)
    assert lost(totals, "deaths") == lost(totals, "overdose_deaths") == lost(totals, "cft_left_list") == 1.0
    expectation = float(pack_table("life_table").set_index("age").loc[40, "male_ex"])
    assert lost(totals, "ylls") + lost(totals, "ylls_beyond") == pytest.approx(expectation, rel=0.003)
    assert lost(totals, "ylls") < 6.0


def test_years_lost_are_of_the_whole_life_where_that_is_chosen() -> None:
    either = []
    for choice in ("within_the_study", "life_expectancy"):
        totals = no_totals()
        death.from_overdose(on_a_birthday(1.0), inputs(years_of_life_lost=choice), totals)
        either.append(totals)
    within, whole = either
    assert lost(whole, "ylls_beyond") == 0.0
    for discounted in (False, True):
        parts = lost(within, "ylls", discounted=discounted) + lost(within, "ylls_beyond", discounted=discounted)
        assert lost(whole, "ylls", discounted=discounted) == pytest.approx(parts, abs=1e-6)
    assert lost(whole, "qalys_beyond") == lost(within, "qalys_beyond") < 0.0


@pytest.mark.parametrize("discounted", [False, True])
def test_every_death_costs_the_quality_of_life_of_those_who_reach_the_horizon(discounted: bool) -> None:
    """So policies differ in it by what lies ahead of those alive at the horizon, to the rounding of each death."""
    lives = live(study(people=2000, assume=FREQUENT))
    given = lives.inputs[0]

    def ahead(row: int) -> float:
        someone = lives.before[row]
        years = expected_years(someone, given["horizon"], math.inf, given)
        lost = given["utility_slope"] * someone["trait"] + given["utility_slope_pain"] * someone["pain_trait"]
        worth = 1.0 - lost / given["utility_at_zero"]
        return years[3 if discounted else 2] * worth

    dead = np.flatnonzero(lives.after["alive"] == 0)
    assert len(dead) > 100
    assert lives.total("qalys_beyond", discounted=discounted) == pytest.approx(-sum(map(ahead, dead)), abs=1e-4)
