"""The headline of a run on a terminal: what each policy changes against the comparator."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from rich import box
from rich.table import Table

from lbpsim.outcomes.results import Results
from lbpsim.report.charts.figures import PLUS_MINUS, to_places
from lbpsim.report.charts.series import interval_factor
from lbpsim.report.charts.shown import few
from lbpsim.study.phrasing import span

CAPTION = "Difference ± half the 95% Monte Carlo interval; discounted at {rate:.1%} a year."
WITHOUT_ERROR = "No ± where no error can be known: one replication, or as much in every one."


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
    """Differences from the comparator over the horizon, discounted, with the half-width of their 95% interval.

    Of many policies those are shown that charts show too.
    """
    results = few(results)
    study = results.study
    cells = _cells(results)
    without = any(PLUS_MINUS not in cell for row in cells.values() for cell in row)
    below = (WITHOUT_ERROR if without else "", results.part)
    table = Table(
        title=f"{study.country} {span(results.years, '-')}, against {results.scenarios[0]}",
        caption="\n".join(filter(None, (CAPTION.format(rate=study.discount_rate), *below))),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        caption_justify="left",
    )
    table.add_column("Policy", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column.label, justify="right", no_wrap=True)
    for scenario, row in cells.items():
        table.add_row(scenario, *row)
    return table


def _cells(results: Results) -> dict[str, list[str]]:
    """The cells of each policy's row."""
    rows, factor = results.incremental, interval_factor(results.replications)
    rows = rows[rows["discounted"].astype(bool)]
    by_policy = {name: rows[rows["scenario"] == name].set_index("outcome") for name in results.scenarios[1:]}
    return {name: [_cell(mine, column, factor) for column in COLUMNS] for name, mine in by_policy.items()}


def _cell(rows: pd.DataFrame, column: Shown, factor: float) -> str:
    difference, error = (float(str(rows.loc[column.outcome, name])) / column.unit for name in ("difference", "mcse"))
    return to_places(column.sign * difference, factor * error, column.digits)
