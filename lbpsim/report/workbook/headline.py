"""The sheet that answers first: what each policy changes, as formulas over the differences, with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.psa.uncertainty_tables import uncertainty_incremental
from lbpsim.report.charts.series import interval_factor
from lbpsim.report.format import known
from lbpsim.report.which_years import which_years
from lbpsim.report.workbook.book import Book, Sheet
from lbpsim.report.workbook.cells import Content, Grid, Heading, Live, NumberCell, Row
from lbpsim.report.workbook.totals import error

FACTOR = "interval_factor"
Spread = tuple[float, float, float]  # mean over draws, and the ends of the interval


@dataclass(frozen=True)
class Line:
    """A line of the headline: `outcome` under a `label`, turned round where a fall is the gain; `discounted` or not."""

    outcome: str
    label: str
    sign: int = 1
    discounted: bool = True


LINES = (
    Line("qalys", "QALYs gained"),
    Line("qalys_with_beyond", "QALYs gained, with what lies beyond the study's years"),
    Line("dalys", "DALYs averted", -1),
    Line("dalys_with_beyond", "DALYs averted, with what lies beyond the study's years", -1),
    Line("ylds", "Years lived with disability (YLDs, without deaths) averted", -1),
    Line("cost_health_system", "Change in health care costs"),
    Line("cost_societal", "Change in health care costs and lost work"),
    Line("cft_courses", "Change in CFT courses started", discounted=False),
    Line("opioid_years", "Change in years on long-term opioids", discounted=False),
    Line("overdose_deaths", "Change in deaths from overdose", discounted=False),
    Line("surgeries", "Change in lumbar fusions", discounted=False),
)
HEADINGS = (
    Heading("policy", meaning="Policy, by its title; other sheets have the names of the files."),
    Heading("what changes", meaning="Difference from the comparator; of a gain, below zero is a loss."),
    Heading("unit"),
    Heading("discounted", meaning="Whether later years count for less, at the study's discount rate."),
    Heading("change", meaning="A formula over the sheets of differences, at the point estimates of all inputs."),
    Heading("95% Monte Carlo, low", meaning="Change less interval_factor errors: luck alone."),
    Heading("95% Monte Carlo, high", meaning="Change plus interval_factor errors: luck alone."),
    Heading("beyond luck?", meaning="Whether the Monte Carlo interval leaves zero out."),
)
FILE = Heading("file", meaning="Policy, by the name of its file, as in the other sheets.")
OVER_DRAWS = (
    Heading("mean over draws", meaning="Mean change over the draws of all uncertain inputs."),
    Heading("95% uncertainty, low", meaning="From the inputs alone; empty where most of the spread is noise."),
    Heading("95% uncertainty, high", meaning="From the inputs alone; empty where most of the spread is noise."),
    Heading("beyond unsure inputs?", meaning="Whether the uncertainty interval leaves zero out."),
)


def headline_sheet(book: Book) -> Sheet:
    """The sheet with its title and notes, to be filled when the differences stand."""
    results = book.results
    drawn = isinstance(results, ProbabilisticResults)
    inputs = (
        "How sure the answer is stands in the intervals over draws, which are those to quote."
        if drawn
        else "Parameter uncertainty was not run (`--draws 0`): no interval here says how sure the answer is."
    )
    sheet = book.sheet(
        "Headline",
        "What each policy changes against the comparator, with intervals.",
        f"What each policy changes against {results.scenarios[0]}: {book.where_and_when}",
        (
            "For the country over the whole horizon. Health and costs are discounted, events are counted in full. "
            f"Costs in AUD of {results.study.price_year}. {which_years(results.study)}",
            f"Monte Carlo intervals are the error of the simulation: how far luck could move a figure. {inputs}",
        ),
    )
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
    pairs = [(policy, line) for policy in book.results.scenarios[1:] for line in LINES]
    rows = []
    for number, (policy, line) in enumerate(pairs, start=sheet.first + 1):
        cells = _simulated(line, policy, discounted if line.discounted else undiscounted, book.named[FACTOR], number)
        draws = _over_draws(line, drawn.get((policy, line.outcome)), number) if drawn else ()
        rows.append(Row((book.results.study.policy(policy).title, *cells, *draws, policy)))
    sheet.table((*HEADINGS, *(OVER_DRAWS if drawn else ()), FILE), rows, frozen=2)


def _drawn(book: Book) -> Mapping[tuple[str, str], Spread]:
    """By policy and outcome, what the draws say of the discounted differences."""
    if not isinstance(book.results, ProbabilisticResults):
        return {}
    table = uncertainty_incremental(book.results.draws)
    keys = zip(table["scenario"], table["outcome"], strict=True)
    return dict(zip(keys, zip(table["mean"], table["low"], table["high"], strict=True), strict=True))


def _simulated(line: Line, policy: str, over: Grid, factor: float, row: int) -> tuple[Content, ...]:
    """Cells B to H of a row, counted from 1."""
    unit = OUTCOMES[line.outcome].unit
    value, half = line.sign * over.value(line.outcome, policy), factor * over.value(line.outcome, error(policy))
    minus = "-" if line.sign < 0 else ""
    change = Live(f"={minus}{over.cell(line.outcome, policy)}", value, unit, signed=True)
    start = (line.label, unit, "yes" if line.discounted else "no", change)
    if not known(half):
        return (*start, None, None, "not known" if value else "no change seen")
    spread = f"{FACTOR}*{over.cell(line.outcome, error(policy))}"
    low = Live(f"=E{row}-{spread}", value - half, unit, signed=True)
    high = Live(f"=E{row}+{spread}", value + half, unit, signed=True)
    return (*start, low, high, Live(_reading("F", "G", row), reading(value - half, value + half)))


def _over_draws(line: Line, found: Spread | None, row: int) -> tuple[Content, ...]:
    """Cells I to L of a row; nothing for what the draws do not hold."""
    if found is None or not line.discounted:
        return (None,) * len(OVER_DRAWS)
    unit, mean = OUTCOMES[line.outcome].unit, line.sign * found[0]
    if math.isnan(found[1]):
        return (NumberCell(mean, unit, signed=True), None, None, "too noisy to tell")
    low, high = sorted(line.sign * end for end in found[1:])
    cells = (NumberCell(each, unit, signed=True) for each in (mean, low, high))
    return (*cells, Live(_reading("J", "K", row), reading(low, high)))


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
