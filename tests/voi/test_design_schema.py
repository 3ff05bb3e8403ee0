"""The JSON Schema of proposed studies: right files pass, and what is misspelt or missing does not."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import yaml

from lbpsim.voi.design_file import FOLDER, shipped
from lbpsim.voi.design_schema import schema
from tests.cli_runner import Lbpsim


def written(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((files("lbpsim.voi") / FOLDER / f"{name}.yaml").read_text("utf-8"))
    return content


@pytest.mark.parametrize("name", shipped())
def test_shipped_designs_are_valid(name: str) -> None:
    jsonschema.Draft202012Validator(schema()).validate(written(name))


@pytest.mark.parametrize(
    "change",
    [
        *({"titel": "x"}, {"sizes": []}, {"sizes": [0]}, {"arms": {}}, {"measures": {}}),
        *({"recruited": 5}, {"follow_up": {"value": 1, "unit": "people", "grade": "assumption"}}),
    ],
)
def test_what_is_wrong_is_not(change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema()).validate({**written("fidelity"), **change})


def test_what_is_missing_is_not() -> None:
    for key in ("title", "sizes", "recruited", "measures"):
        rest = {name: value for name, value in written("fidelity").items() if name != key}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(schema()).validate(rest)


def test_the_command_prints_it(lbpsim: Lbpsim) -> None:
    printed = json.loads(lbpsim("schema").out)
    jsonschema.Draft202012Validator.check_schema(printed)
    assert printed["$defs"]["design"] == schema()
