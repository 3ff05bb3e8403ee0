"""Which parameters to ask about together: by part of the model, by grade of evidence, and those drawn together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lbpsim.evidence import Parameter
from lbpsim.evidence.grades import GRADES
from lbpsim.evidence.in_force import registry
from lbpsim.evidence.layers import Registry

Kind = Literal["everything", "parameter", "drawn together", "part of the model", "grade of evidence"]
EVERYTHING: Literal["everything"] = "everything"

PARTS: Mapping[str, tuple[str, ...]] = {
    # part of the model: first words of the names of its parameters
    "CFT": ("cft", "biofeedback"),
    "Usual care": ("care", "usual_care"),
    "Course of pain": ("course", "disability", "flares"),
    "Opioids": ("opioids",),
    "Surgery": ("surgery",),
    "Work": ("work",),
    "Value of health": ("quality", "burden"),
    "People": ("population", "mortality"),
    "Disadvantage": ("equity",),
}


@dataclass(frozen=True)
class ParameterGroup:
    """Some parameters that might be learnt for sure: `members`, in the order of the draws, told apart by `label`."""

    kind: Kind
    name: str
    label: str
    members: tuple[str, ...]


def parameter_groups(
    drawn: Sequence[str], together: Mapping[str, Sequence[str]] | None = None, *, known: Registry | None = None
) -> tuple[ParameterGroup, ...]:
    """Everything to ask of the parameters `drawn`: parts, grades, groups drawn `together` (by title), then one by one.

    `known`: the registry of the study, None for the package's. Parameters drawn together cannot be learnt apart, so
    they are not asked about one by one.
    """
    found = (known or registry()).parameters
    joint = [
        ParameterGroup("drawn together", title, title, tuple(name for name in drawn if name in members))
        for title, members in (together or {}).items()
    ]
    tied = {name for question in joint for name in question.members}
    alone = [ParameterGroup("parameter", name, found[name].label, (name,)) for name in drawn if name not in tied]
    return tuple(each for each in (*_parts(drawn), *_grades(drawn, found), *joint, *alone) if each.members)


def part_of(name: str) -> str:
    """The part of the model to which a parameter belongs; a first word that no part has stands for itself.

    >>> part_of("biofeedback.device_cost"), part_of("moon.phase")
    ('CFT', 'Moon')
    """
    first = name.partition(".")[0]
    return next((title for title, words in PARTS.items() if first in words), first.replace("_", " ").capitalize())


def _parts(drawn: Iterable[str]) -> list[ParameterGroup]:
    found: dict[str, list[str]] = {title: [] for title in PARTS}
    for name in drawn:
        found.setdefault(part_of(name), []).append(name)
    return [ParameterGroup("part of the model", title, title, tuple(members)) for title, members in found.items()]


def _grades(drawn: Iterable[str], known: Mapping[str, Parameter]) -> list[ParameterGroup]:
    by_grade = {grade: [name for name in drawn if known[name].grade == grade] for grade in GRADES}
    return [
        ParameterGroup("grade of evidence", grade, f"All graded {grade}", tuple(members))
        for grade, members in by_grade.items()
    ]
