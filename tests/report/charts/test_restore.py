"""The emulated trial from the tables of a validation: what is shown, and what is said where there are none."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from lbpsim import __version__
from lbpsim.report.charts import NothingToDraw
from lbpsim.report.charts.restore import SUMMARY, TABLE, draw
from lbpsim.report.charts.styles import STYLES, Style
from lbpsim.report.file_names import VALIDATED
from lbpsim.report.file_records import write_record
from lbpsim.validation.treatment_effects import VISIT_WEEKS
from tests.report.charts.test_charts import _boxes, _cut_off, _standing

ROUND = "lbpsim 0.1.0, study australia: 4,000 people, seed 7; money at prices of 2024."


def rows() -> pd.DataFrame:
    """Figures of a small trial; published ones at week 13 alone."""
    found = []
    for what, top in (("rmdq", 12.0), ("pain", 6.0)):
        for number, arm in enumerate(("usual_care", "cft", "biofeedback")):
            levels = top - number - np.linspace(0.0, top / 3, len(VISIT_WEEKS))
            found += [(arm, week, what, level, np.nan) for week, level in zip(VISIT_WEEKS, levels, strict=True)]
            for week in VISIT_WEEKS[1:] if number else ():
                found.append((arm, week, f"{what}_difference", -float(number), -1.1 if week == 13 else np.nan))
                found.append((arm, week, f"{what}_standard_error", 0.4, np.nan))
    frame = pd.DataFrame(found, columns=["arm", "week", "outcome", "emulated", "published"])
    return frame.assign(low=frame["published"] - 1.0, high=frame["published"] + 1.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows().to_csv(tmp_path / TABLE, index=False)
    (tmp_path / SUMMARY).write_text(f"# Does the model hold?\n\n{ROUND}\n", encoding="utf-8")
    write_record(tmp_path / VALIDATED, {"lbpsim": __version__}, [TABLE, SUMMARY])
    return tmp_path


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_nothing_is_cut_off_or_covered(folder: Path, style: Style) -> None:
    figure = draw(folder, style)
    FigureCanvasAgg(figure).draw()
    assert not _cut_off(figure)
    for (one, here), (other, there) in combinations(_boxes(_standing(figure)), 2):
        assert not here.overlaps(there), (one, other)


def test_it_says_where_it_comes_from(folder: Path) -> None:
    (source,) = [text.get_text() for text in draw(folder).texts if text.get_gid() == "source"]
    assert " ".join(source.split()).startswith("Source: lbpsim 0.1.0, study australia: 4,000 people, seed 7. Published")


def test_published_figures_stand_where_there_are_some(folder: Path) -> None:
    gaps = draw(folder).axes[1]
    diamonds = [line for line in gaps.lines if line.get_marker() == "D"]
    assert [float(np.ravel(line.get_ydata())[0]) for line in diamonds] == [-1.1, -1.1]


def test_half_a_validation_is_none(folder: Path) -> None:
    (folder / SUMMARY).unlink()
    with pytest.raises(NothingToDraw, match=r"summary\.md is missing"):
        draw(folder)
    (folder / VALIDATED).unlink()
    with pytest.raises(NothingToDraw, match="lbpsim validate"):
        draw(folder)
