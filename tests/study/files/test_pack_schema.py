"""The schema of a pack takes every shipped pack and that of the guide, and refuses what reading refuses."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml

from lbpsim.evidence.shipped_countries import folders, reference, shipped
from lbpsim.study.files.pack_schema import country_file, parameters_file
from tests.evidence.made_up import blocks_of_the_guide

OTHERS = [folder for folder in folders() if folder != reference().folder]


def plain(text: str) -> Any:
    return json.loads(json.dumps(yaml.safe_load(text), default=str))  # as an editor sees it: dates are text


@pytest.mark.parametrize("folder", folders())
def test_declarations_that_ship_fit(folder: str) -> None:
    jsonschema.Draft202012Validator(country_file()).validate(plain(shipped(folder).files["country.yaml"]))


@pytest.mark.parametrize("folder", OTHERS)
def test_parameters_that_ship_fit(folder: str) -> None:
    jsonschema.Draft202012Validator(parameters_file()).validate(plain(shipped(folder).files["parameters.yaml"]))


def test_the_pack_of_the_guide_fits() -> None:
    blocks = blocks_of_the_guide()
    jsonschema.Draft202012Validator(country_file()).validate(plain(blocks["country.yaml"]))
    jsonschema.Draft202012Validator(parameters_file()).validate(plain(blocks["parameters.yaml"]))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"currency": {"code": "pounds", "name": "pounds"}}, "pounds"),
        ({"nome": "Zealand"}, "nome"),
        ({"tables": {"people": {}}}, "people"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], words: str) -> None:
    found = plain(blocks_of_the_guide()["country.yaml"]) | changed
    with pytest.raises(jsonschema.ValidationError, match=words):
        jsonschema.Draft202012Validator(country_file()).validate(found)


def test_money_has_a_currency_and_other_units_are_the_registered() -> None:
    fits = jsonschema.Draft202012Validator(parameters_file()).is_valid
    fee = {"value": 70, "unit": "NZD", "grade": "assumption", "price_year": 2025}
    assert fits({"care.consultation_cost": fee})
    assert not fits({"care.consultation_cost": fee | {"unit": "money"}})
    assert not fits({"opioids.start_rate": {"value": 0.01, "unit": "share", "grade": "assumption"}})
    assert not fits({"cft.fidelity": {"value": 0.8, "unit": "ratio", "grade": "assumption"}})
