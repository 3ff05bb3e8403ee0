"""Every model has the rules that the engines ask for, with as many arguments in the same order."""

from __future__ import annotations

import inspect
from dataclasses import fields
from types import ModuleType

import pytest

from lbpsim.engine import protocol
from lbpsim.engine.simpy_engine import Rules
from lbpsim.pathways import life, parting
from lbpsim.verification.models import bulk_queue, opioid_reference, sick_sicker

STAND_INS = {name: rule for name, rule in vars(protocol).items() if inspect.isfunction(rule)}
OF_ALL = {rule.name for rule in fields(Rules)}
OF_SHARED_LIVES = STAND_INS.keys() - OF_ALL
MODELS = (life, bulk_queue, sick_sicker, opioid_reference)


def arguments(module: ModuleType, name: str) -> list[str]:
    """Names of the arguments of a rule; rows of the inputs may have a name that says so."""
    return [each.removesuffix("_row") for each in inspect.signature(getattr(module, name)).parameters]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_has_the_rules_of_all(model: ModuleType) -> None:
    for name in OF_ALL:
        assert arguments(model, name) == arguments(protocol, name), name


def test_lives_that_are_shared_have_the_other_eight() -> None:
    assert len(OF_ALL) == 7 and len(OF_SHARED_LIVES) == 8, "as the protocol says"
    for name in OF_SHARED_LIVES:
        assert arguments(parting, name) == arguments(protocol, name), name


@pytest.mark.parametrize("name", STAND_INS)
def test_a_stand_in_is_never_taken_for_a_rule(name: str) -> None:
    with pytest.raises(NotImplementedError):
        STAND_INS[name](*[None] * len(arguments(protocol, name)))
