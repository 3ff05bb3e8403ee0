"""Templates as plain Python: their rules without the compiler, and those of a model in place of the protocol's."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest


def without_compiler(template: ModuleType, patch: pytest.MonkeyPatch, **rules: Callable[..., Any]) -> None:
    """Let the rules of a template be plain Python; `rules`: what stands in for those of the protocol."""
    plain = {name: rule.py_func for name, rule in vars(template).items() if hasattr(rule, "py_func")}
    for name, rule in (plain | rules).items():
        patch.setattr(template, name, rule)
