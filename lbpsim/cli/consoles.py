"""Where words go: terminals of any encoding, pipes that may be closed before all is said, disks that may be full.

What is said is never worth the work: a character that a terminal does not have is replaced, and output that nobody
takes any more is dropped while the command goes on.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
import sys
import unicodedata
from collections.abc import Iterable
from typing import Any, TextIO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

PLAIN = "lbpsim.plain"  # the name of this way to encode what an encoding lacks
SUBSTITUTES = {
    **{"±": "+/-", "×": "x", "÷": "/", "≤": "<=", "≥": ">=", "≈": "~", "→": "->", "←": "<-", "↑": "^", "↓": "v"},
    **{"•": "*", "·": ".", "●": "*", "○": "o", "◆": "*", "✓": "v", "✗": "x", "\N{MINUS SIGN}": "-"},
    **dict.fromkeys("\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}", "'"),
    **dict.fromkeys("\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}", '"'),
    **dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}", "-"),
    **dict.fromkeys("─━╌╍═╴╶╸╺", "-"),
    **dict.fromkeys("│┃║╎╏╵╷", "|"),
}
FIRST_BOX, LAST_BOX = "\u2500", "\u257f"  # lines and corners of boxes
LONGEST_WORD = 60  # of a command line, as an error quotes it
LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
# What moves the cursor, changes colours or the direction of writing: never meant in the name of a file.
COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain_character(character: str) -> str:
    r"""A character in ASCII: its substitute, its letter without accents, or its number.

    >>> [plain_character(each) for each in "±╮é½中"]
    ['+/-', '+', 'e', '1/2', '\\u4e2d']
    """
    if character in SUBSTITUTES:
        return SUBSTITUTES[character]
    if FIRST_BOX <= character <= LAST_BOX:
        return "+"
    apart = unicodedata.normalize("NFKD", character).replace("\N{FRACTION SLASH}", "/")
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    return bare if bare and bare.isascii() else _number(character)


def _number(character: str) -> str:
    return (
        character.encode("ascii", "backslashreplace").decode()
        if not character.isascii()
        else f"\\x{ord(character):02x}"
    )


def _substituted(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    lacking = problem.object[problem.start : problem.end]
    return "".join(map(plain_character, lacking)), problem.end


codecs.register_error(PLAIN, _substituted)


def harmless(text: str) -> str:
    r"""A text without characters that command a terminal.

    >>> harmless("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return COMMANDING.sub(lambda found: _number(found[0]), text)


def quoted(text: str) -> str:
    """A text that quotes a command line, for a terminal: harmless, and its longest words cut."""
    return harmless(LONG_WORD.sub(lambda found: f"{found[0][:LONGEST_WORD]}...", text))


class Terminal(Console):
    """A console that says what its encoding has, laid out as it will stand, and on which no text commands."""

    def render_str(self, text: str, **named: Any) -> Text:
        """The text in characters that there are; tables are laid out by it."""
        return super().render_str(text.encode(self.encoding, PLAIN).decode(self.encoding), **named)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """What is written, character by character."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(harmless(segment.text), segment.style)


class Outlet(io.FileIO):
    """What is below a stream; as much is written there as it takes, and `problem` is why it took no more."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream.fileno(), "w", closefd=False)
        self.stream = stream  # which would close the file if it were left alone
        self.problem: OSError | None = None

    def write(self, content: Any) -> int | None:  # type: ignore[override]
        """Write, or drop what cannot be written any more."""
        if self.problem is None:
            try:
                return super().write(content)
            except OSError as problem:
                self.problem = problem
        return memoryview(content).nbytes

    @property
    def lost(self) -> bool:
        """Whether something was dropped that somebody still waited for: the reader had not gone of his own accord."""
        gone = (errno.EIO, errno.EINVAL)  # a terminal that was closed; a pipe that was, on Windows
        return self.problem is not None and not (
            isinstance(self.problem, ConnectionError) or self.problem.errno in gone
        )


def open_streams() -> None:
    """Make the standard streams take everything: any character, and any amount."""
    sys.stdout, sys.stderr = _taking_all(sys.stdout), _taking_all(sys.stderr)


def _taking_all(stream: TextIO | None) -> TextIO:
    if stream is None:  # closed from the start
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - a device, for as long as Python runs
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    if type(_raw(stream)) is not io.FileIO:  # a console of Windows, or somebody's own
        stream.reconfigure(errors=PLAIN)
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(Outlet(stream)),
        encoding=stream.encoding,
        errors=PLAIN,
        line_buffering=stream.line_buffering or stream.write_through,
    )


def _raw(stream: TextIO) -> object:
    """What is below a stream's buffers."""
    buffer = getattr(stream, "buffer", None)
    return getattr(buffer, "raw", buffer)


def unwritten() -> OSError | None:
    """Why some of the output was lost; None where it was not, or where its reader had gone."""
    problems = (_unwritten(stream) for stream in (sys.stdout, sys.stderr))
    return next((problem for problem in problems if problem is not None), None)


def _unwritten(stream: TextIO) -> OSError | None:
    stream.flush()
    outlet = _raw(stream)
    return outlet.problem if isinstance(outlet, Outlet) and outlet.lost else None
