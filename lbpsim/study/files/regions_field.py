"""`regions` in the study file, the parts of which the whole is made up, by a table of one's own; and, in policy files,
some of them by name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lbpsim.evidence import in_force
from lbpsim.evidence.age_tables import (
    GROUPS,
    POPULATION,
    cells_of,
    lines_by_age,
    missing_columns,
    parted_otherwise,
    wrong_count,
)
from lbpsim.evidence.country import AgeGroup
from lbpsim.evidence.entry_errors import Fault
from lbpsim.study.files.errors import Place, Problem, did_you_mean, listed, nearest, short
from lbpsim.study.files.faults import problem_of
from lbpsim.study.files.field_type import FieldType, Location, Schema, WrongValue, scalar
from lbpsim.study.files.nodes import Items, Node, Scalar
from lbpsim.study.files.plain_fields import ListOf, Text
from lbpsim.study.files.region_field import PopulationFile
from lbpsim.study.files.sections import Key, Section
from lbpsim.study.limits import APART, LONGEST_TITLE, MOST_REGIONS
from lbpsim.study.regions import ADULT, Region, Regions, not_the_whole, nowhere, too_many

NAME = "region"  # the column of names
COLUMNS = (NAME, *GROUPS)
WHOLE_TABLE = "regions.population"  # the key of what is wrong with a table as a whole
EXAMPLE = "{population: states.csv, source: ABS population by state and age}"


@dataclass(frozen=True)
class RegionsField(FieldType):
    """All parts of the whole: a file of their people by age and sex, and where that comes from."""

    def read(self, node: Node, location: Location) -> Regions | None:
        """The regions; None, and the problems noted, where their table is wrong."""
        before = len(location.problems)
        given = _keys().read(node, location)
        if len(location.problems) > before:
            return None
        groups, file = given["population"]
        parts = (Region(name, given["source"], tuple(each for _, each in found)) for name, found in groups.items())
        return Regions(tuple(parts), file)

    def schema(self) -> Schema:
        """A group of two keys."""
        return _keys().schema()

    def words(self, value: Regions) -> str:
        """Each by its name and how many people it has."""
        return listed((f"{part.name} ({part.people:,.0f} people)" for part in value.parts), "and")


def _keys() -> Section:
    return Section(
        (
            Key("population", TableOfRegions(), "a CSV file of their people by region, age and sex, named as seen "
                "from the study file", required=True),
            Key("source", Text(LONGEST_TITLE), "where that table comes from, as reports say it", required=True),
        )
    )  # fmt: skip


@dataclass(frozen=True)
class TableOfRegions(PopulationFile):
    """A table of people by region, age and sex: as that of one region, with the name of the region in each row."""

    def read(self, node: Node, location: Location) -> tuple[dict[str, list[tuple[int, AgeGroup]]], Path]:  # type: ignore[override]
        """The groups of each region by its name, each with its line, and the file; raises as that of one region."""
        text, file = self.text(node, location)
        problems: list[Problem] = []
        found = {} if text is None else _by_region(text, str(file), problems)
        location.problems.extend(problems)
        return found, file


def _by_region(text: str, shown: str, problems: list[Problem]) -> dict[str, list[tuple[int, AgeGroup]]]:
    """The groups of each region; what is wrong is added to `problems`, each with its line."""
    faults: list[Fault] = []
    told: list[Problem] = []
    named = _named(text, shown, faults)
    found: dict[str, list[tuple[int, AgeGroup]]] = {}
    for name, alone in named.items() if not faults else ():
        mine: list[Fault] = []
        found[name] = lines_by_age(alone, shown, POPULATION, mine)
        begins_late = bool(found[name]) and found[name][0][1].low > 0
        meant = _alike(name, named) if begins_late else ""
        told += [_of_one(name, fault, meant if n == 0 else "") for n, fault in enumerate(mine)]
    problems.extend([*map(problem_of, faults), *told])
    if not faults and not told:
        groups = [each for mine in found.values() for each in mine]
        problems.extend(Problem(Place(shown, line), "", *wrong) for line, group in groups for wrong in too_many(group))
        problems.extend(_without_adults(found, shown))
    return found


def _of_one(name: str, fault: Fault, meant: str) -> Problem:
    """A fault in the rows of one region: after its name, as it is written; `meant`: another that may be."""
    problem = problem_of(fault)
    wrong = f"`{short(name)}`: {problem.wrong[:1].lower()}{problem.wrong[1:]}"
    right = f"Or is `{short(meant)}` meant? {problem.right}" if meant else problem.right
    return Problem(problem.place, problem.key, wrong, right)


def _alike(name: str, names: Iterable[str]) -> str:
    """Another of the names that is like this one, whatever its capitals; "" where none is."""
    others = {other.casefold(): other for other in names if other != name}
    near = nearest(name.casefold(), others)
    return others[near] if near else ""


def _without_adults(found: dict[str, list[tuple[int, AgeGroup]]], shown: str) -> Iterator[Problem]:
    """Regions in which no adult lives, each with its first line, or that none lives in any."""
    empty = [name for name, mine in found.items() if sum(group.adults(ADULT) for _, group in mine) < 1.0]
    if empty and len(empty) == len(found):
        yield Problem(Place(shown), WHOLE_TABLE, "No adult lives in any region", "Give their people, by age")
        return
    for name in empty:
        wrong = f"No adult lives in {short(name)}, and nobody could be offered CFT there"
        yield Problem(Place(shown, found[name][0][0]), "", wrong, "Give its people, by age, or remove its rows")


def _named(text: str, shown: str, faults: list[Fault]) -> dict[str, str]:
    """The table of each region, by its name: the whole text with all rows of others blank, so that lines stay."""
    written = text.splitlines()
    lines = [(n, line) for n, line in enumerate(written, 1) if line.strip() and not line.startswith("#")]
    if not lines:
        faults.append(Fault(shown, None, "", f"the table is empty; its columns are {', '.join(COLUMNS)}"))
        return {}
    heads = [head.strip() for head in cells_of(lines[0][1])]
    faults.extend(Fault(shown, lines[0][0], "", what) for what in _wrong_heads(lines[0][1], heads))
    if faults:
        return {}
    rows: dict[str, set[int]] = {}
    for number, line in lines[1:]:
        name, what = _name(cells_of(line), heads)
        if what:
            faults.append(Fault(shown, number, "", what))
        elif name not in rows and len(rows) == MOST_REGIONS:
            what = f"`{short(name)}` is one region too many; give at most {MOST_REGIONS}"
            faults.append(Fault(shown, number, "", what))
            break
        rows.setdefault(name, set()).add(number)
    if len(rows) < 2 and not faults:
        faults.append(Fault(shown, lines[-1][0], "", _too_few(rows)))
    head = lines[0][0]
    return {
        name: "\n".join(line if n == head or n in mine else "" for n, line in enumerate(written, 1))
        for name, mine in rows.items()
    }


def _wrong_heads(line: str, heads: list[str]) -> Iterator[str]:
    """What is wrong with the names of columns: one that would not be read may mean that a row is not what it seems."""
    unknown = [head for head in heads if head not in COLUMNS]
    if missing := [name for name in COLUMNS if name not in heads]:
        yield parted_otherwise(line, COLUMNS) or missing_columns(missing, heads, COLUMNS)
    elif unknown:
        yield f"`{short(unknown[0])}` is no column of such a table; remove it: the columns are {', '.join(COLUMNS)}"
    elif len(set(heads)) < len(heads):
        yield f"a column stands twice; the columns are {', '.join(COLUMNS)}"


def _name(cells: list[str], heads: list[str]) -> tuple[str, str]:
    """The region of a row, and what is wrong with the row, "" where nothing is."""
    if len(cells) != len(heads):
        return "", wrong_count(cells, heads)
    name = as_called(cells[heads.index(NAME)])
    if not any(letter.isalnum() for letter in name):
        return "", f"the row names no region; give its name under {NAME}"
    if len(name) > LONGEST_TITLE:
        return "", f"`{short(name)}` has {len(name):,} characters; give at most {LONGEST_TITLE}"
    if not name.isprintable():
        return "", f"`{short(name)}` holds a sign that cannot be seen; remove it"
    return name, ""


def _too_few(names: dict[str, set[int]]) -> str:
    if not names:
        return "the table has no row under its head; give one for each region and age"
    return f"`{short(next(iter(names)))}` is the only region; give all parts of the whole, or remove `regions`"


def as_called(text: str) -> str:
    """A region's name without more spaces than it needs, and each letter with its accents as one sign: a file may have
    them apart, and look the same.
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def wrong_regions(regions: Regions, region: Region | None) -> Iterator[tuple[str, str]]:
    """What is wrong with regions that are to make up the country in force, or a `region` of it."""
    country = in_force.country()
    whole = region.groups if region else country.population
    yield from nowhere(regions, whole)
    where = region.name if region else country.in_a_sentence
    wrong = list(not_the_whole(regions, sum(group.people for group in whole), where, APART))
    yield from wrong
    if wrong and region:
        yield (
            f"The study is of {where}, and its `regions` are not those of it",
            f"Give a table of the parts of {where}, or remove `region` if the study is of {country.in_a_sentence}",
        )


@dataclass(frozen=True)
class RegionName(FieldType):
    """One of the study's regions."""

    def read(self, node: Node, location: Location) -> str:
        """Its name."""
        name = as_called(scalar(node, "the name of a region").text)
        known = location.regions
        if known is not None and name not in known:
            right = f"{did_you_mean(name, known)} They are {listed(known, 'and')}"
            raise WrongValue(node.place, f"`{short(name)}` is none of the study's regions", right.strip())
        return name

    def schema(self) -> Schema:
        """A string."""
        return {"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE}


def _parted(node: Items, known: Sequence[str]) -> str:
    """A known name with commas whose parts stand in a list one after the other, and are not all known; "" if none."""
    texts = [as_called(item.text) if isinstance(item, Scalar) else "" for item in node.items]
    for name in known:
        parts = name.split(", ")
        runs = [texts[start : start + len(parts)] for start in range(len(texts))]
        if len(parts) > 1 and parts in runs and not set(parts) <= set(known):
            return name
    return ""


@dataclass(frozen=True)
class RegionNames(ListOf):
    """Some of the study's regions, each once."""

    item: FieldType = RegionName()
    most: int = MOST_REGIONS

    def read(self, node: Node, location: Location) -> tuple[str, ...]:
        """Their names; raises WrongValue where the study has none, or a name with a comma is not quoted."""
        if location.regions is not None and not location.regions:
            right = f"Say in study.yaml of which it is made up, such as `regions: {EXAMPLE}`, or remove this key"
            raise WrongValue(node.place, "The study has no `regions` to choose from", right)
        if isinstance(node, Items) and (whole := _parted(node, location.regions or ())):
            wrong = f"The commas of `{short(whole)}` part it into several names"
            raise WrongValue(node.place, wrong, f'Put the whole name in quotes: "{short(whole)}"')
        return super().read(node, location)

    def words(self, value: tuple[str, ...]) -> str:  # type: ignore[override]
        """Their names in a sentence."""
        return listed(value, "and") if value else "all regions"
