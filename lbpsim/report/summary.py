"""The headline of a run on a terminal: what each policy changes against the comparator."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from rich import box
from rich.table import Table

from lbpsim.outcomes.results import Results
from lbpsim.report.charts.series import interval_factor


@dataclass(frozen=True)
class Shown:
    """A column: `outcome` in units of `unit`, turned round where a fall is the gain."""

    outcome: str
    label: str
    unit: float
    sign: int = 1
    digits: int = 0


COLUMNS = (
    Shown("qalys", "QALYs gained\nthousand", 1e3, digits=1),
    Shown("dalys", "DALYs averted\nthousand", 1e3, -1, 1),
    Shown("cost_health_system", "Health care\nAUD billion", 1e9, digits=2),
    Shown("cost_societal", "Societal cost\nAUD billion", 1e9, digits=2),
)


def headline(results: Results) -> Table:
    """Differences from the comparator over the horizon, discounted, with the half-width of their 95% interval."""
    study = results.study
    table = Table(
        title=f"{study.country} {results.years[0]}-{results.years[-1]}, against {results.scenarios[0]}",
        caption=f"Difference ± half the 95% Monte Carlo interval; discounted at {study.discount_rate:.1%} a year.",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        caption_justify="left",
    )
    table.add_column("Policy", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column.label, justify="right", no_wrap=True)
    rows, factor = results.incremental, interval_factor(results.replications)
    for scenario in results.scenarios[1:]:
        mine = rows[(rows["scenario"] == scenario) & rows["discounted"]].set_index("outcome")
        table.add_row(scenario, *(_cell(mine, column, factor) for column in COLUMNS))
    return table


def _cell(rows: pd.DataFrame, column: Shown, factor: float) -> str:
    row = rows.loc[column.outcome]
    difference, error = column.sign * row["difference"] / column.unit, row["mcse"] / column.unit
    return f"{difference:+,.{column.digits}f} ± {factor * error:,.{column.digits}f}"
