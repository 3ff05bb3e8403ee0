"""Who pays: the shares of payers in each category of cost, from the registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lbpsim.outcomes.measures import COST_CATEGORIES

REST = {"lost_work": "society"}  # pays what the named payers do not
REST_OF_CARE = "government"
NAMED = {"lost_work": ("employer",)}
NAMED_OF_CARE = ("private_insurer", "patient")


def shares(values: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Share of each payer by category, from parameters `payers.<category>.<payer>`; the last payer bears the rest.

    Raises ValueError where the named payers would pay more than everything.
    """
    return {name: _of(name, values) for name in (category.removeprefix("cost_") for category in COST_CATEGORIES)}


def _of(category: str, values: Mapping[str, float]) -> dict[str, float]:
    parts = {payer: values[f"payers.{category}.{payer}"] for payer in NAMED.get(category, NAMED_OF_CARE)}
    rest = 1.0 - sum(parts.values())
    if rest < 0.0:
        raise ValueError(
            f"the payers of {category} would pay {1.0 - rest:.0%} of it; shares cannot exceed 100% together"
        )
    return parts | {REST.get(category, REST_OF_CARE): rest}


def split(cost: float, by_payer: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Each payer's part of a cost, in whole cents but for the last, who pays what is left: parts sum to the cost."""
    *named, last = by_payer
    left = cost
    for payer in named:
        part = round(cost * by_payer[payer], 2)
        left -= part
        yield payer, part
    yield last, left
