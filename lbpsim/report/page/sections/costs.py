"""Costs: who pays more and who pays less, by year and over the first years, and on what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from lbpsim.cea.budget_impact import ALL_PAYERS, budget_impact
from lbpsim.report.charts import budget, costs
from lbpsim.report.charts.costs import payer_label
from lbpsim.report.format import signed
from lbpsim.report.page.curves import YearlyChart, pair
from lbpsim.report.page.figures import MILLION, millions
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Row, Section
from lbpsim.report.page.pictures import inlined
from lbpsim.report.rows import rows_of

KEY, TITLE = "costs", "Costs: who pays"
BY_PAYER, BUDGET = "Costs by payer and year", "Budget impact by payer"
CHANGES = (
    YearlyChart("cost_health_system", "Change in health care costs", "AUD"),
    YearlyChart("cost_societal", "Change in health care costs and lost work", "AUD"),
)
Table = tuple[list[str], list[Row]]  # heads of its columns of numbers, and rows


def section(material: Material) -> Section:
    """Costs by year, by payer, as budget impact, and by what the money is spent on."""
    results = material.results
    values: dict[str, Any] = {
        "by_payer": (BY_PAYER, inlined("costs-by-payer", BY_PAYER, lambda: costs.draw(results))),
        "payers": _level_and_changes(material, "payer", payer_label),
        "categories": _level_and_changes(material, "category", _category),
    }
    if not material.alone:
        changes = [chart for subject in CHANGES for chart in pair(material, subject)]
        values |= {"changes": changes, **_budget(material)}
    return Section(KEY, TITLE, "costs.html", values)


def _level_and_changes(material: Material, column: str, label: Callable[[str], str]) -> Table:
    """Sums over the horizon in each kind of a column: levels of the comparator, changes of the others."""
    results = material.results
    sums: dict[Any, float] = results.costs.groupby(["scenario", column])["cost"].sum().to_dict()
    first = results.scenarios[0]
    kinds = sorted({str(key[1]) for key in sums}, key=lambda kind: (-sums.get((first, kind), 0.0), kind))
    base = [sums.get((first, kind), 0.0) for kind in kinds]
    changes = material.rows(
        lambda name: (
            _millions(sums.get((name, kind), 0.0) - level, signs=True) for kind, level in zip(kinds, base, strict=True)
        )
    )
    return [label(kind) for kind in kinds], [(f"{material.label(first)}: level", *map(_millions, base)), *changes]


def _budget(material: Material) -> dict[str, Any]:
    """Budget impact by payer over the first years, and of all payers by year, with its chart where it was decided."""
    decision, results = material.decision, material.results
    table = decision.budget if decision is not None else budget_impact(results)
    spans = [str(period) for period in dict.fromkeys(table["period"]) if "-" in str(period)]
    periods = spans or [str(table["period"].iloc[0])]
    yearly = rows_of(table, payer=ALL_PAYERS).pivot_table(index="period", columns="scenario", values="cost")
    markup = inlined("budget", BUDGET, lambda: budget.draw(results, decision)) if decision is not None else None
    return {
        "budget": (BUDGET, markup),
        "periods": [(period, *_in_period(material, rows_of(table, period=period))) for period in periods],
        "yearly": [
            (year, *(_millions(float(yearly[name][year]), signs=True) for name in material.shown))
            for year in map(str, results.years)
        ],
    }


def _in_period(material: Material, table: pd.DataFrame) -> Table:
    wide = table.pivot_table(index="scenario", columns="payer", values="cost")
    payers = [payer for payer in dict.fromkeys(table["payer"]) if payer != ALL_PAYERS and wide[payer].abs().sum() > 0.0]
    rows = material.rows(
        lambda name: (_millions(float(wide[payer][name]), signs=True) for payer in (*payers, ALL_PAYERS))
    )
    return [*map(payer_label, payers), "All payers"], rows


def _category(name: str) -> str:
    return "CFT" if name == "cft" else name.replace("_", " ").capitalize()


def _millions(value: float, *, signs: bool = False) -> str:
    text = millions(value) if abs(value) >= MILLION / 1000 else "0"
    return signed(text, float(value)) if signs and text != "0" else text
