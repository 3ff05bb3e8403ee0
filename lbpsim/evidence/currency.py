"""Money and its currency: amounts of two currencies meet only at a stated rate.

Within a study all money is in the currency of its country, and code writes its unit as `MONEY`; what people read names
the currency (`told`). Where two countries meet, amounts are `Money`, which refuses another currency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Generic, TypeVar

MONEY = "money"  # stands for the currency in units that code names: "money per QALY"
OF_A_CURRENCY = re.compile(r"(?P<code>[A-Z]{3})(?= per |$| [-+.\d])")  # ISO 4217; before a number, or all of a unit

T = TypeVar("T")


class CurrencyError(ValueError):
    """Amounts of two currencies that were about to be taken for one."""


@dataclass(frozen=True)
class Currency:
    """A currency: its ISO 4217 `code`, which stands before amounts, and its `name` in a sentence.

    >>> str(Currency("NZD", "New Zealand dollars"))
    'NZD'
    """

    code: str
    name: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True)
class Money:
    """An amount with its currency, which adds to, and compares with, amounts of the same currency alone."""

    amount: float
    currency: Currency

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def _same(self, other: Money) -> float:
        if other.currency != self.currency:
            raise CurrencyError(f"an amount in {other.currency} is not one in {self.currency}; exchange it first")
        return other.amount

    def exchanged(self, rate: ExchangeRate) -> Money:
        """The same in another currency.

        Raises CurrencyError where the rate is not from this currency.
        """
        if rate.of != self.currency:
            raise CurrencyError(f"a rate from {rate.of} cannot exchange an amount in {self.currency}")
        return Money(self.amount * rate.each, rate.into)


@dataclass(frozen=True)
class ExchangeRate:
    """What one unit of a currency comes to in another: so much `each`."""

    of: Currency
    into: Currency
    each: float


def code_of(unit: str) -> str | None:
    """Code of the currency that a unit, or an amount, begins with; None where it begins with none.

    >>> code_of("AUD per QALY"), code_of("AUD 120"), code_of("money per QALY"), code_of("NRS points")
    ('AUD', 'AUD', None, None)
    """
    match = OF_A_CURRENCY.match(unit)
    return match["code"] if match else None


def without_code(unit: str) -> str:
    """A unit with `MONEY` in place of the code of a currency.

    >>> without_code("AUD per QALY"), without_code("QALYs")
    ('money per QALY', 'QALYs')
    """
    return OF_A_CURRENCY.sub(MONEY, unit, count=1)


def is_money(unit: str) -> bool:
    """Whether a unit is one of money, of whatever currency.

    >>> is_money("money per person"), is_money("AUD"), is_money("people")
    (True, True, False)
    """
    return without_code(unit).partition(" ")[0] == MONEY


def in_currency(unit: str, code: str) -> str:
    """A unit as people read it: `MONEY` named by the code of a currency.

    >>> in_currency("money per QALY", "AUD"), in_currency("QALYs", "AUD")
    ('AUD per QALY', 'QALYs')
    """
    head, _, rest = unit.partition(" ")
    return f"{code} {rest}".rstrip() if head == MONEY else unit


class InForce(Generic[T]):
    """What holds while files are read and figures written: the innermost, else the last one put, for threads too."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._within: ContextVar[T] = ContextVar(what)
        self._last: list[T] = []

    def put(self, thing: T) -> None:
        """From now on this holds wherever nothing else does (`within`)."""
        self._last[:] = [thing]

    @contextmanager
    def within(self, thing: T) -> Iterator[None]:
        """The thing that holds inside."""
        token = self._within.set(thing)
        try:
            yield
        finally:
            self._within.reset(token)

    def now(self) -> T:
        """What holds; raises LookupError where nothing does, since to guess would be wrong."""
        try:
            return self._within.get(*self._last)
        except LookupError:
            raise LookupError(f"no {self.what} is in force: load a study first") from None


CURRENCY: InForce[Currency] = InForce("currency")  # set by `lbpsim.evidence.in_force`, with the country


def in_force() -> Currency:
    """The currency in which money is read and written; not for reckoning, where money has the currency of its study.

    Raises LookupError where none is.
    """
    return CURRENCY.now()
