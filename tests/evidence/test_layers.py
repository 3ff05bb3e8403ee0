"""Layers over the registry: what lies on top holds, what is below stays as it was."""

from __future__ import annotations

import pickle

import pytest

from lbpsim.evidence import parameters
from lbpsim.evidence.in_force import registry
from lbpsim.evidence.layers import CostItem, Layer

UPTAKE = parameters()["cft.uptake"]
MINE = Layer((UPTAKE.model_copy(update={"value": 0.5, "distribution": None, "interval": None}),))


def test_without_layers_it_is_what_the_package_registers() -> None:
    known = registry()
    assert known.parameters == parameters()
    assert not known.own and not known.cost_items


def test_the_last_layer_lies_on_top_and_those_below_stay() -> None:
    higher = Layer((UPTAKE.model_copy(update={"value": 0.4}),))
    assert registry(MINE).parameters["cft.uptake"].value == 0.5
    assert registry(MINE, higher).parameters["cft.uptake"].value == 0.4
    assert registry(higher, MINE).parameters["cft.uptake"].value == 0.5
    assert registry().parameters["cft.uptake"] is UPTAKE
    assert list(registry(MINE).parameters) == list(parameters())


def test_it_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        registry(MINE).parameters["cft.uptake"] = UPTAKE  # type: ignore[index]
    with pytest.raises(AttributeError):
        MINE.parameters = ()  # type: ignore[misc]


def test_layers_go_to_other_processes_and_come_back_the_same() -> None:
    again = pickle.loads(pickle.dumps(MINE))
    assert again == MINE and registry(again) is registry(MINE)


def test_uncertain_is_what_has_a_law_or_was_fitted() -> None:
    with_law = {name for name, one in parameters().items() if one.role == "input" and one.distribution}
    known = registry()
    assert set(known.uncertain) == with_law
    assert set(known.drawable) == with_law | set(known.fitted)
    assert len(known.drawable) == len(set(known.drawable))


def test_a_convention_is_not_uncertain() -> None:
    assert "cft.repeat_after" not in registry().drawable


def test_an_own_value_without_a_distribution_is_fixed_and_of_no_posterior() -> None:
    free = registry().fitted[0]
    own = Layer(tuple(parameters()[name].model_copy(update={"distribution": None}) for name in ("cft.uptake", free)))
    known = registry(own)
    assert set(known.fixed) == {"cft.uptake", free}
    assert not {"cft.uptake", free} & set(known.drawable)


def test_values_are_in_canonical_units_at_the_price_year() -> None:
    price = UPTAKE.model_copy(update={"name": "cost_items.bus", "unit": "AUD", "value": 10.0, "price_year": 2021})
    values = registry(Layer((price,), (CostItem("cost_items.bus", "cft_sessions", "cft"),))).values(2024)
    assert values["cost_items.bus"] > 10.0
    assert {name: value for name, value in values.items() if name != "cost_items.bus"} == registry().values(2024)
