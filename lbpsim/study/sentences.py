"""Sentences about what a policy sets at a key, for the declarations of keys: dated shares, steps and growth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from lbpsim.evidence.units import number_text
from lbpsim.study.clock import Timeline, day_at, in_words
from lbpsim.study.files.policy_keys import Sentences
from lbpsim.study.phrasing import in_years


def from_each_date(template: str, words: Callable[[float], str] = number_text) -> Sentences:
    """A sentence for each date: "From {day} ...", with `{}` for the `words` of the value that holds from it."""

    def sentences(timeline: Timeline | None, start: date, _: Any) -> Iterator[str]:
        for time, value in timeline or ():
            yield f"From {_day(start, time)} {template.format(words(value))}"

    return sentences


def along_a_line(before: str, after: str) -> Sentences:
    """One sentence on a share that moves along lines, between what stands before and after its first value."""
    return lambda timeline, start, _: [line(timeline, start, before, after)] if timeline.times else []


def line(timeline: Timeline, start: date, before: str, after: str) -> str:
    """A share that moves along lines: "From 1 January 2027 ... 10% of ..., rising to 60% by 1 January 2031"."""
    text = f"From {_day(start, timeline.first)} {before} {_percent(timeline.values[0])} {after}"
    for (_, old), (time, new) in pairwise(timeline):
        move = f"rising to {_percent(new)} by" if new > old else f"falling to {_percent(new)} by"
        text += f", {'unchanged until' if new == old else move} {_day(start, time)}"
    return f"{text}, and then held there." if len(timeline.times) > 1 else f"{text}."


def grows_or_falls(rate: float) -> str:
    """A rate of growth, as in "grows by 6%"."""
    return f"{'grows' if rate >= 0.0 else 'falls'} by {_percent(abs(rate))}"


def fewer_or_more(change: float) -> str:
    """A relative change, as in "20% fewer"."""
    return f"{_percent(abs(change))} {'fewer' if change < 0.0 else 'more'}"


def by_year(single: Mapping[int, float], on: Mapping[int, float]) -> str:
    """Numbers of single years, runs of years with the same number together, and numbers from a year on.

    >>> by_year({2027: 400.0, 2028: 9.0, 2029: 9.0}, {2030: 800.0})
    '400 in 2027, 9 a year from 2028 to 2029, 800 a year from 2030 on'
    """
    begins = sorted(on)
    ends = [*(f"to {year - 1}" for year in begins[1:]), "on"]
    since = [f"{number_text(on[year])} a year from {year} {end}" for year, end in zip(begins, ends, strict=False)]
    return ", ".join([*_single_years(single), *since])


def _single_years(numbers: Mapping[int, float]) -> Iterator[str]:
    runs = groupby(enumerate(sorted(numbers)), key=lambda pair: (numbers[pair[1]], pair[1] - pair[0]))
    for (number, _), pairs in runs:
        run = [year for _, year in pairs]
        yield f"{number_text(number)} {in_years(run) if len(run) == 1 else f'a year {in_years(run)}'}"


def _day(start: date, time: float) -> str:
    return in_words(day_at(start, time))


def _percent(share: float) -> str:
    return f"{number_text(100.0 * share)}%"
