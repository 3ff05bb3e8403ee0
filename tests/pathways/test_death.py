"""Death: never less likely than in the life table, causes apart, years of life lost to what a pathway added."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from lbpsim.evidence import tables
from lbpsim.outcomes.measures import NUMBER
from lbpsim.pathways import death
from lbpsim.pathways import state as s
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
    table, given = tables.life_table().set_index("age"), inputs()
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
    by_table = day_of_death(live(study(people=3000, assume={**FREQUENT, **LIFE_TABLE_ONLY}), watch=True))
    real = day_of_death(live(study(people=3000, assume=FREQUENT), watch=True))
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
    now, birthday = float(someone["now"]), float(someone["due"][s.BIRTHDAY])
    spent, age = 0.0, int(someone["age"])
    while now < 6.0:
        until = min(birthday, 6.0)
        spent += hazard[int(someone["sex"]), min(age, 110)] * (until - now)
        now, birthday, age = until, birthday + 1.0, age + 1
    return -math.expm1(-spent)


def test_years_of_life_lost_are_the_table_s_expectation_times_the_added_share() -> None:
    expectation = float(tables.life_table().set_index("age").loc[40, "female_ex"])
    for fields, share in (({}, 0.0), ({"on_opioids": 1}, 0.3 / 1.3), ({"on_opioids": 1, "disorder": 1}, 2.9 / 3.9)):
        someone, totals = person(sex=1, **fields), no_totals()
        death.background(someone, inputs(), totals)
        lost = totals[0, ..., NUMBER["ylls"]].sum() / 2.0**24
        assert lost == pytest.approx(expectation * share, abs=1e-6)
        assert someone["alive"] == someone["present"] == 0


def test_an_overdose_death_loses_all_the_years_and_is_counted_as_both() -> None:
    someone, totals = person(sex=0, on_opioids=1, joined=[0.0, np.inf]), no_totals()
    death.from_overdose(someone, inputs(), totals)
    sums = totals[0].sum(axis=(0, 1)) / 2.0**24
    assert sums[NUMBER["deaths"]] == sums[NUMBER["overdose_deaths"]] == sums[NUMBER["cft_left_list"]] == 1.0
    expectation = float(tables.life_table().set_index("age").loc[40, "male_ex"])
    assert sums[NUMBER["ylls"]] == pytest.approx(expectation, abs=1e-6)


def test_discounted_years_of_life_lost_are_those_to_come_each_at_its_worth() -> None:
    someone, totals, given = person(sex=0, on_opioids=1), no_totals(), inputs()
    death.from_overdose(someone, given, totals)
    years = float(tables.life_table().set_index("age").loc[40, "male_ex"])
    ahead = np.linspace(0.0, years, 200_001)
    worth = np.trapezoid(np.exp(-math.log(1.05) * ahead), ahead)
    assert totals[1, ..., NUMBER["ylls"]].sum() / 2.0**24 == pytest.approx(worth, rel=1e-6)
