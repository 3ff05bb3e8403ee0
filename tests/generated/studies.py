"""Studies made up from the declarations of keys: every key, kind and limit, so that a new key is made up too.

What is made up is meant to be right. Some of it is not, as keys and parameters must fit each other; `settled` takes
away what a study is refused for, until it is accepted. The same number makes the same study.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import singledispatch
from pathlib import Path
from typing import Any

import numpy as np

from lbpsim import evidence
from lbpsim.evidence.shipped_countries import reference
from lbpsim.evidence.units import DIMENSIONS, format_quantity
from lbpsim.simulation.consistency import check
from lbpsim.study import InputErrors, Problem, Study, load
from lbpsim.study.files.country_field import CountryField
from lbpsim.study.files.dated_fields import ByYear, Dated, Day
from lbpsim.study.files.declarations import policy_file, study_file
from lbpsim.study.files.field_type import FieldType
from lbpsim.study.files.plain_fields import Amount, Choice, ListOf, Name, People, Text, WholeNumber, YesNo
from lbpsim.study.files.quantity_fields import DiscountRate, Growth, Quantity, Threshold, assumed
from lbpsim.study.files.region_field import RegionField
from lbpsim.study.files.regions_field import RegionNames, RegionsField
from lbpsim.study.files.sections import Assumptions, Section
from lbpsim.study.files.structure_weights import StructureWeights
from lbpsim.study.limits import cases

COMPARATOR = "usual-care"
NORTH = Path(__file__).parents[2] / "docs" / "examples" / "north.csv"  # the people of a region
ALL_REGIONS = "all-regions.csv"
REGIONS = ("The North", "Hull, City of", "ON")
Tree = dict[str, Any]
BASE: Mapping[str, Tree] = {  # what stands in for a required key whose made-up value is refused
    "study.yaml": {
        "name": "made-up",
        "title": '"Made up"',
        "comparator": COMPARATOR,
        "start": "2026-07-01",
        "years": "2",
        "people": "60",
        "seed": "1",
        "perspective": "societal",
        "discount_rate": "5% per year",
        "thresholds": ["AUD 50,000 per QALY"],
        "price_year": "2024",
    }
}
TITLES = (
    *("A", "CFT rollout", "50% & <more>", 'it\'s \\ "quoted"', "$x^2$", "$", "_under_", "{braces} %s", "#1", "~/*?"),
    *("[b]x[/b]", "=1+1", "-5", "ÄÖÜß é", "Ωμέγα", "naïve – dash", "long " * 30, "x" * 70, "`code`", "a\\nb", "100 %"),
    *("</script><b>", "1e5", "yes"),
)
NAMES = ("one", "Two", "three-3", "four_4", "a", "z" * 40)
FAR = (1, 30, 200, 365, 366, 400, 731, 1500, 4000)  # days between dates
FACTORS = (0.0, 1e-6, 0.01, 0.1, 0.5, 0.9, 1.1, 2.0, 10.0, 100.0)


@dataclass
class Made:
    """A study as its files: what stands in each, and at what size it is run."""

    files: dict[str, Tree]
    people: int
    years: int
    replications: int
    draws: int | None

    def write(self, folder: Path) -> None:
        """The files, and no other scenario files, in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.glob("*.yaml"):
            file.unlink()
        for name, tree in self.files.items():
            (folder / name).write_text(as_yaml(tree), encoding="utf-8")
        shutil.copy(NORTH, folder)
        region = self.files["study.yaml"].get("region")
        (folder / ALL_REGIONS).write_text(all_regions(north=region is not None), encoding="utf-8")

    @property
    def text(self) -> str:
        """All files, one after the other."""
        return "\n".join(f"--- {name}\n{as_yaml(tree)}" for name, tree in self.files.items())

    @property
    def size(self) -> str:
        """At what size it is run, in words."""
        return f"{self.people} people, {self.years} years, {self.replications} replications"

    def small(self, study: Study) -> Study:
        """The study at the size at which it is run."""
        return study.with_changes(people=self.people, years=self.years, replications=self.replications)


@dataclass
class Maker:
    """Where the choices come from; `start` of the study, once it is known."""

    chance: np.random.Generator
    start: date = field(default=date(2026, 1, 1))

    def often(self, share: float) -> bool:
        return bool(self.chance.random() < share)

    def one(self, among: Any) -> Any:
        return among[int(self.chance.integers(len(among)))]

    def number(self, low: float, high: float) -> float:
        """A number of few digits; often an end."""
        if self.often(0.3):
            return float(self.one((low, high)))
        value = float(self.chance.uniform(low, high))
        return value if self.often(0.2) else min(max(float(f"{value:.3g}"), low), high)


def made_up(number: int) -> Made:
    """The study of that number, not yet known to be accepted."""
    maker = Maker(np.random.default_rng(number))
    study: Tree = made(study_file(), maker)
    study["comparator"] = COMPARATOR
    maker.start = _day(study["start"])
    files = {"study.yaml": study, f"{COMPARATOR}.yaml": {"title": json.dumps(maker.one(TITLES), ensure_ascii=False)}}
    for _ in range(int(maker.chance.integers(0, 5))):
        files[f"{maker.one(NAMES)}.yaml"] = made(policy_file(), maker)
    return Made(
        files,
        people=int(maker.chance.integers(20, 61)),
        years=int(maker.chance.integers(1, 3)),
        replications=int(maker.one((1, 2, 2, 2, 3))),
        draws=maker.one((None, None, None, 1, 3)),
    )


def _day(text: str) -> date:
    year, *rest = (int(part) for part in text.split("-"))
    return date(year, *rest) if rest else date(year, 1, 1)


# --- a value of each kind -------------------------------------------------------------------------------------------


@singledispatch
def made(kind: FieldType, maker: Maker) -> Any:
    """A value of a kind, as it stands in a file."""
    raise NotImplementedError(f"a new kind of value: say here how {type(kind).__name__} is made up")


@made.register
def _(kind: CountryField, maker: Maker) -> str:
    return reference().name  # in whose money amounts are made up


@made.register
def _(kind: Section, maker: Maker) -> Tree:
    chosen = [key for key in kind.keys if key.required or maker.often(0.5)] or [maker.one(kind.keys)]
    return {key.name: made(key.kind, maker) for key in chosen}


@made.register
def _(kind: StructureWeights, maker: Maker) -> Any:
    if maker.often(0.3):
        return "off"
    name = str(maker.one(tuple(kind.options)))
    return {name: {choice: int(maker.chance.integers(1, 5)) for choice in kind.options[name]}}


@made.register
def _(kind: Text, maker: Maker) -> str:
    return json.dumps(maker.one(TITLES), ensure_ascii=False)


@made.register
def _(kind: Name, maker: Maker) -> str:
    return str(maker.one(NAMES))


@made.register
def _(kind: Choice, maker: Maker) -> str:
    return str(maker.one((*kind.options, "yes", "False") if kind.switch else kind.options))


@made.register
def _(kind: YesNo, maker: Maker) -> str:
    return made(kind.switch, maker)


@made.register
def _(kind: WholeNumber, maker: Maker) -> str:
    low, high = kind.allowed.low, kind.allowed.high
    return str(maker.one((low, high, min(low + 1, high), int(maker.chance.integers(low, high, endpoint=True)))))


@made.register
def _(kind: People, maker: Maker) -> str:
    return str(maker.one(("all", "1", "60", "140000", str(cases()))))


@made.register
def _(kind: Amount, maker: Maker) -> str:
    return str(maker.one(("0", "1", "0.5", "3", "400", "1200", "20000", str(cases()))))


@made.register
def _(kind: ListOf, maker: Maker) -> list[Any]:
    values = [made(kind.item, maker) for _ in range(int(maker.chance.integers(1, 5)))]
    return list(dict.fromkeys(values))


@made.register
def _(kind: Quantity, maker: Maker) -> str:
    dimension = DIMENSIONS[kind.dimension]
    low, high = max(kind.low, dimension.low), min(kind.high, dimension.high)
    low = low if np.isfinite(low) else -1.0
    value = maker.number(low, high if np.isfinite(high) else low + 2.0)
    return _in_some_unit(value, kind, maker)


def _in_some_unit(value: float, kind: Quantity, maker: Maker) -> str:
    unit, size = maker.one(list(DIMENSIONS[kind.dimension].units.items()))
    if kind.dimension.startswith("money") or maker.often(0.5):
        return format_quantity(value, kind.dimension)
    if kind.bare and maker.often(0.5):
        return repr(value)
    return f"{value / size!r}%" if unit == "%" else f"{value / size!r} {unit}"


@made.register
def _(kind: DiscountRate, maker: Maker) -> Any:
    if maker.often(0.7):
        return made(kind.rate, maker)
    return {name: made(kind.rate, maker) for name in kind.both}


@made.register
def _(kind: RegionField, maker: Maker) -> Tree:
    return {"name": str(maker.one(NAMES)), "population": NORTH.name, "source": "Made up"}


@made.register
def _(kind: RegionsField, maker: Maker) -> Tree:
    return {"population": ALL_REGIONS, "source": "Made up"}


@made.register
def _(kind: RegionNames, maker: Maker) -> list[str]:
    return [f'"{name}"' for name in REGIONS if maker.often(0.5)] or [f'"{maker.one(REGIONS)}"']


def all_regions(*, north: bool) -> str:
    """A table of regions that make up the country, or the North alone."""
    head, *rows = [line for line in NORTH.read_text("utf-8").splitlines() if not line.startswith("#")]
    if not north:
        rows = [f"{each.low},{each.high},{each.male},{each.female}" for each in reference().population]
    shared = [(*row.split(",")[:2], *(float(cell) / len(REGIONS) for cell in row.split(",")[2:])) for row in rows]
    lines = [f'"{name}",{",".join(map(str, row))}' for name in REGIONS for row in shared]
    return "\n".join([f"region,{head}", *lines]) + "\n"


@made.register
def _(kind: Growth, maker: Maker) -> str:
    return f"{maker.one((-100, -50, -2.5, 0, 6, 30, 100))}% {maker.one(('per', 'a'))} year"


@made.register
def _(kind: Threshold, maker: Maker) -> str:
    amount = maker.one((0, 0.5, 1, 28_033, 50_000, 50_001, 75_000, 1_000_000, 1e8))
    return f"AUD {amount:,}{maker.one(('', ' per QALY'))}"


@made.register
def _(kind: Day, maker: Maker) -> str:
    near = (date(2026, 1, 1), date(2025, 7, 1), date(2027, 12, 31), date(2028, 2, 29), date(2030, 6, 15))
    day = maker.one((*near, *near, kind.first, kind.last))
    return str(day.year) if (day.month, day.day) == (1, 1) else day.isoformat()


@made.register
def _(kind: Dated, maker: Maker) -> Tree:
    day = maker.start + timedelta(days=int(maker.one((0, 0, 1, 200, 400))))
    tree: Tree = {}
    for _ in range(int(maker.one((1, 1, 2, 3, 5, 32)))):
        tree[day.isoformat()] = made(kind.value, maker)
        day += timedelta(days=int(maker.one(FAR)))
    return tree


@made.register
def _(kind: ByYear, maker: Maker) -> Tree:
    first = maker.start.year + int(maker.one((0, 0, 1, 2)))
    return {str(first + step): made(kind.value, maker) for step in range(int(maker.one((1, 2, 3, 9))))}


@made.register
def _(kind: Assumptions, maker: Maker) -> Tree:
    inputs = [known for known in evidence.parameters().values() if known.role == "input"]
    chosen = [maker.one(inputs) for _ in range(maker.one((1, 2, 5, 12)))]
    return {known.name: _assumption(known, maker) for known in chosen}


def _assumption(known: evidence.Parameter, maker: Maker) -> str:
    """Most often in or at the ends of its interval; sometimes at an end of what its kind allows, or far off."""
    kind = assumed(known)
    dimension = DIMENSIONS[known.dimension]
    factor = known.canonical / known.value if known.value else 1.0
    ends = [end * factor for end in known.interval or (0.5 * known.value, 2.0 * known.value)]
    inside = float(maker.chance.uniform(min(ends), max(ends)))
    extremes = [end for end in (kind.low, kind.high, dimension.low, dimension.high) if np.isfinite(end)]
    far = [known.canonical * maker.one(FACTORS), *extremes]
    value = float(maker.one((inside, inside, *ends, maker.one(far))))
    low, high = max(kind.low, dimension.low), min(kind.high, dimension.high)
    return _in_some_unit(min(max(value, low), high), kind, maker)


# --- the files ------------------------------------------------------------------------------------------------------


def as_yaml(tree: Any, indent: str = "") -> str:
    """A tree as the text of a file; its leaves stand as they are."""
    lines = []
    for name, value in tree.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}:", as_yaml(value, f"{indent}  ").rstrip("\n")]
        elif isinstance(value, list):
            lines += [f"{indent}{name}:", *(f"{indent}  - {item}" for item in value)]
        else:
            lines.append(f"{indent}{name}: {value}")
    return "\n".join(lines) + "\n"


def settled(made_study: Made, folder: Path, *, rounds: int = 30) -> Study:
    """A made-up study, without what it is refused for, written to a folder; accepted, at the size of its run too."""
    refused: tuple[Problem, ...] = ()
    for _ in range(rounds):
        made_study.write(folder)
        try:
            return check(made_study.small(check(load(folder))))
        except InputErrors as errors:
            refused = errors.problems
            for problem in {(each.place.file, each.key): each for each in refused}.values():  # each key once
                _take_away(made_study.files, problem)
    raise AssertionError(f"still refused: {refused}")


def _take_away(files: dict[str, Tree], problem: Problem) -> None:
    name = Path(problem.place.file).name
    key = problem.key.split(".")[0]
    assert problem.key, f"not of a key: {problem}"
    _without(files[name], problem.key)
    if key in BASE.get(name, {}) and key not in files[name]:
        files[name][key] = BASE[name][key]
    files[name].setdefault("title", f'"Of {name}"')


def _without(tree: Tree, path: str) -> None:
    """The tree without what stands at a path, or, where nothing does, without what is nearest above."""
    here = next((name for name in tree if path == name or path.startswith(f"{name}.")), None)
    if here is None:
        tree.clear()
        return
    below = tree[here]
    if path != here and isinstance(below, dict):
        _without(below, path.removeprefix(f"{here}."))
        if below:
            return
    del tree[here]


def sections() -> dict[bool, Section]:
    """The keys of a policy file, and of the study file (True)."""
    return {False: policy_file(), True: study_file()}


def paths(tree: Tree, section: Section, before: str = "") -> list[str]:
    """The keys of a section that stand in a tree, with their paths."""
    found = []
    for key in section.keys:
        if key.name in tree:
            found.append(f"{before}{key.name}")
            if isinstance(key.kind, Section):
                found += paths(tree[key.name], key.kind, f"{before}{key.name}.")
    return found
