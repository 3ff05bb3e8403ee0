"""The emulated trial visit by visit: scores of each arm, differences from usual care, published intervals as bars."""

from __future__ import annotations

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.report.charts import layouts
from lbpsim.report.charts.forms.axes import zero
from lbpsim.report.charts.forms.keys import key_below, spot, stroke
from lbpsim.report.charts.page import Panels, styled
from lbpsim.report.charts.policy_styles import INK
from lbpsim.report.charts.styles import FULL
from lbpsim.validation.summary import ARM_NAMES, Assessment
from lbpsim.validation.treatment_effects import VISIT_WEEKS
from lbpsim.validation.trial import ARMS
from lbpsim.validation.trial_replicates import OUTCOMES

CLOUD_WIDTH, ASIDE = 0.3, 0.32  # of the space between visits: the cloud, and how far published bars stand from it
PLACES = np.arange(len(VISIT_WEEKS))


@styled
def draw(assessment: Assessment, what: str) -> Figure:
    """Disability ("rmdq") or pain ("pain")."""
    word, _ = layouts.WORDS[what]
    figure, grid = layouts.sheet(
        assessment,
        Panels(columns=3, tall=2.7, left=0.75, across=1.8, below=1.0, widths=(1.0, 1.15, 1.15)),
        FULL,
        title=f"{word} in the emulated RESTORE trial",
        subtitle="Left: mean of each arm. Middle and right: difference from usual care; below zero favours CFT. "
        "Visits stand equally far apart.",
        source="Published: Kent 2023, Hancock 2025; figures of weeks 13 and 52 were read in secondary sources.",
    )
    left, *others = grid[0]
    names = {arm: f"{ARM_NAMES[arm][0].upper()}{ARM_NAMES[arm][1:]}".replace("with ", "with\n") for arm in ARMS}
    layouts.draw_arms(left, assessment.restore, what, names)
    for number, (axes, arm) in enumerate(zip(others, ARMS[1:], strict=True)):
        _differences(axes, assessment, what, arm, number)
    ends = [end for axes in others for end in axes.get_ylim()]
    for axes in others:
        axes.set_ylim(min(ends), max(ends))
    entries = [
        stroke("emulated, all participants", color=INK, marker="o", linewidth=1.6),
        spot("emulated trials of 492 people", "o", color=layouts.CLOUD, markersize=3),
        stroke("published (bar: 95% interval, where read)", linewidth=4, alpha=0.6, **layouts.DIAMOND),
    ]
    key_below(figure, entries)
    return figure


draw_rmdq, draw_pain = partial(draw, what="rmdq"), partial(draw, what="pain")


def _differences(axes: Axes, assessment: Assessment, what: str, arm: str, number: int) -> None:
    _, unit = layouts.WORDS[what]
    cloud = assessment.cloud.differences[:, OUTCOMES.index(what), number]
    for visit in PLACES[1:]:
        layouts.draw_cloud(axes, visit, cloud[:, visit], CLOUD_WIDTH)
    restore = assessment.restore
    rows = restore[(restore["arm"] == arm) & (restore["outcome"] == f"{what}_difference")]
    line = np.concatenate([[0.0], rows["emulated"]])
    axes.plot(
        PLACES, line, linewidth=1.6, zorder=3, markeredgecolor="white", markeredgewidth=0.6, **layouts.ARM_LOOKS[arm]
    )
    for visit, *figures in zip(PLACES[1:], rows["published"], rows["low"], rows["high"], strict=True):
        layouts.published(axes, visit + ASIDE, *figures)
    zero(axes, y=True)
    axes.set_title(f"{ARM_NAMES[arm]} less usual care")
    axes.set_ylabel(f"Difference ({unit.split(',', maxsplit=1)[0]})")
    layouts.visit_axis(axes, VISIT_WEEKS)
