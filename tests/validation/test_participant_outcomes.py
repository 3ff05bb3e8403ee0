"""What participants come to, and that it is the same life as at the visits."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.evidence import parameters
from lbpsim.pathways.person import OPERATED
from lbpsim.validation.participant_outcomes import COSTS, IMPACT_YEARS, MARKS, participant_outcomes
from lbpsim.validation.trial import recruit
from tests.validation.small import assuming, enrolment, study, sums, trial


def test_shape() -> None:
    arms, people, marks, _ = sums().sums.shape
    assert (arms, marks) == (3, len(MARKS))
    assert people == len(enrolment().participants) == trial().rmdq.shape[1]


def test_everybody_lives_through_a_year_or_dies_in_it() -> None:
    """Years at all levels of impact sum to the time alive: one year, three years, less for the dead."""
    years = np.array([sums().of(name) for name in IMPACT_YEARS]).sum(axis=0)
    for mark, length in enumerate(MARKS):
        assert years[..., mark].max() <= length + 1e-6
        assert np.mean(np.isclose(years[..., mark], length, atol=1e-5)) > 0.9
    dead = np.isnan(trial().rmdq[0, :, -1])
    assert years[0, dead, 1].max() < 3.0
    assert years[0, ~dead, 1].min() == pytest.approx(3.0, abs=1e-5)


def test_usual_care_has_no_sessions_and_others_have_at_most_eight() -> None:
    sessions = sums().of("cft_sessions")
    assert sessions[0].max() == 0.0
    assert sessions[1:, :, 1].min() >= 1.0
    assert sessions[1:, :, 1].max() <= parameters()["cft.sessions"].value + 1.0
    assert np.array_equal(sessions[1], sessions[2])


def test_sensors_cost_what_they_cost_and_nothing_else_differs_in_price() -> None:
    known = study().values(study().policies[0])
    extra = sums().of("cost_cft")[2] - sums().of("cost_cft")[1]
    assert extra == pytest.approx(known["biofeedback.device_cost"], abs=1e-3)


def test_parts_sum_to_wholes() -> None:
    parts = {name: sums().of(name) for name in COSTS}
    assert sums().of("cost_societal") == pytest.approx(sum(parts.values()))
    assert sums().of("cost_health_system") == pytest.approx(sum(parts.values()) - parts["cost_lost_work"])


def test_later_sums_hold_earlier_ones() -> None:
    for name in (*COSTS, "qalys", "cft_sessions"):
        each = sums().of(name)
        assert (each[..., 1] >= each[..., 0] - 1e-6).all(), name


def test_an_effect_of_nothing_changes_nothing_but_the_course() -> None:
    """TECH-VER, equal arms, equal results: with no effect only CFT itself is paid for.

    But for people who are or were operated on (after CFT, surgery has the smaller effect that it has after
    rehabilitation) or take opioids (their effect moves along a line, and reviews of the course look up hazards more
    often).
    """
    enrolled = recruit(assuming(cft__latent_scale=0.0, cft__latent_scale_pain=0.0))
    found, before = participant_outcomes(enrolled), enrolled.participants["surgery"] == OPERATED
    others = ~before & (sum(found.of(name)[:, :, -1].max(axis=0) for name in ("cost_surgery", "cost_opioids")) == 0.0)
    assert others.mean() > 0.75
    for name in ("qalys", *COSTS):
        usual, treated = found.of(name)[:2, others]
        if name == "cost_cft":
            assert (treated > usual).all()
        else:
            assert np.allclose(treated, usual, rtol=1e-6, atol=1e-3), name
