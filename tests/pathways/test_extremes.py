"""TECH-VER, events, states and DALYs: what must come out when an input is at its extreme.

Amounts are kept as fixed-point integers, each addition rounded to the nearest step. Where two sums must agree, they
agree to as many steps as additions can round: a few for each event, because events cut a life into intervals.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lbpsim.evidence import parameters
from lbpsim.evidence.units import MONEY
from lbpsim.outcomes.measures import COST_CATEGORIES, COUNTED, OUTCOME_INDEX
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways import person as s
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.run import run_study
from tests.pathways.small_country import BUSY, CFT, FREQUENT, UNLIMITED, USUAL_CARE, Lives, live, study

NO_LOSSES = {
    "opioids.utility_loss": 0.0,
    "opioids.disorder_utility_loss": 0.0,
    "opioids.overdose_qaly_loss": 0.0,
    "opioids.fracture_qaly_loss": 0.0,
    "surgery.qaly_loss": 0.0,
    "surgery.complication_qaly_loss": 0.0,
}
FLAT_NORM = {f"quality.norm_{part}": 0.0 for part in ("male", "age", "age2")}
NO_DEATHS = {"opioids.overdose_fatal": 0.0, "surgery.death": 0.0}
# Nothing moves along a line, and surgery works alike with and without a course before: then a further event on the way
# only cuts an interval in two.
STILL = {"opioids.rmdq": 0.0, "opioids.pain": 0.0, "surgery.odi_late": -6.0, "surgery.odi_structured": -6.0}
STILL |= {"surgery.pain_late": -0.7}
EVERLASTING: dict[str, Any] = {"death_hazard": 0.0}


def norm(value: float) -> dict[str, float]:
    return {**NO_LOSSES, **FLAT_NORM, "quality.norm_intercept": value, "quality.norm_scale": 1.0}


def rounding(lives: Lives) -> int:
    """Steps by which two sums over the same intervals may differ: each of up to 4 additions rounds half a step."""
    return 2 * (lives.events + 2 * len(lives.before))


# --- quality of life -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("discounted", [False, True])
def test_utilities_of_1_give_life_years_exactly(discounted: bool) -> None:
    lives = live(study(BUSY, assume={**FREQUENT, **norm(1.0), "quality.slope": 0.0}))
    qalys, years = (lives.steps(name, discounted=discounted) for name in ("qalys", "life_years"))
    assert years > 0
    assert abs(qalys - years) <= rounding(lives)


def test_utilities_of_0_give_no_qalys() -> None:
    lives = live(study(BUSY, assume={**FREQUENT, **norm(0.0)}))
    assert lives.steps("life_years") > 0
    assert lives.steps("qalys") == lives.steps("qalys", discounted=True) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"quality.norm_scale": 0.9},
        {"quality.slope": 0.025},
        *({name: 2.0 * value} for name, value in study().values(USUAL_CARE).items() if name in NO_LOSSES),
    ],
    ids=str,
)
def test_lower_utilities_give_fewer_qalys(busy_short: Lives, change: dict[str, float]) -> None:
    lower = live(study(BUSY, assume={**FREQUENT, **change}))
    assert lower.steps("qalys") < busy_short.steps("qalys")
    assert lower.steps("life_years") == busy_short.steps("life_years")


@pytest.fixture(scope="module")
def busy_short() -> Lives:
    return live(study(BUSY, assume=FREQUENT))


# --- money -----------------------------------------------------------------------------------------------------------


def test_costs_of_0_cost_nothing() -> None:
    free = {name: 0.0 for name, known in parameters().items() if known.role == "input" and known.dimension in MONEY}
    results = run_study(study(BUSY, assume={**FREQUENT, **free}), workers=1)
    assert len(free) > 15
    columns = [OUTCOME_INDEX[name] for name in COST_CATEGORIES]
    assert not results.totals[..., columns].any()
    assert not results.national[..., columns].any()


def test_every_category_costs_something(busy_short: Lives) -> None:
    assert {name for name in COST_CATEGORIES if busy_short.steps(name) <= 0} == {"cost_training"}
    asked = study(BUSY)
    assert PreparedStudy(asked).national(BUSY)[:, :, OUTCOME_INDEX["cost_training"]].sum(axis=1).min() > 0.0


# --- death -----------------------------------------------------------------------------------------------------------


def test_without_mortality_nobody_dies() -> None:
    lives = live(study(BUSY, assume={**FREQUENT, **NO_DEATHS}), **EVERLASTING)
    assert lives.number("deaths") == 0
    assert lives.steps("ylls") == 0
    assert lives.after["alive"].all()
    expected = (6.0 - lives.before["now"]).sum()
    assert lives.total("life_years") == pytest.approx(expected, abs=rounding(lives) / FIXED_POINT)


def test_huge_mortality_and_all_die_at_once() -> None:
    lives = live(study(BUSY), death_hazard=1e12)
    assert lives.number("deaths") == len(lives.before)
    assert not lives.after["alive"].any()
    assert lives.total("life_years") < 1e-6
    assert lives.number("surgeries") == lives.number("consultations") == 0


def test_deaths_from_overdose_and_operations_are_events_of_their_own() -> None:
    lives = live(study(BUSY, assume=FREQUENT), **EVERLASTING)
    assert lives.number("overdose_deaths") > 0
    assert lives.number("surgery_deaths") > 0
    assert lives.number("deaths") == lives.number("overdose_deaths") + lives.number("surgery_deaths")


def test_a_lifetime_ends_with_all_dead() -> None:
    lives = live(study(people=300, years=100))
    young = lives.before["now"] <= 10.0
    assert young.sum() > 300
    assert not lives.after["alive"][young].any()


# --- years lived with disability -------------------------------------------------------------------------------------


def test_weights_of_0_give_no_ylds() -> None:
    lives = live(study(BUSY, assume={**FREQUENT, "burden.dw_per_rmdq": 0.0}))
    assert lives.steps("ylds") == 0
    assert lives.steps("dalys") == lives.steps("ylls") > 0


def test_weights_of_1_give_time_in_pain() -> None:
    """A weight of 1 from the least disability on; without effects nobody in pain stands at none."""
    effects = dict.fromkeys(("opioids.rmdq", "surgery.odi_unstructured", "surgery.odi_late"), 0.0)
    curve = np.zeros((2, 32))
    curve[:, :3] = [[0.0, 1e-9, 24.0], [0.0, 1.0, 1.0]]
    one = {"weight_rmdq": curve[0], "weight_value": curve[1], "weight_knots": 3}
    lives = live(study(assume={**FREQUENT, **effects}), **one)
    assert lives.before["trait"].min() > 1e-9
    assert abs(lives.steps("ylds") - lives.steps("in_pain_years")) <= rounding(lives)
    assert lives.steps("pain_free_years") > 0


def test_ylds_follow_disability_where_the_weight_is_a_line() -> None:
    """Weight 0.016 a point, so the sums differ by that factor and rounding."""
    lives = live(study(BUSY, assume=FREQUENT, options={"disability_weight_level": "as_published"}))
    weight = study().values(USUAL_CARE)["burden.dw_per_rmdq"]
    assert lives.total("ylds") == pytest.approx(weight * lives.total("rmdq_years"), rel=1e-6)


# --- prevalence ------------------------------------------------------------------------------------------------------


def test_without_incidence_remission_and_mortality_prevalence_is_constant() -> None:
    still = {
        "population.net_migration": 0.0,
        "course.incidence": 0.0,
        "course.remission_first_year": 0.0,
        "course.remission_established": 0.0,
    }
    asked = study(assume={**NO_DEATHS, **still}, options={"incidence": "fixed"})
    lives = live(asked, **EVERLASTING)
    assert (lives.before["origin"] == s.AT_START).sum() == 1500, "nobody remits, so nobody is in remission"
    assert (lives.before["in_pain"] == 1).all()
    assert len(lives.before) == 1500
    by_year = lives.totals[0, :, :, [OUTCOME_INDEX[f"{level}_impact_years"] for level in ("low", "moderate", "high")]]
    np.testing.assert_allclose(by_year.sum(axis=(0, 2)) / FIXED_POINT, 1500.0, rtol=1e-6)
    assert lives.number("new_cases") == lives.number("deaths") == lives.number("remissions") == 0


# --- effects ---------------------------------------------------------------------------------------------------------


def averted(fidelity: float) -> float:
    """Disability averted by CFT for all, delivered with this strength."""
    asked = study(UNLIMITED, people=2500, years=4, assume={**STILL, "cft.fidelity": fidelity})
    usual = live(study(people=2500, years=4, assume=STILL))
    return usual.total("rmdq_years") - live(asked).total("rmdq_years")


def test_half_and_double_the_effect_avert_half_and_double_but_for_the_floor() -> None:
    """Nobody falls below 0: the floor takes more from a large effect, so half keeps over half, double gives under."""
    half, whole, double = (averted(fidelity) for fidelity in (0.5, 1.0, 2.0))
    assert averted(0.0) == pytest.approx(0.0, abs=1e-6 * whole)
    assert 0.5 < half / whole < 0.65
    assert 1.3 < double / whole < 2.0


def test_no_effect_no_difference_in_disability_but_in_cost() -> None:
    nothing = {f"cft.{what}_{knot}": 0.0 for what in ("rmdq", "pain") for knot in ("week13", "week52", "year3")}
    treated = live(study(CFT, assume={**STILL, **nothing, "cft.moderation": 0.0}))
    usual = live(study(assume=STILL))
    assert treated.number("cft_courses") > 100
    assert treated.number("flares") == usual.number("flares")
    assert treated.total("rmdq_years") == pytest.approx(usual.total("rmdq_years"), rel=1e-7)
    assert treated.steps("cost_cft") > usual.steps("cost_cft") == 0


# --- adverse events --------------------------------------------------------------------------------------------------


def test_complications_at_no_rate_are_complications_without_consequence() -> None:
    """To the bit, but for the number of complications itself."""
    never = live(study(BUSY, assume={**FREQUENT, "surgery.complication": 0.0}))
    harmless = {"surgery.complication_cost": 0.0, "surgery.complication_qaly_loss": 0.0}
    without = live(study(BUSY, assume={**FREQUENT, **harmless}))
    assert without.number("surgery_complications") > never.number("surgery_complications") == 0
    others = [n for n, outcome in enumerate(COUNTED) if outcome.name != "surgery_complications"]
    assert never.totals[..., others].tobytes() == without.totals[..., others].tobytes()


@pytest.mark.parametrize(
    ("rate", "harmless", "outcome"),
    [
        ("opioids.overdose_nonfatal", ("opioids.overdose_cost", "opioids.overdose_qaly_loss"), "overdoses"),
        (
            "opioids.fracture_base_rate",
            ("opioids.fracture_cost", "opioids.fracture_qaly_loss"),
            "opioid_fractures",
        ),
    ],
)
def test_harms_at_no_rate_are_harms_without_consequence(rate: str, harmless: tuple[str, str], outcome: str) -> None:
    """All other counts to the bit; amounts to rounding, because an event cuts a life into intervals that each round."""
    base = {**FREQUENT, **STILL}
    never = live(study(assume={**base, rate: 0.0}))
    without = live(study(assume={**base, **dict.fromkeys(harmless, 0.0)}))
    assert without.number(outcome) > never.number(outcome) == 0
    for known in COUNTED:
        if known.kind == "event" and known.unit in ("events", "people") and known.name != outcome:
            assert never.number(known.name) == without.number(known.name), known.name
        elif known.name != outcome:
            assert abs(never.steps(known.name) - without.steps(known.name)) <= rounding(without), known.name
