"""Which parameters are uncertain."""

from __future__ import annotations

from lbpsim.evidence import parameters
from lbpsim.evidence.uncertain_parameters import drawable, fitted, uncertain


def test_uncertain_is_what_has_a_law_or_was_fitted() -> None:
    with_law = {name for name, one in parameters().items() if one.role == "input" and one.distribution}
    assert set(uncertain()) == with_law
    assert set(drawable()) == with_law | set(fitted())
    assert len(drawable()) == len(set(drawable()))


def test_a_convention_is_not_uncertain() -> None:
    assert "cft.repeat_after" not in drawable()
