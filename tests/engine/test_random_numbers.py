"""Random numbers: the published vectors, evenness, independence, and that each is a function of its arguments alone.

Seeds are fixed, so a statistical test fails always or never; the false-alarm rate stated is the chance that a correct
generator would have failed under the seed chosen: 0.001 for each test unless said otherwise.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lbpsim.engine.numba_cache import array_rule
from lbpsim.engine.random_numbers import MULTIPLIER_0, MULTIPLIER_1, ROUNDS, philox, quantile, uniform, uniforms

FALSE_ALARM = 0.001
WORD = st.integers(0, 2**32 - 1)

# Random123, kat_vectors: philox4x32, 10 rounds.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def _words(text: str) -> tuple[int, ...]:
    return tuple(int(word, 16) for word in text.split())


def _philox(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(word) for word in philox(*(np.uint64(word) for word in counter + key)))


def _counter_of(output: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Philox backwards: the counter that gives `output`. Written from the paper, in plain integers."""
    low, high = 2**32 - 1, 32
    multiplier_0, multiplier_1 = int(MULTIPLIER_0), int(MULTIPLIER_1)
    c0, c1, c2, c3 = output
    for back in range(ROUNDS - 1, -1, -1):
        k0, k1 = (key[0] + back * 0x9E3779B9) & low, (key[1] + back * 0xBB67AE85) & low
        old_0 = c3 * pow(multiplier_0, -1, 2**32) & low
        old_2 = c1 * pow(multiplier_1, -1, 2**32) & low
        c1, c3 = c0 ^ (multiplier_1 * old_2 >> high) ^ k0, c2 ^ (multiplier_0 * old_0 >> high) ^ k1
        c0, c2 = old_0, old_2
    return c0, c1, c2, c3


@array_rule
def table_of_uniforms(seeds: Any, people: Any, kinds: Any, occurrences: Any) -> Any:
    """One uniform for each row of four equally long arrays."""
    numbers = np.empty(len(seeds))
    for i in range(len(seeds)):
        numbers[i] = uniform(seeds[i], 0, people[i], kinds[i], occurrences[i])
    return numbers


def _draws(
    number: int, *, seed: int = 1, person: int = 0, kind: int = 0, occurrence: int = 0, along: str = "person"
) -> npt.NDArray[np.float64]:
    """`number` uniforms with one of the arguments counting up."""
    columns = {"seed": seed, "person": person, "kind": kind, "occurrence": occurrence}
    arrays = {name: np.full(number, value) for name, value in columns.items()}
    arrays[along] = arrays[along] + np.arange(number)
    numbers: npt.NDArray[np.float64] = table_of_uniforms(*arrays.values())
    return numbers


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answer_vectors(counter: str, key: str, answer: str) -> None:
    assert _philox(_words(counter), _words(key)) == _words(answer)


@given(counter=st.tuples(WORD, WORD, WORD, WORD), key=st.tuples(WORD, WORD))
def test_no_two_counters_share_an_output(counter: tuple[int, int, int, int], key: tuple[int, int]) -> None:
    c0, c1, c2, c3 = _philox(counter, key)
    assert _counter_of((c0, c1, c2, c3), key) == counter


@pytest.mark.parametrize("word", [0, 2**32 - 1])
def test_most_extreme_words_stay_inside_zero_and_one(word: int) -> None:
    seed = 12345
    person, kind, occurrence, draw = _counter_of((word, word, 0, 0), (seed, 0))
    assert _philox((person, kind, occurrence, draw), (seed, 0))[:2] == (word, word)
    assert 0.0 < uniform(seed, draw, person, kind, occurrence) < 1.0


@given(seed=st.integers(0, 2**63 - 1), person=WORD, kind=WORD, occurrence=WORD, draw=WORD)
def test_uniform_is_philox_of_its_arguments(seed: int, person: int, kind: int, occurrence: int, draw: int) -> None:
    high, _, _, _ = _philox((person, kind, occurrence, draw), (seed & (2**32 - 1), seed >> 32))
    assert abs(uniform(seed, draw, person, kind, occurrence) - high / 2**32) <= 2.0**-26


@pytest.mark.parametrize("along", ["person", "kind", "occurrence", "seed"])
def test_uniforms_cover_the_interval_evenly(along: str) -> None:
    numbers = _draws(200_000, along=along)
    assert numbers.min() > 0.0 and numbers.max() < 1.0
    cells = np.bincount((numbers * 256).astype(int), minlength=256)
    assert stats.chisquare(cells).pvalue > FALSE_ALARM
    assert stats.kstest(numbers, "uniform").pvalue > FALSE_ALARM


@pytest.mark.parametrize("other", ["seed", "person", "kind", "occurrence"])
def test_neighbouring_streams_are_uncorrelated(other: str) -> None:
    along = "occurrence" if other == "person" else "person"
    first, second = _draws(200_000, along=along), _draws(200_000, along=along, **{other: 1 if other != "seed" else 2})
    assert stats.pearsonr(first, second).pvalue > FALSE_ALARM
    cells = np.histogram2d(first, second, bins=16, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(cells.ravel()).pvalue > FALSE_ALARM


@pytest.mark.parametrize("along", ["person", "occurrence"])
def test_a_stream_is_uncorrelated_with_itself_shifted(along: str) -> None:
    numbers = _draws(200_000, along=along)
    for shift in (1, 2, 17):  # false-alarm rate 0.003 for the three
        assert stats.pearsonr(numbers[:-shift], numbers[shift:]).pvalue > FALSE_ALARM


def test_a_million_keys_do_not_collide() -> None:
    grid = np.meshgrid(np.arange(10), np.arange(100), np.arange(10), np.arange(100), indexing="ij")
    numbers = table_of_uniforms(*(axis.ravel() for axis in grid))
    assert len(np.unique(numbers)) == 1_000_000  # by chance a pair of 52-bit numbers is equal in 1 run in 9,000


def test_a_number_depends_on_its_arguments_alone() -> None:
    people = np.array([7, 3, 9, 3, 0])
    forwards = uniforms(5, 1, people, 2, 4)
    backwards = uniforms(5, 1, people[::-1].copy(), 2, 4)[::-1]
    one_by_one = [uniform(5, 1, int(person), 2, 4) for person in people]
    assert forwards.tolist() == backwards.tolist() == one_by_one
    assert forwards[1] == forwards[3]


def test_every_argument_matters() -> None:
    base = {"seed": 5, "draw": 1, "person": 2, "kind": 3, "occurrence": 4}
    numbers = [uniform(*base.values())] + [uniform(*(base | {name: 99}).values()) for name in base]
    assert len(set(numbers)) == len(base) + 1
    assert uniform(5 + 2**32, 1, 2, 3, 4) != uniform(5, 1, 2, 3, 4)


@given(share=st.floats(0.0, 1.0, exclude_max=True), values=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_quantile_interpolates_along_the_table(share: float, values: list[float]) -> None:
    table = np.sort(np.array(values))
    expected = np.interp(share, np.linspace(0.0, 1.0, len(table)), table)
    assert math.isclose(quantile(table, share), expected, rel_tol=1e-9, abs_tol=1e-6)
    assert table[0] <= quantile(table, share) <= table[-1] + 1e-6


def test_quantile_at_the_knots() -> None:
    table = np.array([0.0, 1.0, 4.0, 9.0, 16.0])
    assert [quantile(table, knot / 4) for knot in range(4)] == [0.0, 1.0, 4.0, 9.0]
    assert quantile(table, 0.875) == 12.5
