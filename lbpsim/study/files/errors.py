"""What is wrong with an input, said so that its author can put it right."""

from __future__ import annotations

import difflib
import os
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lbpsim.evidence.quoting import printable, short

__all__ = ["InputErrors", "Place", "Problem", "did_you_mean", "listed", "nearest", "short", "wrong_option"]
WIDTH = 80
COMMAND_LINE = "command line"  # stands for a file in what is wrong with options, in Python with arguments

EMPTY_NAME = "The name of this folder or file is empty, as where a variable is not set"


@dataclass(frozen=True)
class Place:
    """Where something stands: a file (or "command line") and, where known, line and column, counted from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    @property
    def order(self) -> tuple[int, int]:
        """Places of a file in reading order, the file as a whole first."""
        return self.line or 0, self.column or 0

    def __str__(self) -> str:
        where = [self.file]
        if self.line is not None:
            where.append(f"line {self.line}")
        if self.column is not None:
            where.append(f"column {self.column}")
        return ", ".join(where)


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where, at which key (a path such as `cft.offered`, or ""), what, and what would be right."""

    place: Place
    key: str
    wrong: str
    right: str

    def __str__(self) -> str:
        key = f" `{self.key}`:" if self.key else ""
        return printable(f"{self.place}:{key} {_sentence(self.wrong)} {_sentence(self.right)}".rstrip())


class InputErrors(Exception):  # noqa: N818 - it holds several
    """Everything wrong with the files (or settings) of a study, file by file in reading order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = list(problems)
        files = list(dict.fromkeys(problem.place.file for problem in found))
        self.problems = tuple(
            sorted(found, key=lambda problem: (files.index(problem.place.file), *problem.place.order))
        )
        super().__init__(self.problems)

    def __str__(self) -> str:
        """One paragraph a problem."""
        return "\n\n".join(_paragraph(str(problem)) for problem in self.problems)


def wrong_option(option: str, wrong: str, right: str) -> InputErrors:
    """An error in what was asked on the command line, or of a method in Python."""
    return InputErrors([Problem(Place(COMMAND_LINE), option, wrong, right)])


def named(path: str | os.PathLike[str], key: str = "") -> Path:
    """The path of a name; raises InputErrors for an empty one, which would mean the folder one happens to be in."""
    if not os.fspath(path).strip():
        raise wrong_option(key, EMPTY_NAME, "`.` is this folder")
    return Path(path)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known words, or "" where none is near."""
    near = difflib.get_close_matches(word, list(known), n=2, cutoff=0.6)
    return f"Did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is nearest, if any is near."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), None)


def listed(words: Iterable[object], before_last: str = "or") -> str:
    """Words as a list in a sentence: "a, b or c"."""
    *most, last = [str(word) for word in words]
    return f"{', '.join(most)} {before_last} {last}" if most else last


def _sentence(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    return text if text[-1] in ".?!" else f"{text}."


def _paragraph(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
