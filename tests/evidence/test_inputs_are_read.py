"""The registry and the code agree: every input is read somewhere, and everything read is an input.

A search for the name of a parameter finds where it is used, as `cft.uptake` or as the field `inputs.cft_uptake`: no
name is put together. The payers' shares are named after the categories of cost, so that a category needs no code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import lbpsim
from lbpsim.evidence import parameters
from lbpsim.outcomes import payers
from lbpsim.simulation.inputs import build
from lbpsim.study import load

HOME = Path(lbpsim.__file__).parent
SHIPPED = load(HOME.parent / "scenarios")
NAME = re.compile(r"^[a-z_]+\.[a-z0-9_]+(\.[a-z_]+)?$")
MODEL = ("study", "pathways", "population", "outcomes", "simulation", "cea")
INPUTS = {name for name, parameter in parameters().items() if parameter.role == "input"}
FIELDS = {name.replace(".", "_"): name for name in INPUTS}


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the package, by its file."""
    files = sorted(HOME.rglob("*.py"))
    return {file.relative_to(HOME).as_posix(): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def of_the_model() -> list[ast.Module]:
    return [tree for file, tree in trees().items() if file.partition("/")[0] in MODEL]


def texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def fields_read(tree: ast.AST) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "inputs"
    }


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


def test_every_input_is_found_by_its_name(payers_read: set[str]) -> None:
    found = set(payers_read)
    for tree in of_the_model():
        found |= {*texts(tree)} | {FIELDS[field] for field in fields_read(tree) if field in FIELDS}
    assert INPUTS - found == set()


def test_everything_read_by_name_is_an_input(payers_read: set[str]) -> None:
    read = {
        node.slice.value
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "values"
        if isinstance(node.slice, ast.Constant) and NAME.match(str(node.slice.value))
    }
    assert len(read) > 60
    assert (read | payers_read) - INPUTS == set()


def test_every_field_read_is_an_input_or_derived() -> None:
    usual = SHIPPED.policies[0]
    known = build(SHIPPED, usual, SHIPPED.values(usual)).dtype.names
    read = {field for tree in of_the_model() for field in fields_read(tree) if not hasattr(np.ndarray, field)}
    assert len(read) > 60
    assert read - set(known or ()) == set()


def put_together(node: ast.JoinedStr) -> str:
    """A pattern of what an f-string can come to; "" where it says too little to tell, as `f"{path}.{name}"` does."""
    fixed = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    if "." not in fixed or not re.search("[a-z_]", fixed):
        return ""
    parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z0-9_.]+" for part in node.values)
    return "".join(parts)


def test_no_name_is_put_together(payers_read: set[str]) -> None:
    found = {
        f"{file}, line {node.lineno}: {name}"
        for file, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and (pattern := put_together(node))
        for name in parameters().keys() - payers_read
        if re.fullmatch(pattern, name)
    }
    assert found == set()


@pytest.mark.parametrize("code", ['f"cft.{what}_week13"', 'f"{arm}.{what}_{knot}"'])
def test_a_name_that_is_put_together_is_recognised(code: str) -> None:
    (node,) = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.JoinedStr))
    assert re.fullmatch(put_together(node), "cft.rmdq_week13")
