"""Limits: read from words or a file, told when wrong, and used as the tables of a run say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lbpsim.cea.budget_impact import budget_impact
from lbpsim.optimisation.limits import amount, read, spending
from lbpsim.optimisation.plan import Size
from lbpsim.optimisation.sample import Sample
from lbpsim.simulation.run import run_study
from lbpsim.simulation.workers import Here
from lbpsim.study import InputErrors
from tests.optimisation.small_search import small_study

STUDY = small_study()


def test_a_limit_holds_in_every_year_unless_it_says_years() -> None:
    budget, wait = read(STUDY, ("wait: 26 weeks", "budget.government: {2027: AUD 5 million per year}"))
    assert wait.allowed == pytest.approx([26.0] * 5)
    assert budget.known == (1,) and budget.allowed[1] == 5e6


def test_a_limit_from_a_year_on_holds_until_the_next() -> None:
    (staff,) = read(STUDY, ("physiotherapists: {2027: 400, from 2028: 900}",))
    assert np.isnan(staff.allowed[0]) and staff.allowed[1:].tolist() == [400.0, 900.0, 900.0, 900.0]


def test_limits_can_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "limits.yaml"
    file.write_text("budget:\n  all_payers: AUD 60 million per year\nfifths: none_worse_off\n", encoding="utf-8")
    assert [limit.name for limit in read(STUDY, (str(file), "qalys: 100 QALYs"))] == [
        *("budget.all_payers", "fifths", "qalys"),
    ]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("wait: 26", ("has no unit", "weeks")),
        ("budget.goverment: AUD 5 million per year", ("no such key", "Did you mean `government`")),
        ("budget.government: 5 million", ("AUD",)),
        ("physiotherapists: many", ("not a number",)),
        ("waiting: 26 weeks", ("no such key", "Did you mean `wait`")),
        ("fifths: all", ("not one of the choices", "none_worse_off")),
        ("wait 26 weeks", ("is not a limit", "wait: 26 weeks")),
        ("no-such-file.yaml", ("There is no such file",)),
        ("physiotherapists: {2020: 5}", ("before the study starts",)),
        ("physiotherapists: {2050: 400}", ("holds in no year of the study",)),
        ("budget.government: AUD -5 million per year", ("nothing on",)),
    ],
)
def test_what_is_wrong_is_told_with_what_would_be_right(asked: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InputErrors) as wrong:
        read(STUDY, (asked,))
    told = " ".join(str(wrong.value).split())
    for word in words:
        assert word in told, told


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputErrors) as wrong:
        read(STUDY, ("wait: 26", "fifths: all"))
    assert len(wrong.value.problems) == 2


def test_a_limit_given_twice_is_refused() -> None:
    with pytest.raises(InputErrors, match="given twice"):
        read(STUDY, ("wait: 26 weeks", "wait: 10 weeks"))


def test_what_is_left_is_below_zero_where_a_limit_is_broken() -> None:
    wait, target = read(STUDY, ("wait: 26 weeks", "qalys: 100 QALYs"))
    assert wait.left(np.array([30.0, 20.0, 26.0, 0.0, 0.0])).tolist() == [-4.0, 6.0, 0.0, 26.0, 26.0]
    assert target.left(np.array([90.0])).tolist() == [-10.0]


def test_spending_is_what_the_budget_of_a_run_says() -> None:
    """At the point estimates of draw 0 both are the same people: here by the tables of `lbpsim run`."""
    results = run_study(STUDY, workers=1)
    budget = budget_impact(results)
    rows = budget[(budget["scenario"] == "cft-rollout") & (budget["payer"] == "all payers")]
    by_year = rows[rows["period"].str.isdecimal()]["cost"].to_numpy(float)
    sample = Sample(STUDY, Size(draws=2, people=300), Here())
    usual, policy = sample.of([STUDY.policies[0], STUDY.policy("cft-rollout")])
    used = spending(STUDY).used(STUDY, policy, usual)
    assert used.shape == (2, 2, 5) and by_year.shape == (5,)
    whole = policy.yearly - usual.yearly
    from lbpsim.optimisation.sample import ORDER

    assert used == pytest.approx(whole[..., ORDER["cost_health_system"]], rel=1e-9, abs=1e-3)


def test_draws_beyond_a_wait_are_counted_by_the_wait_of_each_draw() -> None:
    """Linearised values, whose mean is the ratio of means, are no draw's wait."""
    (wait,) = read(STUDY, ("wait: 1 weeks",))
    usual, policy = Sample(STUDY, Size(draws=3, people=400), Here()).of([STUDY.policies[0], STUDY.policies[1]])
    each = wait.in_each_draw(STUDY, policy, usual)
    courses = policy.by_year("cft_courses").sum(axis=1)
    assert each.shape == courses.shape and (each[courses == 0.0] == 0.0).all() and (each >= 0.0).all()
    assert wait.beyond(each).dtype == bool


def test_targets_are_told_in_their_unit() -> None:
    assert [limit.unit for limit in read(STUDY, ("qalys: 5 QALYs", "dalys: 5 DALYs"))] == ["QALYs", "DALYs"]


def test_amounts_are_told_with_their_unit() -> None:
    assert (amount(5e6, "money"), amount(12.345, "weeks")) == ("AUD 5,000,000", "12.35 weeks")
