"""The TECH-VER checklist, item by item: which tests cover it, and how they came out. Read from results of the tests.

That deleting a branch makes a test fail is not shown by a test: it is read from the table of all deletions.

Not here: the tests. An item that names a test which does not exist, or none at all, is missing and says so.
"""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from lbpsim.evidence.reading import Declared
from lbpsim.validation.verdicts import Verdict
from lbpsim.verification.pytest_plugin import MARK

TESTS_FILE, DELETIONS_FILE = "tests.xml", "mutants.csv"
LEFT_BY_VERIFY = "verification"
LIST = Path(__file__).with_name("tech_ver.yaml")
DELETIONS = "every branch of the rules deleted in turn (make mutants)"
SOURCE = "Büyükkaramikli et al. 2019, doi 10.1007/s40273-019-00844-y"
Status = Literal["pass", "fail", "skipped", "not run", "missing", "not applicable"]


class Item(Declared):
    """One item of the checklist: the tests named for it, and words by which others are found that say they cover it.

    `deletions`: it holds where every deletion of a branch of the rules was noticed by some test.
    """

    group: str
    text: str = Field(alias="item")
    tests: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    note: str = ""
    not_applicable: str = ""
    deletions: bool = False


@dataclass(frozen=True)
class Tested:
    """How a test function came out over all its cases, and what it says of the checklist, if anything."""

    status: Status
    cases: int
    told: str = ""


@dataclass(frozen=True)
class ChecklistRow:
    """An item with the tests that cover it and their common result."""

    item: Item
    status: Status
    tests: tuple[str, ...]
    cases: int


class UnreadableResultsError(ValueError):
    """A file that does not hold results of tests."""


@cache
def items() -> tuple[Item, ...]:
    """The checklist in its order."""
    listed = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return tuple(Item(group=group, **entry) for group, entries in listed.items() for entry in entries)


def results(file: Path) -> dict[str, Tested]:
    """Results of test functions by name ("folder/file::function"), from a JUnit XML file as pytest writes it.

    Raises UnreadableResultsError where the file is not one.
    """
    try:
        cases = ET.parse(file).getroot().iter("testcase")
    except ET.ParseError as problem:
        raise UnreadableResultsError(f"{file} does not hold results of tests: {problem}") from problem
    found: dict[str, list[ET.Element]] = defaultdict(list)
    for case in cases:
        module = case.get("classname", "").removeprefix("tests.").replace(".", "/")
        found[f"{module}::{case.get('name', '').split('[')[0]}"].append(case)
    return {name: _tested(each) for name, each in found.items()}


def deletions(file: Path) -> Tested:
    """Result of deleting every branch of the rules, one at a time: it passes where each was noticed.

    Raises UnreadableResultsError where the file is not the table of deletions.
    """
    with file.open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    if not rows or "verdict" not in rows[0]:
        raise UnreadableResultsError(f"{file} does not hold the verdicts of deletions")
    return Tested("pass" if all(row["verdict"] == "noticed" for row in rows) else "fail", len(rows))


def found_in(folder: Path) -> dict[str, Tested] | None:
    """Results left in a folder, or in `verification` beside it: of tests by name, of deletions by DELETIONS.

    None where no results of tests were left. Raises UnreadableResultsError.
    """
    places = (folder, folder.parent / LEFT_BY_VERIFY)
    tests, table = (
        next((place / name for place in places if (place / name).exists()), None)
        for name in (TESTS_FILE, DELETIONS_FILE)
    )
    if tests is None:
        return None
    return {**results(tests), **({DELETIONS: deletions(table)} if table else {})}


def _tested(cases: Sequence[ET.Element]) -> Tested:
    told = next((one.get("value", "") for one in cases[0].iter("property") if one.get("name") == MARK), "")
    return Tested(common([_status(case) for case in cases]), len(cases), told)


def _status(case: ET.Element) -> Status:
    if case.find("failure") is not None or case.find("error") is not None:
        return "fail"
    return "skipped" if case.find("skipped") is not None else "pass"


def common(statuses: Iterable[Status]) -> Status:
    """The worst of several results.

    >>> common(["pass", "fail"]), common(["pass", "skipped"]), common([])
    ('fail', 'skipped', 'missing')
    """
    found = set(statuses)
    order: tuple[Status, ...] = ("fail", "missing", "skipped", "not run", "pass")
    return next((status for status in order if status in found), "missing")


def table(tested: Mapping[str, Tested] | None) -> list[ChecklistRow]:
    """Every item with its result; without results of tests, those that name a test are "not run"."""
    return [_row(item, tested) for item in items()]


def _row(item: Item, tested: Mapping[str, Tested] | None) -> ChecklistRow:
    if item.not_applicable:
        return ChecklistRow(item, "not applicable", (), 0)
    if tested is None:
        return ChecklistRow(item, "not run" if item.tests else "missing", item.tests, 0)
    names = (
        *((DELETIONS,) if item.deletions else ()),
        *item.tests,
        *(name for name in covering(item, tested) if name not in item.tests),
    )
    known = [tested[name] for name in names if name in tested]
    missing: list[Status] = ["not run" if name == DELETIONS else "missing" for name in names if name not in tested]
    return ChecklistRow(
        item, common([*missing, *(one.status for one in known)]), names, sum(one.cases for one in known)
    )


def covering(item: Item, tested: Mapping[str, Tested]) -> list[str]:
    """Tests whose words say that they cover an item."""
    return [name for name, one in tested.items() if one.told and any(word in one.told.lower() for word in item.told)]


def verdict(tested: Mapping[str, Tested] | None) -> Verdict:
    """Of the whole checklist: a miss where an item fails or is missing; "not judged" where no tests were run.

    Deletions take hours: an item that waits for them says "not run" in its row, and does not count.
    """
    if tested is None:
        return "not judged"
    statuses = {row.status for row in table(tested)}
    return "miss" if statuses & {"fail", "missing"} else "inconclusive" if "skipped" in statuses else "pass"


def unlisted(tested: Mapping[str, Tested]) -> list[str]:
    """Tests that say they cover the checklist, and that no item names."""
    listed = {name for row in table(tested) for name in row.tests}
    return sorted(name for name, one in tested.items() if one.told and name not in listed)
