"""The value of perfect implementation: benchmarks of a policy, a case worked by hand, and nothing left to gain."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lbpsim.outcomes.draws import DECISIVE, DrawResults
from lbpsim.outcomes.people_treated import MEASURES
from lbpsim.study import Study
from lbpsim.study.clock import Timeline
from lbpsim.voi.implementation import (
    NO_WAITING,
    PERFECT,
    counterparts,
    implementation_table,
    perfectly,
    with_perfect,
    without_waiting,
)
from tests.cea.made_up import made_up
from tests.pathways.small_country import shipped

QALY = 50_000.0


def rollout() -> Study:
    """Usual care, the rollout, it without waiting, and it carried out perfectly."""
    return with_perfect(shipped().only(["cft-rollout", "cft-unlimited"]))


def test_the_shipped_ceiling_is_the_rollout_without_waiting() -> None:
    study = shipped()
    assert [(policy.name, other.name, kind) for policy, other, kind in counterparts(study)] == [
        ("cft-rollout", "cft-unlimited", NO_WAITING)
    ]
    assert without_waiting(study.policy("cft-rollout").cft) == study.policy("cft-unlimited").cft


def test_perfect_is_an_offer_to_everybody_from_the_first_day_without_waiting() -> None:
    before = shipped().policy("cft-biofeedback").cft
    after = perfectly(before)
    assert after.offered == Timeline((before.offered.first,), (1.0,))
    assert not after.capacity_limited
    assert after.biofeedback
    assert (after.training_places, after.training_from) == (before.training_places, before.training_from)


def test_a_study_gets_its_plainest_offer_carried_out_perfectly_once() -> None:
    study = rollout()
    assert study.policies[-1].name == "cft-rollout-perfect"
    assert study.policies[-1].cft.only_compares
    assert with_perfect(study) is study
    assert [kind for _, _, kind in counterparts(study)] == [NO_WAITING, PERFECT]


def test_another_policy_can_be_asked_for() -> None:
    assert with_perfect(shipped(), "cft-first").policies[-1].opioids == shipped().policy("cft-first").opioids


@pytest.mark.parametrize("name", ["cft-unlimited", "surgery-restraint"])
def test_where_nobody_waits_there_is_nothing_to_carry_out_better(name: str) -> None:
    study = shipped().only([name])
    assert with_perfect(study, name) is study
    assert implementation_table(made_up(40), study, (QALY,)).empty


# --- the value -------------------------------------------------------------------------------------------------------


def draws(qalys: dict[str, float], treated: dict[str, float], number: int = 50) -> DrawResults:
    """Draws in which each policy gains QALYs with certainty and costs nothing, and treats people."""
    plain = made_up(number)
    decisive, people = np.zeros_like(plain.replicates), np.zeros((number, len(qalys), 3, len(MEASURES)))
    for place, name in enumerate(qalys):
        decisive[:, place, :, DECISIVE.index("qalys")] = qalys[name]
        people[:, place, -1, MEASURES.index("people_treated")] = treated[name]
    none = np.zeros_like(people)
    return dataclasses.replace(
        plain, scenarios=tuple(qalys), replicates=decisive, structured=decisive, treated=people, treated_noise=none
    )


NAMES = ("usual-care", "cft-rollout", "cft-unlimited", "cft-rollout-perfect")


def test_a_case_worked_by_hand() -> None:
    """Without waiting 30 QALYs more, 200 people; perfectly 80 more, 500 people; a QALY is worth 50,000."""
    qalys, treated = (0.0, 100.0, 130.0, 180.0), (0.0, 300.0, 500.0, 800.0)
    sampled = draws(*(dict(zip(NAMES, each, strict=True)) for each in (qalys, treated)))
    table = implementation_table(sampled, rollout(), (QALY,))
    table = table[table["perspective"] == "health_system"].set_index("lost_to")
    assert table["value"].to_dict() == {NO_WAITING: pytest.approx(30.0 * QALY), PERFECT: pytest.approx(80.0 * QALY)}
    assert table["more_treated"].to_dict() == {NO_WAITING: 200.0, PERFECT: 500.0}
    assert table["per_person"].to_dict() == {NO_WAITING: pytest.approx(7_500.0), PERFECT: pytest.approx(8_000.0)}
    assert (table["se"] == 0.0).all()
    assert (table["information"] == 0.0).all()  # nothing is uncertain
    assert set(table["chosen_now"]) == {"cft-rollout"}
    np.testing.assert_allclose(table["over_chosen"], table["value"])
    assert table["both"].to_dict() == {NO_WAITING: pytest.approx(30.0 * QALY), PERFECT: pytest.approx(80.0 * QALY)}


def test_where_another_policy_is_chosen_now_gains_are_counted_from_that() -> None:
    """Rollout 100, perfectly 180; but the other policy has 150 QALYs."""
    study = with_perfect(shipped().only(["cft-rollout", "opioid-stewardship"]))
    gained = {"usual-care": 0.0, "cft-rollout": 100.0, "opioid-stewardship": 150.0, "cft-rollout-perfect": 180.0}
    qalys = {policy.name: gained[policy.name] for policy in study.policies}
    table = implementation_table(draws(qalys, dict.fromkeys(qalys, 0.0)), study, (QALY,))
    row = table[table["perspective"] == "health_system"].iloc[0]
    assert row["chosen_now"] == "opioid-stewardship"
    assert row["value"] == pytest.approx(80.0 * QALY)
    assert row["over_chosen"] == row["both"] == pytest.approx(30.0 * QALY)
    assert row["over_chosen_se"] == row["information"] == 0.0


def test_where_uptake_is_full_already_nothing_is_lost() -> None:
    same = draws(dict.fromkeys(NAMES, 100.0), dict.fromkeys(NAMES, 300.0))
    table = implementation_table(same, rollout(), (QALY,))
    assert (table["value"] == 0.0).all()
    assert (table["more_treated"] == 0.0).all()
    assert table["per_person"].isna().all()


def test_of_uncertain_draws_the_error_is_that_of_the_mean() -> None:
    plain = made_up(200)
    names = ("usual-care", "cft-rollout", "cft-rollout-again", "cft-unlimited")
    sampled = dataclasses.replace(plain, scenarios=names)
    table = implementation_table(sampled, shipped().only(["cft-rollout", "cft-unlimited"]), (QALY,))
    row = table[table["perspective"] == "health_system"].iloc[0]
    qalys = plain.replicates[..., DECISIVE.index("qalys")].mean(axis=2)
    cost = plain.replicates[..., DECISIVE.index("cost_health_system")].mean(axis=2)
    gain = QALY * (qalys[:, 3] - qalys[:, 1]) - (cost[:, 3] - cost[:, 1])
    assert row["value"] == pytest.approx(gain.mean())
    assert row["se"] == pytest.approx(gain.std(ddof=1) / np.sqrt(200))
    assert np.isnan(row["more_treated"])
