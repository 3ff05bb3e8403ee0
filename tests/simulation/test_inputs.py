from __future__ import annotations

import numpy as np
import pytest

from lbpsim.evidence.units import WEEK
from lbpsim.pathways import cft
from lbpsim.simulation.inputs import _together, build
from lbpsim.simulation.replication import PreparedStudy
from tests.simulation.conftest import Cut


def test_two_inputs_of_one_name_are_refused() -> None:
    assert _together({"a": 1.0}, {"b": 2.0}) == {"a": 1.0, "b": 2.0}
    with pytest.raises(ValueError, match="one name: b"):
        _together({"a": 1.0, "b": 1.0}, {"b": 2.0})


def test_a_week_is_the_same_in_the_rules_and_in_the_units() -> None:
    assert cft.WEEK == WEEK


def test_what_is_too_large_is_told_whoever_let_it_pass_before(cut: Cut) -> None:
    study = cut("usual-care", assume={"work.severity": 1e3})
    usual, prepared = study.policies[0], PreparedStudy(study)
    values = study.values(usual)
    for _ in range(2):
        with np.errstate(all="ignore"):
            assert build(study, usual, values)["work_mean"] == np.inf
        with np.errstate(all="raise"), pytest.raises(FloatingPointError):
            prepared.inputs(usual)
    with np.errstate(all="ignore"):
        assert prepared.inputs(usual) is prepared.inputs(usual) is prepared.base_inputs


def test_policies_that_train_as_many_share_their_staff(cut: Cut) -> None:
    study = cut("usual-care", "surgery-restraint", "cft-rollout")
    usual, restraint, rollout = map(PreparedStudy(study).workforce, study.policies)
    assert usual is restraint
    assert usual is not rollout
