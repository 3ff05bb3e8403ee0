"""Random numbers without state: each is a pure function of (seed, draw, person, kind, occurrence).

The generator is Philox4x32-10 (Salmon et al. 2011, doi 10.1145/2063384.2063405), checked in the tests against its
published known-answer vectors. The key is the seed; the counter is (person, kind, occurrence, draw), 32 bits each.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lbpsim.engine.numba_cache import array_rule, inlined_rule, rule

MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
LOW = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)
ROUNDS = 10


@inlined_rule
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Four 32-bit words for the counter (c0..c3) under the key (k0, k1); all arguments are uint64 below 2**32."""
    for _ in range(ROUNDS):
        product_0 = MULTIPLIER_0 * c0
        product_1 = MULTIPLIER_1 * c2
        c0 = (product_1 >> SHIFT) ^ c1 ^ k0
        c1 = product_1 & LOW
        c2 = (product_0 >> SHIFT) ^ c3 ^ k1
        c3 = product_0 & LOW
        k0 = (k0 + WEYL_0) & LOW
        k1 = (k1 + WEYL_1) & LOW
    return c0, c1, c2, c3


@inlined_rule
def uniform(seed: int, draw: int, person: int, kind: int, occurrence: int) -> float:
    """A number in (0, 1), never 0 or 1, with 52 random bits."""
    key = np.uint64(seed)
    high, low, _, _ = philox(
        np.uint64(person), np.uint64(kind), np.uint64(occurrence), np.uint64(draw), key & LOW, key >> SHIFT
    )
    mantissa = (high >> np.uint64(6)) * np.uint64(67108864) + (low >> np.uint64(6))
    return (np.float64(mantissa) + 0.5) / 4503599627370496.0


@array_rule
def uniforms(seed: int, draw: int, people: Any, kind: int, occurrence: int) -> Any:
    """`uniform` for an array of person numbers; shape as `people`."""
    numbers = np.empty(len(people))
    for i in range(len(people)):
        numbers[i] = uniform(seed, draw, people[i], kind, occurrence)
    return numbers


@rule
def quantile(table: Any, share: float) -> float:
    """Value of a distribution at cumulative probability `share`, read off its table of equally spaced quantiles."""
    place = share * (len(table) - 1)
    below = min(int(place), len(table) - 2)
    return table[below] + (place - below) * (table[below + 1] - table[below])


@array_rule
def quantiles(table: Any, shares: Any) -> Any:
    """`quantile` for an array of shares; shape as `shares`."""
    values = np.empty(len(shares))
    for i in range(len(shares)):
        values[i] = quantile(table, shares[i])
    return values
