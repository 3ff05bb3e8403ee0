"""What the money buys: ratios and net benefits as formulas over differences, at thresholds that readers can change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lbpsim.cea.frontier import PERSPECTIVES, net_benefit
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.ce_plane import PERSPECTIVE_TITLES
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cells import Content, Grid, Heading, Live, NumberCell, Row
from lbpsim.report.workbook.headline import FACTOR
from lbpsim.report.workbook.totals import error

RATIO = "AUD per QALY"
NOISE = "difference in health or cost not told apart from zero"
QUADRANTS = {  # by the signs of health and cost
    (True, True): "more health, higher cost",
    (True, False): "more health, lower cost",
    (False, True): "less health, higher cost",
    (False, False): "less health, lower cost",
}
HEADINGS = (
    Heading("policy", meaning="Policy, by the name of its file."),
    Heading("whose costs", meaning="Health care alone, or with lost work."),
    Heading("QALYs gained", "QALYs", "A formula over the sheet Incremental."),
    Heading("mcse of QALYs", "QALYs", "Monte Carlo standard error of the paired difference."),
    Heading("extra cost", "AUD", "A formula over the sheet Incremental; below zero is a saving."),
    Heading("mcse of cost", "AUD", "Monte Carlo standard error of the paired difference."),
    Heading("correlation", meaning="Of the Monte Carlo errors of QALYs and cost, between replications; a value."),
    Heading("ICER against comparator", RATIO, "Extra cost for a QALY; empty where signs differ, or all is noise."),
    Heading("where it lies", meaning="Beyond the 95% Monte Carlo intervals; unsure inputs are not in it."),
)


@dataclass(frozen=True)
class Pair:
    """QALYs and cost of a policy against the comparator, with errors and their correlation."""

    qalys: float
    qalys_error: float
    cost: float
    cost_error: float
    correlation: float

    @property
    def known(self) -> bool:
        """Whether there are Monte Carlo errors."""
        return not math.isnan(self.correlation)


def cost_effectiveness(book: Book, over: Grid) -> None:
    """The sheet of ratios and net benefits, over the sheet of discounted differences."""
    results = book.results
    sheet = book.sheet(
        "Cost-effectiveness",
        "Ratios and net benefits against the comparator, at thresholds that you can change.",
        f"What the money buys, against {results.scenarios[0]}: {book.where_and_when}",
        (
            "Change the thresholds in the framed cells: net benefits and their errors follow. Discounted, for the "
            "country. Where a policy loses QALYs and saves money, its ratio is what is saved for each QALY lost.",
            "A ratio against the comparator does not say which policy to choose: see Frontier, or compare benefits. "
            "Errors of differences are values, since policies share their luck; those of net benefits are formulas.",
        ),
    )
    names = [f"threshold_{number}" for number, _ in enumerate(results.study.thresholds, start=1)]
    for name, threshold in zip(names, results.study.thresholds, strict=True):
        sheet.setting(name, "what a QALY is worth", threshold, RATIO)
    rows: list[Row] = []
    for policy in results.scenarios[1:]:
        for perspective in PERSPECTIVES:
            rows.append(Row(_row(book, over, names, policy, perspective, sheet.first + len(rows) + 1)))
    sheet.table((*HEADINGS, *(heading for name in names for heading in _headings(name))), rows, frozen=2)


def correlation(results: Results, policy: str, outcome: str) -> float:
    """Correlation between replications of a policy's discounted differences in QALYs and in `outcome`.

    0 where either does not vary, not a number with one replication.
    """
    if results.replications < 2:
        return math.nan
    columns = [list(OUTCOMES).index(name) for name in ("qalys", outcome)]
    place = results.scenarios.index(policy)
    whole = results.horizon_by_replication
    each = (whole[place] - whole[0])[:, 1, columns]  # one value a replication
    if (each.std(axis=0) == 0.0).any():
        return 0.0
    return float(np.corrcoef(each.T)[0, 1])


def _row(book: Book, over: Grid, names: Sequence[str], policy: str, perspective: str, row: int) -> tuple[Content, ...]:
    """All cells of a policy from a perspective, in the row counted from 1."""
    outcome, factor = PERSPECTIVES[perspective], book.named[FACTOR]
    values = [over.value(each, key) for each in ("qalys", outcome) for key in (policy, error(policy))]
    found = Pair(*[*values, correlation(book.results, policy, outcome)])
    start = (policy, PERSPECTIVE_TITLES[perspective], *_differences(over, policy, outcome, found))
    worth = (cell for name in names for cell in _worth(book, name, found, row))
    return (*start, _ratio(found, row, factor), _place(found, row, factor), *worth)


def _headings(name: str) -> tuple[Heading, Heading]:
    return (
        Heading(f"net benefit at {name}", "AUD", "QALYs gained, valued at the threshold, less extra cost; a formula."),
        Heading(f"mcse of net benefit at {name}", "AUD", "From both errors and their correlation; a formula."),
    )


def _differences(over: Grid, policy: str, outcome: str, found: Pair) -> tuple[Content, ...]:
    """Cells C to G."""
    values = (found.qalys, found.qalys_error, found.cost, found.cost_error)
    cells: list[Content] = []
    for place, (each, key) in enumerate((each, key) for each in ("qalys", outcome) for key in (policy, error(policy))):
        known = not math.isnan(values[place])
        formula = f"={over.cell(each, key)}"
        cells.append(Live(formula, values[place], OUTCOMES[each].unit, signed=key == policy) if known else None)
    return (*cells, NumberCell(found.correlation))


def _ratio(found: Pair, row: int, factor: float) -> Live:
    """The ICER where QALYs and cost have the same sign and the QALYs are not noise; else an empty text."""
    clear = not found.known or abs(found.qalys) > factor * found.qalys_error
    shown = clear and found.qalys * found.cost > 0.0
    noise = f",ABS(C{row})>{FACTOR}*D{row}" if found.known else ""
    formula = f'=IF(AND(C{row}*E{row}>0{noise}),E{row}/C{row},"")'
    return Live(formula, found.cost / found.qalys if shown else "", RATIO)


def _place(found: Pair, row: int, factor: float) -> Content:
    """The quadrant of the cost-effectiveness plane, unless luck could move the policy out of it."""
    if not found.known:
        return "errors not known with one replication"
    noise = f"OR(ABS(C{row})<={FACTOR}*D{row},ABS(E{row})<={FACTOR}*F{row})"
    more, less = (_by_cost(row, gains) for gains in (True, False))
    lost = abs(found.qalys) <= factor * found.qalys_error or abs(found.cost) <= factor * found.cost_error
    value = NOISE if lost else QUADRANTS[found.qalys > 0.0, found.cost > 0.0]
    return Live(f'=IF({noise},"{NOISE}",IF(C{row}>0,{more},{less}))', value)


def _by_cost(row: int, gains: bool) -> str:
    return f'IF(E{row}>0,"{QUADRANTS[gains, True]}","{QUADRANTS[gains, False]}")'


def _worth(book: Book, name: str, found: Pair, row: int) -> tuple[Content, Content]:
    """Net benefit at the threshold in the cell `name`, and its error."""
    at = book.named[name]
    benefit = Live(f"={name}*C{row}-E{row}", net_benefit(found.cost, found.qalys, at), "AUD", signed=True)
    if not found.known:
        return benefit, None
    each, cross = (at * found.qalys_error) ** 2 + found.cost_error**2, found.qalys_error * found.cost_error
    variance = each - 2.0 * at * found.correlation * cross
    formula = f"=SQRT(MAX(0,({name}*D{row})^2+F{row}^2-2*{name}*G{row}*D{row}*F{row}))"
    return benefit, Live(formula, math.sqrt(max(0.0, variance)), "AUD")
