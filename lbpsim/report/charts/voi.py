"""What it would be worth to know parameters for sure: by part of the model, by grade of evidence, one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.evidence.currency import MONEY
from lbpsim.outcomes.estimate import SURE
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.ceac import decided
from lbpsim.report.charts.forms.axes import cut_name, figure_of, measure, name_rows
from lbpsim.report.charts.forms.keys import HATCH, key_below, stroke, swatch
from lbpsim.report.charts.page import NothingToDraw, Panels, page, styled
from lbpsim.report.charts.policy_selection import marked
from lbpsim.report.charts.policy_styles import INK, MUTED
from lbpsim.report.charts.styles import PRINT, ROWS, Style
from lbpsim.report.format import money, per_qaly
from lbpsim.report.rows import most_valuable
from lbpsim.voi.decision_analysis import Decision

KINDS = {
    # kinds in the table: title of the panel, fill
    ("part of the model",): ("By part of the model", "#7fb2d9"),
    ("grade of evidence",): ("By grade of evidence", "#c3dcef"),
    ("parameter", "drawn together"): ("One by one, or drawn together", "#cf9cc0"),
}
MOST, FEW, FEWER = 12, 4, 6  # bars in a panel: of paper, of a slide, of a column
BAR, SHARE = 0.25, 0.72  # inches a bar, and the part of them that it fills
LEFT = 4.3  # inches, of names


@styled
def draw(results: Results, decision: Decision, style: Style = PRINT) -> Figure:
    """A column for each threshold, a row for each kind of group; bars with the 95% interval of their estimate.

    A slide and a column show the most valuable few of each kind.
    """
    table = decision.voi
    if table is None or len(results.scenarios) == 1:
        raise NothingToDraw("the study has no draws, or no policy beside the comparator")
    table = table[table["perspective"] == results.study.perspective]
    if not (table["value"] > 0.0).any():
        raise NothingToDraw("the same policy is best in every draw, so there is nothing to learn before choosing")
    thresholds = sorted(marked(tuple(table["threshold"].unique())))
    thresholds = style.choose(thresholds, thresholds, thresholds[-1:])
    most = style.choose(MOST, FEW, FEWER)
    names = [most_valuable(table[table["kind"].isin(kinds)])[:most] for kinds in KINDS]
    figure, grid = page(
        results,
        Panels(
            rows=len(KINDS), columns=len(thresholds), tall=tuple(BAR * len(each) for each in names), left=LEFT,
            across=0.35, down=0.5, above=1.0, below=style.choose(0.85, 0.85, 1.05),
        ),
        style.sheet(ROWS),
        title="What it would be worth to know more before choosing",
        subtitle="Expected value of partial perfect information for the country over the horizon, from the "
        f"{results.study.perspective.replace('_', ' ')} perspective: what could be gained at most by learning these "
        f"parameters exactly. Parts and grades overlap, so values do not add up. {decided(results, decision)}",
        drawn=True,
    )  # fmt: skip
    for place, threshold in enumerate(thresholds):
        rows = table[table["threshold"] == threshold]
        _column(list(grid[:, place]), rows, names, first=place == 0)
        _head(grid[0, place], rows, float(threshold))
    shown = table[table["threshold"].isin(thresholds) & table["name"].isin([name for each in names for name in each])]
    entries: list[Artist] = [stroke("95% interval of the estimate", color=INK, linewidth=0.9, marker="|", markersize=6)]
    if (shown["doubt"] != "").any():
        entries.append(swatch("doubtful: a check of the regression failed", "white", HATCH, edge=MUTED))
    key_below(figure, entries, style.choose(2, 2, 1))
    return figure


def _column(panels: list[Axes], rows: pd.DataFrame, names: list[list[str]], *, first: bool) -> None:
    """The panels of one threshold, one below the other, on one scale."""
    for axes, (kinds, (title, fill)), shown in zip(panels, KINDS.items(), names, strict=True):
        _bars(axes, rows[rows["kind"].isin(kinds)].set_index("name").reindex(shown), fill, first=first)
        axes.set_title(title if first else "", size=9.5)
    _share_limits(panels)


def _bars(axes: Axes, rows: pd.DataFrame, fill: str, *, first: bool) -> None:
    places = name_rows(axes, [_name(row) if first else "" for row in rows.itertuples()])
    values, errors = rows["value"].to_numpy(dtype=float), SURE * rows["se"].to_numpy(dtype=float)
    bars = axes.barh(places, values, height=SHARE, color=fill, edgecolor=fill, linewidth=0.8)
    for bar, doubt in zip(bars, rows["doubt"], strict=True):
        if doubt != "":
            bar.set(facecolor="white", hatch=HATCH)
    low = np.minimum(errors, values)
    axes.errorbar(values, places, xerr=[low, errors], color=INK, elinewidth=0.9, capsize=2, linestyle="none")


def _name(row: object) -> str:
    label, number = cut_name(str(getattr(row, "label", ""))), int(getattr(row, "parameters", 1))
    return f"{label} ({number})" if number > 1 else label


def _share_limits(column: list[Axes]) -> None:
    """One scale down a column, so that bars of all kinds compare."""
    most = max(axes.get_xlim()[1] for axes in column)
    for axes in column:
        axes.set_xlim(0.0, most)
        axes.tick_params(labelbottom=axes is column[-1])
        measure(axes.xaxis, most, MONEY, "Value of information ({})" if axes is column[-1] else "")


def _head(axes: Axes, rows: pd.DataFrame, threshold: float) -> None:
    """Above a column: its threshold, and what it is worth to know everything."""
    everything, figure = rows[rows["kind"] == "everything"].iloc[0], figure_of(axes)
    box = axes.get_position()
    words = f"At {per_qaly(threshold)}\nKnowing everything: {money(everything['value'])}"
    figure.text(box.x0, box.y1 + 0.38 / figure.get_figheight(), words, size=9.5, weight="bold", va="bottom",
                linespacing=1.35)  # fmt: skip
