"""A proposed study: whom it asks, what it measures, how long it takes and what it costs.

Every number of it is evidence, with unit, grade and source as in the registry. Files are read in `design_file`; what
such a study would report is simulated in `study_data`; what that is worth is found in `evsi`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lbpsim.evidence import Parameter
from lbpsim.voi.expression import Expression

Kind = Literal["mean", "share", "rate"]


@dataclass(frozen=True)
class Measure:
    """What is measured in some arms: a "mean" of a scale, a "share" of people, or a "rate" per person-year.

    `expects`: by arm, what it comes to with the parameters known. `sd`: of a mean, between people. `against`: the arm
    of which only the differences of the others are informative, as the model does not say what it comes to.
    """

    name: str
    label: str
    kind: Kind
    expects: Mapping[str, Expression]
    sd: Parameter | None = None
    against: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that its expressions name."""
        return tuple(dict.fromkeys(name for each in self.expects.values() for name in each.names))


@dataclass(frozen=True)
class Design:
    """A proposed study.

    `sizes`: numbers of participants to consider, all arms together; `arms`: how they are divided, in any unit;
    `recruited`: how many join in a year; `followed`: share of them who are measured; `follow_up`: from joining to being
    measured; `reporting`: from the last measurement to the report; `design_effect`: by how much clustering raises the
    variance; `fixed_cost`, `cost_per_participant`.
    """

    name: str
    title: str
    description: str
    sizes: tuple[int, ...]
    arms: Mapping[str, float]
    measures: tuple[Measure, ...]
    recruited: Parameter
    followed: Parameter
    follow_up: Parameter
    reporting: Parameter
    fixed_cost: Parameter
    cost_per_participant: Parameter
    design_effect: Parameter | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that its measures name."""
        return tuple(dict.fromkeys(name for measure in self.measures for name in measure.names))

    @property
    def numbers(self) -> tuple[Parameter, ...]:
        """Every number that it rests on."""
        optional = (each for each in (self.design_effect, *(measure.sd for measure in self.measures)) if each)
        times = (self.recruited, self.followed, self.follow_up, self.reporting)
        return (*times, *optional, self.fixed_cost, self.cost_per_participant)

    @property
    def assumed(self) -> int:
        """How many of its numbers are assumptions."""
        return sum(each.grade == "assumption" for each in self.numbers)

    def measured(self, size: int) -> dict[str, float]:
        """People whose data count, by arm: those followed, fewer where they come in clusters."""
        effect = 1.0 if self.design_effect is None else self.design_effect.canonical
        each = size * self.followed.canonical / effect / sum(self.arms.values())
        return {arm: each * share for arm, share in self.arms.items()}

    def years(self, size: int) -> float:
        """From now until it reports."""
        return size / self.recruited.canonical + self.follow_up.canonical + self.reporting.canonical
