"""The emulated RESTORE trial beside the published one, from the tables that `lbpsim validate` leaves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.outcomes.estimate import SURE
from lbpsim.report.charts.forms.axes import zero
from lbpsim.report.charts.forms.keys import key_below, spot, stroke
from lbpsim.report.charts.layouts import ARM_LOOKS, DIAMOND, WORDS, draw_arms, published, visit_axis
from lbpsim.report.charts.page import NothingToDraw, Panels, framed, styled
from lbpsim.report.charts.policy_styles import INK, PlotStyle
from lbpsim.report.charts.styles import COLUMN, FULL, PRINT, Style
from lbpsim.report.file_names import VALIDATED
from lbpsim.report.file_records import DamagedError, found_whole

TABLE, SUMMARY = "restore.csv", "summary.md"
ARMS = {"usual_care": "Usual care", "cft": "CFT", "biofeedback": "CFT with\nbiofeedback"}
TREATED = ("cft", "biofeedback")
ASIDE = 0.14  # of the space between visits, between an emulated figure and the published one
REAL_SIZE: PlotStyle = {"alpha": 0.25}  # of bars: where trials of the real size would lie


@styled
def draw(folder: Path, style: Style = PRINT) -> Figure:
    """Mean of each arm, and difference from usual care, by visit: disability above, pain below.

    Raises NothingToDraw where `folder` does not hold a whole validation.
    """
    try:
        record = found_whole(folder / VALIDATED)
    except DamagedError as damaged:
        raise NothingToDraw(f"the validation in {folder.name} cannot be read: {damaged}") from damaged
    if record is None:
        raise NothingToDraw(f"no validation is in {folder.name}; `lbpsim validate` makes one")
    table = pd.read_csv(folder / TABLE)
    figure, grid = framed(
        Panels(rows=4, tall=2.15, left=0.75, right=1.4, down=0.85, below=1.3)
        if style is COLUMN
        else Panels(rows=2, columns=2, tall=2.4, left=0.75, across=1.9, down=0.85, below=0.95),
        style.sheet(FULL),
        "The emulated RESTORE trial beside the published one",
        "Mean score of each arm and difference from usual care; below zero favours CFT. Visits stand equally far "
        "apart. Pale bars: where 95% of emulated trials of the real size (492 people) would lie.",
        _source(folder),
    )
    for (levels, gaps), what in zip(grid.reshape(2, 2), WORDS, strict=True):
        draw_arms(levels, table, what, ARMS)
        _differences(gaps, table, what)
    entries = [
        *(spot(f"emulated, {ARMS[arm]}".replace("\n", " "), ARM_LOOKS[arm]["marker"], color=ARM_LOOKS[arm]["color"])
          for arm in TREATED),
        stroke("95% of trials of the real size", color=INK, linewidth=4, **REAL_SIZE),
        stroke("published, 95%", linewidth=4, alpha=0.6, **DIAMOND),
    ]  # fmt: skip
    key_below(figure, entries, style.choose(4, 4, 2))
    return figure


def _source(folder: Path) -> str:
    run = (judged(folder) or "lbpsim").split("; money")[0]
    return f"Source: {run}. Published: Kent 2023, Hancock 2025; some figures were read in secondary sources."


def judged(folder: Path) -> str:
    """What the summary of a validation says was judged, and how: it may be another version or another study."""
    file = folder / SUMMARY
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return next((line for line in lines if line.startswith("lbpsim ")), "")


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
        axes.errorbar(places, rows["emulated"], error, color=look["color"], elinewidth=4, linestyle="none", **REAL_SIZE)
        axes.plot(places, rows["emulated"], color=look["color"], marker=look["marker"], linestyle="none", markersize=5)
        for place, *figures in zip(places, rows["published"], rows["low"], rows["high"], strict=True):
            published(axes, place + side, *figures)
    word, unit = WORDS[what]
    zero(axes, y=True)
    axes.set_title(f"{word}, difference from usual care")
    axes.set_ylabel(unit.split(",", maxsplit=1)[0])
    visit_axis(axes, [0, *weeks])
