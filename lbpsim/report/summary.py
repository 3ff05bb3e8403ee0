"""The headline of a run on a terminal: what each policy changes against the comparator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from lbpsim.evidence import in_force
from lbpsim.outcomes.draws import DrawResults
from lbpsim.outcomes.estimate import interval_factor
from lbpsim.outcomes.lifetime import LIFETIME
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.policy_selection import few
from lbpsim.report.format import PLUS_MINUS, discounting, in_a_table, listed
from lbpsim.report.narrative.confidence import enough
from lbpsim.report.narrative.cost_per_qaly import both
from lbpsim.report.narrative.differences import discounted, draws_of
from lbpsim.report.narrative.finding import with_enough_draws
from lbpsim.report.terminal import plain_table
from lbpsim.report.which_years import which_years
from lbpsim.study.phrasing import number_of, span

NOT_RUN = "Parameter uncertainty was not run. ± is Monte Carlo error (95%) alone. Discounted at {rate} a year."
TOO_FEW = (
    "{draws} of the uncertain inputs: too few for their interval. ± is Monte Carlo error (95%) at central inputs "
    "alone. Discounted at {rate} a year."
)
OVER_DRAWS = (
    "Mean over {draws} of the uncertain inputs, and below it where 95% of them lie. Discounted at {rate} a year."
)
NOISY = "* Most of the spread is Monte Carlo error; more people in each draw would narrow it."
AT_CENTRAL = "± is Monte Carlo error (95%) at central inputs. Discounted at {rate} a year."
OVER_A_LIFETIME = "QALYs, DALYs and costs are those of the study's years and of all that lies beyond them."
READINGS = (
    "One choice is made otherwise in each line. ± is Monte Carlo error (95%), without parameter uncertainty. "
    "`lbpsim sensitivity` makes every choice."
)
WITHOUT_ERROR = "No ± where no error can be known: one replication, or as much in every one."


@dataclass(frozen=True)
class Shown:
    """A column: `outcome` in units of `unit`, turned round where a fall is the gain."""

    outcome: str
    label: str
    unit: float
    sign: int = 1
    digits: int = 0

    @property
    def head(self) -> str:
        """The label, with the currency where it is one of money."""
        return self.label.format(currency=in_force.currency())


NARROWEST_NAME = 10  # characters for the name of a policy that stands beside its figures
BETWEEN = 2  # characters between two columns
COLUMNS = (
    Shown("qalys", "QALYs gained\nthousand", 1e3, digits=1),
    Shown("dalys", "DALYs averted\nthousand", 1e3, -1, 1),
    Shown("cost_health_system", "Health care\n{currency} billion", 1e9, digits=2),
    Shown("cost_societal", "Societal cost\n{currency} billion", 1e9, digits=2),
)


@dataclass(frozen=True)
class TerminalTable:
    """A row of `cells` for each policy, laid out so that no figure is cut however narrow the terminal is.

    An empty line stands before it, so that its title is not read as part of what is said above.
    """

    title: str
    caption: str
    cells: Mapping[str, Sequence[str]]
    first: str = "Policy"
    labels: Sequence[str] = field(default_factory=lambda: tuple(column.head for column in COLUMNS))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield ""
        room = options.max_width - sum(self._widths(console)) - BETWEEN * (len(self.labels) + 1)
        if room >= NARROWEST_NAME:
            yield self._beside()
        else:
            yield from self._below()

    def _widths(self, console: Console) -> Iterator[int]:
        """Of each column of figures."""
        for number, label in enumerate(self.labels):
            texts = [*label.split("\n"), *(line for row in self.cells.values() for line in row[number].split("\n"))]
            yield max(console.render_str(text, markup=False).cell_len for text in texts)

    def _beside(self) -> Table:
        """Figures beside the names, which are folded where they are long."""
        table = plain_table(self.title, self.caption, self.first, self.labels)
        for name, row in self.cells.items():
            table.add_row(Text(name), *row)
        return table

    def _below(self) -> Iterator[RenderableType]:
        """Figures below the names, one to a line."""
        yield f"{self.title}\n"
        for name, row in self.cells.items():
            table = Table.grid(padding=(0, 1, 0, 0))
            table.add_column()
            table.add_column(justify="right", no_wrap=True)
            for label, cell in zip(self.labels, row, strict=True):
                table.add_row(label.replace("\n", ", "), cell)
            yield Text(name)
            yield table
        yield f"\n{self.caption}"


def headline(results: Results) -> TerminalTable:
    """Differences from the comparator over the horizon, discounted: over draws with the interval of the inputs; without
    draws with Monte Carlo error.

    Of many policies those are shown that charts show too.
    """
    results = few(results)
    study, draws = results.study, draws_of(results)
    cells, below = _over_draws(results, draws) if draws is not None and enough(draws) else _at_central(results)
    told = {"rate": discounting(study), "draws": number_of(len(draws.numbers), "draw") if draws else ""}
    caption = (*(each.format(**told) for each in below), which_years(study), results.part)
    return TerminalTable(
        title=f"{study.place} {span(results.years, '-')}, against {results.scenarios[0]}",
        caption="\n".join(filter(None, caption)),
        cells=cells,
    )


def per_qaly(results: Results) -> TerminalTable:
    """What a QALY costs under each policy, over draws beside at central inputs; at these alone without enough draws."""
    results = few(results)
    seen, perspective = with_enough_draws(results), results.study.perspective
    each = {name: both(seen, name, perspective) for name in results.scenarios[1:]}
    labels = ("Over draws", "At central inputs") if draws_of(seen) is not None else ("At central inputs",)
    return TerminalTable(
        title=f"{in_force.currency()} for each QALY gained against {results.scenarios[0]}, "
        f"{perspective.replace('_', ' ')} perspective",
        caption="",
        cells={name: told[-len(labels) :] for name, told in each.items()},
        labels=labels,
    )


def lifetime_headline(results: Results) -> TerminalTable:
    """As `headline`, over the lifetime of those followed to death; at central inputs, for draws end at the horizon."""
    results = few(results)
    study, rows = results.study, results.lifetime_incremental
    below = (AT_CENTRAL.format(rate=discounting(study)), OVER_A_LIFETIME, results.part)
    return TerminalTable(
        title=f"{study.place} {span(results.years, '-')} and on to death, against {results.scenarios[0]}",
        caption="\n".join(filter(None, below)),
        cells=_cells(results, rows[rows["part"] == LIFETIME]),
    )


def _over_draws(results: Results, draws: DrawResults) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """Rows over draws of the inputs, and what is said below them."""
    cells = {name: [_drawn_cell(results, name, each) for each in COLUMNS] for name in draws.scenarios[1:]}
    noisy = any(cell.endswith("*") for row in cells.values() for cell in row)
    return cells, (OVER_DRAWS, *((NOISY,) if noisy else ()), _monte_carlo(results))


def _monte_carlo(results: Results) -> str:
    """How large Monte Carlo error is, as a footnote to what is told over draws."""
    if results.replications < 2:
        return "One replication: Monte Carlo error at central inputs is not known."
    rows = results.incremental[results.incremental["discounted"].astype(bool)]
    half = interval_factor(results.replications) * rows.groupby("outcome")["mcse"].max()
    each = [f"{half[column.outcome] / column.unit:.{column.digits + 1}f}" for column in COLUMNS]
    return f"Monte Carlo error (95%) at central inputs is at most {PLUS_MINUS.strip()} {listed(each)} in these columns."


def _at_central(results: Results) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """Rows at central inputs, and what is said below them."""
    cells = _cells(results, results.incremental)
    without = any(PLUS_MINUS not in cell for row in cells.values() for cell in row)
    return cells, (NOT_RUN if draws_of(results) is None else TOO_FEW, *((WITHOUT_ERROR,) if without else ()))


def _drawn_cell(results: Results, name: str, column: Shown) -> str:
    """The mean over draws and, on a line below, the interval of parameter uncertainty."""
    found = discounted(results, name, column.outcome)
    found = (found if column.sign > 0 else -found).times(1.0 / column.unit)
    middle = in_a_table(found.value, 0.0, column.digits)
    if found.none:
        return middle
    ends = " to ".join(in_a_table(end, 0.0, column.digits) for end in (found.low, found.high))
    return f"{middle}\n{ends}{'*' if found.source == 'parameters and Monte Carlo' else ''}"


def readings(results: Results) -> TerminalTable | None:
    """The headline under other readings of the model, at central inputs; None where they were not simulated."""
    found = results.switches
    if found is None:
        return None
    (policy,) = set(found["scenario"])
    factor = interval_factor(results.replications)
    rows = {
        f"{title} ({note})".removesuffix(" ()"): mine.set_index("outcome")
        for (title, note), mine in found.groupby(["title", "note"], sort=False)
    }
    return TerminalTable(
        title=f"{policy} against {results.scenarios[0]} under other readings of the model, at central inputs",
        caption=READINGS,
        cells={told: [_cell(mine, column, factor) for column in COLUMNS] for told, mine in rows.items()},
        first="Reading",
    )


def _cells(results: Results, rows: pd.DataFrame) -> dict[str, list[str]]:
    """The cells of each policy's row; `rows`: differences, one for each policy and outcome, discounted and not."""
    factor = interval_factor(results.replications)
    rows = rows[rows["discounted"].astype(bool)]
    by_policy = {name: rows[rows["scenario"] == name].set_index("outcome") for name in results.scenarios[1:]}
    return {name: [_cell(mine, column, factor) for column in COLUMNS] for name, mine in by_policy.items()}


def _cell(rows: pd.DataFrame, column: Shown, factor: float) -> str:
    difference, error = (float(str(rows.loc[column.outcome, name])) / column.unit for name in ("difference", "mcse"))
    return in_a_table(column.sign * difference, factor * error, column.digits)
