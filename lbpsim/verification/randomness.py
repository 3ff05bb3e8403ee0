"""Random numbers: the published vectors, a second implementation, even coverage, unrelated streams."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
from matplotlib.figure import Figure
from scipy import stats

from lbpsim.engine.random_numbers import philox
from lbpsim.outcomes.arrays import Numbers
from lbpsim.verification.check import Check, above, described, deviation, exactly, probability
from lbpsim.verification.check_figures import BAND, EXPECTED, OBSERVED, deviations, panels
from lbpsim.verification.models.first_event import uniform_each

ARGUMENTS = ("seed", "draw", "person", "kind", "occurrence")
WORDS, WORD_BITS, LOW = 6, 32, 2**32 - 1
CELLS = 64
SHIFTS = (1, 2, 17)
# Random123 1.14, kat_vectors, philox4x32 with 10 rounds: counter, key, answer.
PUBLISHED = (
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
)
Words = tuple[int, ...]


def checks(*, fast: bool) -> Iterator[Check]:
    """Everything about random numbers."""
    yield vectors(counters=200 if fast else 2_000)
    yield coverage(20_000 if fast else 200_000)
    yield streams(20_000 if fast else 200_000)


def vectors(counters: int) -> Check:
    """Published vectors, a second implementation, and how many output bits each input bit changes."""
    right = sum(_engine(_hex(counter + " " + key)) == _hex(answer) for counter, key, answer in PUBLISHED)
    inputs = list(_arbitrary(counters))
    same = sum(_engine(words) == by_the_paper(words) for words in inputs)
    changed = avalanche(inputs[:40])
    z = (changed.mean(axis=0) - 64.0) / np.sqrt(32.0 / len(changed))  # each of 128 bits changes with probability 1/2
    return described(
        "philox",
        (
            exactly("published vectors reproduced", "vectors", len(PUBLISHED), right),
            exactly("numbers equal to the second implementation's", "numbers", counters, same),
            deviation("largest deviation of an input bit", float(z[np.abs(z).argmax()]), most=4.5),
        ),
        partial(_draw_avalanche, changed),
    )


def by_the_paper(words: Words) -> Words:
    """Philox4x32-10 in plain integers: four words of counter and two of key to four words."""
    c0, c1, c2, c3, k0, k1 = words
    for _ in range(10):
        high_0, low_0 = divmod(0xD2511F53 * c0, 2**32)
        high_1, low_1 = divmod(0xCD9E8D57 * c2, 2**32)
        c0, c1, c2, c3 = high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0
        k0, k1 = (k0 + 0x9E3779B9) & LOW, (k1 + 0xBB67AE85) & LOW
    return c0, c1, c2, c3


def avalanche(inputs: list[Words]) -> Numbers:
    """Output bits changed by flipping each input bit; shape (inputs, 192)."""
    found = np.empty((len(inputs), WORDS * WORD_BITS))
    for i, words in enumerate(inputs):
        before = _engine(words)
        for bit in range(WORDS * WORD_BITS):
            flipped = list(words)
            flipped[bit // WORD_BITS] ^= 1 << bit % WORD_BITS
            after = _engine(tuple(flipped))
            found[i, bit] = sum((a ^ b).bit_count() for a, b in zip(before, after, strict=True))
    return found


def coverage(number: int) -> Check:
    """Uniforms fall evenly whichever argument counts up."""
    numbers = {name: stream(number, along=name) for name in ARGUMENTS}
    comparisons = []
    for name, each in numbers.items():
        cells = np.bincount((each * 256).astype(int), minlength=256)
        p_values = {
            "chi-square in 256 cells": stats.chisquare(cells).pvalue,
            "Kolmogorov-Smirnov": stats.kstest(each, "uniform").pvalue,
        }
        comparisons += [probability(f"{name} counting up, {test}", float(p)) for test, p in p_values.items()]
    smallest = min(float(min(each.min(), 1.0 - each.max())) for each in numbers.values())
    return described(
        "even-coverage",
        (*comparisons, above("distance from 0 and 1", "", 0.0, smallest)),
        partial(_draw_cells, numbers),
        cells=CELLS,
    )


def streams(number: int) -> Check:
    """Streams of neighbouring keys, and a stream and itself shifted, are uncorrelated."""
    found = []
    for name in ARGUMENTS:
        along = "occurrence" if name == "person" else "person"
        found.append((f"{name} and the next", stream(number, along=along), stream(number, along=along, later=name)))
    for shift in SHIFTS:
        each = stream(number, along="person")
        found.append((f"person and the one {shift} on", each[:-shift], each[shift:]))
    comparisons = tuple(
        deviation(name, float(np.corrcoef(one, other)[0, 1] * np.sqrt(len(one)))) for name, one, other in found
    )
    return described("streams", comparisons, lambda figure: deviations(panels(figure)[0], comparisons))


def stream(number: int, *, along: str, later: str = "") -> Numbers:
    """`number` uniforms with the argument `along` counting up, and `later` one higher than usual."""
    columns = {name: np.full(number, 1 + (name == later)) for name in ARGUMENTS}
    columns[along] = columns[along] + np.arange(number)
    return np.asarray(uniform_each(*columns.values()))


def _hex(text: str) -> Words:
    return tuple(int(word, 16) for word in text.split())


def _engine(words: Words) -> Words:
    return tuple(int(word) for word in philox(*(np.uint64(word) for word in words)))


def _arbitrary(number: int) -> Iterable[Words]:
    """Counters and keys without pattern."""
    for i in range(number):
        digest = hashlib.sha256(str(i).encode()).digest()
        yield tuple(int.from_bytes(digest[4 * w : 4 * w + 4], "big") for w in range(WORDS))


def _draw_avalanche(changed: Numbers, figure: Figure) -> None:
    (axes,) = panels(figure)
    reach = 4.5 * np.sqrt(32.0 / len(changed))
    axes.axhspan(64.0 - reach, 64.0 + reach, color=BAND, alpha=0.6, linewidth=0)
    axes.axhline(64.0, color=EXPECTED, linewidth=1.0)
    axes.plot(np.arange(changed.shape[1]), changed.mean(axis=0), "o", color=OBSERVED, markersize=2.5)
    axes.set_xticks([16, 48, 80, 112, 160], ["person", "kind", "occurrence", "draw", "seed"])
    axes.set(xlabel="Input bit, by the argument to which it belongs", ylabel="Output bits changed, of 128")


def _draw_cells(numbers: dict[str, Numbers], figure: Figure) -> None:
    for axes, (name, each) in zip(panels(figure, 1, len(numbers), sharey=True), numbers.items(), strict=True):
        expected = len(each) / CELLS
        reach = 3.0 * np.sqrt(expected * (1.0 - 1.0 / CELLS))
        axes.axhspan(expected - reach, expected + reach, color=BAND, alpha=0.6, linewidth=0)
        axes.axhline(expected, color=EXPECTED, linewidth=1.0)
        counts = np.histogram(each, CELLS, (0.0, 1.0))[0]
        axes.plot((np.arange(CELLS) + 0.5) / CELLS, counts, "o", color=OBSERVED, markersize=2.0)
        axes.set_title(name, fontsize=8.5)
        axes.set_xticks([0.0, 0.5, 1.0], ["0", "0.5", "1"])
    figure.axes[0].set_ylabel(f"Numbers in a cell of 1/{CELLS}")
    figure.supxlabel("Random number, as the argument named above counts up", fontsize=9)
