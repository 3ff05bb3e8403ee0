"""Arithmetic on registered parameters, as a design writes what its study would see: `cft.fidelity * cft.rmdq_week13`.

Numbers, names, + - * / **, brackets, and the functions exp, log, sqrt, min and max: nothing else is computed, so a file
can do no harm.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

DEEPEST, LONGEST, LARGEST = 40, 500, 1e15  # brackets within brackets, characters, a number
BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "min": lambda *values: reduce(np.minimum, values),
    "max": lambda *values: reduce(np.maximum, values),
}
RIGHT = "Write it with numbers, registered parameters, + - * / ** and brackets, exp, log, sqrt, min and max"


class ExpressionError(ValueError):
    """A text that is no such arithmetic; the message says what in it is not."""


@dataclass(frozen=True)
class Expression:
    """Arithmetic as written, and the `names` of parameters in it, in the order of the text."""

    text: str
    names: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Raises ExpressionError, with what is wrong.

        >>> Expression.parse("2 * cft.rmdq_year3 - min(cft.rmdq_week52, 0)").names
        ('cft.rmdq_year3', 'cft.rmdq_week52')
        """
        if len(text) > LONGEST:
            raise ExpressionError(f"This has {len(text)} characters; {LONGEST} are the most")
        return cls(text, tuple(dict.fromkeys(_names(_tree(text)))))

    def value(self, values: Mapping[str, Any]) -> Any:
        """What it comes to, with a value, or an array of values, for each of its names.

        >>> float(Expression.parse("exp(cft.uptake) / 2").value({"cft.uptake": 0.0}))
        0.5
        """
        with np.errstate(all="ignore"):  # whoever asks looks at what comes of it
            return _value(_tree(self.text), values)


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"`{text}` is no arithmetic") from None


def _names(node: ast.expr, depth: int = 0) -> list[str]:
    """Names in it; raises ExpressionError for anything that is not allowed."""
    if depth > DEEPEST:
        raise ExpressionError("This is nested too deep")
    parts = _parts(node)
    return [_dotted(node)] if parts is None else [name for part in parts for name in _names(part, depth + 1)]


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """What stands below a node; None for a name. Raises ExpressionError for what is not allowed."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool) and abs(number) <= LARGEST:
            return []
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return [left, right]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return [operand]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS and args:
            return list(args)
        case ast.Name() | ast.Attribute() if _dotted(node):
            return None
    raise ExpressionError(f"`{ast.unparse(node)}` cannot stand in it")


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return before and f"{before}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=number):
            return np.float64(number)  # type: ignore[arg-type]  # which divides by 0 without a word
        case ast.BinOp(left=left, op=op, right=right):
            return BINARY[type(op)](_value(left, values), _value(right, values))
        case ast.UnaryOp(op=op, operand=operand):
            below = _value(operand, values)
            return -below if isinstance(op, ast.USub) else below
        case ast.Call(func=ast.Name(id=name), args=args):
            return FUNCTIONS[name](*(_value(each, values) for each in args))
    return values[_dotted(node)]
