"""What is allowed: budgets by payer and year, physiotherapists by year, the wait, no fifth worse off, health reached.

A limit is held on average over draws, year by year where it is of years. How often draws go beyond it is told apart: a
budget that holds on average is broken in some of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from lbpsim.evidence.units import WEEK, number_text, told
from lbpsim.optimisation.goals import net_health_of_fifths
from lbpsim.optimisation.sample import Figures, by_draw
from lbpsim.outcomes import payers
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.budget import ALL_PAYERS, paying
from lbpsim.outcomes.groups import QUINTILES
from lbpsim.outcomes.periods import WEEKS_A_YEAR
from lbpsim.study import InputErrors, Place, Problem, Study
from lbpsim.study.files import errors, nodes
from lbpsim.study.files.dated_fields import ByYear, Yearly
from lbpsim.study.files.field_type import FieldType, Location, Schema
from lbpsim.study.files.nodes import Node, Pairs, Scalar
from lbpsim.study.files.plain_fields import Amount, Choice
from lbpsim.study.files.quantity_fields import Quantity
from lbpsim.study.files.sections import Key, Section
from lbpsim.study.phrasing import span

COMMAND_LINE = Place(errors.COMMAND_LINE)
BUDGET, STAFF, WAIT, FIFTHS, HEALTH = "budget", "physiotherapists", "wait", "fifths", ("qalys", "dalys")
NONE_WORSE_OFF = "none_worse_off"


@dataclass(frozen=True)
class Limit(ABC):
    """One limit by its `name` on the command line; `allowed`: for each of its `periods`, not a number where nothing is.

    `unit`: of what is used ("money", "weeks", ...), canonical for money.
    """

    name: str
    periods: tuple[str, ...]
    allowed: Numbers
    unit: ClassVar[str]
    label: ClassVar[str]
    at_least: ClassVar[bool] = False

    @abstractmethod
    def used(self, study: Study, policy: Figures, usual: Figures) -> Numbers:
        """What a policy uses of it, shape (draws, replications, periods)."""

    def in_each_draw(self, study: Study, policy: Figures, usual: Figures) -> Numbers:
        """What is used in each draw taken by itself, shape (draws, periods)."""
        return by_draw(self.used(study, policy, usual))

    def beyond(self, used: Numbers) -> npt.NDArray[np.bool_]:
        """Where what is used goes beyond what is allowed."""
        return np.asarray(used < self.allowed if self.at_least else used > self.allowed)

    @property
    def known(self) -> tuple[int, ...]:
        """Which periods are limited."""
        return tuple(int(place) for place in np.flatnonzero(~np.isnan(self.allowed)))

    def left(self, used: Numbers) -> Numbers:
        """How much is left, below zero where it is broken, of what is `used` on average; shape (limited periods,)."""
        sign = -1.0 if self.at_least else 1.0
        return np.asarray(sign * (self.allowed - used))[list(self.known)]

    def moved(self, factor: float) -> Limit:
        """The limit with so many times as much allowed."""
        return replace(self, allowed=self.allowed * factor)

    @property
    def size(self) -> float:
        """How large a change of it is worth speaking of: the most that is allowed; 0 where nothing is."""
        return float(np.abs(self.allowed[list(self.known)]).max(initial=0.0))


@dataclass(frozen=True)
class Budget(Limit):
    """What a payer spends more on health care than under the comparator, in each year, undiscounted."""

    place: int
    unit = "money"

    @property
    def label(self) -> str:  # type: ignore[override]
        """Whose budget it is."""
        return f"budget of {self.name.partition('.')[2].replace('_', ' ')}"

    def used(self, study: Study, policy: Figures, usual: Figures) -> Numbers:
        """Extra spending, savings taken off."""
        return np.asarray(policy.paid[:, :, self.place] - usual.paid[:, :, self.place])


class Staff(Limit):
    """Physiotherapists trained in CFT and practising, on average over each year."""

    unit = "physiotherapists"
    label = "physiotherapists practising"

    def used(self, study: Study, policy: Figures, usual: Figures) -> Numbers:
        """How many practise."""
        return policy.by_year("physiotherapists_trained")


class LongestWait(Limit):
    """The mean wait of those who start CFT in a year, in every year."""

    unit = "weeks"
    label = "mean wait of those who start in a year"

    def used(self, study: Study, policy: Figures, usual: Figures) -> Numbers:
        """The wait, linearised: the mean is the ratio of all time waited to all who start; 0 where nobody starts."""
        return policy.by_year("cft_wait_mean")

    def in_each_draw(self, study: Study, policy: Figures, usual: Figures) -> Numbers:
        """The wait of those who start in each draw; 0 where nobody does."""
        waited, courses = (by_draw(policy.by_year(name)) for name in ("cft_years_waited", "cft_courses"))
        return np.divide(waited, courses, out=np.zeros_like(waited), where=courses > 0.0) * WEEKS_A_YEAR


class NoFifthWorseOff(Limit):
    """Net health of every socioeconomic fifth: what it gains, less its part of what the spending displaces."""

    unit = "QALYs"
    label = "net health of each fifth"
    at_least = True

    def used(self, study: Study, policy: Figures, usual: Figures) -> Numbers:
        """Net health gained."""
        return net_health_of_fifths(study, policy, usual)


class HealthTarget(Limit):
    """Health gained over the comparator, discounted, over the horizon: QALYs, or DALYs averted."""

    unit = "QALYs"
    label = "health target"
    at_least = True

    def used(self, study: Study, policy: Figures, usual: Figures) -> Numbers:
        """What is gained."""
        gained = policy.of(self.name) - usual.of(self.name)
        return np.asarray((-gained if self.name == "dalys" else gained)[..., None])


class DalysAverted(HealthTarget):
    """DALYs averted, as a target."""

    unit = "DALYs"


@dataclass(frozen=True)
class EachYear(FieldType):
    """One value for every year, or values by calendar year."""

    value: FieldType
    example: str

    def read(self, node: Node, location: Location) -> Yearly | float:
        """The value, or those of years."""
        found: Yearly | float = (ByYear(self.value, self.example) if isinstance(node, Pairs) else self.value).read(
            node, location
        )
        return found

    def schema(self) -> Schema:
        """Either of the two."""
        return {"anyOf": [self.value.schema(), ByYear(self.value, self.example).schema()]}


def limits_file(study: Study) -> Section:
    """The keys of `--within`, and of a file of limits."""
    names = paying(payers.shares(study.values(study.policies[0])))
    money = Quantity("money per duration", told("money 60 million per year"), low=0.0, within="nothing on")
    of_payers = Section(
        tuple(
            Key(
                _key(name),
                EachYear(money, f"2027: {told('money 10 million per year')}"),
                f"what {name} may spend more in a year",
            )
            for name in names
        )
    )
    staff = EachYear(Amount("physiotherapists", "workforce.registered"), "2027: 400, from 2028: 900")
    health = "at least so much health gained, discounted, over the study's years"
    return Section(
        (
            Key(BUDGET, of_payers, "how much more payers may spend on health care in each year"),
            Key(STAFF, staff, "how many physiotherapists may practise CFT in each year"),
            Key(WAIT, Quantity("duration", "26 weeks", low=WEEK), "the longest mean wait of those who start in a year"),
            Key(FIFTHS, Choice((NONE_WORSE_OFF,)), "that no socioeconomic fifth loses health"),
            Key("qalys", Quantity("QALYs", "5,000 QALYs", low=0.0), f"QALYs: {health}"),
            Key("dalys", Quantity("count", "5,000 DALYs", low=0.0), f"DALYs averted: {health}"),
        )
    )


def read(study: Study, asked: Sequence[str]) -> tuple[Limit, ...]:
    """The limits asked for: words such as "wait: 26 weeks", or the name of a file that has them.

    Raises InputErrors with all that is wrong.
    """
    problems: list[Problem] = []
    given: dict[str, Any] = {}
    for text in asked:
        node = _node(text, problems)
        if node is not None:
            location = Location(problems, study.start, key="within")
            values = location.read(limits_file(study), node)
            _merge(given, values or {}, location)
    found = () if problems else tuple(_limits(study, given))
    for limit in found:
        if not limit.known:
            right = f"The study's years are {span(study.calendar_years)}"
            problems.append(Problem(COMMAND_LINE, f"within {limit.name}", "It holds in no year of the study", right))
    if problems:
        raise InputErrors(problems)
    return found


def _node(text: str, problems: list[Problem]) -> Node | None:
    """What was asked, as a file would have it: "budget.government: ..." stands for a key within another."""
    if text.strip().endswith((".yaml", ".yml")):
        path = Path(text.strip())
        return nodes.read(path, str(path), problems)
    node = nodes.read_text(text, COMMAND_LINE.file, problems)
    if isinstance(node, Pairs):
        return Pairs(tuple(_nested(key, value) for key, value in node.pairs), node.place)
    if node is not None:
        right = "Write a limit as `wait: 26 weeks`, or give a file of limits, such as `limits.yaml`"
        problems.append(Problem(COMMAND_LINE, "within", f"`{text}` is not a limit", right))
    return None


def _nested(key: Scalar, value: Node) -> tuple[Scalar, Node]:
    first, dot, rest = key.text.partition(".")
    if not dot:
        return key, value
    return replace(key, text=first), Pairs(((replace(key, text=rest), value),), key.place)


def _merge(given: dict[str, Any], values: Mapping[str, Any], location: Location) -> None:
    for name, value in values.items():
        if isinstance(value, dict):
            _merge(given.setdefault(name, {}), value, location.under(name))
        elif name in given:
            location.under(name).report(COMMAND_LINE, "This limit is given twice", "Give it once")
        else:
            given[name] = value


def _limits(study: Study, given: Mapping[str, Any]) -> Iterator[Limit]:
    years = tuple(str(year) for year in study.calendar_years)
    names = [_key(name) for name in paying(payers.shares(study.values(study.policies[0])))]
    for payer, money in given.get(BUDGET, {}).items():
        yield Budget(f"{BUDGET}.{payer}", years, _by_year(study, money), names.index(payer))
    if STAFF in given:
        yield Staff(STAFF, years, _by_year(study, given[STAFF]))
    if WAIT in given:
        yield LongestWait(WAIT, years, np.full(len(years), given[WAIT] / WEEK))
    if FIFTHS in given:
        yield NoFifthWorseOff(FIFTHS, tuple(f"fifth {each}" for each in QUINTILES), np.zeros(len(QUINTILES)))
    for name, target in zip(HEALTH, (HealthTarget, DalysAverted), strict=True):
        if name in given:
            yield target(name, ("all years",), np.array([given[name]]))


def _by_year(study: Study, value: Yearly | float) -> Numbers:
    """What is allowed in each calendar year, not a number where nothing is said of it."""
    if not isinstance(value, Yearly):
        return np.full(len(study.calendar_years), float(value))
    allowed = [value.single.get(year, _since(value, year)) for year in study.calendar_years]
    return np.array(allowed, dtype=float)


def _since(value: Yearly, year: int) -> float:
    begun = [since for since in value.on if since <= year]
    return float(value.on[max(begun)]) if begun else np.nan


def _key(payer: str) -> str:
    return payer.replace(" ", "_")


def spending(study: Study) -> Budget:
    """What all payers together spend, without a limit."""
    names = paying(payers.shares(study.values(study.policies[0])))
    years = tuple(str(year) for year in study.calendar_years)
    return Budget(f"{BUDGET}.{_key(ALL_PAYERS)}", years, np.full(len(years), np.nan), names.index(ALL_PAYERS))


def amount(value: float, unit: str) -> str:
    """An amount of a limit in words: money in the currency in force."""
    if unit == "money":
        return f"{told('money')} {number_text(round(value))}"
    return f"{number_text(float(f'{value:.4g}'))} {unit}"
