"""TECH-VER, mutation: change any registered input of the model, and some output changes.

Each parameter is moved alone, in a small country where all pathways are busy; all sums, scales, national amounts and
costs by payer are compared to the bit. Where it takes a structural choice or a policy to see a parameter at work, SEEN
names it. The same runs show that higher prices cost more and that what is likelier happens more often.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

import pytest

from lbpsim.evidence import parameters
from lbpsim.evidence.units import MONEY
from lbpsim.outcomes.results import Results
from lbpsim.simulation.run import run_study
from tests.pathways.small_country import BUSY, FREQUENT, MODES, SENSORS, USUAL_CARE, live, study

INPUTS = {name: parameter for name, parameter in parameters().items() if parameter.role == "input"}
# So many start opioids that these balance them at a rate of stopping in between, at which treatment of disorder ends.
OFTEN = {**FREQUENT, "opioids.on_at_start": 0.15, "opioids.treatment_rate": 1.0}
BASE = study(BUSY, assume=OFTEN).values(BUSY)
MORE = 1.1
POLICIES = {policy.name: policy for policy in (USUAL_CARE, BUSY, SENSORS, MODES)}


@dataclass(frozen=True)
class Seen:
    """Where a parameter can be seen at work."""

    policy: str = BUSY.name
    option: tuple[str, str] | None = None
    years: int = 6
    given: tuple[str, float] | None = None


SEEN = {
    **{name: Seen(SENSORS.name) for name in INPUTS if name.startswith("biofeedback.")},
    **{name: Seen(MODES.name) for name in INPUTS if name.startswith(("cft.telehealth_", "cft.group_"))},
    "quality.slope_cross_sectional": Seen(option=("utility_slope", "cross_sectional")),
    **{
        f"quality.{name}": Seen(option=("utility_slope", "with_pain"))
        for name in ("with_pain_intercept", "with_pain_odi", "with_pain_nrs", "odi_at_zero", "odi_per_rmdq")
    },
    "work.trial_anchor": Seen(option=("productivity", "trial_anchored")),
    "opioids.stop_early": Seen(option=("opioid_stopping", "published")),
    "opioids.stop_established": Seen(option=("opioid_stopping", "published")),
    "opioids.weibull_scale": Seen(option=("opioid_stopping", "weibull")),
    "opioids.weibull_shape": Seen(option=("opioid_stopping", "weibull")),
    "mortality.severe_rr": Seen(option=("severe_mortality", "on")),
    "work.friction_period": Seen(option=("lost_work", "friction")),
    "course.incidence": Seen(option=("incidence", "fixed")),
    "cft.gone_by": Seen(option=("after_year_three", "gone_by_year_five")),
    "cft.latent_bend": Seen(given=("cft.rmdq_week13", -5.5)),  # at the registered effect there is nothing to bend
    "cft.latent_bend_pain": Seen(given=("cft.pain_week13", -1.8)),
    "population.births": Seen(USUAL_CARE.name, years=20),  # who is born now is an adult in 18 years
}
# A tenth more of nothing is nothing, ages and sessions are whole numbers, and few people stop opioids by an operation
# or are operated on twice.
MOVED = {
    "usual_care.none": 50.0,
    "opioids.rmdq_late": -0.3,
    "cft.sessions": 6.0,
    "opioids.treatment_at_start": 0.6,
    "surgery.stop_opioids": 0.5,
    "surgery.reoperation_2y": 0.2,
    "population.migrant_age_low": 19.0,
    "population.migrant_age_high": 40.0,
    "work.retirement_age": 66.0,
    **{name: 0.05 for name in INPUTS if name.startswith("payers.") and BASE[name] == 0.0},
}


def moved(name: str) -> float:
    return MOVED.get(name, BASE[name] * MORE)


@cache
def outputs(seen: Seen, name: str | None = None) -> Results:
    """Results with one parameter moved, or with none."""
    change = dict([seen.given] if seen.given else []) | ({} if name is None else {name: moved(name)})
    asked = study(
        POLICIES[seen.policy],
        people=600 if seen.years > 6 else 1500,
        years=seen.years,
        assume={**OFTEN, **change},
        options=dict([seen.option] if seen.option else []),
    )
    return run_study(asked, workers=1)


def everything(results: Results) -> str:
    """Hash of all that comes out."""
    parts = results.totals, results.national, results.scales, results.costs["cost"].to_numpy()
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def test_there_are_inputs_and_each_is_really_moved() -> None:
    assert len(INPUTS) > 150
    assert [name for name in INPUTS if moved(name) == BASE[name]] == []
    assert set(SEEN) | set(MOVED) <= set(INPUTS)


@pytest.mark.gate
@pytest.mark.parametrize("name", INPUTS)
def test_parameter_changes_some_output(name: str) -> None:
    seen = SEEN.get(name, Seen())
    assert everything(outputs(seen, name)) != everything(outputs(seen))


def test_a_run_without_change_is_the_same_to_the_bit() -> None:
    assert everything(outputs.__wrapped__(Seen())) == everything(outputs(Seen()))


def test_parameters_of_cft_change_nothing_where_it_is_not_offered() -> None:
    other = {name: moved(name) for name in INPUTS if name.startswith(("cft.", "biofeedback."))}
    assert len(other) > 30
    assert live(study(assume=other)).totals.tobytes() == live(study()).totals.tobytes()


@pytest.mark.parametrize(("name", "seen"), [item for item in SEEN.items() if item[1].given])
def test_latent_scales_are_bent_only_away_from_the_registered_effects(name: str, seen: Seen) -> None:
    assert everything(outputs(Seen(), name)) == everything(outputs(Seen()))
    assert everything(outputs(seen)) != everything(outputs(Seen()))


@pytest.mark.parametrize(("name", "seen"), [item for item in SEEN.items() if item[1].option])
def test_parameters_of_a_structural_choice_change_nothing_without_it(name: str, seen: Seen) -> None:
    assert everything(outputs(Seen(), name)) == everything(outputs(Seen()))
    assert everything(outputs(seen)) != everything(outputs(Seen()))


SAVING = "work.trial_anchor"  # the dearer a point of disability, the more CFT saves
PRICES = [name for name, parameter in INPUTS.items() if parameter.dimension in MONEY and name != SAVING]


@pytest.mark.parametrize("name", PRICES)
def test_higher_price_higher_cost(name: str) -> None:
    """TECH-VER, inputs."""
    seen = SEEN.get(name, Seen())
    dearer, base = outputs(seen, name).summary, outputs(seen).summary
    costs = base["outcome"] == "cost_societal"
    assert costs.sum() == 2  # undiscounted and discounted
    assert (dearer.loc[costs, "value"] > base.loc[costs, "value"]).all()
    counts = (base["unit"] == "events") | (base["unit"] == "person-years")
    assert (dearer.loc[counts, "value"] == base.loc[counts, "value"]).all()


OFTENER = {
    "care.consultation_rate": "consultations",
    "flares.rate": "flares",
    "course.remission_first_year": "remissions",
    "course.remission_established": "remissions",
    "opioids.start_rate": "opioid_starts",
    "opioids.stop_established": "opioid_stops",
    "opioids.disorder_rate": "disorders",
    "opioids.overdose_nonfatal": "overdoses",
    "opioids.overdose_fatal": "overdose_deaths",
    "opioids.fracture_base_rate": "opioid_fractures",
    "opioids.fracture_rr": "opioid_fractures",
    "opioids.taper_uptake": "tapers",
    "surgery.referral_rate": "surgery_referrals",
    "surgery.complication": "surgery_complications",
    "surgery.death": "surgery_deaths",
    "surgery.reoperation_2y": "reoperations",
    "cft.uptake": "cft_joined",
    "cft.attendance": "cft_sessions",
    "cft.courses_per_physiotherapist": "cft_courses",
    "mortality.back_pain_rr": "deaths",
    "work.exit_rate": "work_exits",
    "work.return_rate": "work_returns",
}


@pytest.mark.parametrize(("name", "outcome"), OFTENER.items())
def test_event_is_more_frequent_when_likelier(name: str, outcome: str) -> None:
    """TECH-VER, inputs: event frequency rises with its hazard."""
    seen = SEEN.get(name, Seen())
    assert value(outputs(seen, name), outcome) > value(outputs(seen), outcome)


FROM_THE_SAME_START = {
    "course.recurrence": "recurrences",
    "course.recurrence_becomes_chronic": "chronic_recurrences",
    "opioids.mortality_rr": "deaths",
}


@pytest.mark.parametrize(("name", "outcome"), FROM_THE_SAME_START.items())
def test_event_is_more_frequent_when_likelier_among_the_same_people(name: str, outcome: str) -> None:
    """In balance fewer are there to whom it can happen, so that the number may fall."""
    asked = study(BUSY, assume=OFTEN)
    base = live(asked)
    likelier = live(asked, people=base.before, **{name.replace(".", "_"): moved(name)})
    assert likelier.number(outcome) > base.number(outcome)


@pytest.mark.parametrize("name", ["course.recurrence", "course.recurrence_becomes_chronic"])
def test_the_sooner_pain_returns_the_fewer_are_in_remission_at_the_start(name: str) -> None:
    assert outputs(Seen(), name).in_remission < outputs(Seen()).in_remission


def value(results: Results, outcome: str) -> float:
    rows = results.summary
    return float(rows[(rows["outcome"] == outcome) & ~rows["discounted"]]["value"].iloc[0])
