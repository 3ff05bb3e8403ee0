"""The page of all keys of scenario files: type, unit, default and meaning, from the declarations that read them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from pages import table

from lbpsim.evidence import shipped_countries
from lbpsim.evidence.shipped_countries import reference
from lbpsim.evidence.units import DIMENSIONS
from lbpsim.study import limits
from lbpsim.study.files import (
    country_field,
    dated_fields,
    plain_fields,
    quantity_fields,
    region_field,
    regions_field,
    structure_weights,
)
from lbpsim.study.files.declarations import policy_file, study_file
from lbpsim.study.files.sections import Assumptions, Key, Section
from lbpsim.study.options import OPTIONS

HEADER = ("Key", "Type", "Unit", "Default", "What it says", "Example")
EXAMPLES = {  # of kinds that do not carry one, by key, or by path where two have one name
    "name": "australia",
    "title": "CFT in the regions",
    "description": "What the policy does, in a sentence or two.",
    "country": reference().name,
    "region": region_field.EXAMPLE.strip("`"),
    "regions": regions_field.EXAMPLE,
    "cft.regions": "[North, Coast]",
    "comparator": "usual-care",
    "start": "2026-01-01",
    "years": "10",
    "people": "7000",
    "replications": "20",
    "seed": "1",
    "price_year": "2024",
    "thresholds": "['AUD 50,000 per QALY']",
    "trained_at_start": "150",
    "from_age": "45",
    "to_age": "64",
    "to_fifth": "2",
    "assume": "{cft.fidelity: 0.8}",
    "structure_weights": "{utility_slope: {within_person: 2, with_pain: 1}}",
}


@singledispatch
def type_of(kind: Any) -> tuple[str, str]:
    """Type and unit of a kind of value, in words.

    Raises TypeError for a kind that has no words here yet.
    """
    raise TypeError(f"docs/keys.py: say in words what {type(kind).__name__} is, in `type_of`")


@type_of.register
def _(kind: plain_fields.Text) -> tuple[str, str]:
    return "words", ""


@type_of.register
def _(kind: plain_fields.Name) -> tuple[str, str]:
    return "a name: a letter, then letters, digits, `-` and `_`", ""


@type_of.register
def _(kind: plain_fields.Choice) -> tuple[str, str]:
    return f"one of {', '.join(f'`{option}`' for option in kind.options)}", ""


@type_of.register
def _(kind: structure_weights.StructureWeights) -> tuple[str, str]:
    return (
        "`off`, or for each option its choices with their weights: `utility_slope: {within_person: 2, with_pain: 1}`",
        "",
    )


@type_of.register
def _(kind: country_field.CountryField) -> tuple[str, str]:
    return f"one of {', '.join(shipped_countries.names().values())}, or the folder of a country pack", ""


@type_of.register
def _(kind: region_field.RegionField) -> tuple[str, str]:
    return "a name, the name of a CSV file, and where that comes from", "people"


@type_of.register
def _(kind: regions_field.RegionsField) -> tuple[str, str]:
    return "the name of a CSV file, and where that comes from", "people"


@type_of.register
def _(kind: regions_field.RegionName) -> tuple[str, str]:
    return "names of the study's regions", ""


@type_of.register
def _(kind: plain_fields.YesNo) -> tuple[str, str]:
    return "`yes` or `no`", ""


@type_of.register
def _(kind: plain_fields.WholeNumber) -> tuple[str, str]:
    return f"whole number, {kind.allowed.low:,} to {kind.allowed.high:,}", ""


@type_of.register
def _(kind: plain_fields.People) -> tuple[str, str]:
    return f"whole number up to {limits.cases():,}, or `{limits.ALL}`", "people"


@type_of.register
def _(kind: plain_fields.Amount) -> tuple[str, str]:
    return f"whole number, 0 to {kind.limit()[0]:,}", kind.things


@type_of.register
def _(kind: plain_fields.ListOf) -> tuple[str, str]:
    each, unit = type_of(kind.item)
    return f"list of {each}, at most {kind.most}", unit


@type_of.register
def _(kind: quantity_fields.Quantity) -> tuple[str, str]:
    return kind.dimension, "" if kind.bare else DIMENSIONS[kind.dimension].canonical


@type_of.register
def _(kind: quantity_fields.DiscountRate) -> tuple[str, str]:
    each, unit = type_of(kind.rate)
    return f"a {each}, or one each for {' and '.join(f'`{name}`' for name in kind.both)}", unit


@type_of.register
def _(kind: quantity_fields.Growth) -> tuple[str, str]:
    return "growth", "% per year"


@type_of.register
def _(kind: quantity_fields.Threshold) -> tuple[str, str]:
    return "money", "AUD per QALY"


@type_of.register
def _(kind: dated_fields.Day) -> tuple[str, str]:
    return f"date, {kind.first} to {kind.last}", ""


@type_of.register
def _(kind: dated_fields.Dated) -> tuple[str, str]:
    each, unit = type_of(kind.value)
    return f"dates, each with {_a(each)}", unit


@type_of.register
def _(kind: dated_fields.ByYear) -> tuple[str, str]:
    each, unit = type_of(kind.value)
    return f"calendar years, or `from` one on, each with {_a(each)}", unit


@type_of.register
def _(kind: Section) -> tuple[str, str]:
    return "group of the keys below", ""


@type_of.register
def _(kind: Assumptions) -> tuple[str, str]:
    return "parameters by name, each with a value", "that of the parameter"


def _a(each: str) -> str:
    return each if each == "growth" else f"a {each}"


def keys(section: Section) -> str:
    """Every key of a file, with those under it."""
    return table(HEADER, _rows(section))


def _rows(section: Section, before: str = "") -> Iterator[tuple[str, ...]]:
    for key in section.keys:
        path = f"{before}{key.name}"
        yield f"`{path}`", *type_of(key.kind), _default(key), _sentence(key.means), _example(key, path)
        if isinstance(key.kind, Section):
            yield from _rows(key.kind, f"{path}.")


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _default(key: Key) -> str:
    if key.required:
        return "required"
    default = key.kind.written(key.default)
    if default is False:
        return "`no`"
    return f"`{default}`" if isinstance(default, str | int) and default != "" else "none"


def _example(key: Key, path: str) -> str:
    for_example, comment = "For example ", str(key.kind.schema().get("$comment", ""))
    if comment.startswith(for_example):
        return f"`{comment.removeprefix(for_example)}`"
    if isinstance(key.kind, quantity_fields.DiscountRate):
        return f"`{key.kind.rate.example}`"
    if isinstance(key.kind, quantity_fields.Quantity | quantity_fields.Growth):
        return f"`{key.kind.example}`"
    if isinstance(key.kind, plain_fields.Choice | plain_fields.YesNo | Section):
        return ""
    if given := EXAMPLES.get(path, EXAMPLES.get(key.name)):
        return f"`{given}`"
    raise SystemExit(f"docs/keys.py: give an example of `{key.name}` in EXAMPLES")


def page() -> str:
    """The page."""
    parts = [
        "# Keys of scenario files",
        "Written by `docs/build.py` from the declarations that read the files; do not edit. [Writing "
        "scenarios](../scenarios.md) explains how to use them, `lbpsim schema` prints them for editors.",
        "Names with a dot are nested: `cft.offered` is `offered` under `cft`. A key that is not listed is an error, "
        "never ignored. Where a unit stands a bare number is refused, except numbers of things. Shares may be written "
        "as `30%` or `0.3`.",
        "## A policy file",
        "Every file of the folder but `study.yaml`; the policy is named after its file.",
        keys(policy_file()),
        "## The study file",
        "`study.yaml`, which holds what all policies share.",
        keys(study_file()),
        "## Structural options",
        "Choices of structure, not numbers; the first is the base case.",
        table(
            ("Option", "What it decides", "Choices"),
            [
                (f"`{name}`", means, ", ".join(f"`{one}`" for one in choices))
                for name, (choices, means) in OPTIONS.items()
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"
