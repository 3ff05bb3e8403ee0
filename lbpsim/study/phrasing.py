"""How many of a thing, and from which year to which, in words: one wording for all that people read."""

from __future__ import annotations

from collections.abc import Sequence

IRREGULAR = {"person": "people", "is": "are"}


def number_of(number: int, thing: str) -> str:
    """So many of a thing, which is given in the singular.

    >>> number_of(1, "draw"), number_of(2, "policy"), number_of(1200, "simulated person")
    ('1 draw', '2 policies', '1,200 simulated people')
    """
    return f"{number:,} {plural(number, thing)}"


def plural(number: int, thing: str) -> str:
    """The name of a thing, in the plural unless there is one of it.

    >>> plural(1, "policy"), plural(0, "policy")
    ('policy', 'policies')
    """
    before, _, word = thing.rpartition(" ")
    if number != 1:
        word = IRREGULAR.get(word) or (f"{word[:-1]}ies" if word.endswith("y") else f"{word}s")
    return f"{before} {word}".lstrip()


def span(years: Sequence[int], between: str = " to ") -> str:
    """Years from the first to the last; one year stands alone.

    >>> span([2026, 2027, 2028]), span([2026]), span([2026, 2027], "-")
    ('2026 to 2028', '2026', '2026-2027')
    """
    first, last = years[0], years[-1]
    return f"{first}" if first == last else f"{first}{between}{last}"


def in_years(years: Sequence[int]) -> str:
    """The same inside a sentence.

    >>> in_years([2026, 2027]), in_years([2026])
    ('from 2026 to 2027', 'in 2026')
    """
    return f"in {years[0]}" if years[0] == years[-1] else f"from {span(years)}"
