"""Which assumptions the lab shows: those that it would be worth most to know better, with what is known of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lbpsim.dsa.plan import shipped
from lbpsim.evidence import Parameter
from lbpsim.evidence.layers import Registry
from lbpsim.evidence.units import format_quantity, format_range
from lbpsim.report.file_names import TABLES
from lbpsim.report.rows import most_valuable
from lbpsim.study import Place, Problem, Study
from lbpsim.study.files.field_type import Location
from lbpsim.study.files.nodes import Scalar
from lbpsim.study.files.quantity_fields import assumed

SHOWN = 12
BY_WORTH = "in order of what it would be worth to know them better, by {file}"
BY_PLAN = (
    "those that `lbpsim sensitivity` asks about first, for no finished run beside the study tells what it would be "
    "worth to know them better"
)
ALONE = "parameter"


@dataclass(frozen=True)
class Assumption:
    """A parameter as the lab shows it: what is known of it, and its value in the study, as a file would write it."""

    parameter: Parameter
    usual: str

    @property
    def known(self) -> str:
        """Its interval, grade and source, in words."""
        parameter = self.parameter
        parts = [
            f"95% interval {format_range(*parameter.interval, parameter.unit)}"
            if parameter.interval
            else "no interval",
            f"grade: {parameter.grade}",
            f"source: {', '.join(parameter.sources)}" if parameter.sources else "no source",
        ]
        return "; ".join(parts)


@dataclass(frozen=True)
class Ranking:
    """The parameters that matter most, the first first, and by what they are in this order."""

    names: tuple[str, ...]
    by: str


def ranking(folders: Iterable[Path], known: Registry) -> Ranking:
    """By the first finished run in `folders` that has a value of information; else by the plan of sensitivity.

    `known`: what the study knows, its own evidence over the package's.
    """
    for folder in folders:
        file = folder / TABLES / "voi.csv"
        names = _by_worth(file, known) if file.is_file() else ()
        if names:
            return Ranking(names[:SHOWN], BY_WORTH.format(file=file))
    return Ranking(_by_plan(known)[:SHOWN], BY_PLAN)


def _by_worth(file: Path, known: Registry) -> tuple[str, ...]:
    try:
        table = pd.read_csv(file)
        worth = most_valuable(table[(table["kind"] == ALONE) & (table["value"] > 0.0)])
    except (OSError, ValueError, KeyError):
        return ()
    return tuple(name for name in map(str, worth) if _can_be_set(name, known))


def _by_plan(known: Registry) -> tuple[str, ...]:
    """What the searches of the sensitivity analysis move, then the others, as far as they are uncertain."""
    searched = [name for search in shipped().searches.values() for name in search.touched]
    unsure = known.uncertain
    return tuple(dict.fromkeys(name for name in (*searched, *unsure) if name in unsure))


def _can_be_set(name: str, known: Registry) -> bool:
    parameter = known.parameters.get(name)
    return parameter is not None and parameter.role == "input"


def shown(names: Iterable[str], study: Study) -> tuple[Assumption, ...]:
    """Parameters as they are shown, at their values for the comparator of a study."""
    known, values = study.registry.parameters, study.values(study.policies[0])
    return tuple(Assumption(known[name], format_quantity(values[name], known[name].dimension)) for name in names)


def read(given: Mapping[str, str], problems: list[Problem], known: Registry) -> dict[str, float]:
    """The values of assumptions, in canonical units, of the words given; what is wrong is added to `problems`.

    `known`: what the study knows: values are judged by its own evidence where it has some.
    """
    place = Place("study.yaml")
    found = {
        name: Location(problems, key=f"assume.{name}").read(
            assumed(known.parameters[name]), Scalar(words.strip(), True, place)
        )
        for name, words in given.items()
        if words.strip()
    }
    return {name: value for name, value in found.items() if value is not None}
