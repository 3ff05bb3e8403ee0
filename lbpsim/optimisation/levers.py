"""What of a policy is moved: numbers and choices of its file, each between two ends, in steps that can be written down.

A point of the search has a number from 0 to 1 for each lever. What is simulated is the policy that its file gives when
it is read, so that the file handed over is the policy that was found, to the last digit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.evidence.reading import PLAN
from lbpsim.optimisation.plan import AS_THE_POLICY, LeverPlan
from lbpsim.study import InputErrors, Place, Policy, Problem
from lbpsim.study.clock import in_words
from lbpsim.study.files import errors
from lbpsim.study.files.build import read_policy
from lbpsim.study.files.dated_fields import ByYear, Dated
from lbpsim.study.files.declarations import policy_file
from lbpsim.study.files.errors import did_you_mean, listed
from lbpsim.study.files.field_type import FieldType, Location
from lbpsim.study.files.nodes import Scalar, read_text
from lbpsim.study.files.plain_fields import Choice, WholeNumber, YesNo
from lbpsim.study.files.policy_text import Written, as_text, single, written
from lbpsim.study.phrasing import span

Point = npt.NDArray[np.float64]
Rows = tuple[Any, ...]  # dates or years of a file, () where a key has a single value
COMMAND_LINE = Place(errors.COMMAND_LINE)
DIGITS, SLIGHT = 9, 1e-6  # of values, and of a step
GROUP, TELEHEALTH = "cft.group", "cft.telehealth"
WAITING = ("cft.priority", "cft.referral_stops_at", "cft.trained_at_start")  # mean nothing where nobody waits


@dataclass(frozen=True)
class Lever:
    """A number or choice to be decided: the `path` of its key, and the `rows` of that key which share its value.

    `low`, `high`, `step` in the canonical unit of `kind`, or the `choices`, in the order of the range.
    """

    path: str
    kind: FieldType
    rows: Rows = ()
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    choices: tuple[Any, ...] = ()

    @property
    def steps(self) -> int:
        """How many steps there are between its ends, the last one maybe shorter."""
        return len(self.choices) - 1 if self.choices else math.ceil((self.high - self.low) / self.step - SLIGHT)

    def at(self, share: float) -> Any:
        """The value at a share (0 to 1) of its range, on the nearest step.

        >>> Lever("cft.offered", YesNo(), (), 0.0, 0.6, 0.1).at(0.49)
        0.3
        """
        number = min(max(round(share * self.steps), 0), self.steps)
        if self.choices:
            return self.choices[number]
        value = min(round(self.low + number * self.step, DIGITS), self.high)
        return int(value) if isinstance(self.kind, WholeNumber) else value

    def share(self, value: Any) -> float:
        """At which share of its range a value stands; ends where it lies beyond them."""
        if not self.steps:
            return 0.0
        place = self.choices.index(value) if self.choices else (value - self.low) / self.step
        return float(min(max(place / self.steps, 0.0), 1.0))

    @property
    def label(self) -> str:
        """The key, and when it holds, in words."""
        name = self.path.rpartition(".")[2].replace("_", " ")
        section = self.path.partition(".")[0]
        head = f"CFT {name}" if section == "cft" else f"{section}: {name}"
        return head if not self.rows else f"{head}, {_when(self.rows)}"

    def words(self, value: Any) -> str:
        """A value as its file writes it, with its unit."""
        return str(single(self.kind, value))


def _when(rows: Rows) -> str:
    if isinstance(rows[0], date):
        return in_words(rows[0])
    if all(isinstance(row, int) for row in rows):
        return span(rows)
    return str(rows[0])


@dataclass(frozen=True)
class LeverSpace:
    """A policy, and what of it is moved; `start`: of the study."""

    base: Policy
    start: date
    levers: tuple[Lever, ...]

    @cached_property
    def content(self) -> Written:
        """What the policy's file says."""
        return written(self.base, self.start)

    def values(self, point: Point) -> tuple[Any, ...]:
        """The value of each lever at a point."""
        return self.within_whole([lever.at(float(share)) for lever, share in zip(self.levers, point, strict=True)])

    def within_whole(self, found: Sequence[Any]) -> tuple[Any, ...]:
        """The values, with fewer courses in groups where they and telehealth come to more than all."""
        room = 1.0 - max((value for lever, value in self._of(found, TELEHEALTH)), default=self._set(TELEHEALTH))
        return tuple(
            min(value, round(room, DIGITS)) if lever.path == GROUP else value
            for lever, value in zip(self.levers, found, strict=True)
        )

    def _of(self, values: Sequence[Any], path: str) -> Iterator[tuple[Lever, Any]]:
        return ((lever, value) for lever, value in zip(self.levers, values, strict=True) if lever.path == path)

    def _set(self, path: str) -> float:
        """The most that the policy itself sets a share to."""
        return max(self.base.timelines[path].values, default=0.0)

    def point(self, values: Sequence[Any]) -> Point:
        """Where values stand."""
        return np.array([lever.share(value) for lever, value in zip(self.levers, values, strict=True)])

    @cached_property
    def given(self) -> tuple[Any, ...]:
        """The values of the policy itself, moved to the ends where they lie beyond them."""
        return tuple(lever.at(lever.share(value)) for lever, value in zip(self.levers, self.began, strict=True))

    @cached_property
    def began(self) -> tuple[Any, ...]:
        """The values of the policy as it is."""
        return tuple(_given(self.base, lever, self.start) for lever in self.levers)

    def policy(self, values: Sequence[Any], name: str | None = None, title: str | None = None) -> Policy:
        """The policy with these values, as reading its file gives it.

        Raises InputErrors where the file could not be read.
        """
        problems: list[Problem] = []
        node = read_text(self.text(values, title), "policy", problems)
        name, regions = name or self.base.name, self.base.cft.regions
        file = Path(f"{name}.yaml")
        found = None if node is None else read_policy(node, name, file, self.start, problems, regions=regions)
        if found is None:
            raise InputErrors(problems)
        return found

    def text(self, values: Sequence[Any], title: str | None = None, description: str | None = None) -> str:
        """The text of the policy's file with these values."""
        content = {name: dict(part) if isinstance(part, dict) else part for name, part in self.content.items()}
        for lever, value in zip(self.levers, values, strict=True):
            section, key = lever.path.split(".")
            part = content.setdefault(section, {})
            shown = single(lever.kind, value)
            part[key] = {**part.get(key, {}), **dict.fromkeys(lever.rows, shown)} if lever.rows else shown
        given = {"title": title, "description": description}
        content |= {name: text for name, text in given.items() if text is not None}
        return as_text({name: content[name] for name in ("title", "description") if name in content} | content)


def _given(policy: Policy, lever: Lever, start: date) -> Any:
    """The value of a lever in the policy as it is, in the canonical unit."""
    path, _, value, _ = next(each for each in policy.settings() if each[0] == lever.path)
    if not lever.rows:
        return value
    shown = written(policy, start).get(path.partition(".")[0], {}).get(path.partition(".")[2], {})
    row = shown.get(lever.rows[0])
    return 0.0 if row is None else _read(lever.kind, str(row))


def space(policy: Policy, start: date, plan: Mapping[str, LeverPlan], asked: Sequence[str] = ()) -> LeverSpace:
    """The levers of a policy: those that are `asked` for, or without any those that its file sets, and those that
    are always moved.

    `asked`: as in `--vary`, such as "cft.offered", or "cft.group: 0% to 40%".

    Raises InputErrors for what cannot be moved.
    """
    problems: list[Problem] = []
    named = dict(_asked(asked, plan, problems) if asked else plan.items())
    content = written(policy, start)
    found: list[Lever] = []
    for path, each in named.items():
        if asked or _usual(path, each, policy, content):
            found += _levers(path, each, content, start, problems)
    if not found and not problems:
        right = f"Start from another policy, or say what to move: {listed(f'`{name}`' for name in plan)}"
        problems.append(Problem(COMMAND_LINE, "policy", f"`{policy.name}` sets nothing to be moved", right))
    if problems:
        raise InputErrors(dict.fromkeys(problems))  # the ends of a range are told once, however many dates share them
    return LeverSpace(policy, start, tuple(found))


def _usual(path: str, each: LeverPlan, policy: Policy, content: Written) -> bool:
    """Whether a key is moved where nobody has asked for any."""
    section, key = path.split(".")
    if path in WAITING and not policy.cft.queues:
        return False
    return key in content.get(section, {}) or (each.always and policy.cft.delivers)


def _asked(
    asked: Sequence[str], plan: Mapping[str, LeverPlan], problems: list[Problem]
) -> Iterator[tuple[str, LeverPlan]]:
    known: set[str] = set()
    for text in asked:
        path, _, ends = (part.strip() for part in text.partition(":"))
        if path in known:
            problems.append(Problem(COMMAND_LINE, f"vary {path}", "This lever is named twice", "Name it once"))
        known.add(path)
        if path not in plan:
            right = f"{did_you_mean(path, plan)} What can be moved is {listed(f'`{name}`' for name in plan)}".strip()
            problems.append(Problem(COMMAND_LINE, "vary", f"`{path}` cannot be moved", right))
            continue
        low, to, high = ends.partition(" to ")
        if ends and not to:
            right = "Give both ends, such as `cft.offered: 10% to 60%`"
            problems.append(Problem(COMMAND_LINE, f"vary {path}", f"`{ends}` is not a range", right))
            continue
        given = {"low": low.strip(), "high": high.strip()} if to else {}
        yield path, plan[path].model_copy(update=given)


def _levers(path: str, each: LeverPlan, content: Written, start: date, problems: list[Problem]) -> Iterator[Lever]:
    """The levers of a key: one, or one for each date; years that have the same value are moved together."""
    section, key = path.split(".")
    kind = dict(policy_file().paths())[path].kind
    if isinstance(kind, Choice | YesNo):
        if each.low:
            problems.append(Problem(COMMAND_LINE, f"vary {path}", "A choice has no range", f"Write `--vary {path}`"))
        choices = kind.options if isinstance(kind, Choice) else ("no", "yes")
        yield Lever(path, kind, choices=tuple(_read(kind, word) for word in choices))
        return
    given = content.get(section, {}).get(key, {})
    if isinstance(kind, Dated | ByYear):
        location = Location(problems, key=f"vary {path}")
        rows = list(_together(given)) if given else _first_row(path, each, kind, content, start, location)
        ends = {row: _ends(path, each, kind.value, given.get(row[0]), problems) for row in rows}
        yield from (Lever(path, kind.value, row, *found) for row, found in ends.items() if found)
        return
    found = _ends(path, each, kind, given or None, problems)
    if found:
        yield Lever(path, kind, (), *found)


def _together(given: Mapping[Any, Any]) -> Iterator[Rows]:
    """Rows of a key, years with the same value together; dates stay apart, since values are on a line between them."""
    rows: list[Any] = []
    for row, value in given.items():
        if rows and (isinstance(row, date) or value != given[rows[-1]]):
            yield tuple(rows)
            rows = []
        rows.append(row)
    yield tuple(rows)


def _first_row(
    path: str, each: LeverPlan, kind: FieldType, content: Written, start: date, location: Location
) -> list[Rows]:
    """For a key with dates that the policy does not set: from the first date of the policy on."""
    if isinstance(kind, ByYear):
        right = "Set it in the policy's file, with the years from which it may be moved"
        location.report(COMMAND_LINE, "The policy does not set it, so it has no years", right)
        return []
    if AS_THE_POLICY in (each.low, each.high):
        right = f"Say how far it may go, such as `{path}: {_written_out(each, '-30%', '60%')}`"
        location.report(COMMAND_LINE, "The policy does not set it", right)
        return []
    parts = (part for part in content.values() if isinstance(part, dict))
    dates = (row for part in parts for rows in part.values() if isinstance(rows, dict) for row in rows)
    return [(min((row for row in dates if isinstance(row, date)), default=start),)]


def _written_out(each: LeverPlan, low: str, high: str) -> str:
    """A range with ends of its own in place of what the policy sets."""
    return f"{low if each.low == AS_THE_POLICY else each.low} to {high if each.high == AS_THE_POLICY else each.high}"


def _ends(
    path: str, each: LeverPlan, kind: FieldType, given: Any, problems: list[Problem]
) -> tuple[float, float, float] | None:
    """Both ends of a range, and its step; None where nothing moves, which is wrong unless the policy itself says so."""
    of_the_policy = AS_THE_POLICY in (each.low, each.high)
    texts = [str(given) if text == AS_THE_POLICY else text for text in (each.low, each.high)]
    location = Location(problems, key=f"vary {path}")
    ends = [location.read(kind, Scalar(text, True, COMMAND_LINE)) for text in texts]
    if any(end is None for end in ends):
        return None
    low, high = sorted(ends)
    if low == high:
        if not of_the_policy:
            location.report(COMMAND_LINE, f"From {texts[0]} to {texts[1]} nothing moves", "Give two different ends")
        return None
    return float(low), float(high), float(_read(kind, each.step))


def _read(kind: FieldType, text: str) -> Any:
    return kind.read(Scalar(text, True, Place(PLAN)), Location([]))
