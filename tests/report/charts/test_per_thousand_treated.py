"""The chart per 1,000 people treated: what its title says, and when there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lbpsim.report.charts.page import NothingToDraw
from lbpsim.report.charts.per_thousand_treated import PANELS, ROWS, draw, message
from tests.report.synthetic import SHIPPED, synthetic
from tests.report.synthetic_treated import made_up

RESULTS = synthetic(SHIPPED[:2], years=1, replications=2)


def test_the_title_tells_who_gains_and_who_loses() -> None:
    assert message(made_up()) == (
        "For 1,000 people treated, CFT gains 420 QALYs, long-term opioid use loses 80, lumbar fusion gains 70"
    )


def test_the_title_says_that_it_rests_on_central_inputs_alone() -> None:
    assert draw(RESULTS).texts[0].get_text().startswith("At central inputs: For 1,000 people treated")


def test_every_row_has_its_figure_beyond_every_panel() -> None:
    shown = [[text.get_text() for text in axes.texts if text.get_gid() == "end label"] for axes in draw(RESULTS).axes]
    assert [len(each) for each in shown] == [len(ROWS)] * len(PANELS)
    assert shown[0][-1].startswith("+70") or "+70" in " ".join(shown[0])


def test_delivery_as_in_the_trial_is_marked_where_it_differs() -> None:
    def marked(treated: object) -> bool:
        figure = draw(replace(RESULTS, treated=treated))  # type: ignore[arg-type]
        return any(line.get_marker() == "D" for axes in figure.axes for line in axes.lines)

    same = made_up()
    same.difference[:] = same.difference[:1]
    assert marked(made_up()) and not marked(same)


def test_without_anybody_there_is_no_chart() -> None:
    with pytest.raises(NothingToDraw, match="simulate more"):
        draw(replace(RESULTS, treated=None))
    nobody = replace(made_up(), people=np.zeros_like(made_up().people))
    with pytest.raises(NothingToDraw, match="simulate more"):
        draw(replace(RESULTS, treated=nobody))
