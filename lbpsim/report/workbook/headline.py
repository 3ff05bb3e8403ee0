"""The sheet that answers first: what each policy changes, as formulas over the differences, with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.estimate import interval_factor
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.psa.uncertainty_tables import uncertainty_incremental
from lbpsim.report.format import known
from lbpsim.report.which_years import which_years
from lbpsim.report.workbook.book import Book, Sheet
from lbpsim.report.workbook.cells import Cell, Content, Grid, Row
from lbpsim.report.workbook.outcome_sheets import error
from lbpsim.report.workbook.sheet_texts import HeadlineLine, sheet_texts

FACTOR = "interval_factor"
Spread = Sequence[float]  # mean over draws, and the ends of the interval


BEFORE_DRAWS, OF_DRAWS = 8, 4  # columns


def headline_sheet(book: Book) -> Sheet:
    """The sheet with its title and notes, to be filled when the differences stand."""
    results = book.results
    drawn = isinstance(results, ProbabilisticResults)
    inputs = (
        "Parameter uncertainty is in the intervals over draws, which are those to quote."
        if drawn
        else "Parameter uncertainty was not run (`--draws 0`): no interval here shows it."
    )
    sheet = book.sheet("Headline", inputs=inputs, which_years=which_years(results.study))
    sheet.setting(
        FACTOR,
        "half of a 95% Monte Carlo interval, by Student's t from the number of replications",
        interval_factor(results.replications),
        "standard errors",
    )
    return sheet


def fill_headline(sheet: Sheet, discounted: Grid, undiscounted: Grid) -> None:
    """The lines of every policy, over the sheets of differences."""
    book = sheet.book
    drawn = _drawn(book)
    pairs = [(policy, line) for policy in book.results.scenarios[1:] for line in sheet_texts().headline]
    rows = []
    for number, (policy, line) in enumerate(pairs, start=sheet.first + 1):
        cells = _simulated(line, policy, discounted if line.discounted else undiscounted, book.named[FACTOR], number)
        draws = _over_draws(line, drawn.get((policy, line.outcome)), number) if drawn else ()
        rows.append(Row((book.results.study.policy(policy).title, *cells, *draws, policy)))
    headings = sheet.headings()
    sheet.table(rows, headings if drawn else [*headings[:BEFORE_DRAWS], headings[-1]])


def _drawn(book: Book) -> Mapping[tuple[str, str], Spread]:
    """By policy and outcome, what the draws say of the discounted differences."""
    if not isinstance(book.results, ProbabilisticResults):
        return {}
    table = uncertainty_incremental(book.results.draws)
    columns = (table[name].tolist() for name in ("scenario", "outcome", "mean", "low", "high"))
    return {(scenario, outcome): ends for scenario, outcome, *ends in zip(*columns, strict=True)}


def _simulated(line: HeadlineLine, policy: str, over: Grid, factor: float, row: int) -> tuple[Content, ...]:
    """Cells B to H of a row, counted from 1."""
    unit = OUTCOMES[line.outcome].unit
    value, half = line.sign * over.value(line.outcome, policy), factor * over.value(line.outcome, error(policy))
    minus = "-" if line.sign < 0 else ""
    change = Cell(value, unit, True, f"={minus}{over.cell(line.outcome, policy)}")
    start = (line.label, unit, "yes" if line.discounted else "no", change)
    if not known(half):
        return (*start, None, None, "not known" if value else "no change seen")
    spread = f"{FACTOR}*{over.cell(line.outcome, error(policy))}"
    low = Cell(value - half, unit, True, f"=E{row}-{spread}")
    high = Cell(value + half, unit, True, f"=E{row}+{spread}")
    return (*start, low, high, Cell(reading(value - half, value + half), formula=_reading("F", "G", row)))


def _over_draws(line: HeadlineLine, found: Spread | None, row: int) -> tuple[Content, ...]:
    """Cells I to L of a row; nothing for what the draws do not hold."""
    if found is None or not line.discounted:
        return (None,) * OF_DRAWS
    unit, mean = OUTCOMES[line.outcome].unit, line.sign * found[0]
    if math.isnan(found[1]):
        return (Cell(mean, unit, signed=True), None, None, "too noisy to tell")
    low, high = sorted(line.sign * end for end in found[1:])
    cells = (Cell(each, unit, signed=True) for each in (mean, low, high))
    return (*cells, Cell(reading(low, high), formula=_reading("J", "K", row)))


def reading(low: float, high: float) -> str:
    """What an interval of a difference says about zero, as the formula says it.

    >>> reading(1.0, 2.0), reading(-1.0, 2.0), reading(0.0, 0.0)
    ('above zero', 'not told apart from zero', 'no change')
    """
    if low > 0.0:
        return "above zero"
    if high < 0.0:
        return "below zero"
    return "no change" if low == high == 0.0 else "not told apart from zero"


def _reading(low: str, high: str, row: int) -> str:
    a, b = f"{low}{row}", f"{high}{row}"
    zero = f'IF(AND({a}=0,{b}=0),"no change","not told apart from zero")'
    return f'=IF({a}>0,"above zero",IF({b}<0,"below zero",{zero}))'
