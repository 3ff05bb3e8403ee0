"""Sheets of what went in: policies in words, every input with its evidence, what is only assumed, how to repeat it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import lbpsim
from lbpsim.evidence.bibliography import bibliography
from lbpsim.evidence.grades import MEANING
from lbpsim.evidence.registry import Parameter, parameters
from lbpsim.evidence.units import DIMENSIONS, format_quantity
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.report.format import dollars, exact_percent
from lbpsim.report.provenance import registry_hash
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cells import Content, Heading, NumberCell, Row
from lbpsim.study.describe import changes
from lbpsim.study.model import Study
from lbpsim.study.options import OPTIONS

WEAK = ("assumption", "unverified")
ASSUMED = "assumed"  # style
CHOICE = "structural choice"
POLICIES = (
    Heading("policy", meaning="Policy, by the name of its file; the comparator stands first."),
    Heading("title"),
    Heading("what it does", meaning="As its file describes it."),
    Heading("what it changes", meaning="What the model makes of its file, against today's care."),
)
PARAMETERS = (
    Heading("parameter", meaning="Name in the registry."),
    Heading("what it is"),
    Heading("value", meaning="In the unit of its row, at its own price year."),
    Heading("unit"),
    Heading("low", meaning="Lower end of the 95% interval."),
    Heading("high", meaning="Upper end of the 95% interval."),
    Heading("distribution", meaning="From which draws are taken; empty for what is not drawn."),
    Heading("sources", meaning="Keys of the sheet References."),
    Heading("grade", meaning="Kind of evidence behind the value."),
    Heading("price year", meaning="Of money; carried to the price year of the study."),
    Heading("in the model", meaning="Value that the study uses, in the model's own unit."),
    Heading("model's unit"),
    Heading("assumed instead", meaning="What the study or a policy sets in its place."),
    Heading("note"),
)
ASSUMPTIONS = (
    Heading("name", meaning="Parameter of the registry, or option of the study."),
    Heading("kind", meaning="Parameter, or structural choice."),
    Heading("what it is"),
    Heading("value"),
    Heading("unit"),
    Heading("low", meaning="Lower end of the 95% interval."),
    Heading("high", meaning="Upper end of the 95% interval."),
    Heading("grade"),
    Heading("note"),
)
REFERENCES = (Heading("key"), Heading("reference"), Heading("doi"), Heading("note"))


def policies(book: Book) -> None:
    """The sheet of policies in words."""
    study = book.results.study
    sheet = book.sheet(
        "Policies", "What each policy is called, does and changes.", f"Policies of the study {study.name}",
        (f"Others are compared with {study.comparator}.",),
    )  # fmt: skip
    rows = [
        Row((each.name, each.title, " ".join(each.description.split()), "\n".join(changes(study, each))))
        for each in study.policies
    ]
    sheet.table(POLICIES, rows)


def inputs(book: Book) -> None:
    """The sheet of every registered input, with what the study and its policies assume instead."""
    study = book.results.study
    sheet = book.sheet(
        "Parameters",
        "Every input with value, interval, source and grade, and what is assumed instead.",
        "Every input of the model",
        (
            f"Shaded rows in italics are graded {' or '.join(WEAK)}: no source at hand gives them. Money in the model "
            f"is in AUD of {study.price_year}.",
            "Grades: " + "; ".join(f"{grade}, {meaning}" for grade, meaning in MEANING.items()) + ".",
        ),
    )
    values = study.values(study.policies[0])
    rows = [
        Row(
            (*_evidence(each), *_used(study, each, values[each.name]), each.note.strip()),
            each.name,
            _style(each),
        )
        for each in parameters().values()
        if each.role == "input"
    ]
    sheet.table(PARAMETERS, rows)


def assumptions(book: Book) -> None:
    """The sheet of what no source at hand gives: structural choices first, then weakly graded inputs."""
    study = book.results.study
    sheet = book.sheet(
        "Assumptions",
        "What no source at hand gives: structural choices, and inputs graded assumption or unverified.",
        "What is only assumed",
        tuple(f"{grade.capitalize()}: {MEANING[grade]}." for grade in MEANING if grade in WEAK),
    )
    weak = [each for each in parameters().values() if each.role == "input" and each.grade in WEAK]
    rows = [Row(cells, style=ASSUMED) for cells in (*_options(study), *(_assumed(each) for each in weak))]
    sheet.table(ASSUMPTIONS, rows)


def references(book: Book) -> None:
    """The sheet of sources by key."""
    sheet = book.sheet("References", "What every source key stands for.", "References", ())
    rows = [Row((key, each.citation, each.doi or "", each.note.strip())) for key, each in bibliography().items()]
    sheet.table(REFERENCES, rows)


def provenance(book: Book) -> None:
    """The sheet of how the results came about and how to repeat them; nothing of the machine or the day is in it."""
    sheet = book.sheet(
        "Provenance",
        "Version, settings, hashes, and how to repeat the run.",
        "How these results came about",
        ("Packages, machine, times and the hashes of the input files are in run.json, beside this workbook.",),
    )
    sheet.table((Heading("what"), Heading("is")), [Row(pair) for pair in _facts(book)])


def repeat(book: Book) -> str:
    """The command that gives the same results again."""
    results = book.results
    study = results.study
    draws = " --draws 0"
    if isinstance(results, ProbabilisticResults):
        draws = f" --draws {len(results.draws.numbers)} --draw-people {results.draws.plan.people}"
    return f"lbpsim run scenarios/ --people {study.people} --years {study.years} --seed {study.seed}{draws}"


def _evidence(each: Parameter) -> tuple[Content, ...]:
    low, high = each.interval or (None, None)
    return (
        *(each.name, each.label, NumberCell(each.value, each.unit), each.unit),
        *(None if end is None else NumberCell(end, each.unit) for end in (low, high)),
        *(each.distribution or "", ", ".join(each.sources), each.grade, each.price_year),
    )


def _used(study: Study, each: Parameter, value: float) -> tuple[Content, ...]:
    instead = [("the study", study.assume), *((policy.name, policy.assume) for policy in study.policies)]
    told = (f"{who}: {format_quantity(set_[each.name], each.dimension)}" for who, set_ in instead if each.name in set_)
    unit = DIMENSIONS[each.dimension].canonical
    return NumberCell(value, unit), unit, "; ".join(told)


def _style(each: Parameter) -> str:
    return ASSUMED if each.grade in WEAK else ""


def _assumed(each: Parameter) -> tuple[Content, ...]:
    low, high = each.interval or (None, None)
    ends = (None if end is None else NumberCell(end, each.unit) for end in (low, high))
    return (each.name, "parameter", each.label, NumberCell(each.value, each.unit), each.unit, *ends, each.grade,
            each.note.strip())  # fmt: skip


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
    yield "country", study.country
    yield "start", study.start.isoformat()
    yield "years", study.years
    yield "simulated people", NumberCell(results.people)
    yield "people with chronic low back pain at the start", NumberCell(results.country_cases)
    yield "replications", results.replications
    yield "seed", study.seed
    yield "engine", results.engine
    yield "events simulated", NumberCell(results.events)
    yield "comparator", study.comparator
    yield "perspective of the headline", study.perspective
    yield "discount rate", f"{exact_percent(study.discount_rate)} per year, costs and health alike"
    yield "thresholds", ", ".join(f"{dollars(threshold)} per QALY" for threshold in study.thresholds)
    yield "price year", study.price_year
    yield from _of_draws(book)
    yield "hash of the registry of inputs", registry_hash()
    asked = json.dumps(study.resolved(), sort_keys=True).encode()
    yield "hash of the study, resolved", f"sha256:{hashlib.sha256(asked).hexdigest()}"
    yield "to repeat", repeat(book)
    yield "", "scenarios/ is the folder of the study's files; the same files, version and seed give the same tables."


def _of_draws(book: Book) -> Iterator[tuple[Content, Content]]:
    results = book.results
    if not isinstance(results, ProbabilisticResults):
        yield "draws", "none: inputs at their point estimates"
        return
    yield "draws", len(results.draws.numbers)
    yield "people in each draw", results.draws.plan.people
    yield "inputs drawn", results.draws.parameters.shape[1]
