from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from lbpsim.calibration.fit import figures_of
from lbpsim.calibration.plan import shipped as plan
from lbpsim.calibration.simulated_targets import VISIT_OF, simulate
from lbpsim.validation.trial import ARMS, emulate
from tests.pathways.small_country import shipped

STUDY = shipped().with_changes(people=1500, replications=1)
EFFECTS = {name for name in plan().aims if name.startswith(("restore.cft_", "restore.biofeedback_", "restore.both_"))}


@cache
def figures(**changes: float) -> dict[str, float]:
    return simulate(STUDY, {name.replace("__", "."): value for name, value in changes.items()}, 1)


def moved(**changes: float) -> set[str]:
    """Figures that move by more than opioids and rounding carry over."""
    return {name for name, value in figures(**changes).items() if value != pytest.approx(figures()[name], rel=0.02)}


@pytest.mark.gate
def test_every_target_of_the_plan_is_shown() -> None:
    assert set(figures_of(plan())) <= set(figures())
    assert len(EFFECTS) == 10


def test_differences_are_those_of_the_emulated_trial() -> None:
    trial = emulate(STUDY)
    for number, arm in list(enumerate(ARMS))[1:]:
        gap = trial.difference(trial.rmdq, number)
        assert figures()[f"restore.{arm}_rmdq_week52"] == pytest.approx(gap[6])
        assert figures()[f"restore.{arm}_rmdq_year3"] == pytest.approx(gap[7])


def test_the_same_values_give_the_same_figures() -> None:
    assert figures.__wrapped__() == figures()


def test_a_scale_moves_its_own_effect_and_the_line_that_leads_on_from_it() -> None:
    for what, other in (("rmdq", "pain"), ("pain", "rmdq")):
        key = "cft__latent_scale" + ("_pain" if what == "pain" else "")
        at_52, at_3 = moved(**{f"{key}_week52": 1.5}), moved(**{f"{key}_year3": 1.5})
        both = ("both",) if what == "rmdq" else ()
        assert at_52 == {f"restore.{arm}_{what}_week52" for arm in (*ARMS[1:], *both)}
        assert at_3 == {f"restore.{arm}_{what}_year3" for arm in ARMS[1:]}
        assert not any(f"_{other}_" in name for name in at_52 | at_3)


def test_a_stronger_latent_effect_makes_a_larger_difference() -> None:
    assert figures(cft__latent_scale_year3=1.5)["restore.cft_rmdq_year3"] < figures()["restore.cft_rmdq_year3"]


def test_leaving_work_costs_earnings_and_nothing_else() -> None:
    assert moved(work__exit_rate=0.04) == {"country.early_retirement_loss"}
    assert figures(work__exit_rate=0.04)["country.early_retirement_loss"] > figures()["country.early_retirement_loss"]


def test_both_arms_have_the_mean_of_the_arms() -> None:
    for when in ("week13", "week52"):
        arms = [figures()[f"restore.{arm}_rmdq_{when}"] for arm in ARMS[1:]]
        assert figures()[f"restore.both_rmdq_{when}"] == pytest.approx(sum(arms) / 2.0)


def test_usual_care_after_week_13_is_its_change_from_there() -> None:
    scores = emulate(STUDY).rmdq[0]
    week13, week52 = (scores[:, VISIT_OF[week]] for week in (13, 52))
    assert figures()["restore.usual_care_change_13_to_52"] == pytest.approx(np.nanmean(week52 - week13))


def test_burden_of_a_case_is_that_published_however_disabled_people_are() -> None:
    more = figures(disability__trait_mean=8.0)
    assert more["country.yld_per_case"] == pytest.approx(figures()["country.yld_per_case"], rel=0.02)
    assert more["restore.baseline_rmdq_mean"] > figures()["restore.baseline_rmdq_mean"]
    ratio = more["country.low_back_pain_ylds"] / more["country.low_back_pain_cases"]
    assert more["country.yld_per_case"] == pytest.approx(ratio)
