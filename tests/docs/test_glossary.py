"""The glossary: words in order, and a map of old names that leads from what is gone to what is there."""

from __future__ import annotations

import importlib
import re
from importlib.util import find_spec

from lbpsim.pathways.person import PERSON
from tests.docs.sources import DOCS, text

TERMS, OLD = text(DOCS / "glossary.md").split("## Old names")
MODULE = re.compile(r"^\| `(lbpsim\.[\w.]+)` \| `(lbpsim\.[\w.]+)` \|$", re.MULTILINE)
OF_A_MODULE = re.compile(r"^\| `(lbpsim\.[\w.]+)` \| (`\w+` → `.*) \|$", re.MULTILINE)
FIELD = re.compile(r"^\| person, `(\w+)` \| `(\w+)` \|$", re.MULTILINE)


def there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package that it was in
        return False


def test_terms_are_in_order_and_each_stands_once() -> None:
    terms = [term.lower() for term in re.findall(r"^\| ([^|]+) \| [^|]+ \|$", TERMS, re.MULTILINE)[2:]]
    assert len(terms) > 50
    assert terms == sorted(set(terms))


def test_old_modules_lead_to_modules_that_are_there() -> None:
    moved = dict(MODULE.findall(OLD))
    assert moved["lbpsim.decision.frontier"] == "lbpsim.cea.frontier"
    assert [(old, new) for old, new in moved.items() if there(old) or not there(new)] == []


def test_old_functions_and_classes_lead_to_some_that_are_there() -> None:
    renamed = {module: re.findall(r"`(\w+)` → `(\w+)`", names) for module, names in OF_A_MODULE.findall(OLD)}
    assert ("happen", "apply_event") in renamed["lbpsim.pathways.life"]
    wrong = [
        (name, old, new)
        for name, pairs in renamed.items()
        for module in [importlib.import_module(name)]
        for old, new in pairs
        if hasattr(module, old) or not hasattr(module, new)
    ]
    assert wrong == []


def test_old_fields_of_a_person_lead_to_fields_that_are_there() -> None:
    fields = dict(FIELD.findall(OLD))
    assert set(fields.values()) <= set(PERSON.names or ())
    assert not set(fields) & set(PERSON.names or ())
