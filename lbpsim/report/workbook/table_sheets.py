"""Sheets that show tables as their descriptions say: frontier, quintiles, equity, uncertainty, choices, information."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from lbpsim.cea.choice_set import choosable
from lbpsim.cea.frontier import PERSPECTIVES, discounted_totals, frontier, frontier_table, steps
from lbpsim.evidence.output_tables import Table, output_table
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.groups import QUINTILES
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.psa.uncertainty_tables import uncertainty_incremental
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cells import Content, Heading, NumberCell, Row
from lbpsim.report.workbook.totals import PAIRED, by_key
from lbpsim.report.workbook.years import mcse
from lbpsim.study.phrasing import number_of
from lbpsim.voi.decision_analysis import Decision

DRAWS_WANTED = "It takes draws of the uncertain inputs: `lbpsim run scenarios/`, without `--draws 0`."
LIFETIME_WANTED = "It takes people followed to death: `lbpsim run scenarios/ --follow lifetime`."
GAINS = (
    # outcome, whether discounted
    *(("qalys", True), ("ylds", True), ("dalys", True), ("cost_health_system", True), ("cost_lost_work", True)),
    *(("cft_courses", False), ("opioid_years", False), ("overdose_deaths", False), ("surgeries", False)),
)
BIGGEST_FIRST = ("perspective", "threshold", "value")
OF_GAINS = (
    Heading("outcome", meaning="What is counted, by its name in all tables."),
    Heading("policy", meaning="Policy, by the name of its file."),
    Heading("what it is", meaning="The outcome in words."),
    Heading("unit", meaning="Unit of all figures of the row."),
    Heading("discounted", meaning="Whether later years count for less."),
)


def frontier_sheet(book: Book) -> None:
    """The sheet of the efficiency frontier."""
    results = book.results
    table = output_table("frontier", results.study.thresholds)
    notes = (
        f"{table.description} Costs in AUD of {results.study.price_year}.",
        "At the point estimates: a frontier does not say how sure its order is. The sheet Cost-effectiveness has the "
        "same net benefits against the comparator as formulas.",
        *_without_benchmarks(results),
    )
    _described(book, "Frontier", "Which policies no other policy, or mix of two, beats.", table, notes,
               frontier_table(results))  # fmt: skip


def _without_benchmarks(results: Results) -> Iterator[str]:
    """What the frontier is without policies that nobody could choose, where there are any."""
    possible = choosable(results.study)
    beyond = [name for name in results.scenarios if name not in possible]
    if not beyond:
        return
    yield f"No choice, but a benchmark, since capacity is assumed away: {', '.join(beyond)}."
    for perspective, outcome in PERSPECTIVES.items():
        totals = (
            dict(zip(results.scenarios, discounted_totals(results, each), strict=True)) for each in (outcome, "qalys")
        )
        costs, qalys = ([total[name] for name in possible] for total in totals)
        found = frontier(possible, costs, qalys)
        yield f"On the frontier of the others, {perspective}: {', '.join(option.name for option in steps(found))}."


def per_thousand(book: Book) -> None:
    """The sheet of what treatments do to 1,000 people."""
    table = output_table("per_thousand")
    notes = (
        table.description,
        f"Figures are not for the country. Costs in AUD of {book.results.study.price_year}.",
    )
    holds = "What each treatment does to 1,000 people who get it."
    _described(book, "Per 1,000 treated", holds, table, notes, book.results.per_thousand)


def who_gains(book: Book) -> None:
    """The sheet of differences by socioeconomic quintile, quintiles as columns."""
    results = book.results
    sheet = book.sheet(
        "Who gains",
        "Main differences from the comparator by socioeconomic quintile.",
        f"Differences from {results.scenarios[0]} by quintile: {book.where_and_when}",
        (
            "Fifths of the country, 1 the most disadvantaged; without what belongs to no person, such as training.",
            PAIRED,
        ),
    )
    by = ("outcome", "discounted", "scenario", "quintile")
    changes, errors = (by_key(results.incremental_by_quintile, by, name) for name in ("difference", "mcse"))
    headings = (
        *OF_GAINS,
        *(Heading(f"quintile {each}", key=each) for each in QUINTILES),
        *(Heading(f"mcse {each}", key=mcse(each)) for each in QUINTILES),
    )
    rows = []
    for outcome, discounted in GAINS:
        for policy in results.scenarios[1:]:
            about, keys = OUTCOMES[outcome], [(outcome, discounted, policy, each) for each in QUINTILES]
            start = (outcome, policy, about.label, about.unit, "yes" if discounted else "no")
            figures = (NumberCell(changes[key], about.unit, signed=True) for key in keys)
            rows.append(Row((*start, *figures, *(NumberCell(errors[key], about.unit) for key in keys))))
    sheet.table(headings, rows, frozen=2)


def equity(book: Book, decision: Decision) -> None:
    """The sheets of net health by quintile and of its worth to those averse to inequality."""
    for name, key, holds in (
        ("Net health", "net_health", "QALYs that each fifth gains, and loses because money is not spent elsewhere."),
        ("Equity", "equity", "What policies are worth to people averse to inequality of healthy life."),
    ):
        table = output_table(key)
        _described(book, name, holds, table, (table.description,), decision.tables[key])


def switches(book: Book) -> None:
    """The sheet of the headline under other readings of the model."""
    name, holds = "Readings", "The headline under other readings of the model, one choice made otherwise at a time."
    found = book.results.switches
    if found is None:
        book.leave_out(name, holds, "These results were made without them: `lbpsim run scenarios/` makes them.")
        return
    table = output_table("switches")
    notes = (table.description, "mcse and change_mcse are errors of the simulation, not how sure the answer is.")
    _described(book, name, holds, table, notes, found)


def uncertainty(book: Book) -> None:
    """The sheet of differences over the draws; without draws, a line in the contents that says how to get it."""
    name, holds = "Uncertainty", "How unsure the differences are, from the draws of all uncertain inputs."
    results = book.results
    if not isinstance(results, ProbabilisticResults):
        book.leave_out(name, holds, DRAWS_WANTED)
        return
    table = output_table("uncertainty_incremental")
    draws = results.draws
    notes = (
        f"{table.description} {number_of(len(draws.numbers), 'draw')} of "
        f"{number_of(draws.parameters.shape[1], 'input')}, "
        f"{number_of(draws.plan.people, 'person')} each.",
        "sd, low and high are from the inputs alone, Monte Carlo noise taken out; mcse is the Monte Carlo error of the "
        "mean.",
    )
    _described(book, name, holds, table, notes, uncertainty_incremental(draws))


def choices(book: Book, decision: Decision) -> None:
    """The sheets of acceptability and of the value of information; without draws, how to get them."""
    for name, key, holds in (
        ("Acceptability", "ceac", "How likely each policy is the best, by what a QALY is worth, and what is at stake."),
        ("Value of information", "voi", "What learning inputs exactly before choosing could gain at most."),
    ):
        frame, table = decision.tables.get(key), output_table(key)
        if frame is None:
            book.leave_out(name, holds, DRAWS_WANTED)
            continue
        if key == "voi":
            frame = frame.sort_values(list(BIGGEST_FIRST), ascending=[True, True, False], kind="stable")
        note = f"From {number_of(decision.draws, 'draw')}, between {', '.join(decision.choices)}."
        _described(book, name, holds, table, (table.description, note), frame)


def lifetime(book: Book) -> None:
    """The sheet of differences by part of life; where nobody was followed, a line in the contents that says how."""
    name, holds = "Lifetime", "Differences within the study's years, beyond them, and over the lifetime."
    results = book.results
    if results.beyond is None:
        book.leave_out(name, holds, LIFETIME_WANTED)
        return
    table = output_table("lifetime_incremental")
    _described(book, name, holds, table, (table.description, PAIRED), results.lifetime_incremental)


def _described(book: Book, name: str, holds: str, table: Table, notes: Sequence[str], frame: pd.DataFrame) -> None:
    sheet = book.sheet(name, holds, f"{table.title}: {book.where_and_when}", notes)
    headings = [Heading(column.name.replace("_", " "), column.unit, column.meaning) for column in table.columns]
    units = frame["unit"].tolist() if "unit" in frame else [""] * len(frame)
    columns = [
        [
            _content(value, column.kind, column.unit or unit)
            for value, unit in zip(frame[column.name], units, strict=True)
        ]
        for column in table.columns
    ]
    sheet.table(headings, [Row(cells) for cells in zip(*columns, strict=True)], frozen=2)


def _content(value: object, kind: str, unit: str) -> Content:
    if kind == "number":
        return NumberCell(float(value), unit)  # type: ignore[arg-type]
    if kind == "boolean":
        return "yes" if value else "no"
    return int(value) if kind == "integer" else str(value)  # type: ignore[call-overload]
