from __future__ import annotations

import pytest

from lbpsim.evidence.units import WEEK
from lbpsim.pathways import cft
from lbpsim.simulation.inputs import _together


def test_two_inputs_of_one_name_are_refused() -> None:
    assert _together({"a": 1.0}, {"b": 2.0}) == {"a": 1.0, "b": 2.0}
    with pytest.raises(ValueError, match="one name: b"):
        _together({"a": 1.0, "b": 1.0}, {"b": 2.0})


def test_a_week_is_the_same_in_the_rules_and_in_the_units() -> None:
    assert cft.WEEK == WEEK
