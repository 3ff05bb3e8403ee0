"""What the money buys: ratios and net benefits as formulas over differences, at thresholds that readers can change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lbpsim.cea.frontier import PERSPECTIVES, net_benefit
from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.ce_plane import PERSPECTIVE_TITLES
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.cells import Cell, Content, Grid, Row
from lbpsim.report.workbook.headline import FACTOR
from lbpsim.report.workbook.outcome_sheets import error

RATIO = f"{MONEY} per QALY"
NOISE = "difference in health or cost not told apart from zero"
QUADRANTS = {  # by the signs of health and cost
    (True, True): "more health, higher cost",
    (True, False): "more health, lower cost",
    (False, True): "less health, higher cost",
    (False, False): "less health, lower cost",
}


@dataclass(frozen=True)
class HealthAndCost:
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
    sheet = book.sheet("Cost-effectiveness")
    names = [f"threshold_{number}" for number, _ in enumerate(results.study.thresholds, start=1)]
    for name, threshold in zip(names, results.study.thresholds, strict=True):
        sheet.setting(name, "what a QALY is worth", threshold, RATIO)
    rows: list[Row] = []
    for policy in results.scenarios[1:]:
        for perspective in PERSPECTIVES:
            rows.append(Row(_row(book, over, names, policy, perspective, sheet.first + len(rows) + 1)))
    sheet.table(rows, threshold=names)


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
    places = [(each, name) for each in ("qalys", outcome) for name in (policy, error(policy))]
    values = [over.value(*place) for place in places]
    found = HealthAndCost(*[*values, correlation(book.results, policy, outcome)])
    differences = (
        None if math.isnan(value) else Cell(value, OUTCOMES[each].unit, name == policy, f"={over.cell(each, name)}")
        for (each, name), value in zip(places, values, strict=True)
    )
    start = (policy, PERSPECTIVE_TITLES[perspective], *differences, Cell(found.correlation))
    worth = (cell for name in names for cell in _worth(book, name, found, row))
    return (*start, _ratio(found, row, factor), _place(found, row, factor), *worth)


def _ratio(found: HealthAndCost, row: int, factor: float) -> Cell:
    """The ICER where QALYs and cost have the same sign and the QALYs are not noise; else an empty text."""
    clear = not found.known or abs(found.qalys) > factor * found.qalys_error
    shown = clear and found.qalys * found.cost > 0.0
    noise = f",ABS(C{row})>{FACTOR}*D{row}" if found.known else ""
    formula = f'=IF(AND(C{row}*E{row}>0{noise}),E{row}/C{row},"")'
    return Cell(found.cost / found.qalys if shown else "", RATIO, formula=formula)


def _place(found: HealthAndCost, row: int, factor: float) -> Content:
    """The quadrant of the cost-effectiveness plane, unless Monte Carlo error could move the policy out of it."""
    if not found.known:
        return "errors not known with one replication"
    noise = f"OR(ABS(C{row})<={FACTOR}*D{row},ABS(E{row})<={FACTOR}*F{row})"
    more, less = (_by_cost(row, gains) for gains in (True, False))
    lost = abs(found.qalys) <= factor * found.qalys_error or abs(found.cost) <= factor * found.cost_error
    value = NOISE if lost else QUADRANTS[found.qalys > 0.0, found.cost > 0.0]
    return Cell(value, formula=f'=IF({noise},"{NOISE}",IF(C{row}>0,{more},{less}))')


def _by_cost(row: int, gains: bool) -> str:
    return f'IF(E{row}>0,"{QUADRANTS[gains, True]}","{QUADRANTS[gains, False]}")'


def _worth(book: Book, name: str, found: HealthAndCost, row: int) -> tuple[Content, Content]:
    """Net benefit at the threshold in the cell `name`, and its error."""
    at = book.named[name]
    benefit = Cell(net_benefit(found.cost, found.qalys, at), MONEY, True, f"={name}*C{row}-E{row}")
    if not found.known:
        return benefit, None
    each, cross = (at * found.qalys_error) ** 2 + found.cost_error**2, found.qalys_error * found.cost_error
    variance = each - 2.0 * at * found.correlation * cross
    formula = f"=SQRT(MAX(0,({name}*D{row})^2+F{row}^2-2*{name}*G{row}*D{row}*F{row}))"
    return benefit, Cell(math.sqrt(max(0.0, variance)), MONEY, formula=formula)
