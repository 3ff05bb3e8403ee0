"""The JSON Schema of files of proposed studies, for editors; it follows from what reads them."""

from __future__ import annotations

from typing import get_args

from lbpsim.evidence.units import DIMENSIONS, told
from lbpsim.study.files.evidence_file import entry_schema
from lbpsim.study.files.field_type import Schema, group_schema
from lbpsim.voi.design import Kind
from lbpsim.voi.design_file import NUMBERS, OPTIONAL, Asked

TEXT: Schema = {"type": "string"}
NOT_OF_A_DESIGN = ("interval", "distribution")


def schema() -> Schema:
    """Of a file that says what a proposed study asks, measures and costs."""
    keys: dict[str, Schema] = {
        "title": TEXT,
        "description": TEXT,
        "sizes": {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1},
        "arms": _by_name({"type": "number", "exclusiveMinimum": 0}),
        **{key: _number(asked) for key, asked in NUMBERS.items()},
        "measures": _by_name(_measure()),
    }
    optional = ("description", *OPTIONAL)
    return group_schema(keys) | {"required": [key for key in keys if key not in optional]}


def _measure() -> Schema:
    keys: dict[str, Schema] = {
        "label": TEXT,
        "kind": {"enum": list(get_args(Kind))},
        "against": TEXT,
        "sd": _number(Asked("Standard deviation between people", "")),
        "expects": _by_name({"type": ["string", "number"]}),
    }
    return group_schema(keys) | {"required": ["label", "kind", "expects"]}


def _number(asked: Asked) -> Schema:
    unit = {"enum": [told(unit) for unit in DIMENSIONS[asked.dimension].units]} if asked.dimension else TEXT
    written = entry_schema(unit, asked.label)
    written["properties"] = {key: each for key, each in written["properties"].items() if key not in NOT_OF_A_DESIGN}
    return written


def _by_name(each: Schema) -> Schema:
    """A group of keys of any name."""
    return {"type": "object", "additionalProperties": each, "minProperties": 1}
