"""Rules that others call are linked into what calls them, and give what they give by themselves."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numba
import numpy as np

from lbpsim.engine import numba_cache
from lbpsim.engine.linked_rules import LinkedLibrary
from lbpsim.engine.random_numbers import quantile, uniform

NEVER_COMPILED = """from lbpsim.engine.numba_cache import rule


@rule
def thrice(number):
    return 3.0 * number


@rule
def six_times(number):
    return 2.0 * thrice(number)
"""
KEYS = [(2**40 + 3, 1, person, 2, person**2) for person in range(100)]


@numba_cache.rule
def uniform_by_rule(seed: int, draw: int, person: int, kind: int, occurrence: int) -> float:
    return uniform(seed, draw, person, kind, occurrence)


@numba_cache.rule
def quantile_by_rule(table: Any, share: float) -> float:
    return float(quantile(table, share))


@numba_cache.array_rule
def squares(many: int) -> Any:
    found = np.empty(many)
    for n in range(many):
        found[n] = n * n
    return found


@numba_cache.inlined_rule
def half(number: float) -> float:
    return number / 2.0


@numba_cache.array_rule
def half_of_squares(many: int) -> float:
    return half(squares(many).sum())


@numba_cache.inlined_rule
def calls_a_rule(number: float) -> float:
    return twice(number)


@numba_cache.rule
def twice(number: float) -> float:
    return 2.0 * number


@numba_cache.rule
def calls_both(number: float) -> float:
    return calls_a_rule(number)


@numba_cache.rule
def as_number(number: int) -> float:
    return float(number)


@numba_cache.rule
def sum_of_constants(number: int) -> float:
    return as_number(3) + as_number(5) + as_number(number)


def linked(rule: Any, *given: object) -> Any:
    """What there is of a rule for others to call, with what is given."""
    rule.get_call_template([numba.typeof(each) for each in given], {})
    (made,) = rule.get_overload.__self__._compiled().overloads.values()
    return made


def test_a_rule_gives_the_same_bits_from_python_and_from_a_rule() -> None:
    assert [uniform_by_rule(*key).hex() for key in KEYS] == [uniform(*key).hex() for key in KEYS]
    table = np.array([0.1, 0.7, 3.3])
    shares = np.linspace(0.0, 1.0, 37).tolist()
    assert [quantile_by_rule(table, share) for share in shares] == [float(quantile(table, share)) for share in shares]
    assert half_of_squares(5) == 15.0


def test_what_rules_call_has_no_machine_code_of_its_own() -> None:
    made = linked(twice, 3.0)
    assert isinstance(made.library, LinkedLibrary)
    assert made.library.get_pointer_to_function(made.fndesc.llvm_func_name) == 0


def test_only_what_is_marked_is_inlined_whatever_calls_it_first() -> None:
    """Numba hands down what it is not told, so that the speed of code would depend on the order of compiling."""
    assert _is_inlined(linked(calls_a_rule, 3.0))
    assert not _is_inlined(linked(twice, 3.0))


def test_a_rule_is_compiled_once_for_all_constants() -> None:
    """Numba would compile it anew for every constant that it is called with."""
    assert sum_of_constants(0) == 8.0
    made = linked(as_number, 3)
    as_number.get_call_template([numba.types.literal(5)], {})  # type: ignore[attr-defined]
    assert linked(as_number, 3) is made


def test_what_is_compiled_to_be_linked_is_kept_for_other_processes(tmp_path: Path) -> None:
    """Compiled here, for nobody has compiled it before; then found where it was kept, as by another process."""
    file = tmp_path / "never_compiled.py"
    file.write_text(NEVER_COMPILED, encoding="utf-8")
    results, kept = [], []
    for _ in range(2):
        names = runpy.run_path(str(file))
        results.append(names["six_times"](7.0))
        thrice = names["thrice"].get_overload.__self__._compiled()
        thrice.compile((numba.float64,))
        kept.append(sum(thrice.stats.cache_hits.values()))
    assert results == [42.0, 42.0] and kept == [0, 1]


def _is_inlined(made: Any) -> bool:
    head, _, _ = str(made.library.get_function(made.fndesc.llvm_func_name)).partition("{")
    groups = [line.split()[1] for line in str(made.library._final_module).splitlines() if "alwaysinline" in line]
    return any(f" {group} " in head for group in groups)
