"""The country that a study is of, for as long as its files are read and its figures are written.

Money has no currency, and a limit such as "more than there are physiotherapists" no number, but in a country. Reading
and writing know it from here; what is simulated is told by its study.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from lbpsim.evidence.country import Country
from lbpsim.evidence.currency import CURRENCY, Currency, InForce
from lbpsim.evidence.layers import Layer, Registry

COUNTRY: InForce[Country] = InForce("country")


def put(country: Country) -> None:
    """From now on this country is in force wherever no other is (`within`): that of the study last loaded."""
    COUNTRY.put(country)
    CURRENCY.put(country.currency)


@contextmanager
def within(country: Country) -> Iterator[None]:
    """The country in force inside."""
    with COUNTRY.within(country), CURRENCY.within(country.currency):
        yield


def country() -> Country:
    """The country in force; raises LookupError where none is, since to guess one would name a wrong currency."""
    return COUNTRY.now()


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
