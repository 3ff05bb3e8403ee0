"""How messages quote what a user wrote: on one line, cut to a readable length, nothing in it that a terminal obeys."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LONGEST_QUOTE = 60


def short(text: str, *, longest: int = LONGEST_QUOTE) -> str:
    """A text as an error quotes it: one line, of at most `longest` characters, unprintable ones escaped.

    >>> short("9" * 5000, longest=10)
    '9999999999...'
    """
    line = printable(" ".join(text[: 2 * longest].split()))
    return line if len(line) <= longest and len(text) <= 2 * longest else f"{line[:longest]}..."


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """What may have been meant by a word that is not `known`, or, where none is near, what is said `otherwise`.

    >>> did_you_mean("opiods", ["opioids", "cft"], "the parts are opioids, cft")
    'did you mean opioids?'
    """
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]}?" if near else otherwise


def printable(text: str) -> str:
    r"""The text with characters that cannot be printed written as escapes; line ends stay.

    Control characters could move a terminal's cursor or recolour it, and marks of direction reorder what is read.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode() for char in text
    )
