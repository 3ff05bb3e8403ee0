"""The country that a study is of, for as long as its files are read and its figures are written.

Money has no currency, and a limit such as "more than there are physiotherapists" no number, but in a country. Reading
and writing know it from here; what is simulated is told by its study.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from lbpsim.evidence import currency as currencies
from lbpsim.evidence.country import Country
from lbpsim.evidence.currency import Currency
from lbpsim.evidence.layers import Layer, Registry

_within: ContextVar[Country] = ContextVar("country")
_last: list[Country] = []  # the last one put, for threads too


def put(country: Country) -> None:
    """From now on this country is in force wherever no other is (`within`): that of the study last loaded."""
    _last[:] = [country]
    currencies.put(country.currency)


@contextmanager
def within(country: Country) -> Iterator[None]:
    """The country in force inside."""
    token = _within.set(country)
    try:
        with currencies.within(country.currency):
            yield
    finally:
        _within.reset(token)


def country() -> Country:
    """The country in force; raises LookupError where none is, since to guess one would name a wrong currency."""
    found = _within.get(None) or next(iter(_last), None)
    if found is None:
        raise LookupError("no country is in force: load a study, or name one by `with in_force.within(country):`")
    return found


def currency() -> Currency:
    """Its currency."""
    return country().currency


def registry(*layers: Layer, of: Country | None = None) -> Registry:
    """What is known of a country, by default of that in force, with layers over it, the last on top.

    >>> registry().parameters["cft.uptake"].value
    0.6
    """
    return _layered(of or country(), layers)


@cache
def _layered(of: Country, layers: tuple[Layer, ...]) -> Registry:
    return _layered(of, layers[:-1]).over(layers[-1]) if layers else of.registry
