"""Pages with generated parts: text between `<!-- generated: name -->` and `<!-- end -->` is written by a script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

DOCS = Path(__file__).parent
PART = re.compile(r"(?P<open><!-- generated: (?P<name>[a-z-]+) -->\n)(?P<text>.*?)(?P<close><!-- end -->)", re.DOTALL)


def filled(page: str, parts: Mapping[str, str]) -> str:
    """The page with its generated parts replaced by those of the same name; others stay as they are."""

    def replaced(match: re.Match[str]) -> str:
        text = parts.get(match["name"])
        return match[0] if text is None else f"{match['open']}\n{text.strip()}\n\n{match['close']}"

    return PART.sub(replaced, page)


def names(page: str) -> list[str]:
    """Names of the generated parts of a page."""
    return [match["name"] for match in PART.finditer(page)]


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell(text) for text in line)} |" for line in lines)


def cell(text: str) -> str:
    """Text that does not break a table."""
    return " ".join(text.split()).replace("|", "\\|")
