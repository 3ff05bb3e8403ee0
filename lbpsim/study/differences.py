"""What differs between two studies, or two policies, setting by setting: in domain words, with units and dates.

The settings are walked, not listed, so that one that is added to the model is compared without a word here.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from lbpsim import evidence
from lbpsim.evidence.units import format_quantity
from lbpsim.study.clock import Timeline, day_at, in_words
from lbpsim.study.describe import changes
from lbpsim.study.files.dated_fields import FROM
from lbpsim.study.files.declarations import policy_file, study_file
from lbpsim.study.files.policy_keys import OF_KEY, key_of
from lbpsim.study.files.sections import Key, Section
from lbpsim.study.model import Study
from lbpsim.study.policies import Policy

Change = Literal["added", "removed", "changed"]
SettingKey = tuple[str, date | int | str | None]  # a key as in the files, and the date or year of one of its values
IN_THE_STUDY = "study"
NO_SETTINGS = ("policies", "file_hashes")  # of a study


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
        else:
            gone = name in mine
            study = one if gone else other
            words = _whole(study, study.policy(name))
            found.append(_whole_policy(name, before=words if gone else "", after="" if gone else words))
    return tuple(found)


def setting_differences(one: Study, other: Study) -> tuple[Difference, ...]:
    """What differs between two studies but for their policies."""
    return tuple(_compare(IN_THE_STUDY, (_Settings(one), _Settings(other))))


def policy_differences(one: Study, mine: Policy, other: Study, theirs: Policy) -> tuple[Difference, ...]:
    """Every setting that differs between two policies, each with its study, whose start its dates are told from."""
    return tuple(_compare(theirs.name, (_Settings(one, mine), _Settings(other, theirs))))


def sentences_apart(one: Study, mine: Policy, other: Study, theirs: Policy) -> tuple[list[str], list[str]]:
    """What is said only of the first policy, and only of the second, in the words of `lbpsim check`."""
    first, second = changes(one, mine), changes(other, theirs)
    return [line for line in first if line not in second], [line for line in second if line not in first]


def _whole(study: Study, policy: Policy) -> str:
    return f"{policy.title}: {' '.join(changes(study, policy))}"


def _whole_policy(name: str, *, before: str, after: str) -> Difference:
    return Difference(name, "", "", "a policy of the study", "removed" if before else "added", before, after)


@dataclass(frozen=True)
class _Settings:
    """The settings of a study, or of one of its policies."""

    study: Study
    policy: Policy | None = None

    def values(self) -> dict[SettingKey, Any]:
        """Every setting by its key and date."""
        return dict(_walk(self.policy or self.study, self.study.start, ""))

    def words(self, key: str, value: Any) -> str:
        """A value of a key with its unit."""
        return in_units(key, value, of_a_policy=self.policy is not None)

    def unset(self, location: SettingKey) -> str:
        """What holds where the setting is not given, in words; "" where that is nothing."""
        section, _, name = location[0].partition(".")
        base: Mapping[str, Any] = {}
        if section == "assume":
            given = self.study.assume if self.policy else {}
            base = {**evidence.base_values(self.study.price_year), **given}
        elif section == "options" and self.policy:
            base = self.study.options
        return f"not set, so {self.words(location[0], base[name])}" if name in base else ""


def _walk(value: Any, start: date, path: str) -> Iterator[tuple[SettingKey, Any]]:
    """Every value below, by key and date: fields of the model by the names of the files."""
    if isinstance(value, Timeline):
        for time, item in value:
            yield (path, day_at(start, time)), item
    elif dataclasses.is_dataclass(value):
        for name, item in _fields(value):
            yield from _walk(item, start, f"{path}.{name}".removeprefix("."))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(item, Mapping):
                yield from _walk(item, start, f"{path}.{key}")
            else:
                yield ((path, key) if _is_when(key) else (f"{path}.{key}", None)), item
    elif value is not None and value != math.inf:  # which stands for never
        yield (path, None), value


def _fields(owner: Any) -> Iterator[tuple[str, Any]]:
    """What is set, by key; what holds from a year on, for the key of single years."""
    if isinstance(owner, Study):
        names = (one.name for one in dataclasses.fields(owner) if one.name not in NO_SETTINGS)
        yield from ((name, getattr(owner, name)) for name in names)
        return
    for one in dataclasses.fields(owner):
        key, value = key_of(one), getattr(owner, one.name)
        if key is not None:
            yield key.name, value
        elif isinstance(value, Mapping):
            yield one.metadata[OF_KEY], {f"{FROM}{year}": item for year, item in value.items()}


def _is_when(key: int | str) -> bool:
    return isinstance(key, int) or key.startswith(FROM)


def _compare(where: str, sides: tuple[_Settings, _Settings]) -> Iterator[Difference]:
    mine, theirs = (side.values() for side in sides)
    keys = list(dict.fromkeys(key for key, _ in [*mine, *theirs]))
    for location in sorted({*mine, *theirs}, key=lambda location: (keys.index(location[0]), str(location[1]))):
        if location in mine and location in theirs and mine[location] == theirs[location]:
            continue
        yield _difference(where, location, sides, (mine, theirs))


def _difference(
    where: str,
    location: SettingKey,
    sides: tuple[_Settings, _Settings],
    values: tuple[dict[SettingKey, Any], dict[SettingKey, Any]],
) -> Difference:
    there = [location in each for each in values]
    words = [
        side.words(location[0], each[location]) if location in each else side.unset(location)
        for side, each in zip(sides, values, strict=True)
    ]
    if words[0] == words[1]:  # they differ where rounded words do not show it
        words = [repr(each.get(location)) for each in values]
    change: Change = "changed" if all(there) else "removed" if there[0] else "added"
    means = meaning(location[0], of_a_policy=sides[1].policy is not None)
    return Difference(where, location[0], _when(location), means, change, words[0], words[1])


def _when(location: SettingKey) -> str:
    when = location[1]
    return in_words(when) if isinstance(when, date) else str(when or "")


@cache
def _declared(*, of_a_policy: bool) -> dict[str, Key]:
    return dict(_keys(policy_file() if of_a_policy else study_file()))


def _keys(section: Section, before: str = "") -> Iterator[tuple[str, Key]]:
    for key in section.keys:
        path = f"{before}.{key.name}".removeprefix(".")
        yield path, key
        if isinstance(key.kind, Section):
            yield from _keys(key.kind, path)


def _assumed(key: str) -> evidence.Parameter | None:
    section, _, name = key.partition(".")
    return evidence.parameters().get(name) if section == "assume" else None


def meaning(key: str, *, of_a_policy: bool) -> str:
    """What a key of a file gives, in words; of an assumption, the parameter's label and the grade of its evidence."""
    parameter = _assumed(key)
    if parameter is not None:
        return f"{parameter.label} ({parameter.grade})"
    declared = _declared(of_a_policy=of_a_policy)
    found = declared.get(key) or declared.get(key.partition(".")[0])
    return found.means if found is not None else ""


def in_units(key: str, value: Any, *, of_a_policy: bool) -> str:
    """A value of a key as its file would write it, with its unit."""
    parameter = _assumed(key)
    if parameter is not None:
        return format_quantity(value, parameter.dimension)
    declared = _declared(of_a_policy=of_a_policy).get(key)
    return declared.kind.words(value) if declared is not None else str(value)
