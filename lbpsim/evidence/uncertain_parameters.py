"""Which parameters are uncertain: those that have a law, and those that were fitted to targets.

Not here: how they are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lbpsim.evidence import tables
from lbpsim.evidence.registry import Parameter, parameters


@cache
def uncertain() -> Mapping[str, Parameter]:
    """Every input that has a distribution, by name, in the order of the registry."""
    return {name: one for name, one in parameters().items() if one.role == "input" and one.distribution is not None}


@cache
def fitted() -> tuple[str, ...]:
    """Names of the parameters that were fitted to targets, and are drawn together from the posterior."""
    return tuple(str(name) for name in tables.posterior().columns)


def drawable() -> tuple[str, ...]:
    """Names of all parameters that a probabilistic analysis can draw."""
    return (*uncertain(), *(name for name in fitted() if name not in uncertain()))
