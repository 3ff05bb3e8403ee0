"""`region` in the study file: a part of the country, by a population table of one's own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lbpsim.evidence.age_tables import POPULATION, lines_by_age
from lbpsim.evidence.country import ByAge
from lbpsim.evidence.entry_errors import Fault
from lbpsim.study.files import nodes
from lbpsim.study.files.errors import Place, Problem, did_you_mean, short
from lbpsim.study.files.faults import problem_of
from lbpsim.study.files.field_type import FieldType, Location, Schema, WrongValue, scalar
from lbpsim.study.files.nodes import Node, Scalar
from lbpsim.study.files.plain_fields import Text
from lbpsim.study.files.sections import Key, Section
from lbpsim.study.limits import LONGEST_TITLE
from lbpsim.study.regions import ADULT, Region, too_many

EXAMPLE = "`{name: Queensland, population: queensland.csv, source: ABS population by age and sex}`"
NONE_SHIPS = (
    "No population table of a state or district ships with lbpsim, since none with a source was found. Give a table "
    f"of your own, such as {EXAMPLE}"
)


@dataclass(frozen=True)
class RegionField(FieldType):
    """A part of the country: its name, a file of its people by age and sex, and where that comes from."""

    def read(self, node: Node, location: Location) -> Region | None:
        """The region; None, and the problems noted, where its table is wrong."""
        if isinstance(node, Scalar) and node.kind != "empty":
            raise WrongValue(node.place, f"`{short(node.text)}` names a region without its people", NONE_SHIPS)
        before = len(location.problems)
        given = _keys().read(node, location)
        if len(location.problems) > before:
            return None
        groups, file = given["population"]
        return Region(given["name"], given["source"], groups, file)

    def schema(self) -> Schema:
        """A group of three keys."""
        return _keys().schema()

    def words(self, value: Region) -> str:
        """Its name and how many people it has."""
        return f"{value.name} ({value.people:,.0f} people)"


def _keys() -> Section:
    return Section(
        (
            Key("name", Text(LONGEST_TITLE), "the region's name, as reports call it", required=True),
            Key("population", PopulationFile(), "a CSV file of its people by age and sex, named as "
                "seen from the study file", required=True),
            Key("source", Text(LONGEST_TITLE), "where that table comes from, as reports say it", required=True),
        )
    )  # fmt: skip


@dataclass(frozen=True)
class PopulationFile(FieldType):
    """A table of people by age and sex: columns age_low, age_high, male, female, as a country pack has them."""

    def read(self, node: Node, location: Location) -> tuple[ByAge, Path]:
        """The groups, and the file; raises WrongValue where there is no such file."""
        text, file = self.text(node, location)
        return () if text is None else _groups(text, str(file), location.problems), file

    def text(self, node: Node, location: Location) -> tuple[str | None, Path]:
        """The text of the table, and the file; None, and the problem noted, where it cannot be read. Raises WrongValue
        where there is no such file.
        """
        file = Path(node.place.file).parent / scalar(node, "the name of a CSV file").text.strip()
        if file.suffix.lower() != ".csv":
            raise WrongValue(node.place, f"`{short(file.name)}` is no CSV file", "Its name has to end in .csv")
        if file.is_dir():
            raise WrongValue(node.place, f"{file} is a folder, not a file", "Give the name of a CSV file")
        if not file.is_file():
            near = did_you_mean(file.name, [each.name for each in _beside(file)])
            raise WrongValue(node.place, f"There is no file {file}", near)
        try:
            return nodes.text_of(file, str(file)), file
        except nodes.Unreadable as error:
            location.problems.append(error.problem)
            return None, file

    def schema(self) -> Schema:
        """A string that ends in .csv."""
        return {"type": "string", "pattern": r"\.[cC][sS][vV]$"}


def hash_of(file: Path) -> str:
    """SHA-256 of a file, as it is kept with the hashes of the study's files."""
    return f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"


def _beside(file: Path) -> list[Path]:
    return sorted(each for each in file.parent.glob("*.csv") if each.is_file()) if file.parent.is_dir() else []


def _groups(text: str, shown: str, problems: list[Problem]) -> ByAge:
    """The groups of a table; what is wrong is added to `problems`, each with its line."""
    faults: list[Fault] = []
    found = lines_by_age(text, shown, POPULATION, faults)
    problems.extend(map(problem_of, faults))
    if not faults:
        problems.extend(Problem(Place(shown, line), "", *wrong) for line, group in found for wrong in too_many(group))
        if sum(group.adults(ADULT) for _, group in found) < 1.0:
            problems.append(Problem(Place(shown), "", "No adult lives in this region", "Give its people, by age"))
    return tuple(group for _, group in found)
