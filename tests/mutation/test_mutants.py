"""The machinery that deletes branches: it finds them all, and plain rules come to what compiled ones do."""

from __future__ import annotations

import ast
import csv
from pathlib import Path

import numpy as np
import pytest

from lbpsim.engine import event_clocks
from tests.mutation import plain_rules
from tests.mutation.mutants import COLUMNS, ROOT, RULES, arguments, chosen, kept, mutants_of, passing_tests

EXAMPLE = '''def f(a, b):
    """Says which."""
    if a > 1:
        b = 2
    elif a < 0:
        b = 3
    else:
        b = 4
    return b if a else -b
'''


@pytest.mark.gate
def test_every_branch_of_the_rules_is_found() -> None:
    """TECH-VER, mutation: deleting the effect of any code branch is tried."""
    for path in sorted((ROOT / RULES).glob("*.py")):
        found = {mutant.line for mutant in mutants_of(path)}
        functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        branches = {n.lineno for f in functions for n in ast.walk(f) if isinstance(n, ast.If | ast.IfExp)}
        assert branches <= found, path


def test_each_branch_is_deleted_in_turn(tmp_path: Path) -> None:
    path = tmp_path / "rules.py"
    path.write_text(EXAMPLE, encoding="utf-8")
    mutants = list(mutants_of(path, tmp_path))
    assert [(mutant.line, mutant.deleted) for mutant in mutants] == [
        (3, "branch of `if a > 1`"),
        (5, "branch of `if a < 0`"),
        (5, "else branch of `if a < 0`"),
        (9, "first value of `... if a`"),
        (9, "other value of `... if a`"),
    ]
    results = []
    for mutant in mutants:
        scope: dict[str, object] = {}
        exec(mutant.text, scope)
        results.append([scope["f"](a, 9) for a in (2, -1, 0)])  # type: ignore[operator]
    assert results == [[9, 3, -4], [2, 9, -4], [2, 3, -9], [-2, -3, -4], [2, 3, 4]]


def test_plain_rules_have_every_name_that_the_package_asks_of_the_compiler() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "lbpsim").rglob("*.py")]
    asked = {
        alias.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "lbpsim.engine.numba_cache"
        for alias in node.names
    }
    assert "rule" in asked and not [name for name in asked if not hasattr(plain_rules, name)]


def test_plain_rules_write_into_the_same_memory() -> None:
    people = np.zeros(3, np.dtype(event_clocks.fields(2, 1), align=True))

    @plain_rules.rule
    def touch(people: object, row: int) -> None:
        people[row].now = 5.0  # type: ignore[index]
        people[row].next_time[1] = 7.0  # type: ignore[index]

    touch(people, 1)
    assert people["now"].tolist() == [0.0, 5.0, 0.0]
    assert people["next_time"][1].tolist() == [0.0, 7.0, 0.0]
    record = plain_rules.as_records(people[2])
    record.now = 8.0
    assert people["now"].tolist() == [0.0, 5.0, 8.0]
    assert plain_rules.as_records(3.5) == 3.5


@pytest.mark.gate
def test_what_was_not_noticed_is_tried_again(tmp_path: Path) -> None:
    """What survived, and what is new; rows of branches that are gone, or have moved, are not kept."""
    mutants = chosen(arguments().parse_args(["--only", "work"]))
    table = tmp_path / "mutants.csv"
    with table.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for one, verdict in zip(mutants, ("noticed", "survived", "survived the quick tests"), strict=False):
            rows.writerow((one.file, one.line, one.function, one.deleted, verdict, "", 1))
        rows.writerow(("lbpsim/pathways/work.py", 9999, "gone", "branch of `if gone`", "noticed", "", 1))
    options = arguments().parse_args(["--again", str(table)])
    tried = chosen(options)
    assert [mutant for mutant in tried if mutant.file.endswith("work.py")] == mutants[1:]
    assert len(tried) == len(chosen(arguments().parse_args([]))) - 1
    assert [row[:2] for row in kept(options)] == [(mutants[0].file, str(mutants[0].line))]


def test_the_quickest_tests_are_tried_first_and_failed_ones_never(tmp_path: Path) -> None:
    known = tmp_path / "baseline.xml"
    cases = (("slow", 9.5, ""), ("failed", 0.1, "<failure/>"), ("quick", 0.2, ""))
    inside = (f'<testcase classname="tests.x" name="{name}" time="{t}">{end}</testcase>' for name, t, end in cases)
    known.write_text(f"<testsuite>{''.join(inside)}</testsuite>", encoding="utf-8")
    assert passing_tests(tmp_path, known) == ["tests/x.py::quick", "tests/x.py::slow"]
