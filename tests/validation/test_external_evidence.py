from __future__ import annotations

import pytest

from lbpsim.evidence import parameters
from lbpsim.evidence.output_tables import output_table
from lbpsim.validation.external_evidence import (
    emulated_at,
    gains,
    other_trials,
    published_elsewhere,
)
from tests.validation.small import sums, trial

NOT_A_DIFFERENCE = {"trials.vaegter_opioid_stop_cft", "trials.castro_training_hours"}


def test_every_registered_trial_stands_in_the_forest() -> None:
    registered = {name for name in parameters() if name.startswith("trials.")}
    assert set(published_elsewhere()) == registered - NOT_A_DIFFERENCE


def test_figures_are_those_registered_in_points_of_the_model() -> None:
    table = other_trials(trial()).set_index("parameter")
    assert tuple(table.columns) == tuple(name for name in output_table("other_trials").names if name != "parameter")
    ratio = parameters()["surgery.rmdq_per_odi"].value
    assert table.loc["trials.castro_odi_week8", "published"] == pytest.approx(-4.75 * ratio)
    assert table.loc["trials.castro_odi_week8", "low"] == pytest.approx(-8.38 * ratio)
    assert table.loc["trials.delira_pain_week6", "published"] == -1.8


def test_the_effect_is_read_at_the_week_of_the_other_trial() -> None:
    week_13 = trial().difference(trial().rmdq, 1)[3]
    assert emulated_at(trial(), "rmdq", 13)[0] == pytest.approx(week_13)
    assert week_13 < emulated_at(trial(), "rmdq", 8)[0] < 0.0
    assert emulated_at(trial(), "rmdq", 0)[0] == 0.0


def test_gains_stand_beside_the_corridor() -> None:
    table = gains(trial(), sums()).set_index(["who", "scale"])
    assert len(table) == 4 and set(output_table("qaly_gains").names) >= set(table.columns)
    everyone = table.loc[("all participants", "model")]
    assert everyone["emulated"] == pytest.approx(
        float((sums().of("qalys")[1, :, 0] - sums().of("qalys")[0, :, 0]).mean())
    )
    assert (everyone["published_low"], everyone["published_high"]) == (0.004, 0.033)
    severe = table.loc[("high impact at the start", "model")]
    assert severe["published_high"] == 0.072
    assert severe["emulated"] > everyone["emulated"]
    assert 0 < severe["people"] < everyone["people"]


def test_states_of_impact_hide_much_of_the_gain() -> None:
    """On the other model's scale the same year gains less: moving within a level of impact counts for nothing there."""
    table = gains(trial(), sums()).set_index(["who", "scale"])
    for who in ("all participants", "high impact at the start"):
        assert 0.0 < table.loc[(who, "SF-6D by impact"), "emulated"] < table.loc[(who, "model"), "emulated"]
