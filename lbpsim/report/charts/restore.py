"""The emulated RESTORE trial beside the published one, from the tables that `lbpsim validate` leaves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lbpsim.report.charts.labels import EndLabel, end_labels
from lbpsim.report.charts.layouts import ARM_LOOKS, PUBLISHED, legend_below
from lbpsim.report.charts.page import NothingToDraw, Panels, framed, styled
from lbpsim.report.charts.policy_styles import INK
from lbpsim.report.charts.styles import PRINT, Style, column, slide
from lbpsim.report.charts.trial import WORDS, published
from lbpsim.report.file_records import DamagedError, found_whole

TABLE, SUMMARY, RECORD = "restore.csv", "summary.md", "validation.json"
ARMS = {"usual_care": "Usual care", "cft": "CFT", "biofeedback": "CFT with\nbiofeedback"}
TREATED = ("cft", "biofeedback")
YEAR_3 = 156  # the week that stands for it
ASIDE = 0.14  # of the space between visits, between an emulated figure and the published one
SURE = 1.96  # standard errors to an end of a 95% interval
NARROW = 5.6  # inches, of a column as laid out


@styled
def draw(folder: Path, style: Style = PRINT) -> Figure:
    """Mean of each arm, and difference from usual care, by visit: disability above, pain below.

    Raises NothingToDraw where `folder` does not hold a whole validation.
    """
    try:
        record = found_whole(folder / RECORD)
    except DamagedError as damaged:
        raise NothingToDraw(f"the validation in {folder.name} cannot be read: {damaged}") from damaged
    if record is None:
        raise NothingToDraw(f"no validation is in {folder.name}; `lbpsim validate` makes one")
    table = pd.read_csv(folder / TABLE)
    figure, grid = framed(
        style.choose(
            Panels(rows=2, columns=2, left=0.75, right=0.3, across=1.9, down=0.85, above=0.4, below=0.95),
            Panels(rows=2, columns=2, left=0.75, right=0.3, across=1.9, down=0.75, above=0.4, below=0.85),
            Panels(rows=4, left=0.75, right=1.4, down=0.85, above=0.4, below=1.25),
        ),
        style.choose((11.0, 8.6), slide(11.6), column(12.6, width=NARROW)),
        "The emulated RESTORE trial beside the published one",
        "Mean score of each arm and difference from usual care; below zero favours CFT. Visits stand equally far "
        "apart. Pale bars: where 95% of emulated trials of the real size (492 people) would lie.",
        _source(folder),
    )
    for (levels, gaps), what in zip(grid.reshape(2, 2), WORDS, strict=True):
        _levels(levels, table, what)
        _differences(gaps, table, what)
    legend_below(figure, _legend(), 0.5, style.choose(4, 4, 2))
    return figure


def _source(folder: Path) -> str:
    """The line of the summary that says how the validation was run."""
    told = next((line for line in _lines(folder) if line.startswith("lbpsim ")), "lbpsim")
    run = told.split("; money")[0]
    return f"Source: {run}. Published: Kent 2023, Hancock 2025; some figures were read in secondary sources."


def _lines(folder: Path) -> list[str]:
    return (folder / SUMMARY).read_text(encoding="utf-8").splitlines()


def _levels(axes: Axes, table: pd.DataFrame, what: str) -> None:
    labels = []
    for arm, name in ARMS.items():
        rows = table[(table["arm"] == arm) & (table["outcome"] == what)]
        axes.plot(np.arange(len(rows)), rows["emulated"], linewidth=1.6, **ARM_LOOKS[arm])
        look = ARM_LOOKS[arm]
        labels.append(EndLabel(name, float(rows["emulated"].iloc[-1]), look["color"], look["marker"]))
    word, unit = WORDS[what]
    axes.set_ylim(0.0, None)
    axes.set_title(f"{word}, mean of each arm")
    axes.set_ylabel(_brackets(unit))
    _visits(axes, table[(table["arm"] == "cft") & (table["outcome"] == what)]["week"].tolist())
    end_labels(axes, labels)


def _brackets(unit: str) -> str:
    """A unit with its range in brackets.

    >>> _brackets("RMDQ points, 0 to 24")
    'RMDQ points (0 to 24)'
    """
    points, ends = unit.split(", ")
    return f"{points} ({ends})"


def _differences(axes: Axes, table: pd.DataFrame, what: str) -> None:
    weeks: list[int] = []
    for number, arm in enumerate(TREATED):
        of_arm = table[table["arm"] == arm].set_index("outcome")
        rows = of_arm.loc[f"{what}_difference"]
        errors = of_arm.loc[f"{what}_standard_error"].set_index("week")["emulated"]
        weeks = rows["week"].astype(int).tolist()
        side = (2 * number - 1) * ASIDE
        places = np.arange(len(weeks)) + 1.0 + side
        look = ARM_LOOKS[arm]
        error = SURE * errors.reindex(weeks).to_numpy()
        axes.errorbar(
            places, rows["emulated"], yerr=error, color=look["color"], elinewidth=4, alpha=0.25, linestyle="none"
        )
        axes.plot(places, rows["emulated"], color=look["color"], marker=look["marker"], linestyle="none", markersize=5)
        for place, (_, row) in zip(places, rows.iterrows(), strict=True):
            published(axes, place + side, float(row["published"]), float(row["low"]), float(row["high"]))
    word, unit = WORDS[what]
    axes.axhline(0.0, color=INK, linewidth=1.0)
    axes.set_title(f"{word}, difference from usual care")
    axes.set_ylabel(unit.split(",", maxsplit=1)[0])
    _visits(axes, [0, *weeks])


def _visits(axes: Axes, weeks: list[int]) -> None:
    axes.set_xticks(range(len(weeks)), ["year 3" if week == YEAR_3 else str(week) for week in weeks])
    axes.set_xlim(-0.4, len(weeks) - 0.4)
    axes.set_xlabel("Visit (weeks from enrolment)")


def _legend() -> list[Line2D]:
    arms = [
        Line2D([], [], color=ARM_LOOKS[arm]["color"], marker=ARM_LOOKS[arm]["marker"], linestyle="none",
               label=f"emulated, {ARMS[arm]}".replace("\n", " "))
        for arm in TREATED
    ]  # fmt: skip
    bar = Line2D([], [], color=INK, linewidth=4, alpha=0.25, label="95% of trials of the real size")
    theirs = Line2D([], [], color=PUBLISHED, marker="D", markersize=5, linewidth=4, alpha=0.6, label="published, 95%")
    return [*arms, bar, theirs]
