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
from lbpsim.report.page.figures import number
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Folded, Head, Heading, Part, Picture, Pictures, Section, Sheet, Words
from lbpsim.report.page.pictures import inlined
from lbpsim.study.phrasing import span

KEY, TITLE = "costs", "Costs: who pays"
CHANGES = (
    YearlyChart("cost_health_system", "Change in health care costs", "AUD"),
    YearlyChart("cost_societal", "Change in health care costs and lost work", "AUD"),
)
MILLION = 1e6


def section(material: Material) -> Section:
    """Costs by year, by payer, as budget impact, and by what the money is spent on."""
    results = material.results
    if len(results.scenarios) == 1:
        return Section(KEY, TITLE, (_spent(material), *_by_payer(material)))
    told = (
        f"Undiscounted, in Australian dollars of {results.study.price_year}. A budget holds what is paid for health "
        "care; lost work is on nobody's budget. Shares by payer are an accounting of today's rules, and a policy "
        "may change them."
    )
    parts: list[Part] = [Words(told)]
    parts += [Pictures(tuple(picture for subject in CHANGES for picture in pair(material, subject)))]
    parts += [Heading("costs-payers", "By payer"), *_by_payer(material)]
    parts += [Heading("costs-budget", "Budget impact"), *_budget(material)]
    parts += [Heading("costs-categories", "On what"), _spent(material)]
    return Section(KEY, TITLE, tuple(parts))


def _by_payer(material: Material) -> list[Part]:
    title = "Costs by payer and year"
    markup = inlined("costs-by-payer", title, lambda: costs.draw(material.results))
    if markup is None:
        return []
    caption = "Every policy has a panel; rows of panels have scales of their own. The figures are in the tables below."
    return [Picture("costs-by-payer", title, markup, caption, _payers_with_lost_work(material))]


def _payers_with_lost_work(material: Material) -> Sheet:
    """What each payer pays over the horizon, lost work included."""
    caption = "By payer over the horizon, lost work included"
    return _level_and_changes(material, "payer", payer_label, "costs-by-payer-table", caption)


def _spent(material: Material) -> Sheet:
    """What the money is spent on over the horizon."""
    return _level_and_changes(
        material, "category", _category, "costs-by-category", "By what it is spent on, over the horizon"
    )


def _level_and_changes(material: Material, column: str, label: Callable[[str], str], key: str, caption: str) -> Sheet:
    """Sums over the horizon in each kind of a column: levels of the comparator, changes of the others."""
    results = material.results
    sums: dict[Any, float] = results.costs.groupby(["scenario", column])["cost"].sum().to_dict()
    first = results.scenarios[0]
    kinds = sorted({str(key[1]) for key in sums}, key=lambda kind: (-sums.get((first, kind), 0.0), kind))
    level = (Cell(f"{material.label(first)}: level"), *(_millions(sums.get((first, kind), 0.0)) for kind in kinds))
    changes = tuple(
        (
            material.cell(name),
            *(_millions(sums.get((name, kind), 0.0) - sums.get((first, kind), 0.0), signs=True) for kind in kinds),
        )
        for name in material.shown
    )
    return Sheet(
        key,
        f"{caption} (AUD million, {span(results.years)})",
        (Head("Policy"), *(Head(label(kind), number=True) for kind in kinds)),
        (level, *changes),
        note="First row: the level under the comparator. Other rows: the change against it. At the best estimates.",
    )


def _budget(material: Material) -> list[Part]:
    decision, results = material.decision, material.results
    table = decision.budget if decision is not None else budget_impact(results)
    spans = [str(period) for period in dict.fromkeys(table["period"]) if "-" in str(period)]
    sheets = tuple(_budget_sheet(material, table, period) for period in spans or [str(table["period"].iloc[0])])
    by_year = Folded("Budget impact by calendar year", (_yearly_budget(material, table),))
    title = "Budget impact by payer"
    drawn = inlined("budget", title, lambda: budget.draw(results, decision)) if decision is not None else None
    if drawn is None:
        return [*sheets, by_year]
    caption = "Change in what each payer pays for health care. The figures are in the tables below."
    return [Picture("budget", title, drawn, caption), *sheets, by_year]


def _budget_sheet(material: Material, table: pd.DataFrame, period: str) -> Sheet:
    wide = table[table["period"] == period].pivot_table(index="scenario", columns="payer", values="cost")
    payers = [payer for payer in dict.fromkeys(table["payer"]) if payer != ALL_PAYERS and wide[payer].abs().sum() > 0.0]
    columns = (*(Head(payer_label(payer), number=True) for payer in payers), Head("All payers", number=True))
    return Sheet(
        f"budget-{period}",
        f"Change in what is paid for health care, {period.replace('-', ' to ')} (AUD million)",
        (Head("Policy"), *columns),
        tuple(
            (material.cell(name), *(_millions(float(wide[payer][name]), signs=True) for payer in (*payers, ALL_PAYERS)))
            for name in material.shown
        ),
    )


def _yearly_budget(material: Material, table: pd.DataFrame) -> Sheet:
    every = table[table["payer"] == ALL_PAYERS].pivot_table(index="period", columns="scenario", values="cost")
    years, shown = [str(year) for year in material.results.years], material.shown
    return Sheet(
        "budget-by-year",
        "Change in what all payers pay for health care, by calendar year (AUD million)",
        (Head("Year"), *(Head(material.label(name), number=True) for name in shown)),
        tuple(
            (Cell(year), *(_millions(float(every[name][year]), signs=True) for name in material.shown))
            for year in years
        ),
    )


def _category(name: str) -> str:
    return "CFT" if name == "cft" else name.replace("_", " ").capitalize()


def _millions(value: float, *, signs: bool = False) -> Cell:
    text = number(float(value) / MILLION) if abs(value) >= MILLION / 1000 else "0"
    return Cell(signed(text, float(value)) if signs and text != "0" else text)
