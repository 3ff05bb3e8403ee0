"""The registry and the code agree: every input is read somewhere, and everything read is an input.

A static search: subscripts like `values["cft.uptake"]` (f-strings expanded over the words of their module) and fields
like `inputs.cft_uptake`. The payers' shares are named after the categories of cost, so there the reads are recorded.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import lbpsim
from lbpsim.evidence import parameters
from lbpsim.outcomes import payers

HOME = Path(lbpsim.__file__).parent
NAME = re.compile(r"^[a-z_]+\.[a-z0-9_]+(\.[a-z_]+)?$")
APART = (HOME / "verification" / "models", HOME / "calibration", HOME / "report")  # other inputs
MODULES = {
    file: ast.parse(file.read_text(encoding="utf-8"))
    for file in sorted(HOME.rglob("*.py"))
    if not {HOME / "evidence", *APART} & set(file.parents)
}
INPUTS = {name for name, parameter in parameters().items() if parameter.role == "input"}
FIELDS = {name.replace(".", "_"): name for name in INPUTS}


def words(tree: ast.AST) -> list[str]:
    constants = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return sorted(word for word in constants if re.fullmatch(r"[a-z0-9_]+", word))


def texts(node: ast.expr, known: list[str]) -> Iterator[str]:
    """Texts that a subscript can be: a constant, either side of a choice, an f-string over the known words."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from itertools.chain(texts(node.body, known), texts(node.orelse, known))
    elif isinstance(node, ast.JoinedStr):
        parts = [re.escape(part.value) if isinstance(part, ast.Constant) else "(.+)" for part in node.values]
        pattern = re.compile("".join(parts))
        for name in INPUTS:
            match = pattern.fullmatch(name)
            if match and all(word in known for word in match.groups()):
                yield name


def subscripts(tree: ast.AST, variable: str | None = None) -> Iterator[str]:
    known = words(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and (variable is None or ast.unparse(node.value) == variable):
            yield from texts(node.slice, known)


def fields_read(tree: ast.AST) -> set[str]:
    attributes = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "inputs"
    }
    return attributes | set(subscripts(tree, "inputs"))


class Recorded(dict[str, float]):
    """Answers every name, and remembers it."""

    def __missing__(self, name: str) -> float:
        self[name] = 0.0
        return 0.0


@pytest.fixture(scope="module")
def payers_read() -> set[str]:
    values = Recorded()
    payers.shares(values)
    return set(values)


def test_every_input_is_read(payers_read: set[str]) -> None:
    read = set(payers_read)
    for tree in MODULES.values():
        read |= {text for text in subscripts(tree) if NAME.match(text)}
        read |= {FIELDS[field] for field in fields_read(tree) if field in FIELDS}
    assert INPUTS - read == set()


def test_everything_read_by_name_is_an_input(payers_read: set[str]) -> None:
    read = {text for tree in MODULES.values() for text in subscripts(tree, "values") if NAME.match(text)}
    assert len(read) > 60
    assert (read | payers_read) - INPUTS == set()


def test_every_field_read_is_an_input_or_derived() -> None:
    (builder,) = [tree for file, tree in MODULES.items() if file.parts[-2:] == ("simulation", "inputs.py")]
    derived = {re.escape(word) for word in words(builder)}
    for node in ast.walk(builder):
        if isinstance(node, ast.JoinedStr):
            parts = (re.escape(p.value) if isinstance(p, ast.Constant) else "[a-z0-9_]+" for p in node.values)
            derived.add("".join(str(part) for part in parts))
    pattern = re.compile("|".join(sorted(derived)))
    read = {field for tree in MODULES.values() for field in fields_read(tree) if not hasattr(np.ndarray, field)}
    assert len(read) > 60
    assert {field for field in read if field not in FIELDS and not pattern.fullmatch(field)} == set()
