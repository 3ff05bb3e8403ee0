"""What `lbpsim parameters` shows: a table of parameters, one in full, or all as CSV. Nothing is printed here."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from lbpsim.evidence import in_force
from lbpsim.evidence.bounds import bounds
from lbpsim.evidence.currency import code_of
from lbpsim.evidence.grades import GRADES, MEANING
from lbpsim.evidence.in_force import registry
from lbpsim.evidence.layers import Registry
from lbpsim.evidence.prices import PriceIndex
from lbpsim.evidence.registry import Parameter
from lbpsim.evidence.search import UnknownParameterError, find, matching
from lbpsim.evidence.units import DIMENSIONS, format_in_unit, format_range, number_text

OWN, FIXED = "own evidence", "none: fixed in draws"
COLUMNS = ("name", "label", "value", "unit", "95% interval", "distribution", "source", "grade", "role")
ROOM_FOR_A_TABLE = 130  # characters: below, columns would break words
CSV_COLUMNS = (
    *("name", "label", "value", "unit", "low", "high", "distribution", "source", "grade", "role"),
    *("price_year", "used_to", "note"),
)


def chosen(grade: str | None = None, words: str | None = None, known: Registry | None = None) -> tuple[Parameter, ...]:
    """All parameters, those of one grade, or those that `words` mean (as of `matching`), in the order of the registry.

    `known`: the registry of a study, None for the package's.

    Raises UnknownParameterError for a grade that does not exist, and where nothing fits.
    """
    if grade is not None and grade not in GRADES:
        near = difflib.get_close_matches(grade, GRADES, n=1)
        hint = f'did you mean "{near[0]}"?' if near else ""
        raise UnknownParameterError(f'there is no grade "{grade}"; grades are {", ".join(GRADES)}. {hint}'.strip())
    every = (known or registry()).parameters.values()
    graded = tuple(parameter for parameter in every if grade in (None, parameter.grade))
    if words is None:
        return graded
    found = matching(words, every)
    kept = tuple(parameter for parameter in graded if parameter in found)
    if not kept:
        grades = ", ".join(dict.fromkeys(parameter.grade for parameter in found))
        raise UnknownParameterError(f'nothing about "{words}" is graded {grade}; grades of what there is: {grades}')
    return kept


@dataclass(frozen=True)
class Listing:
    """Things to be shown: as a table where the terminal is wide enough, else two lines each.

    `rows`: their cells in words, under these `columns`; `whole`: columns whose words are never broken; `in_lines`: the
    two lines of a row.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    whole: tuple[str, ...]
    in_lines: Callable[..., tuple[str, str]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render for the width at hand."""
        yield self.table() if options.max_width >= ROOM_FOR_A_TABLE else Group(*self.lines())

    def table(self) -> Table:
        """One line each, as wide as it needs."""
        table = Table(title=self.title)
        for column in self.columns:
            table.add_column(column, no_wrap=column in self.whole, overflow="fold")
        for row in self.rows:
            table.add_row(*map(Text, row))
        return table

    def lines(self) -> Iterator[Text]:
        """Two lines each: name and value; then, paler, all else."""
        yield Text(self.title, style="bold")
        for row in self.rows:
            first, second = self.in_lines(*row)
            yield Text(first)
            yield Text(f"    {second}", style="dim")


def as_table(grade: str | None = None, words: str | None = None, known: Registry | None = None) -> Listing:
    """A table of all parameters, of those of one grade, or of those that `words` mean.

    Raises UnknownParameterError for a grade that does not exist, and where nothing fits.
    """
    known = known or registry()
    rows = chosen(grade, words, known)
    title = "1 parameter" if len(rows) == 1 else f"{len(rows)} parameters"
    title += f' for "{words}"' if words else ""
    title += f" graded {grade}" if grade else ""
    cells = tuple(_cells(parameter, known.own) for parameter in rows)
    return Listing(title, COLUMNS, cells, ("name", "value", "role"), _in_lines)


def _in_lines(name: str, label: str, value: str, unit: str, interval: str, *rest: str) -> tuple[str, str]:
    return f"{name}  {value} {unit}" + _in_brackets(interval), "; ".join(filter(None, (label, *rest)))


def _in_brackets(interval: str) -> str:
    return f" ({interval})" if interval else ""


def is_name(words: str, known: Registry | None = None) -> bool:
    """Whether `words` are the name of a parameter, which is shown in full."""
    return words in (known or registry()).parameters


def _cells(parameter: Parameter, own: frozenset[str]) -> tuple[str, ...]:
    interval, mine = parameter.interval, parameter.name in own
    return (
        parameter.name,
        parameter.label,
        number_text(parameter.value),
        _unit_text(parameter),
        f"{number_text(interval[0])} to {number_text(interval[1])}" if interval else "",
        parameter.distribution or (FIXED if mine else ""),
        ", ".join(parameter.sources),
        f"{parameter.grade} ({OWN})" if mine else parameter.grade,
        parameter.role,
    )


def _unit_text(parameter: Parameter) -> str:
    return f"{parameter.unit} ({parameter.price_year})" if parameter.price_year else parameter.unit


def in_full(name: str, price_year: int | None = None, known: Registry | None = None) -> RenderableType:
    """Everything known of one parameter; money carried to `price_year` (the price index's last year if None).

    Raises UnknownParameterError, with the nearest names, when there is none.
    """
    known = known or registry()
    parameter = find(name, known)
    lines = [Text(parameter.name, style="bold"), Text(parameter.label), Text("")]
    lines += [Text(f"{title}: {content}") for title, content in _facts(parameter, price_year, known) if content]
    lines += [Text(""), Text("Sources")] + [Text(f"  {line}") for line in _citations(parameter, known)]
    return Group(*lines)


def _facts(parameter: Parameter, price_year: int | None, known: Registry) -> list[tuple[str, str]]:
    interval, mine = parameter.interval, parameter.name in known.own
    return [
        ("Value", format_in_unit(parameter.value, parameter.unit)),
        ("In the model", _in_the_model(parameter)),
        ("Price year", _carried(parameter, price_year, known.prices)),
        ("95% interval", format_range(*interval, parameter.unit) if interval else ""),
        ("Can be set to", str(bounds(parameter)) if parameter.role == "input" and not mine else ""),
        ("Distribution", parameter.distribution or (FIXED if mine else "none: not sampled")),
        ("Instead of", _registered(parameter) if mine else ""),
        ("Before calibration", parameter.prior or ""),
        ("Grade", f"{parameter.grade} ({MEANING[parameter.grade]})"),
        ("Role", f"{parameter.role}, to {parameter.used_to}" if parameter.used_to else parameter.role),
        ("Note", parameter.note),
    ]


def _registered(parameter: Parameter) -> str:
    """What the package has in its place; nothing for a new cost item."""
    found = registry().parameters.get(parameter.name)
    return "" if found is None else f"{format_in_unit(found.value, found.unit)}, {found.grade}, as registered"


def _in_the_model(parameter: Parameter) -> str:
    """The value in canonical units, where that is another number."""
    if parameter.canonical == parameter.value:
        return ""
    return format_in_unit(parameter.canonical, DIMENSIONS[parameter.dimension].canonical)


def _carried(parameter: Parameter, price_year: int | None, prices: PriceIndex) -> str:
    """How money is carried; prices from before the index, and in other money, stay as they are."""
    if parameter.price_year is None:
        return ""
    if parameter.price_year not in prices.by_year or code_of(parameter.unit) != prices.currency.code:
        return f"{parameter.price_year}; the price index does not cover it"
    year = price_year or prices.latest
    if year == parameter.price_year:
        return str(year)
    return prices.in_words(parameter.value, parameter.unit, parameter.price_year, year)


def _citations(parameter: Parameter, known: Registry) -> list[str]:
    if not parameter.sources:
        return ["none: an assumption"]
    references = [(key, known.references[key]) for key in parameter.sources]
    return [f"{key}: {reference}{f' {reference.note}' if reference.note else ''}" for key, reference in references]


def as_csv(grade: str | None = None, words: str | None = None, known: Registry | None = None) -> str:
    """All parameters, those of one grade, or those that `words` mean, as CSV text with a header row.

    Raises UnknownParameterError for a grade that does not exist, and where nothing fits.
    """
    return _csv(CSV_COLUMNS, map(_record, chosen(grade, words, known)))


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue()


def _record(parameter: Parameter) -> tuple[str | float | int | None, ...]:
    low, high = parameter.interval or (None, None)
    return (
        *(parameter.name, parameter.label, parameter.value, parameter.unit, low, high, parameter.distribution),
        *("; ".join(parameter.sources), parameter.grade, parameter.role, parameter.price_year, parameter.used_to),
        parameter.note.strip(),
    )


def borrowed(words: str | None = None, known: Registry | None = None) -> Listing:
    """What the country in force borrows from another: parameters with the rule, then tables by age.

    Raises UnknownParameterError where it borrows nothing.
    """
    country = in_force.country()
    title = f"{country.name} borrows {len(country.borrowed)} numbers and tables from {country.donor}"
    return Listing(title, BORROWED_COLUMNS, tuple(_borrowed_rows(words, known)), ("name", "value"), _borrowed_in_lines)


def _borrowed_in_lines(name: str, label: str, value: str, how: str, interval: str, there: str) -> tuple[str, str]:
    return f"{name}  {value}" + _in_brackets(interval), f"{label}; {how}; there {there}"


def borrowed_csv(words: str | None = None, known: Registry | None = None) -> str:
    """The same as CSV text with a header row.

    Raises UnknownParameterError where it borrows nothing.
    """
    return _csv(BORROWED_COLUMNS, _borrowed_rows(words, known))


def _borrowed_rows(words: str | None, known: Registry | None) -> list[tuple[str, ...]]:
    country, every = in_force.country(), (known or in_force.registry()).parameters
    names = [name for name in country.borrowed if name in every and every[name].grade == "borrowed"]
    if words is not None:
        wanted = {each.name for each in matching(words, [every[name] for name in names])}
        names = [name for name in names if name in wanted]
    if not country.borrowed:
        raise UnknownParameterError(f"{country.name} borrows nothing: others borrow from it")
    numbers = [_borrowed_row(every[name], country.borrowed[name]) for name in names]
    tables = [(name, country.tables[name.removesuffix(".csv")].what, "a table", how, "", country.donor)
              for name, how in country.borrowed.items() if name.endswith(".csv") and words is None]  # fmt: skip
    return numbers + tables


BORROWED_COLUMNS = ("name", "label", "value", "how", "95% interval", "there")


def _borrowed_row(each: Parameter, how: str) -> tuple[str, ...]:
    interval = format_range(*each.interval, each.unit) if each.interval else FIXED
    there = each.note.partition("where it is ")[2].removesuffix(".")
    return each.name, each.label, format_in_unit(each.value, each.unit), how, interval, there
