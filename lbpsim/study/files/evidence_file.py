"""evidence.yaml beside a study: own values, new cost items and their sources, to lie over the package's registry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lbpsim.evidence.entry_errors import Fault
from lbpsim.evidence.grades import GRADES
from lbpsim.evidence.in_force import registry
from lbpsim.evidence.layer_file import CATEGORY, PAID_FOR, PARAMETERS, PER, SECTIONS, SOURCES, categories, parse_layer
from lbpsim.evidence.layers import COST_ITEMS, Layer
from lbpsim.evidence.reading import EvidenceError
from lbpsim.evidence.registry import Parameter
from lbpsim.evidence.units import MONEY_FOR_ONE, told
from lbpsim.study.files import nodes
from lbpsim.study.files.errors import Place, Problem
from lbpsim.study.files.faults import problem_of
from lbpsim.study.files.field_type import Schema, group_schema

EVIDENCE = "evidence"
NEEDED = ("value", "unit", "grade")
IS_MAPPING = "Write what it holds under its sections: " + ", ".join(f"`{name}:`" for name in SECTIONS)


def read_evidence(file: Path, problems: list[Problem], hashes: dict[str, str]) -> Layer:
    """The layer in a file; `problems` and, with what was read, `hashes` are added to."""
    faults: list[Fault] = []
    try:
        text = nodes.text_of(file, str(file), hashes)
        layer = parse_layer(text, str(file), registry(), faults)
    except nodes.Unreadable as error:
        problems.append(error.problem)
        return Layer()
    except EvidenceError as error:
        problems.append(Problem(Place(""), "", str(error), IS_MAPPING))
        return Layer()
    problems.extend(map(problem_of, faults))
    return layer


def schema() -> Schema:
    """The JSON Schema of the file, for editors."""
    known = registry()
    parameters = {each.name: _own(each) for each in known.inputs}
    cost = {PER: {"enum": list(PAID_FOR)}, CATEGORY: {"enum": list(categories(known))}, "label": {"type": "string"}}
    item = entry_schema({"enum": [told(MONEY_FOR_ONE)]}, "A new cost: so much for each") | {
        "required": ["label", PER, CATEGORY, *NEEDED]
    }
    item["properties"] = {**cost, **item["properties"]}
    sections = {
        PARAMETERS: group_schema(parameters),
        COST_ITEMS: {"type": "object", "additionalProperties": item},
        SOURCES: {"type": "object", "additionalProperties": source_schema()},
    }
    return group_schema({name: each | {"description": SECTIONS[name]} for name, each in sections.items()})


def source_schema() -> Schema:
    """Of an entry of a bibliography."""
    keys: dict[str, Schema] = {name: {"type": "string"} for name in ("citation", "doi", "note")}
    return group_schema(keys) | {"required": ["citation"]}


def _own(parameter: Parameter) -> Schema:
    return entry_schema({"enum": [parameter.unit]}, f"{parameter.label} ({parameter.grade})")


def entry_schema(unit: Schema, description: str, needed: Sequence[str] = NEEDED) -> Schema:
    """Of an entry of the registry in a `unit`; `needed`: keys that it has to have."""
    number: Schema = {"type": "number"}
    keys: dict[str, Schema] = {
        "value": number,
        "unit": unit,
        "interval": {"type": "array", "items": number, "minItems": 2, "maxItems": 2},
        "distribution": {"type": "string", "examples": ["beta(18.7, 187)"]},
        "grade": {"enum": list(GRADES)},
        "sources": {"type": "array", "items": {"type": "string"}},
        "price_year": {"type": "integer"},
        "note": {"type": "string"},
    }
    return group_schema(keys) | {"required": list(needed), "description": description}
