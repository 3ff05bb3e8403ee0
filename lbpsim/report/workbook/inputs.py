"""Sheets of what went in: policies in words, every input with its evidence, what is only assumed, how to repeat it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import lbpsim
from lbpsim.evidence.currency import in_currency
from lbpsim.evidence.grades import MEANING
from lbpsim.evidence.registry import Parameter
from lbpsim.evidence.units import DIMENSIONS, format_quantity
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.format import discounting, exact_money
from lbpsim.report.provenance import command, folder_of, hash_of, registry_hash
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cells import Cell, Content, Row
from lbpsim.study.describe import changes
from lbpsim.study.model import Study
from lbpsim.study.options import OPTIONS

WEAK = ("assumption", "unverified")
ASSUMED = "assumed"  # style
CHOICE = "structural choice"


def policies(book: Book) -> None:
    """The sheet of policies in words."""
    study = book.results.study
    rows = [
        Row((each.name, each.title, " ".join(each.description.split()), "\n".join(changes(study, each))))
        for each in study.policies
    ]
    book.sheet("Policies").table(rows)


def inputs(book: Book) -> None:
    """The sheet of every registered input, with what the study and its policies assume instead."""
    study = book.results.study
    grades = "; ".join(f"{grade}, {meaning}" for grade, meaning in MEANING.items())
    values = study.values(study.policies[0])
    rows = [
        Row((*_evidence(each), *_used(study, each, values[each.name]), each.note.strip()), style=_style(each))
        for each in study.registry.inputs
    ]
    book.sheet("Parameters", weak=" or ".join(WEAK), grades=grades).table(rows)


def assumptions(book: Book) -> None:
    """The sheet of what no source at hand gives: structural choices first, then weakly graded inputs."""
    weak = (_assumed(each) for each in book.results.study.registry.inputs if each.grade in WEAK)
    rows = [Row(cells, style=ASSUMED) for cells in (*_options(book.results.study), *weak)]
    notes = (f"{grade.capitalize()}: {meaning}." for grade, meaning in MEANING.items() if grade in WEAK)
    book.sheet("Assumptions", *notes).table(rows)


def references(book: Book) -> None:
    """The sheet of sources by key."""
    rows = [
        Row((key, each.citation, each.doi or "", each.note.strip()))
        for key, each in book.results.study.registry.references.items()
    ]
    book.sheet("References").table(rows)


def provenance(book: Book) -> None:
    """The sheet of how the results came about and how to repeat them; nothing of the machine or the day is in it."""
    book.sheet("Provenance").table([Row(pair) for pair in _facts(book)])


def _value(each: Parameter) -> tuple[Content, ...]:
    """Value, unit, and the ends of the interval, where there is one."""
    ends = (Cell(end, each.unit) for end in each.interval or (math.nan, math.nan))
    return (Cell(each.value, each.unit), each.unit, *ends)


def _evidence(each: Parameter) -> tuple[Content, ...]:
    sources = ", ".join(each.sources)
    return (each.name, each.label, *_value(each), each.distribution or "", sources, each.grade, each.price_year)


def _used(study: Study, each: Parameter, value: float) -> tuple[Content, ...]:
    instead = [("the study", study.assume), *((policy.name, policy.assume) for policy in study.policies)]
    told = (f"{who}: {format_quantity(set_[each.name], each.dimension)}" for who, set_ in instead if each.name in set_)
    unit = in_currency(DIMENSIONS[each.dimension].canonical, study.country.currency.code)
    return Cell(value, unit), unit, "; ".join(told)


def _style(each: Parameter) -> str:
    return ASSUMED if each.grade in WEAK else ""


def _assumed(each: Parameter) -> tuple[Content, ...]:
    return (each.name, "parameter", each.label, *_value(each), each.grade, each.note.strip())


def _options(study: Study) -> Iterator[tuple[Content, ...]]:
    for name, choice in study.options.items():
        (base, *others), decides = OPTIONS[name]
        others = [other for other in (base, *others) if other != choice]
        instead = "; ".join(f"{each.name}: {each.options[name]}" for each in study.policies if name in each.options)
        note = f"Could be {' or '.join(others)}." + (f" Set otherwise by {instead}." if instead else "")
        yield name, CHOICE, f"Decides {decides}.", choice, "", None, None, "assumption", note


def _facts(book: Book) -> Iterator[tuple[Content, Content]]:
    results, study = book.results, book.results.study
    yield "lbpsim", lbpsim.__version__
    yield "study", f"{study.name}: {study.title}"
    yield "question", " ".join(study.description.split())
    yield "country", study.place
    if study.regions is not None:
        yield "regions among which policies can choose", f"{', '.join(study.names_of_regions)} ({study.regions.source})"
    yield "start", study.start.isoformat()
    yield "years", study.years
    yield "simulated people", Cell(results.people)
    yield "people with chronic low back pain at the start", Cell(results.country_cases)
    yield "replications", results.replications
    yield "seed", study.seed
    yield "engine", results.engine
    yield "events simulated", Cell(results.events)
    yield "comparator", study.comparator
    yield "perspective of the headline", study.perspective
    alike = ", costs and health alike" if study.cost_discount_rate is None else ""
    yield "discount rate", f"{discounting(study)} per year{alike}"
    yield "thresholds", ", ".join(f"{exact_money(threshold)} per QALY" for threshold in study.thresholds)
    yield "price year", study.price_year
    yield from _of_draws(results)
    yield "hash of the registry of inputs", registry_hash()
    yield "hash of the study, resolved", hash_of(study.resolved())
    yield "to repeat", command(results)
    files = f"{folder_of(study)} is the folder of the study's files"
    yield "", f"{files}; the same files, version and seed give the same tables."


def _of_draws(results: Results) -> Iterator[tuple[Content, Content]]:
    if not isinstance(results, ProbabilisticResults):
        yield "draws", "none: inputs at their point estimates"
        return
    yield "draws", len(results.draws.numbers)
    yield "people in each draw", results.draws.plan.people
    yield "inputs drawn", results.draws.parameters.shape[1]
