"""The one list of charts: what is drawn, what is left out and why, the files, the styles, the same bytes again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from pypdf import PdfReader

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import NothingToDraw, catalogue, portraits
from lbpsim.report.charts.catalogue import CATALOGUE, NAMES, Material, UnknownChartError, chosen
from lbpsim.report.charts.chart_files import KINDS, picture_in
from lbpsim.report.charts.drawing import write_charts
from lbpsim.report.charts.styles import COLUMN, COLUMN_TYPE, PRINT, SLIDE, STYLES, Style
from lbpsim.voi.decision_analysis import Decision
from tests.conftest import COARSE, PRINTED
from tests.report.charts.spreading import with_draws
from tests.report.charts.test_charts import _boxes, _cut_off, _standing, _ticks
from tests.report.decided import decided
from tests.report.groups import keeping_groups
from tests.report.synthetic import SHIPPED

ELSEWHERE = ("trial", "lives")  # need a validation or people: tests of their own
QUICK = ("burden", "plane")


@pytest.fixture(autouse=True)
def nobody_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is simulated."""

    def nobody(*_: Any) -> Figure:
        raise NothingToDraw("nobody is simulated here")

    monkeypatch.setattr(portraits, "draw", nobody)


@pytest.fixture(scope="module", params=["few", pytest.param("eleven", marks=pytest.mark.slow)])
def unsure(request: pytest.FixtureRequest, results: Results, make: Any) -> ProbabilisticResults:
    """Results with draws, of a few policies over four years, or of eleven over ten."""
    of = results if request.param == "eleven" else make((*SHIPPED[:3], SHIPPED[6]), years=4)
    return keeping_groups(with_draws(of))


@pytest.fixture(scope="module")
def decision(unsure: ProbabilisticResults) -> Decision:
    return decided(unsure)


@pytest.fixture(scope="module")
def drawn(unsure: ProbabilisticResults, decision: Decision) -> dict[tuple[str, str], Figure]:
    """Every chart in every style, its canvas drawn."""
    material = Material(unsure, decision, Path("nowhere"), Path("nobody"))
    found = {}
    for style in STYLES.values():
        for subject in CATALOGUE:
            if subject.name not in ELSEWHERE:
                found[subject.name, style.name] = figure = subject.draw(material, style)
                FigureCanvasAgg(figure).draw()
    return found


def test_names_are_names_of_files() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(name.replace("_", "").isalnum() and name.islower() for name in NAMES)
    assert all(subject.needs in ("", "draws", "decision", "validation", "people") for subject in CATALOGUE)


@pytest.mark.gate
def test_nothing_is_cut_off_in_any_style(drawn: dict[tuple[str, str], Figure]) -> None:
    assert {key: _cut_off(figure) for key, figure in drawn.items() if _cut_off(figure)} == {}


def _covered(figure: Figure) -> Iterator[tuple[str, str]]:
    standing = (text for text in _standing(figure) if text.get_gid() != "threshold")  # its box is askew
    for texts in (_boxes(standing), _boxes(_ticks(figure))):
        for (one, here), (other, there) in combinations(texts, 2):
            if here.overlaps(there):
                yield one, other


@pytest.mark.gate
def test_no_text_covers_another_in_any_style(drawn: dict[tuple[str, str], Figure]) -> None:
    assert {key: list(_covered(figure)) for key, figure in drawn.items() if any(_covered(figure))} == {}


@pytest.mark.gate
def test_the_plane_of_equity_shows_every_policy_and_nothing_doubtful_is_told_of_where_nothing_is(
    drawn: dict[tuple[str, str], Figure], unsure: ProbabilisticResults
) -> None:
    names = [text.get_text() for text in drawn["equity_plane", "print"].axes[0].texts]
    assert len(names) == len(unsure.scenarios) - 1
    voi = drawn["voi", "print"]
    told = any("doubtful" in text.get_text() for each in voi.legends for text in each.get_texts())
    assert told == any(bar.get_hatch() for axes in voi.axes for bar in axes.patches)


@pytest.mark.gate
def test_slides_are_wide_and_columns_narrow(drawn: dict[tuple[str, str], Figure]) -> None:
    for (name, style), figure in drawn.items():
        wide, tall = figure.get_size_inches() * STYLES[style].magnification(figure.get_figwidth())
        if style == "slide":
            assert (wide, tall) == pytest.approx((40 / 3, 7.5)), name
        if style == "column":
            assert wide <= 165 / 25.4 and figure.get_figwidth() == pytest.approx(wide / COLUMN_TYPE), name
    assert drawn["burden", "column"].get_figwidth() * COLUMN_TYPE * 25.4 == pytest.approx(85.0)


@pytest.mark.gate
def test_type_on_a_slide_is_larger_than_on_paper(drawn: dict[tuple[str, str], Figure]) -> None:
    for (name, style), figure in drawn.items():
        if style == "slide":
            assert SLIDE.magnification(figure.get_figwidth()) > 1.05, name


@pytest.mark.gate
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_files_are_as_large_as_their_style_wants(drawn: dict[tuple[str, str], Figure], style: Style) -> None:
    figure = drawn["burden", style.name]
    inches = figure.get_figwidth() * style.magnification(figure.get_figwidth())
    (page,) = PdfReader(io.BytesIO(picture_in(figure, "pdf", style))).pages
    assert float(page.mediabox.width) == pytest.approx(72 * inches, abs=0.1)
    svg = picture_in(figure, "svg", style).decode()
    assert float(svg.split(' width="')[1].split("pt")[0]) == pytest.approx(72 * inches, abs=0.1)
    width = int.from_bytes(picture_in(figure, "png", style)[16:20])
    assert width == pytest.approx(COARSE * inches, abs=1.0)


def test_pictures_are_fit_for_print() -> None:
    assert PRINTED == 300


@pytest.mark.gate
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_again(
    unsure: ProbabilisticResults, decision: Decision, drawn: dict[tuple[str, str], Figure], kind: str, style: Style
) -> None:
    again = dict(zip(NAMES, CATALOGUE, strict=True))["plane_draws"].draw(
        Material(unsure, decision, Path(), Path()), style
    )
    content = picture_in(again, kind, style)
    assert content == picture_in(drawn["plane_draws", style.name], kind, style)
    assert b"atplotlib v" not in content and b"CreationDate" not in content


@pytest.mark.gate
def test_all_are_bound_into_one_file(results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tuple(subject for subject in CATALOGUE if subject.name in (*QUICK, "settling"))
    monkeypatch.setattr(catalogue, "CATALOGUE", kept)
    made = write_charts(results, None, tmp_path / "charts")
    assert [chart.name for chart in made if not chart.skipped] == ["burden", "plane"]
    content = (tmp_path / "charts" / "charts.pdf").read_bytes()
    assert len(PdfReader(io.BytesIO(content)).pages) == 2
    write_charts(results, None, tmp_path / "charts")
    assert (tmp_path / "charts" / "charts.pdf").read_bytes() == content


def test_only_some_are_drawn(results: Results, tmp_path: Path) -> None:
    made = write_charts(results, None, tmp_path, only=["burden"], kinds=("pdf",), style=COLUMN)
    assert [chart.name for chart in made] == ["burden"]
    assert [path.name for path in tmp_path.iterdir()] == ["burden.pdf"]


def test_names_that_no_chart_has_are_refused(results: Results, tmp_path: Path) -> None:
    with pytest.raises(UnknownChartError, match=r"no chart budren; the charts are burden, .*lives"):
        write_charts(results, None, tmp_path, only=["burden", "budren"])
    assert list(tmp_path.iterdir()) == []
    assert [subject.name for subject in chosen(["plane", "burden"])] == ["burden", "plane"]
    assert chosen(None) == CATALOGUE


def test_absent_subjects_are_skipped_with_a_reason_and_their_files_go(alone: Results, tmp_path: Path) -> None:
    for kind in KINDS:
        (tmp_path / f"plane.{kind}").write_text("of an earlier run")
    names = ("plane", "plane_draws", "ceac", "trial", "waiting")
    made = {chart.name: chart for chart in write_charts(alone, None, tmp_path, only=names)}
    assert made["plane"].skipped == "there is no policy to compare with the comparator"
    assert made["plane_draws"].skipped.startswith("the study has no draws")
    assert made["ceac"].skipped == "what follows for decisions has not been worked out"
    assert "lbpsim validate" in made["trial"].skipped
    assert list(tmp_path.iterdir()) == []


@pytest.mark.gate
def test_charts_from_draws_say_how_many(drawn: dict[tuple[str, str], Figure]) -> None:
    for name in ("plane_draws", "ceac", "voi", "projection", "settling", "burden", "costs"):
        (source,) = [text.get_text() for text in drawn[name, "print"].texts if text.get_gid() == "source"]
        assert "60 draws of 2,600 people each" in " ".join(source.split()), name


@pytest.mark.gate
def test_dots_of_draws_are_an_image_in_a_vector_file(drawn: dict[tuple[str, str], Figure]) -> None:
    content = picture_in(drawn["plane_draws", "print"], "svg", PRINT)
    assert content.count(b"<image") >= 1 and len(content) < 1_500_000
    shown = [axes for axes in drawn["plane_draws", "print"].axes if axes.get_visible()]
    assert np.all([len(axes.collections[0].get_offsets()) == 60 for axes in shown])
