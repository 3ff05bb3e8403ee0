"""What differs between two studies, or two policies, setting by setting: in domain words, with units and dates.

The settings are walked, not listed, so that one that is added to the model is compared without a word here.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from lbpsim import evidence
from lbpsim.evidence import in_force
from lbpsim.evidence.country import Country
from lbpsim.evidence.units import format_quantity
from lbpsim.study.clock import Timeline, day_at, in_words
from lbpsim.study.describe import changes
from lbpsim.study.files.dated_fields import FROM
from lbpsim.study.files.declarations import policy_file, study_file
from lbpsim.study.files.policy_keys import OF_KEY, key_of
from lbpsim.study.files.sections import Key
from lbpsim.study.model import Study
from lbpsim.study.policies import Policy
from lbpsim.study.regions import Region, Regions

Change = Literal["added", "removed", "changed"]
SettingKey = tuple[str, date | int | str | None]  # a key as in the files, and the date or year of one of its values
IN_THE_STUDY, WHOLE = "study", "a policy of the study"
# Of a study, or not by their fields.
NO_SETTINGS = ("policies", "file_hashes", "folder", "evidence", "discount_rate", "cost_discount_rate")


@dataclass(frozen=True)
class Difference:
    """One setting that differs.

    `where`: "study" or the name of a policy; `key`: as in files, "" for a policy as a whole; `when`: the date or year
    of its value in words, "" where it has none; `means`: what the key gives; `before`, `after`: in words with units.
    """

    where: str
    key: str
    when: str
    means: str
    change: Change
    before: str
    after: str


def study_differences(one: Study, other: Study) -> tuple[Difference, ...]:
    """Every setting and every policy that differs between two studies; policies are paired by name."""
    mine, theirs = ({policy.name: policy for policy in study.policies} for study in (one, other))
    found = list(setting_differences(one, other))
    for name in dict.fromkeys([*mine, *theirs]):
        if name in mine and name in theirs:
            found += policy_differences(one, mine[name], other, theirs[name])
        elif name in mine:
            found.append(Difference(name, "", "", WHOLE, "removed", _whole(one, mine[name]), ""))
        else:
            found.append(Difference(name, "", "", WHOLE, "added", "", _whole(other, theirs[name])))
    return tuple(found)


def setting_differences(one: Study, other: Study) -> tuple[Difference, ...]:
    """What differs between two studies but for their policies."""
    return tuple(_compare(IN_THE_STUDY, _Settings(one), _Settings(other)))


def policy_differences(one: Study, mine: Policy, other: Study, theirs: Policy) -> tuple[Difference, ...]:
    """Every setting that differs between two policies, each with its study, whose start its dates are told from."""
    return tuple(_compare(theirs.name, _Settings(one, mine), _Settings(other, theirs)))


def sentences_apart(one: Study, mine: Policy, other: Study, theirs: Policy) -> tuple[list[str], list[str]]:
    """What is said only of the first policy, and only of the second, in the words of `lbpsim check`."""
    first, second = _said(one, mine), _said(other, theirs)
    return [line for line in first if line not in second], [line for line in second if line not in first]


def _whole(study: Study, policy: Policy) -> str:
    return f"{policy.title}: {' '.join(_said(study, policy))}"


def _said(study: Study, policy: Policy) -> list[str]:
    """What a policy changes, in the money of its study's country."""
    with in_force.within(study.country):
        return changes(study, policy)


@dataclass(frozen=True)
class _Settings:
    """The settings of a study, or of one of its policies; told in the money of its country."""

    study: Study
    policy: Policy | None = None

    @cached_property
    def values(self) -> dict[SettingKey, Any]:
        """Every setting by its key and date."""
        return dict(_walk(self.policy or self.study, self.study.start, ""))

    @cached_property
    def keys(self) -> dict[str, Key]:
        """Every key that the file may have, by its path."""
        with in_force.within(self.study.country):
            return dict((policy_file() if self.policy else study_file()).paths())

    def words(self, key: str, value: Any) -> str:
        """A value of a key as its file would write it, with its unit; where it is not given, what holds instead."""
        with in_force.within(self.study.country):
            return self._words(key, value)

    def _words(self, key: str, value: Any) -> str:
        if value is None:
            base = self._base(key)
            return "" if base is None else f"not set, so {self._words(key, base)}"
        if parameter := _assumed(key):
            return format_quantity(value, parameter.dimension)
        found = self._key(key)
        return found.kind.words(value) if found is not None else str(value)

    def _key(self, key: str) -> Key | None:
        """The key of a setting; of one of several values under a key, that key."""
        return self.keys.get(key) or self.keys.get(key.partition(".")[0])

    def _base(self, key: str) -> float | str | None:
        section, _, name = key.partition(".")
        if section == "assume":
            given = self.study.assume if self.policy else {}
            return {**self.study.base_values, **given}.get(name)
        return self.study.options.get(name) if section == "options" and self.policy else None

    def meaning(self, key: str) -> str:
        """What a key gives, in words; of an assumption, the parameter's label and the grade of its evidence."""
        with in_force.within(self.study.country):
            parameter = _assumed(key)
        if parameter is not None:
            return f"{parameter.label} ({parameter.grade})"
        found = self._key(key)
        return found.means if found is not None else ""


def _walk(value: Any, start: date, path: str) -> Iterator[tuple[SettingKey, Any]]:
    """Every value below, by key and date: fields of the model by the names of the files."""
    if isinstance(value, Timeline):
        for time, item in value:
            yield (path, day_at(start, time)), item
    elif isinstance(value, Region | Regions | Country):
        yield (path, None), value
    elif dataclasses.is_dataclass(value):
        for name, item in _fields(value):
            yield from _walk(item, start, f"{path}.{name}".removeprefix("."))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(item, Mapping):
                yield from _walk(item, start, f"{path}.{key}")
            else:
                is_when = isinstance(key, int) or key.startswith(FROM)
                yield ((path, key) if is_when else (f"{path}.{key}", None)), item
    elif value is not None and value != math.inf:  # which stands for never
        yield (path, None), value


def _fields(owner: Any) -> Iterator[tuple[str, Any]]:
    """What is set, by key; what holds from a year on, for the key of single years."""
    if isinstance(owner, Study):
        names = (one.name for one in dataclasses.fields(owner) if one.name not in NO_SETTINGS)
        yield from ((name, getattr(owner, name)) for name in names)
        yield "discount_rate", _discounting(owner)
        yield "evidence", _own_evidence(owner)
        return
    for one in dataclasses.fields(owner):
        key, value = key_of(one), getattr(owner, one.name)
        if key is not None:
            yield key.name, value
        elif isinstance(value, Mapping):
            yield one.metadata[OF_KEY], {f"{FROM}{year}": item for year, item in value.items()}


def _discounting(study: Study) -> float | dict[str, float]:
    """One rate, or each by what it is for."""
    if study.cost_discount_rate is None:
        return study.discount_rate
    return {"costs": study.cost_discount_rate, "health": study.discount_rate}


def _own_evidence(study: Study) -> dict[str, Any]:
    """What a study's own evidence says of each parameter, by its name, each fact by its key in evidence.yaml."""
    facts = {
        each.name: _facts(each.model_dump(exclude={"name", "role"}, exclude_none=True))
        for each in study.evidence.parameters
    }
    counted = {item.name: {"per": item.per, "category": item.category} for item in study.evidence.cost_items}
    return {name: {**each, **counted.get(name, {})} for name, each in facts.items()}


def _facts(dumped: dict[str, Any]) -> dict[str, str]:
    words = {
        key: ", ".join(map(str, value)) if isinstance(value, tuple) else str(value) for key, value in dumped.items()
    }
    return {key: value for key, value in words.items() if value}


def _compare(where: str, one: _Settings, other: _Settings) -> Iterator[Difference]:
    keys = list(dict.fromkeys(key for key, _ in [*one.values, *other.values]))
    for location in sorted({*one.values, *other.values}, key=lambda each: (keys.index(each[0]), str(each[1]))):
        if one.values.get(location) != other.values.get(location):
            yield _difference(where, location, one, other)


def _difference(where: str, location: SettingKey, one: _Settings, other: _Settings) -> Difference:
    key, when = location
    old, new = one.values.get(location), other.values.get(location)
    before, after = one.words(key, old), other.words(key, new)
    if before == after:  # they differ where rounded words do not show it
        before, after = repr(old), repr(new)
    change: Change = "added" if old is None else "removed" if new is None else "changed"
    in_time = in_words(when) if isinstance(when, date) else str(when or "")
    return Difference(where, key, in_time, other.meaning(key), change, before, after)


def _assumed(key: str) -> evidence.Parameter | None:
    section, _, name = key.partition(".")
    return evidence.parameters().get(name) if section == "assume" else None
