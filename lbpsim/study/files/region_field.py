"""`region` in the study file: a part of the country, by a population table of one's own."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lbpsim.study.files import nodes
from lbpsim.study.files.errors import Place, Problem, did_you_mean, listed, short
from lbpsim.study.files.field_type import FieldType, Location, Schema, WrongValue, scalar
from lbpsim.study.files.nodes import Node, Scalar
from lbpsim.study.files.plain_fields import Text
from lbpsim.study.files.sections import Key, Section
from lbpsim.study.limits import LONGEST_TITLE
from lbpsim.study.regions import SEXES, AgeGroup, Region, wrong_groups

COLUMNS = ("age_low", "age_high", *SEXES)
SHOWN_COLUMNS = ", ".join(COLUMNS)
MOST_AGE = 130  # of a last group that names its highest age
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
            Key("population", PopulationFile(), "a CSV file of its people by age and sex on 30 June 2024, named as "
                "seen from the study file", required=True),
            Key("source", Text(LONGEST_TITLE), "where that table comes from, as reports say it", required=True),
        )
    )  # fmt: skip


@dataclass(frozen=True)
class PopulationFile(FieldType):
    """A table of people by age and sex: columns age_low, age_high, male, female, as the package's own has them."""

    def read(self, node: Node, location: Location) -> tuple[tuple[AgeGroup, ...], Path]:
        """The groups, and the file; raises WrongValue where there is no such file or it is no such table."""
        file = Path(node.place.file).parent / scalar(node, "the name of a CSV file").text.strip()
        if file.suffix.lower() != ".csv":
            raise WrongValue(node.place, f"`{short(file.name)}` is no CSV file", "Its name has to end in .csv")
        if not file.is_file():
            near = did_you_mean(file.name, [each.name for each in _beside(file)])
            raise WrongValue(node.place, f"There is no file {file}", near)
        try:
            text = nodes.text_of(file, str(file))
        except nodes.Unreadable as error:
            location.problems.append(error.problem)
            return (), file
        return tuple(_groups(text, str(file), location.problems)), file

    def schema(self) -> Schema:
        """A string that ends in .csv."""
        return {"type": "string", "pattern": r"\.[cC][sS][vV]$"}


def hash_of(file: Path) -> str:
    """SHA-256 of a file, as it is kept with the hashes of the study's files."""
    return f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"


def _beside(file: Path) -> list[Path]:
    return sorted(file.parent.glob("*.csv")) if file.parent.is_dir() else []


def _groups(text: str, shown: str, problems: list[Problem]) -> Iterator[AgeGroup]:
    """The groups of a table; what is wrong is added to `problems`, each with its line."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    if not lines:
        problems.append(Problem(Place(shown), "", "The table is empty", f"Its columns are {SHOWN_COLUMNS}"))
        return
    rows = [(n, next(csv.reader(io.StringIO(line)))) for n, line in lines]
    heads = [head.strip() for head in rows[0][1]]
    if wrong := _wrong_heads(heads):
        problems.append(Problem(Place(shown, rows[0][0]), "", *wrong))
        return
    found = [_group(cells, heads, Place(shown, line), problems) for line, cells in rows[1:]]
    known = [group for group in found if group is not None]
    if len(known) == len(found):
        for number, wrong_words, right in wrong_groups(known):
            line = rows[number + 1][0] if known else rows[0][0]
            problems.append(Problem(Place(shown, line), "", wrong_words, right))
        if sum(group.adults for group in known) < 1.0:
            problems.append(Problem(Place(shown), "", "No adult lives in this region", "Give its people, by age"))
    yield from known


def _wrong_heads(heads: Sequence[str]) -> tuple[str, str] | None:
    missing = [name for name in COLUMNS if name not in heads]
    if not missing:
        return None
    near = " ".join(filter(None, (did_you_mean(head, missing) and f"`{short(head)}` may be meant for one of them."
                                  for head in heads if head not in COLUMNS)))  # fmt: skip
    verb = "column is" if len(missing) == 1 else "columns are"
    return f"The {verb} missing: {listed(missing, 'and')}", f"{near} The columns are {SHOWN_COLUMNS}".strip()


def _group(cells: Sequence[str], heads: Sequence[str], place: Place, problems: list[Problem]) -> AgeGroup | None:
    """One row; None, and the problem noted, where a cell is no number that can be."""
    if len(cells) != len(heads):
        problems.append(Problem(place, "", f"The row has {len(cells)} cells", f"The head has {len(heads)} columns"))
        return None
    values, row = {}, dict(zip(heads, cells, strict=True))
    for name in COLUMNS:
        value = _number(row[name])
        age = name in COLUMNS[:2]
        if value is None or value < 0.0 or (age and not (value.is_integer() and value <= MOST_AGE)):
            right = "Give whole years of age" if age else "Give how many people there are, without a unit"
            problems.append(Problem(place, "", f"`{short(row[name])}` under {name} cannot be", right))
        else:
            values[name] = value
    if len(values) < len(COLUMNS):
        return None
    return AgeGroup(int(values["age_low"]), int(values["age_high"]), values["male"], values["female"])


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
