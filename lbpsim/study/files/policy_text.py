"""A policy as its file would write it: what a search finds is handed over as a file that anybody can read and run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import yaml

from lbpsim import evidence
from lbpsim.evidence.units import format_quantity
from lbpsim.study.clock import Timeline, day_at
from lbpsim.study.files.dated_fields import FROM, ByYear, Dated
from lbpsim.study.files.field_type import FieldType
from lbpsim.study.files.plain_fields import Amount, ListOf
from lbpsim.study.files.policy_keys import OF_KEY, TAKES, keys_of
from lbpsim.study.policies import PARTS, Policy

WIDTH = 110  # characters of a line
Written = dict[Any, Any]


class _InFull(yaml.SafeDumper):
    """Writes everything out: a date that stands at two keys is no reference from one to the other."""

    def ignore_aliases(self, data: Any) -> bool:
        """Whatever it is."""
        return True


def as_text(content: Written) -> str:
    """The text of a file with this content."""
    return str(yaml.dump(content, Dumper=_InFull, sort_keys=False, allow_unicode=True, width=WIDTH))


def written(policy: Policy, start: date) -> Written:
    """What a policy file says, by key; values that have dates or years by these. It reads back as the policy.

    Numbers are written in six significant digits, as everywhere; `start`: of the study, from which dates are counted.

    >>> print(as_text(written(Policy("hold", "As now"), date(2026, 1, 1))))
    title: As now
    <BLANKLINE>
    """
    words = {"title": policy.title, "description": policy.description}
    content: Written = {name: text for name, text in words.items() if text}
    content |= {name: part for name in PARTS if (part := _part(getattr(policy, name), start))}
    content |= {"assume": dict(_assumed(policy.assume))} if policy.assume else {}
    return content | ({"options": dict(policy.options)} if policy.options else {})


def _part(part: Any, start: date) -> Written:
    """The keys of a part, such as CFT, that are set."""
    plain = type(part)()
    return {
        declared.name: _value(declared.kind, part, name, start)
        for name, declared in keys_of(part).items()
        if _given(part, name) != _given(plain, name)
    }


def _given(part: Any, name: str) -> Any:
    """What a key has set, in all fields that it sets."""
    return getattr(part, name), _from_years_on(part, name)


def _from_years_on(part: Any, name: str) -> Mapping[int, Any]:
    """What a key has set for years and those after them."""
    also = (one.name for one in fields(part) if (one.metadata.get(OF_KEY), one.metadata.get(TAKES)) == (name, "on"))
    return next((getattr(part, other) for other in also), {})


def _value(kind: FieldType, part: Any, name: str, start: date) -> Any:
    value = getattr(part, name)
    if isinstance(kind, Dated):
        return {day_at(start, time): single(kind.value, each) for time, each in value or Timeline()}
    if isinstance(kind, ByYear):
        each_alone = {year: single(kind.value, each) for year, each in value.items()}
        return each_alone | {
            f"{FROM}{year}": single(kind.value, each) for year, each in _from_years_on(part, name).items()
        }
    return single(kind, value)


def single(kind: FieldType, value: Any) -> Any:
    """A value as its file has it: a whole number, words with a unit, or a list of such."""
    if isinstance(kind, ListOf):
        return [single(kind.item, each) for each in value]
    if isinstance(kind, Amount) or (isinstance(value, int) and not isinstance(value, bool)):
        return int(value)
    return kind.words(value)


def _assumed(values: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    known = evidence.parameters()
    return ((name, format_quantity(value, known[name].dimension)) for name, value in values.items())
