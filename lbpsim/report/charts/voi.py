"""What it would be worth to know parameters for sure: by part of the model, by grade of evidence, one by one."""

from __future__ import annotations

import textwrap
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lbpsim.report.charts.ceac import decided
from lbpsim.report.charts.figures import money, scale_for, show_scaled
from lbpsim.report.charts.looks import INK, MUTED
from lbpsim.report.charts.page import EDGE, NothingToDraw, Panels, page, styled

if TYPE_CHECKING:
    from lbpsim.decision.analysis import Decision
    from lbpsim.outcomes.results import Results

KINDS = {
    # kinds in the table: title of the panel, fill
    ("part of the model",): ("By part of the model", "#7fb2d9"),
    ("grade of evidence",): ("By grade of evidence", "#c3dcef"),
    ("parameter", "drawn together"): ("One by one, or drawn together", "#cf9cc0"),
}
MOST = 12  # bars in a panel
BAR, SHARE = 0.25, 0.72  # inches a bar, and the part of them that it fills
WIDTH, LEFT = 12.4, 4.3
NAME = 62  # characters
REACH = 1.96  # standard errors to an end of a 95% interval


def draw(results: Results, decision: Decision) -> Figure:
    """A column for each threshold, a row for each kind of group; bars with the 95% interval of their estimate."""
    return styled(partial(_draw, decision=decision))(results)


def _draw(results: Results, decision: Decision) -> Figure:
    table = decision.voi
    if table is None or len(results.scenarios) == 1:
        raise NothingToDraw("the study has no draws, or no policy beside the comparator")
    table = table[table["perspective"] == results.study.perspective]
    if not (table["value"] > 0.0).any():
        raise NothingToDraw("the same policy is best in every draw, so there is nothing to learn before choosing")
    thresholds = sorted(table["threshold"].unique())
    names = [_most_valuable(table, kinds) for kinds in KINDS]
    figure, grid = page(
        results,
        Panels(
            rows=len(KINDS), columns=len(thresholds), left=LEFT, across=0.35, down=0.5, above=1.0, below=0.85,
            heights=tuple(float(len(each)) for each in names),
        ),
        size=(WIDTH, 4.0 + BAR * sum(map(len, names)) + 0.5 * (len(KINDS) - 1)),
        title="What it would be worth to know more before choosing",
        subtitle="Expected value of partial perfect information for the country over the horizon, from the "
        f"{results.study.perspective.replace('_', ' ')} perspective: what could be gained at most by learning these "
        f"parameters exactly. Parts and grades overlap, so values do not add up. {decided(results, decision)}",
    )  # fmt: skip
    for column, threshold in enumerate(thresholds):
        rows = table[table["threshold"] == threshold]
        for axes, (kinds, (title, fill)), shown in zip(grid[:, column], KINDS.items(), names, strict=True):
            _bars(axes, rows[rows["kind"].isin(kinds)].set_index("name").reindex(shown), fill, first=column == 0)
            axes.set_title(title if column == 0 else "", size=9.5)
        _share_limits(list(grid[:, column]))
        _head(figure, grid[0, column], rows, float(threshold))
    _key(figure)
    return figure


def _most_valuable(table: pd.DataFrame, kinds: tuple[str, ...]) -> list[str]:
    """Names of the most valuable at any threshold, the first on top."""
    rows = table[table["kind"].isin(kinds)]
    values = rows.groupby("name", sort=False)["value"].max().sort_values(ascending=False, kind="stable")
    return [str(name) for name in values.index[:MOST]]


def _bars(axes: Axes, rows: pd.DataFrame, fill: str, *, first: bool) -> None:
    places, doubtful = np.arange(len(rows))[::-1], (rows["doubt"] != "").to_numpy()
    values, errors = rows["value"].to_numpy(dtype=float), REACH * rows["se"].to_numpy(dtype=float)
    bars = axes.barh(places, values, height=SHARE, color=fill, edgecolor=fill, linewidth=0.8)
    for bar, doubt in zip(bars, doubtful, strict=True):
        if doubt:
            bar.set(facecolor="white", hatch="////")
    low = np.minimum(errors, values)
    axes.errorbar(values, places, xerr=[low, errors], color=INK, elinewidth=0.9, capsize=2, linestyle="none")
    axes.set_yticks(places, [_name(row) for row in rows.itertuples()] if first else [""] * len(rows), size=8)
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")


def _name(row: object) -> str:
    label = textwrap.shorten(str(getattr(row, "label", "")), NAME, placeholder="\N{HORIZONTAL ELLIPSIS}")
    number = int(getattr(row, "parameters", 1))
    return f"{label} ({number})" if number > 1 else label


def _share_limits(column: list[Axes]) -> None:
    """One scale down a column, so that bars of all kinds compare."""
    most = max(axes.get_xlim()[1] for axes in column)
    scale = scale_for(most)
    for axes in column:
        axes.set_xlim(0.0, most)
        show_scaled(axes.xaxis, scale)
    column[-1].set_xlabel(f"Value of information ({scale.label('AUD')})")


def _head(figure: Figure, axes: Axes, rows: pd.DataFrame, threshold: float) -> None:
    """Above a column: its threshold, and what it is worth to know everything."""
    everything = rows[rows["kind"] == "everything"].iloc[0]
    box = axes.get_position()
    words = f"At AUD {threshold:,.0f} a QALY\nKnowing everything: {money(everything['value'])}"
    figure.text(box.x0, box.y1 + 0.38 / figure.get_figheight(), words, size=9.5, weight="bold", va="bottom",
                linespacing=1.35)  # fmt: skip


def _key(figure: Figure) -> None:
    entries: list[Patch | Line2D] = [
        Line2D([], [], color=INK, linewidth=0.9, marker="|", markersize=6, label="95% interval of the estimate"),
        Patch(facecolor="white", edgecolor=MUTED, hatch="////", label="doubtful: a check of the regression failed"),
    ]
    place = (LEFT / WIDTH, (EDGE + 0.12) / figure.get_figheight())
    figure.legend(handles=entries, loc="lower left", bbox_to_anchor=place, ncols=2, borderaxespad=0.0)
