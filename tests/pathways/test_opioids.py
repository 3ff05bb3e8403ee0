"""Long-term opioids: the brief effect, when use is established, what can happen on them, tapering."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from lbpsim.evidence.shipped_countries import reference
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.pathways import natural_history, opioids
from lbpsim.pathways import person as s
from lbpsim.pathways.disability import opioid_pain, opioid_rmdq
from lbpsim.population.opioid_balance import stop_established
from tests.pathways.small_country import inputs, no_totals, person, study

ON_OPIOIDS = (s.OPIOID_STOP, s.DISORDER, s.TREATMENT, s.OVERDOSE, s.OVERDOSE_DEATH, s.FRACTURE)


def user(years: float, now: float = 0.0, **fields: Any) -> Any:
    """Someone who has been on opioids for `years` at `now`."""
    someone = person(now=now, next_time=np.inf, **fields)
    opioids.begin(someone, years, inputs())
    return someone


def followed(years: float) -> Any:
    """Someone who started at 1.0, `years` later, reviewed on the way."""
    someone, given, totals = person(now=1.0, next_time=np.inf), inputs(), no_totals()
    opioids.start(someone, given, totals)
    assert totals[0, ..., OUTCOME_INDEX["opioid_starts"]].sum() == 2**24
    while someone["next_time"][s.OPIOID_STEP] <= 1.0 + years:
        someone["now"] = someone["next_time"][s.OPIOID_STEP]
        opioids.next_phase(someone, given)
    return someone


@pytest.mark.parametrize(
    ("years", "rmdq", "pain"),
    [(0.0, -1.2, -1.01), (0.25, -1.2, -1.01), (0.625, -0.6, -0.505), (1.0, 0.0, 0.0), (2.0, 0.0, 0.0), (9.0, 0.0, 0.0)],
)
def test_effect_is_flat_for_three_months_then_fades_within_a_year(years: float, rmdq: float, pain: float) -> None:
    someone = followed(years)
    assert opioid_rmdq(someone, 1.0 + years) == pytest.approx(rmdq, abs=1e-12)
    assert opioid_pain(someone, 1.0 + years) == pytest.approx(pain, abs=1e-12)


@pytest.mark.parametrize("years", [0.0, 0.1, 0.25, 0.6, 1.0, 1.7, 2.0, 8.0])
def test_those_met_in_the_middle_stand_where_those_followed_stand(years: float) -> None:
    met, came = user(years, now=1.0 + years), followed(years)
    assert met["opioid_step"] == came["opioid_step"]
    for later in (0.0, 0.05, 0.3, 1.5):
        time = 1.0 + years + later
        assert opioid_rmdq(met, time) == pytest.approx(opioid_rmdq(came, time), abs=1e-12)


@pytest.mark.parametrize(("years", "hazard"), [(0.0, 0.96), (0.5, 0.96), (0.99, 0.96), (1.0, 0.48), (1.99, 0.48)])
def test_stopping_halves_after_the_first_year(years: float, hazard: float) -> None:
    assert opioids.stop_hazard(user(years), inputs()) == hazard


@pytest.mark.parametrize("years", [2.0, 9.0])
def test_established_use_stops_at_the_rate_that_balances_starts(years: float) -> None:
    asked = study()
    values = asked.values(asked.policies[0])
    solved = stop_established(reference(), values, values["course.remission_severity"])
    assert opioids.stop_hazard(user(years), inputs()) == solved < 0.48


@pytest.mark.parametrize(("years", "hazard"), [(0.0, 0.16), (0.5, 0.16), (1.99, 0.16), (2.0, 0.05), (9.0, 0.05)])
def test_published_persistence_may_be_chosen(years: float, hazard: float) -> None:
    assert opioids.stop_hazard(user(years), inputs(opioid_stopping="published")) == hazard


def test_in_a_weibull_law_stopping_falls_every_year_and_adds_up_to_the_law() -> None:
    """Stops expected in n years of use are (n / scale) to the power of the shape."""
    asked, given = study(), inputs(opioid_stopping="weibull")
    values = asked.values(asked.policies[0])
    someone, spent, rates = person(next_time=np.inf), 0.0, []
    opioids.begin(someone, 0.0, given)
    for year in range(1, 11):
        rates.append(opioids.stop_hazard(someone, given))
        spent += rates[-1]
        expected = (year / values["opioids.weibull_scale"]) ** values["opioids.weibull_shape"]
        assert spent == pytest.approx(expected, rel=1e-9)
        while someone["next_time"][s.OPIOID_STEP] <= year:
            opioids.next_phase(someone, given)
    assert rates == sorted(rates, reverse=True)
    assert len(set(rates)) == len(rates)


def test_nothing_but_a_start_can_happen_to_who_is_not_on_opioids() -> None:
    someone = person()
    opioids.hazards(someone, 12.0, inputs())
    assert someone["hazard"][s.OPIOID_START] > 0.0
    assert not someone["hazard"][list(ON_OPIOIDS)].any()


def test_hazards_on_opioids() -> None:
    someone, given = user(0.0), inputs()
    opioids.hazards(someone, 12.0, given)
    hazard = someone["hazard"]
    assert hazard[s.OPIOID_START] == hazard[s.TREATMENT] == 0.0
    assert hazard[s.DISORDER] == 0.015
    assert (hazard[s.OVERDOSE], hazard[s.OVERDOSE_DEATH]) == (0.0023, 0.0003)
    assert hazard[s.FRACTURE] == pytest.approx(0.008 * 0.78)


def test_a_disorder_comes_once_and_its_treatment_begins_and_ends() -> None:
    someone, given = user(0.0, disorder=1), inputs()
    opioids.hazards(someone, 12.0, given)
    assert (someone["hazard"][s.DISORDER], someone["hazard"][s.TREATMENT]) == (0.0, 0.2)
    opioids.treatment(someone)
    assert someone["treated"] == 1
    opioids.hazards(someone, 12.0, given)
    assert someone["hazard"][s.TREATMENT] == given["treatment_end_rate"] > 0.0
    opioids.treatment(someone)
    assert (someone["treated"], someone["disorder"]) == (0, 1)
    opioids.hazards(someone, 12.0, given)
    assert someone["hazard"][s.TREATMENT] == 0.2


def test_who_has_no_disorder_is_not_treated_again() -> None:
    someone = user(0.0)
    opioids.hazards(someone, 12.0, inputs())
    assert someone["hazard"][s.TREATMENT] == 0.0


def test_treatment_ends_as_fast_as_holds_the_registered_share_in_it() -> None:
    """In balance begun = ended: rate x untreated = (end + leaving) x treated."""
    given, asked = inputs(), study()
    values = asked.values(asked.policies[0])
    share = values["opioids.treatment_at_start"]
    leaving = given["opioid_stopping"][opioids.ESTABLISHED]
    leaving += values["opioids.end_at_remission"] * values["course.remission_established"]
    begun, ended = 0.2 * (1.0 - share), (given["treatment_end_rate"] + leaving) * share
    assert begun == pytest.approx(ended)


def test_protective_fracture_ratios_prevent_no_fractures() -> None:
    """A ratio below 1 gives no hazard; a hazard below 0 would spend budgets backwards."""
    someone = user(0.0)
    opioids.hazards(someone, 12.0, inputs(assume={"opioids.fracture_rr": 0.8}))
    assert someone["hazard"][s.FRACTURE] == 0.0


def test_in_remission_nobody_starts_opioids_and_use_stops_at_its_own_rate() -> None:
    someone = person(in_pain=0)
    opioids.hazards(someone, 0.0, inputs())
    assert someone["hazard"][s.OPIOID_START] == 0.0
    someone = user(0.0, in_pain=0)
    opioids.hazards(someone, 0.0, inputs())
    assert someone["hazard"][s.OPIOID_STOP] == 0.96


@pytest.mark.parametrize(
    ("users", "share", "least", "most"), [(50, 0.0, 0, 0), (50, 1.0, 50, 50), (500, 0.5, 206, 294)]
)
def test_a_share_of_users_stops_as_pain_remits(users: int, share: float, least: int, most: int) -> None:
    """At a half within 3.9 standard errors: false alarm 0.0001."""
    given, totals, using = inputs(assume={"opioids.end_at_remission": share}), no_totals(), 0
    for number in range(users):
        someone = user(3.0, id=number)
        natural_history.remission(someone, given, totals)
        using += int(someone["on_opioids"])
    stopped = int(totals[0, ..., OUTCOME_INDEX["opioid_stops"]].sum()) // 2**24
    assert stopped == users - using
    assert least <= stopped <= most


def test_remission_stops_no_opioids_of_who_takes_none() -> None:
    someone, totals = person(), no_totals()
    natural_history.remission(someone, inputs(assume={"opioids.end_at_remission": 1.0}), totals)
    assert totals[0, ..., OUTCOME_INDEX["opioid_stops"]].sum() == 0


def test_starts_rise_with_current_disability_or_with_the_trait() -> None:
    """12 points apart, so a factor exp(0.08 x 12)."""
    starts = {}
    for switch in ("on", "off"):
        for disability in (0.0, 12.0):
            someone = person(trait=12.0)
            opioids.hazards(someone, disability, inputs(severity_drives_opioids_and_surgery=switch))
            starts[switch, disability] = someone["hazard"][s.OPIOID_START]
    assert starts["on", 12.0] / starts["on", 0.0] == pytest.approx(math.exp(0.96))
    assert starts["off", 12.0] == starts["off", 0.0]


def test_tapering_raises_stopping_and_overdose_for_its_year() -> None:
    someone, given, totals = user(5.0, now=1.5), inputs(), no_totals()
    opioids.taper(someone, given, totals)
    opioids.hazards(someone, 12.0, given)
    odds = 5.55 * 0.0721 / (1.0 - 0.0721)
    stopped = -math.expm1(-someone["hazard"][s.OPIOID_STOP] * 1.0)
    assert stopped == pytest.approx(odds / (1.0 + odds), rel=1e-9)
    assert someone["hazard"][s.OVERDOSE] == pytest.approx(0.0023 * 1.28)
    assert someone["hazard"][s.OVERDOSE_DEATH] == pytest.approx(0.0003 * 1.28)
    assert someone["next_time"][s.TAPER_END] == 2.5
    opioids.taper_ends(someone)
    opioids.hazards(someone, 12.0, given)
    established = given["opioid_stopping"][opioids.ESTABLISHED]
    assert (someone["hazard"][s.OPIOID_STOP], someone["hazard"][s.OVERDOSE]) == (established, 0.0023)
    assert someone["tapered"] == 1


def test_supported_tapering_stops_as_many_as_the_trial() -> None:
    """29% against 7% within 12 months."""
    assert -math.expm1(-inputs()["taper_stop_hazard"]) == pytest.approx(0.29, abs=0.02)


def test_stopping_ends_effect_disorder_and_treatment() -> None:
    someone = user(0.1, disorder=1, treated=1)
    opioids.stop(someone, inputs(), no_totals())
    assert [someone[name] for name in ("on_opioids", "disorder", "treated")] == [0, 0, 0]
    assert opioid_rmdq(someone, 0.2) == opioid_pain(someone, 0.2) == 0.0
    assert (someone["next_time"] == np.inf).all()


def test_the_raised_risk_of_overdose_outlasts_use_to_the_end_of_its_year() -> None:
    someone, given, totals = user(5.0, now=1.5), inputs(), no_totals()
    opioids.taper(someone, given, totals)
    opioids.stop(someone, given, totals)
    opioids.hazards(someone, 12.0, given)
    assert someone["hazard"][s.OPIOID_STOP] == 0.0
    assert someone["hazard"][s.OVERDOSE] == pytest.approx(0.0023 * 1.28)
    assert someone["hazard"][s.OVERDOSE_DEATH] == pytest.approx(0.0003 * 1.28)
    assert someone["next_time"][s.TAPER_END] == 2.5
    opioids.taper_ends(someone)
    opioids.hazards(someone, 12.0, given)
    assert someone["hazard"][s.OVERDOSE] == someone["hazard"][s.OVERDOSE_DEATH] == 0.0


def test_a_new_spell_ends_what_is_left_of_a_taper() -> None:
    someone, given, totals = user(5.0, now=1.5), inputs(), no_totals()
    opioids.taper(someone, given, totals)
    opioids.stop(someone, given, totals)
    opioids.start(someone, given, totals)
    assert (someone["tapering"], someone["next_time"][s.TAPER_END]) == (0, np.inf)
    opioids.hazards(someone, 12.0, given)
    assert (someone["hazard"][s.OVERDOSE], someone["hazard"][s.OPIOID_STOP]) == (0.0023, 0.96)


def test_a_new_spell_may_be_tapered_again() -> None:
    someone, given, totals = user(0.1, tapered=1), inputs(), no_totals()
    opioids.stop(someone, given, totals)
    opioids.start(someone, given, totals)
    assert someone["tapered"] == 0
    assert opioid_rmdq(someone, 0.0) == -1.2
