"""Tables of a country by age and sex, read from CSV: every fault with its line, and what would be right."""

from __future__ import annotations

import csv
import difflib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lbpsim.evidence.country import AgeGroup, ByAge
from lbpsim.evidence.entry_errors import Fault
from lbpsim.evidence.quoting import short

SEXES = ("male", "female")
OLDEST = 100  # the group of this age holds all who are older
MOST_AGE = 130  # of a last group that names its highest age


@dataclass(frozen=True)
class Shape:
    """What a table has to be: its `columns`, those of age first, and the `most` that a value can be, in `words`.

    `to_oldest`: whether its ages have to go on to the oldest.
    """

    columns: tuple[str, ...]
    most: float = math.inf
    words: str = "how many people there are, without a unit"
    to_oldest: bool = True


GROUPS = ("age_low", "age_high", *SEXES)
POPULATION = Shape(GROUPS)
DEATH = Shape(("age", "male_qx", "female_qx"), 1.0, "the share who die within a year, between 0 and 1")
PREVALENCE = Shape(GROUPS, 100.0, "per cent of people, between 0 and 100", to_oldest=False)
EMPLOYED = Shape(GROUPS, 1.0, "the share who work, between 0 and 1", to_oldest=False)
NORMS = Shape(GROUPS, 1.0, "mean quality of life, between 0 and 1", to_oldest=False)
SINGLE_YEARS = Shape(("age", "persons"))
PRICES = Shape(("year", "index"), words="a year, and the level of prices in it, above 0")

PARTED_BY = {";": "semicolons", "\t": "tabs"}  # instead of commas, as spreadsheets write them in some languages
BY_COMMAS = "separate cells by commas, and write decimals with a point"

Rows = list[tuple[int, tuple[float, ...]]]  # the line of each, and its values


def numbers(text: str, file: str, shape: Shape, faults: list[Fault]) -> Rows:
    """The rows of a table as numbers, in the order of the shape's columns; what is wrong is added to `faults`."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    if not lines:
        faults.append(Fault(file, None, "", f"the table is empty; its columns are {', '.join(shape.columns)}"))
        return []
    rows = [(n, cells_of(line)) for n, line in lines]
    heads = [head.strip() for head in rows[0][1]]
    if missing := [name for name in shape.columns if name not in heads]:
        what = parted_otherwise(lines[0][1], shape.columns) or missing_columns(missing, heads, shape.columns)
        faults.append(Fault(file, rows[0][0], "", what))
        return []
    read = [(line, _row(cells, heads, shape, Fault(file, line, "", ""), faults)) for line, cells in rows[1:]]
    if not read:
        faults.append(Fault(file, rows[0][0], "", "the table has no row under its head; give one for each age"))
    return [(line, values) for line, values in read if values is not None]


def cells_of(line: str) -> list[str]:
    """The cells of a line; the line itself where it cannot be parted, as where one of them is far too long."""
    try:
        return next(csv.reader([line]))
    except csv.Error:
        return [line]


def parted_otherwise(head: str, columns: Sequence[str]) -> str:
    """What is said of a first line whose cells are not separated by commas, "" where they are."""
    if head.lower().startswith("sep="):
        return f"`{short(head)}` is a line for spreadsheets alone; remove it, and separate cells by commas"
    for sign, called in PARTED_BY.items():
        if any(cell.strip().strip('"') in columns for cell in head.split(sign)) and sign in head:
            return f"cells are separated by {called}; {BY_COMMAS}"
    return ""


def wrong_count(cells: Sequence[str], heads: Sequence[str]) -> str:
    """What is said of a row with fewer or more cells than its table has columns."""
    told = f"the row has {len(cells)} cells; the head has {len(heads)} columns"
    called = next((name for sign, name in PARTED_BY.items() if any(sign in cell for cell in cells)), "")
    return f"{told}. It holds {called}: {BY_COMMAS}" if called else told


def missing_columns(missing: Sequence[str], heads: Sequence[str], columns: Sequence[str]) -> str:
    """What is said of columns that a table has not: what its `heads` may have meant, and all that it has to have."""
    verb = "column is" if len(missing) == 1 else "columns are"
    near = [head for head in heads if head not in columns and difflib.get_close_matches(head, missing, n=1)]
    hint = f"`{short(near[0])}` may be meant for one of them. " if near else ""
    return f"the {verb} missing: {', '.join(missing)}; {hint}The columns are {', '.join(columns)}"


def _row(
    cells: Sequence[str], heads: Sequence[str], shape: Shape, at: Fault, faults: list[Fault]
) -> tuple[float, ...] | None:
    if len(cells) != len(heads):
        faults.append(Fault(at.file, at.line, "", wrong_count(cells, heads)))
        return None
    written = dict(zip(heads, cells, strict=True))
    found = [(name, written[name], _number(written[name])) for name in shape.columns]
    wrong = [_wrong(name, text, shape) for name, text, value in found if not _allowed(name, value, shape)]
    faults.extend(Fault(at.file, at.line, "", what) for what in wrong)
    return None if wrong else tuple(value for _, _, value in found if value is not None)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _of_age(name: str) -> bool:
    return name.startswith("age")


def _allowed(name: str, value: float | None, shape: Shape) -> bool:
    if value is None or value < 0.0:
        return False
    return (value.is_integer() and value <= MOST_AGE) if _of_age(name) else value <= shape.most


def _wrong(name: str, text: str, shape: Shape) -> str:
    right = "give whole years of age" if _of_age(name) else f"give {shape.words}"
    if "," in text:
        right += ", with a point before decimals and nothing between thousands"
    return f"`{short(text)}` under {name} cannot be; {right}"


def by_age(text: str, file: str, shape: Shape, faults: list[Fault]) -> ByAge:
    """The groups of a table, youngest first, which close up on each other; what is wrong is added to `faults`."""
    return tuple(group for _, group in lines_by_age(text, file, shape, faults))


def lines_by_age(text: str, file: str, shape: Shape, faults: list[Fault]) -> list[tuple[int, AgeGroup]]:
    """As `by_age`, each group with its line."""
    before = len(faults)
    rows = numbers(text, file, shape, faults)
    single = not shape.columns[1].startswith("age")
    whole = [(line, (values[0], *values) if single else values) for line, values in rows]
    groups = [(line, AgeGroup(int(low), int(high), *rest)) for line, (low, high, *rest) in whole]
    if len(faults) == before:
        faults.extend(Fault(file, line, "", what) for line, what in not_closing(groups, shape))
    return groups


def not_closing(groups: Sequence[tuple[int, AgeGroup]], shape: Shape) -> Iterator[tuple[int, str]]:
    """Where ages are missing or twice, with the line."""
    expected = groups[0][1].low if not shape.to_oldest else 0
    for line, group in groups:
        if group.low != expected:
            yield line, _not_next(group, expected)
        if group.high < group.low:
            yield line, f"the ages end at {group.high}, before they begin at {group.low}; exchange them"
        expected = group.high + 1
    if shape.to_oldest and expected <= OLDEST:
        right = f"the ages go on to {OLDEST}, which stands for all who are older: end the last row with {OLDEST}"
        yield groups[-1][0], f"nobody older than {expected - 1} is in the table; {right}"


def _not_next(group: AgeGroup, expected: int) -> str:
    if expected == 0:
        return f"the first row begins at age {group.low}; begin with age 0, as children grow up within a long study"
    what = "are missing" if group.low > expected else "stand in two rows"
    first, last = sorted((group.low, expected))
    return f"ages {first} to {last - 1} {what}; this row has to begin at age {expected}, after the row before it"
