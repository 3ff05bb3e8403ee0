"""How messages quote what a user wrote: on one line, cut to a readable length, nothing in it that a terminal obeys."""

from __future__ import annotations

LONGEST_QUOTE = 60


def short(text: str, *, longest: int = LONGEST_QUOTE) -> str:
    """A text as an error quotes it: one line, of at most `longest` characters, unprintable ones escaped.

    >>> short("9" * 5000, longest=10)
    '9999999999...'
    """
    line = printable(" ".join(text[: 2 * longest].split()))
    return line if len(line) <= longest and len(text) <= 2 * longest else f"{line[:longest]}..."


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
