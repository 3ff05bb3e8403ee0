"""Records of people taken and joined as plain bytes: NumPy copies records field by field, several times slower."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

People = npt.NDArray[Any]
FEW, LEAP = 512, 8  # records at first; times as many, towards those expected, when there is no room left


def chosen(people: People, which: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> People:
    """The records for which `which` is true, copied, in their order; or those at these places, in theirs."""
    return np.asarray(_bytes(people)[which].view(people.dtype))


def copied(people: People) -> People:
    """A copy of the records."""
    return joined([people])


def joined(parts: Sequence[People]) -> People:
    """The records of all parts, one after another; at least one part, all of one dtype."""
    return np.asarray(np.concatenate([_bytes(part) for part in parts]).view(parts[0].dtype))


def _bytes(people: People) -> npt.NDArray[np.void]:
    return np.asarray(np.ascontiguousarray(people).view(f"V{people.dtype.itemsize}"))


def in_larger_blocks(blocks: Iterable[People], least: int) -> Iterator[People]:
    """The same records in their order, so many at a time at least, but for the last: each block costs some time."""
    held: list[People] = []
    for block in blocks:
        held.append(block)
        if sum(map(len, held)) >= least:
            yield joined(held)
            held.clear()
    if held:
        yield joined(held)


class Packed:
    """Records that are put away in a third of the room: of each, those words that differ from a `plain` one's, and
    which these are.
    """

    def __init__(self, plain: People) -> None:
        self._plain = plain.view(np.int64)
        self._parts: list[tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]] = []

    def add(self, people: People) -> None:
        """Put these, packed, behind those that are here."""
        words = people.view(np.int64).reshape(len(people), len(self._plain))
        differs = words != self._plain
        self._parts.append((np.packbits(differs, axis=1), words[differs]))

    def __len__(self) -> int:
        return sum(len(which) for which, _ in self._parts)

    def unpack(self, people: People, rows: npt.NDArray[np.intp]) -> None:
        """Write all of them over these rows of `people`, which are as many."""
        words, first = people.view(np.int64).reshape(len(people), len(self._plain)), 0
        for which, kept in self._parts:
            some = np.empty((len(which), len(self._plain)), np.int64)
            some[:] = self._plain
            some[np.unpackbits(which, axis=1, count=len(self._plain)).view(np.bool_)] = kept
            words[rows[first : first + len(which)]] = some
            first += len(which)

    def clear(self) -> None:
        """Put them away for good."""
        self._parts.clear()


class Gathered:
    """Records that come some at a time, in one piece; `expected`: how many come at most, as far as is known.

    Room to spare takes no memory, but to fill the first of it takes time, so few get little.
    """

    def __init__(self, dtype: np.dtype[Any], expected: int) -> None:
        self._room, self._number, self._expected = np.empty(FEW, dtype), 0, expected

    def add(self, people: People) -> None:
        """Put a copy of these behind those that are here."""
        number = self._number + len(people)
        if number > len(self._room):
            larger = np.empty(
                max(number, 2 * len(self._room), min(self._expected, LEAP * len(self._room))), self._room.dtype
            )
            _bytes(larger)[: self._number] = _bytes(self.people)
            self._room = larger
        _bytes(self._room)[self._number : number] = _bytes(people)
        self._number = number

    @property
    def people(self) -> People:
        """All of them; not a copy."""
        return self._room[: self._number]

    def clear(self) -> None:
        """Put them away, and keep the room for others."""
        self._number = 0
