"""Records of people taken and joined as plain bytes: NumPy copies records field by field, several times slower."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

People = npt.NDArray[Any]
ALIGNED, PIECE = 8, 2**21  # bytes
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
            yield _in_one(held)
            held.clear()
    if held:
        yield _in_one(held)


def _in_one(held: Sequence[People]) -> People:
    return held[0] if len(held) == 1 else joined(held)


def memory(size: int) -> npt.NDArray[np.uint8]:
    """So many bytes, at least one, which go back to the system as they are put away, and take memory only where they
    were written. Of what NumPy gives back, in parts of many sizes, the C library keeps some between others.
    """
    return np.frombuffer(mmap.mmap(-1, size, access=mmap.ACCESS_COPY), np.uint8)


Lot = tuple[int, int, int]  # which piece of a shelf, and from where to where in it


class Shelf:
    """Arrays laid one behind another into a few large pieces of memory, and told by their place: small things that stay
    would lie between what is given back.
    """

    def __init__(self) -> None:
        self._pieces, self._used = [memory(1)], 1

    def put(self, values: npt.NDArray[Any]) -> Lot:
        """Lay a copy of the values behind the others."""
        first = -(-self._used // ALIGNED) * ALIGNED
        if first + values.nbytes > len(self._pieces[-1]):
            self._pieces.append(memory(max(values.nbytes, PIECE)))
            first = 0
        self._used = first + values.nbytes
        self._pieces[-1][first : self._used] = values.ravel().view(np.uint8)
        return len(self._pieces) - 1, first, self._used

    def at(self, lot: Lot) -> npt.NDArray[np.uint8]:
        """The bytes that were put there."""
        piece, first, last = lot
        return self._pieces[piece][first:last]


class Packed:
    """Records that are put away in a third of the room: of each, those words that differ from a `plain` one's, and
    which these are.
    """

    def __init__(self, plain: People) -> None:
        self._plain = plain.view(np.int64)
        self.clear()

    def __len__(self) -> int:
        return self._number

    def clear(self) -> None:
        """Put all away for good."""
        self._shelf, self._number = Shelf(), 0
        self._parts: list[tuple[int, Lot, Lot]] = []  # how many people, which words of each differ, and these words

    def add(self, people: People) -> None:
        """Put these, packed, behind those that are here."""
        if not len(people):
            return
        words = people.view(np.int64).reshape(len(people), len(self._plain))
        differs = words != self._plain
        lots = self._shelf.put(np.packbits(differs, axis=1)), self._shelf.put(words[differs])
        self._parts.append((len(people), *lots))
        self._number += len(people)

    def unpack(self, people: People, rows: npt.NDArray[np.intp]) -> None:
        """Write all of them over these rows of `people`, which are as many."""
        words, first = people.view(np.int64).reshape(len(people), len(self._plain)), 0
        for number, which, kept in self._parts:
            differs = np.unpackbits(self._shelf.at(which).reshape(number, -1), axis=1, count=len(self._plain))
            some = np.empty((number, len(self._plain)), np.int64)
            some[:] = self._plain
            some[differs.view(np.bool_)] = self._shelf.at(kept).view(np.int64)
            words[rows[first : first + number]] = some
            first += number


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
