"""The JSON Schema of the files of a country pack, for editors; it follows from what reads them."""

from __future__ import annotations

import re

from lbpsim.evidence.country import PAYERS
from lbpsim.evidence.country_declaration import PURCHASING_POWER, Declaration, MoneyOf, Statistics, TableOf
from lbpsim.evidence.country_folder import SHAPES
from lbpsim.evidence.currency import without_code
from lbpsim.evidence.registry import Parameter
from lbpsim.evidence.shipped_countries import reference
from lbpsim.evidence.units import MONEY
from lbpsim.study.files.evidence_file import entry_schema, source_schema
from lbpsim.study.files.field_type import Schema, group_schema

OF_A_CURRENCY = "[A-Z]{3}"
DESCRIBED = {
    "name": "the country, as reports call it",
    "in_a_sentence": "the same within a sentence, where it has an article",
    "currency": "its money: the ISO code that stands before amounts, and the name in a sentence",
    "price_year": "whose prices money is in where a study names no other; 2025 is the June quarter of 2025",
    "counted_on": "the date of population.csv",
    "single_years_counted_on": "the date of single_years.csv",
    "demonstration": "whether every page is marked as not for decisions",
    "donor": "folder of the shipped country from which what is missing is borrowed",
    "limits": "plain sentences that every report prints",
    PURCHASING_POWER: "what costs 1 in the donor's money, in the country's own",
    "payers": "what readers call the payers",
    "sources": "what the sources named here are, by their key",
    "statistics": "who counts the people",
    "tables": "what each CSV file holds, of which sources, how good",
}


def country_file() -> Schema:
    """Of country.yaml."""
    said = Declaration.model_json_schema()
    groups = {
        "currency": MoneyOf.model_json_schema(),
        PURCHASING_POWER: entry_schema({"type": "string"}, "What costs 1 where it borrows from, in its own money", ()),
        "payers": group_schema({payer: {"type": "string"} for payer in PAYERS}),
        "sources": {"type": "object", "additionalProperties": source_schema()},
        "statistics": Statistics.model_json_schema(),
        "tables": group_schema({name: TableOf.model_json_schema() for name in SHAPES}),
    }
    keys = {name: {"description": DESCRIBED[name], **key} for name, key in {**said["properties"], **groups}.items()}
    return group_schema(keys) | {"required": [*said["required"], "currency", "tables"]}


def parameters_file() -> Schema:
    """Of parameters.yaml: what differs between countries, by the names of the reference country."""
    known = reference().registry
    return group_schema({name: _parameter(each) for name, each in known.parameters.items() if name in known.of_country})


def _parameter(each: Parameter) -> Schema:
    unit: Schema = {"enum": [each.unit]}
    if each.dimension in MONEY:
        rest = re.escape(without_code(each.unit).partition(" ")[2])
        unit = {"type": "string", "pattern": f"^{OF_A_CURRENCY}{' ' if rest else ''}{rest}$"}
    written = entry_schema(unit, each.label)
    written["properties"] |= {"label": {"type": "string"}, "role": {"enum": [each.role]}}
    if each.used_to is not None:
        written["properties"]["used_to"] = {"enum": ["calibrate", "validate"]}
    return written
