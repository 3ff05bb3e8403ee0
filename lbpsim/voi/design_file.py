"""A proposed study read from its file: everything that is wrong with it, with line, key and what would be right."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import Strict

from lbpsim.evidence import Parameter
from lbpsim.evidence.country import Country
from lbpsim.evidence.entry_errors import Fault, entry, whole_file
from lbpsim.evidence.layers import Registry
from lbpsim.evidence.quoting import did_you_mean as near_to
from lbpsim.evidence.reading import Declared, Entries, EvidenceError, parse_entries
from lbpsim.evidence.registry import Number, unsourced
from lbpsim.evidence.soundness import of_no_price_year
from lbpsim.evidence.units import DIMENSIONS, told
from lbpsim.study import InputErrors, Place, Problem, limits
from lbpsim.study.files import nodes
from lbpsim.study.files.errors import did_you_mean, listed, named, short, wrong_option
from lbpsim.study.files.faults import problem_of
from lbpsim.study.files.plain_fields import Name
from lbpsim.voi.costs_abroad import abroad, at_home, exchange_into, exchanged
from lbpsim.voi.design import Design, Kind, Measure
from lbpsim.voi.expression import RIGHT, Expression, ExpressionError
from lbpsim.voi.study_data import structural

FOLDER, SUFFIXES = "designs", (".yaml", ".yml")
HOME = Path(str(files("lbpsim.voi") / FOLDER))
OF_A_NUMBER = {"role": "context", "interval": None, "distribution": None, "used_to": None, "prior": None, "sane": None}
CITED_IN = "the bibliography, nor among the `sources:` of the study's evidence.yaml"
FEWEST = 2  # people measured in an arm


class Asked(NamedTuple):
    """A number that a design gives: `label`, its `dimension`, and the `least` it can be (`above`: more than that)."""

    label: str
    dimension: str
    least: float = 0.0
    above: bool = False


NUMBERS: Mapping[str, Asked] = {
    "recruited": Asked("People who join in a year", "count per year", above=True),
    "followed": Asked("Share of participants who are measured", "share", above=True),
    "follow_up": Asked("Time from joining to the last measurement", "duration", above=True),
    "reporting": Asked("Time from the last measurement to the report", "duration"),
    "fixed_cost": Asked("Cost of the study whatever its size", "money"),
    "cost_per_participant": Asked("Cost for each participant", "money"),
    "design_effect": Asked("Variance with participants in clusters, to that without", "ratio", least=1.0),
}
OPTIONAL = ("design_effect",)


class _Written(Declared):
    """The file as written; numbers are read one by one."""

    title: str
    description: str = ""
    sizes: tuple[Annotated[int, Strict()], ...]
    arms: dict[str, Number]
    measures: dict[str, Any]
    recruited: Any
    followed: Any
    follow_up: Any
    reporting: Any
    fixed_cost: Any
    cost_per_participant: Any
    design_effect: Any = None


class _WrittenMeasure(Declared):
    label: str
    kind: Kind
    expects: dict[str, str | float]
    sd: Any = None
    against: str | None = None


def shipped() -> tuple[str, ...]:
    """Names of the designs that ship with the package."""
    return tuple(sorted(file.stem for file in HOME.iterdir() if file.suffix in SUFFIXES))


def read_designs(asked: Sequence[str | Path], known: Registry, country: Country | None = None) -> list[Design]:
    """The designs in files, or shipped ones by name; none asked: all that ship, with `country` as for `read_design`.

    Raises InputErrors as `read_design`, and for two of one name, which could not be told apart in tables.
    """
    found = [read_design(each, known, country) for each in asked or shipped()]
    names = [design.name for design in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        wrong = f"Two designs are called `{twice}`"
        raise wrong_option("design", wrong, "Rename one of the files, or leave it out")
    return found


def read_design(asked: str | Path, known: Registry, country: Country | None = None) -> Design:
    """The design in a file, or the shipped one of that name; `known`: the registry of the study that it is for.

    Costs of a shipped one are borrowed, at purchasing power, by a `country` with other money than it is budgeted in.

    Raises InputErrors with everything that is wrong with it, and for a shipped one whose costs cannot be borrowed.
    """
    path = _file(named(asked, "design"))
    if path.parent == HOME and abroad(known):
        exchange = exchange_into(country, known.prices.currency)
        return exchanged(_read(path, at_home(known)), exchange)
    return _read(path, known)


def _read(path: Path, known: Registry) -> Design:
    if not re.fullmatch(Name.pattern, path.stem):
        wrong = f"`{short(path.stem)}` cannot name a design"
        right = "Rename the file: a letter, then letters, digits, - and _"
        raise InputErrors([Problem(Place(str(path)), "", wrong, right)])
    try:
        text = nodes.text_of(path, str(path))
        entries = parse_entries(text, str(path))
    except nodes.Unreadable as error:
        raise InputErrors([error.problem]) from None
    except EvidenceError as error:
        raise InputErrors([Problem(Place(str(path)), "", str(error), "Write the keys of a design")]) from None
    faults: list[Fault] = []
    design = _Reading(entries, path.stem, known, faults).design()
    if faults or design is None:
        raise InputErrors(map(problem_of, faults))
    return design


def _file(asked: Path) -> Path:
    """The file that is meant: a path, or the name of a shipped design."""
    if asked.suffix in SUFFIXES or asked.exists():
        return asked
    if str(asked) in shipped():
        return HOME / f"{asked}.yaml"
    right = f"{did_you_mean(str(asked), shipped())} Name a file, or one that ships: {listed(shipped())}".strip()
    wrong = f"There is no design `{short(str(asked))}`"
    raise wrong_option("design", wrong, right)


@dataclasses.dataclass(frozen=True)
class _Reading:
    """Reads one file; `faults` are added to."""

    entries: Entries
    name: str
    known: Registry
    faults: list[Fault]

    def design(self) -> Design | None:
        """The design; None where its keys cannot be read."""
        written = self._keys()
        numbers = {key: self._number(self.entries, key, asked) for key, asked in NUMBERS.items() if self._given(key)}
        if written is None or not written.arms:
            return None
        measures = [self._measure(written, name) for name in written.measures]
        if self.faults:
            return None
        design = Design(
            self.name, written.title, " ".join(written.description.split()), tuple(sorted(set(written.sizes))),
            written.arms, tuple(each for each in measures if each is not None), **numbers,  # type: ignore[arg-type]
        )  # fmt: skip
        self._tell_too_few(design)
        return design

    def _keys(self) -> _Written | None:
        written = whole_file(_Written, self.entries, self.faults)
        if written is not None:
            self.faults.extend(Fault.at(self.entries, (key,), what) for key, what in _unusable(written))
        return written

    def _given(self, key: str) -> bool:
        return self.entries.content.get(key) is not None

    def _number(self, entries: Entries, key: str, asked: Asked, above: str = "") -> Parameter | None:
        """A number with its unit, grade and source."""
        found: list[Fault] = []
        number = entry(
            Parameter, entries, key, found, name=f"{self.name}.{above}{key}", label=asked.label, **OF_A_NUMBER
        )
        if number is not None:
            wrong = (*_unfit(number, asked), *unsourced(number, self.known.references, CITED_IN))
            wrong = (*wrong, *self._foreign(number))
            found += [Fault.at(entries, (key, where), what) for where, what in wrong]
        known = (fault for fault in found if not fault.key.endswith("interval") or "no such key" in fault.what)
        self.faults.extend(dataclasses.replace(fault, key=f"{above}{fault.key or key}") for fault in known)
        return number

    def _foreign(self, number: Parameter) -> Iterator[tuple[str, str]]:
        """Money of another country, or of a year of which this one has no prices; of several faults the first."""
        for where, what in islice(of_no_price_year(number, self.known.prices), 1):
            right = f"; write amounts in {told('money')}, in a copy of the file" if where == "unit" else ""
            yield where, f"{what}{right}"

    def _measure(self, whole: _Written, name: str) -> Measure | None:
        entries, found = self.entries.under("measures"), list[Fault]()
        written = entry(_WrittenMeasure, entries, name, found)
        above = f"measures.{name}."
        sd = None
        if written is not None:
            found += [Fault.at(entries, (name, *path), what) for path, what in self._wrong(written, whole.arms)]
            if written.sd is not None:
                asked = Asked(f"Standard deviation between people: {written.label}", "", above=True)
                sd = self._number(entries.under(name), "sd", asked, above)
        self.faults.extend(dataclasses.replace(fault, key=f"measures.{fault.key}") for fault in found)
        if written is None or found or (sd is None and written.kind == "mean"):
            return None
        expects = {arm: Expression.parse(str(text)) for arm, text in written.expects.items()}
        measure = Measure(name, written.label, written.kind, expects, sd, written.against)
        self._tell_other_scale(measure, entries)
        return measure

    def _wrong(self, written: _WrittenMeasure, arms: Mapping[str, float]) -> Iterator[tuple[tuple[str, ...], str]]:
        """What does not fit in a measure: the path of keys, and what would be right."""
        if not written.expects:
            yield ("expects",), "it expects nothing; give what each arm comes to, such as {treated: cft.rmdq_week13}"
        for arm, text in written.expects.items():
            if arm not in arms:
                yield ("expects", arm), f"there is no such arm; the arms are {listed(arms, 'and')}"
            yield from ((("expects", arm), what) for what in self._wrong_names(str(text)))
        yield from self._wrong_kind(written)
        if written.against is not None and (written.against not in arms or written.against in written.expects):
            right = f"name an arm of {listed(arms)} that stands not under `expects`"
            yield ("against",), f"there is no arm {short(written.against)} to compare with; {right}"

    def _wrong_kind(self, written: _WrittenMeasure) -> Iterator[tuple[tuple[str, ...], str]]:
        if written.kind == "mean" and written.sd is None:
            yield ("kind",), "a mean needs `sd`; give the standard deviation between people"
        if written.kind != "mean" and written.sd is not None:
            yield ("sd",), f"a {written.kind} has no `sd`; leave it out, only a mean has one"
        if written.kind != "mean" and written.against is not None:
            right = "leave `against` out, and expect it in every arm"
            yield ("against",), f"a {written.kind} is measured in each arm; {right}"

    def _wrong_names(self, text: str) -> Iterator[str]:
        try:
            names: Sequence[str] = Expression.parse(text).names
        except ExpressionError as error:
            yield f"{error}; {RIGHT[:1].lower()}{RIGHT[1:]}"
            return
        inputs = {each.name for each in self.known.inputs}
        for name in names:
            if name not in inputs and not structural(name):
                right = near_to(name, inputs, "`lbpsim parameters` lists them")
                yield f"the model has no input {short(name)}; {right}"

    def _tell_other_scale(self, measure: Measure, entries: Entries) -> None:
        """Say that a standard deviation is on another scale than everything that its measure names."""
        scales = {self.known.parameters[name].dimension for name in measure.names if name in self.known.parameters}
        if measure.sd is not None and scales and measure.sd.dimension not in scales:
            what = f"{measure.sd.unit} is not the scale of what it measures; write it in {listed(sorted(scales))}"
            where = Fault.at(entries, (measure.name, "sd", "unit"), what)
            self.faults.append(dataclasses.replace(where, key=f"measures.{measure.name}.sd.unit"))

    def _tell_too_few(self, design: Design) -> None:
        for size in design.sizes:
            least = min(design.measured(size).values())
            if least < FEWEST:
                what = f"of {size} participants {least:.1f} would count in the smallest arm; give larger sizes"
                self.faults.append(Fault.at(self.entries, ("sizes",), what))


def _unusable(written: _Written) -> Iterator[tuple[str, str]]:
    """What makes the design as a whole of no use: the key, and what would be right."""
    seen = written.title.isprintable() and any(letter.isalnum() for letter in written.title)
    if not seen or len(written.title) > limits.LONGEST_TITLE:
        yield "title", f"this is no title; give words that can be seen, at most {limits.LONGEST_TITLE} characters"
    for key in NUMBERS:
        if key not in OPTIONAL and getattr(written, key) is None:
            yield key, "this is empty; give value, unit and grade, such as {value: 1, unit: years, grade: assumption}"
    if not written.sizes or min(written.sizes) <= 0 or max(written.sizes) > limits.cases():
        most = f"a study has from one participant to the {limits.cases():,} people who could take part"
        yield "sizes", f"{most}; give numbers of participants, such as [200, 400]"
    if not written.arms or min(written.arms.values()) <= 0.0:
        right = "give arms with their shares, such as {control: 1, treated: 1}"
        yield "arms", f"each arm has some of the participants; {right}"
    if not written.measures:
        yield "measures", "nothing is measured; give measures by a name of your own, each with label, kind and expects"


def _unfit(number: Parameter, asked: Asked) -> Iterator[tuple[str, str]]:
    """What makes a number unfit for its key: its unit, or its size."""
    if asked.dimension and number.dimension != asked.dimension:
        example = DIMENSIONS[asked.dimension].example
        yield "unit", f"{told(number.unit)} is not a unit of {asked.label.lower()}; write it like {example}"
    elif number.value < asked.least or (asked.above and number.value <= asked.least):
        right = f"write a number {'above' if asked.above else 'of at least'} {asked.least:g}"
        yield "value", f"{number.value:g} cannot be meant; {right}"
