"""Items of the TECH-VER checklist that no other room of the tests covers."""

from __future__ import annotations

import math
from typing import Any

import pytest

from lbpsim.evidence import Parameter, parameters
from lbpsim.evidence.distributions import law
from lbpsim.report.charts.ce_plane import DALYS
from lbpsim.report.summary import COLUMNS
from tests.offenders import offenders
from tests.pathways.small_country import CFT, live, study

SAMPLED = {name: one for name, one in parameters().items() if one.role == "input" and one.distribution is not None}
RELATIVE = ("_rr", "_irr", "_odds_ratio")
NEVER_NEGATIVE = ("share", "rate", "money", "money per hour", "money per week", "money per duration", "duration")


def lowest(parameter: Parameter) -> float:
    """The lowest value that can be drawn, for practical purposes: one draw in a million is lower."""
    return float(law(str(parameter.distribution)).ppf(1e-6))


def test_relative_effects_are_never_negative() -> None:
    """TECH-VER, inputs: sampled relative effects positive."""
    relative = {name: one for name, one in SAMPLED.items() if name.endswith(RELATIVE)}
    assert len(relative) >= 6
    laws = {name: str(one.distribution) for name, one in relative.items()}
    assert [name for name, text in laws.items() if not text.startswith(("lognormal", "gamma"))] == []
    assert [name for name, one in relative.items() if lowest(one) <= 0.0] == []


def test_laws_stay_in_the_range_of_what_they_describe() -> None:
    """TECH-VER, uncertainty: beta, gamma, lognormal and others where they belong."""

    def outside(parameter: Parameter) -> Any:
        lower, upper = law(str(parameter.distribution)).support()
        negative = lower < 0.0 and parameter.dimension in NEVER_NEGATIVE
        return (lower, upper) if negative or (parameter.dimension == "share" and upper > 1.0) else None

    assert offenders(SAMPLED, outside) == {}


def test_settings_of_a_study_are_no_parameters() -> None:
    """TECH-VER, uncertainty: discount rate and horizon are not sampled."""
    assert [name for name in SAMPLED if "discount" in name or "horizon" in name] == []
    inputs = [name for name, one in parameters().items() if one.role == "input"]
    assert [name for name in inputs if "discount" in name or name.startswith("study.")] == []


@pytest.mark.parametrize(
    ("name", "published"),
    [("course.remission_first_year", 0.42), ("course.recurrence", 0.40)],
)
def test_yearly_rates_give_the_shares_they_were_taken_from(name: str, published: float) -> None:
    """TECH-VER, events and states: rate-probability conversions. Shares of 12 months of the inception cohorts."""
    assert 1.0 - math.exp(-parameters()[name].canonical) == pytest.approx(published, abs=0.005)


def test_every_course_begins_with_a_session_and_has_no_more_than_planned() -> None:
    """TECH-VER, events and states: entries to a course = exits + still in."""
    lives = live(study(CFT), watch=True)
    courses, sessions = lives.number("cft_courses"), lives.number("cft_sessions")
    booster = 1
    planned = int(study().values(CFT)["cft.sessions"]) + booster
    assert courses > 100
    assert courses < sessions <= courses * planned
    assert int(lives.after["cft_courses"].sum()) == courses
    everybody = live(study(CFT, assume={"cft.attendance": 0.0, "cft.booster_attendance": 0.0}))
    assert everybody.number("cft_sessions") == everybody.number("cft_courses") > 0


def test_dalys_averted_are_called_averted() -> None:
    """TECH-VER, DALYs: averted is printed as averted, with the sign turned."""
    assert "averted" in DALYS.label
    assert DALYS.sign == -1
    shown = {one.outcome: one for one in COLUMNS}["dalys"]
    assert "averted" in shown.label
    assert shown.sign == -1
