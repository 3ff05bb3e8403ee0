"""Who pays: health care by year under each policy, and what each payer pays more or less."""

from __future__ import annotations

import math

import pandas as pd

from lbpsim.cea.budget_impact import best_known, budget_impact, longer_periods
from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.budget import ALL_PAYERS
from lbpsim.report.format import signed
from lbpsim.report.narrative import titles
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.payers import grades_of_split, paid_by, payer_label
from lbpsim.report.page.curves import YearlyChart, apart, choices
from lbpsim.report.page.figures import MILLION, millions
from lbpsim.report.page.forest import Forest, ForestRow
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.report.rows import rows_of

KEY, TITLE = "payers", "Who pays"
CARE = YearlyChart("cost_health_system", "What all payers spend on health care", MONEY)
SOCIETY = YearlyChart("cost_societal", "Health care and lost work", MONEY)
Table = tuple[list[str], list[Row]]  # heads of its columns of numbers, and rows


def section(material: Material) -> Section | None:
    """Health care by year, and the best choice by payer; folded, budgets of every policy by payer."""
    if material.case is None:
        return None
    values = {
        "care": choices(material, CARE, titles.spent(material.case)),
        "payers": _by_payer(material.case),
        "more": choices(material, SOCIETY) + apart(material, CARE) + apart(material, SOCIETY),
        "periods": _budget(material),
        "over_draws": best_known(_table(material)) == "mean",
    }
    return Section(KEY, TITLE, "payers.html", values)


def _by_payer(case: Comparison) -> Forest:
    each = paid_by(case)
    rows = [ForestRow(payer_label(payer), cost, leads=True) for payer, cost in each.items()]
    last = case.results.years[-1]
    caption = f"To the end of {last}, discounted. The split by payer is {grades_of_split(case)}; below zero: saved."
    return Forest(
        "by-payer", titles.payers(case, each), "Payer", "Change in health care costs", MONEY, rows, (), caption
    )


def _table(material: Material) -> pd.DataFrame:
    decision = material.decision
    return decision.budget if decision is not None else budget_impact(material.results)


def _budget(material: Material) -> list[tuple[str, list[str], list[Row]]]:
    """Budget impact by payer over the first years and over all."""
    table = _table(material)
    return [(period, *_in_period(material, rows_of(table, period=period))) for period in longer_periods(table)]


def _in_period(material: Material, table: pd.DataFrame) -> Table:
    wide = table.pivot_table(index="scenario", columns="payer", values=best_known(table))
    sums = table[table["payer"] == ALL_PAYERS].set_index("scenario")[["low", "high"]].T
    payers = [payer for payer in dict.fromkeys(table["payer"]) if payer != ALL_PAYERS and wide[payer].abs().sum() > 0.0]
    rows = material.rows(
        lambda name: (
            *(_millions(float(wide[payer][name]), signs=True) for payer in payers),
            Cell(_millions(float(wide[ALL_PAYERS][name]), signs=True), below=_interval(*sums[name])),
        )
    )
    return [*map(payer_label, payers), "All payers"], rows


def _interval(low: float, high: float) -> str:
    """The 95% interval of what all payers pay, over draws; empty without enough of them."""
    return "" if math.isnan(low) else " to ".join(_millions(end, signs=True) for end in (low, high))


def _millions(value: float, *, signs: bool = False) -> str:
    text = millions(value) if abs(value) >= MILLION / 1000 else "0"
    return signed(text, float(value)) if signs and text != "0" else text
