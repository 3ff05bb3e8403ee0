from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from lbpsim import evidence
from lbpsim.study.files.declarations import policy_file
from lbpsim.study.files.schema import schema


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def errors(text: str, part: str) -> list[str]:
    whole = schema()
    validator = jsonschema.Draft202012Validator(whole["$defs"][part])
    return [error.message for error in validator.iter_errors(as_json(yaml.safe_load(text)))]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_every_shipped_scenario_is_valid(shipped: Path) -> None:
    whole = jsonschema.Draft202012Validator(schema())
    files = sorted(shipped.glob("*.yaml"))
    assert len(files) == 12
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not errors(text, "study" if file.stem == "study" else "policy"), file.name
        assert whole.is_valid(as_json(yaml.safe_load(text))), file.name


def test_a_policy_with_every_key_is_valid(full: str) -> None:
    assert not errors(full, "policy")
    assert set(yaml.safe_load(full)) == {key.name for key in policy_file().keys}


@pytest.mark.parametrize(
    "text",
    ["titel: A", "title: A\nxyzzy: 1", "title: A\ncft: {}", "title: A\ncft: {offered: {soon: 10%}}",
     "title: A\ncft: {offered: {2027: 10}}", "title: A\nassume: {cft.fidelty: 1}", "title: 5",
     "title: A\noptions: {lost_work: friction}"],
)  # fmt: skip
def test_what_is_wrong_is_not_valid(text: str) -> None:
    assert errors(text, "policy")


def test_every_key_is_described_and_every_input_can_be_assumed() -> None:
    for part in schema()["$defs"].values():
        assert all(entry["description"] for entry in part["properties"].values())
    inputs = {name for name, parameter in evidence.parameters().items() if parameter.role == "input"}
    assert set(schema()["$defs"]["policy"]["properties"]["assume"]["properties"]) == inputs
