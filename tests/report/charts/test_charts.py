"""Every chart, looked at by machine: what it says, that nothing is cut off or covered, the same bytes again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import NothingToDraw, burden, ce_plane, harms, pain_impact, picture, waiting
from lbpsim.report.charts.catalogue import CATALOGUE, Material
from lbpsim.report.charts.chart_files import KINDS, picture_in
from lbpsim.report.charts.styles import COLUMN, PRINT, SLIDE
from lbpsim.study.policies import Policy
from tests.report.narrative.made_up import made
from tests.report.synthetic import SHIPPED

BENCHMARKS = [policy for policy in SHIPPED if policy.cft.only_compares]
Drawn = dict[tuple[str, str], tuple[Results, Figure]]  # by study and chart
PLAIN = {subject.name: subject.draw for subject in CATALOGUE if not subject.needs}
STUDIES = ("results", "many", "two", "alone")


def of(results: Results) -> Material:
    """What plain charts are drawn from: results and nothing else."""
    return Material(results, None, Path("nowhere"), Path("nobody"))


AS_SHOWN = {
    f"{subject.name}, {style_name}": (subject, style)
    for subject in CATALOGUE
    if subject.choices and not subject.needs
    for style_name, style in {"print": PRINT, "column": COLUMN, "slide": SLIDE}.items()
}


@pytest.mark.gate
@pytest.mark.parametrize("name", AS_SHOWN)
def test_without_benchmarks_no_label_lies_on_another_in_any_size(results: Results, name: str) -> None:
    subject, style = AS_SHOWN[name]
    material = of(results)
    figure = subject.draw(material.few(subject), style)
    FigureCanvasAgg(figure).draw()
    texts = _boxes(text for text in _standing(figure) if text.get_gid() != "threshold")
    assert not [(one, other) for (one, here), (other, there) in combinations(texts, 2) if here.overlaps(there)]
    assert not any(policy.title in text for policy in BENCHMARKS for text, _ in texts)
    assert not _cut_off(figure)


@pytest.fixture(scope="module")
def two(make: Any) -> Results:
    made: Results = make(SHIPPED[:2], years=5)
    return made


@pytest.fixture(scope="module")
def drawn(results: Results, many: Results, two: Results, alone: Results) -> Drawn:
    """Every chart of every study that has it, with its canvas drawn."""
    found = {}
    for study, its in zip(STUDIES, (results, many, two, alone), strict=True):
        for name, draw in PLAIN.items():
            try:
                figure = draw(of(its), PRINT)
            except NothingToDraw:
                continue
            FigureCanvasAgg(figure).draw()
            found[study, name] = its, figure
    return found


def _visible(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.get_visible()]


def _standing(figure: Figure) -> Iterator[Text]:
    """All text but tick labels."""
    yield from figure.texts
    for legend in figure.legends:
        yield from legend.get_texts()
    for axes in _visible(figure):
        yield from (axes._left_title, axes.xaxis.label, axes.yaxis.label, *axes.texts)  # type: ignore[attr-defined]


def _ticks(figure: Figure) -> Iterator[Text]:
    for axes in _visible(figure):
        for axis in (axes.xaxis, axes.yaxis):
            yield from (tick.label1 for tick in axis._update_ticks() if tick.label1.get_visible())  # type: ignore[attr-defined]


def _boxes(texts: Iterator[Text]) -> list[tuple[str, Bbox]]:
    return [(text.get_text(), text.get_window_extent()) for text in texts if text.get_text().strip()]


def _cut_off(figure: Figure) -> list[str]:
    page, texts = figure.bbox, _boxes(_standing(figure)) + _boxes(_ticks(figure))
    return [text for text, box in texts if box.x0 < page.x0 or box.x1 > page.x1 or box.y0 < page.y0 or box.y1 > page.y1]


@pytest.mark.gate
def test_each_study_has_its_charts(drawn: dict[tuple[str, str], Any]) -> None:
    assert {name for study, name in drawn if study == "results"} == set(PLAIN)
    assert {name for study, name in drawn if study == "two"} == set(PLAIN)
    assert {name for study, name in drawn if study == "alone"} == {
        *("burden", "burden_dalys", "impact", "severity", "costs", "harms", "per_thousand"),
    }


@pytest.mark.gate
def test_titles_say_what_where_and_when(drawn: Drawn) -> None:
    for (study, name), (_, figure) in drawn.items():
        years = {"alone": "2026", "two": "2026 to 2030", "many": "2026 to 2029"}.get(study, "2026 to 2035")
        years = "over 10 years" if name == "per_thousand" else years  # from the day of treatment, not of the study
        title = " ".join(figure.texts[0].get_text().split())
        assert title.endswith(f", Australia, {years}")
        assert "CFT" in title or "pain" in title or "policy" in title


@pytest.mark.gate
def test_source_line(drawn: Drawn) -> None:
    for (study, name), (results, figure) in drawn.items():
        (line,) = [" ".join(text.get_text().split()) for text in figure.texts if text.get_gid() == "source"]
        assert line.startswith("Source: lbpsim ")
        if name == "per_thousand":  # the people of the country are not those who are followed
            assert "study australia, seed 20250805; 5,000 simulated people followed" in line
            continue
        assert f"study australia, 7,000 simulated people, {results.replications} replication" in line
        assert "seed 20250805" in line
        if study != "alone" and name != "impact":
            assert line.endswith(": 95% Monte Carlo interval.")
        if study == "alone" and name in ("burden", "burden_dalys", "severity", "harms"):
            assert line.endswith("one replication has no Monte Carlo interval.")


@pytest.mark.gate
def test_axes_are_labelled_with_units(drawn: Drawn) -> None:
    units = ("(", "weeks", "people", "places", "a year", "Calendar year")
    for (study, name), (_, figure) in drawn.items():
        shown = _visible(figure)
        across = [axes.get_xlabel() for axes in shown if axes.get_xlabel()]
        up = [axes.get_ylabel() for axes in shown if axes.get_ylabel()]
        assert across, (study, name)
        assert up or name == "per_thousand", (study, name)  # its rows have names, its columns units
        for label in across + up:
            assert any(unit.lower() in label.lower() for unit in units), (study, name, label)
        for axes in shown:
            assert axes.get_ylabel() or axes.get_title(loc="left"), (study, name)


@pytest.mark.gate
def test_nothing_is_cut_off(drawn: Drawn) -> None:
    for key, (_, figure) in drawn.items():
        assert not _cut_off(figure), key


@pytest.mark.gate
def test_no_text_covers_another(drawn: Drawn) -> None:
    for key, (_, figure) in drawn.items():
        texts = (text for text in _standing(figure) if text.get_gid() != "threshold")  # its box is askew
        for (one, here), (other, there) in combinations(_boxes(texts), 2):
            assert not here.overlaps(there), (key, one, other)


@pytest.mark.gate
def test_tick_labels_do_not_cover_each_other(drawn: Drawn) -> None:
    for key, (_, figure) in drawn.items():
        for (one, here), (other, there) in combinations(_boxes(_ticks(figure)), 2):
            assert not here.overlaps(there), (key, one, other)


@pytest.mark.gate
@pytest.mark.parametrize("name", PLAIN)
def test_same_bytes_again(two: Results, drawn: Drawn, name: str) -> None:
    content = picture(PLAIN[name](of(two), PRINT), "svg")
    assert content == picture(drawn["two", name][1], "svg")
    assert b"<dc:date>" not in content


HOSTILE = {
    "font.size": 30.0, "lines.linewidth": 9.0, "svg.hashsalt": "other",
    "savefig.bbox": "tight", "savefig.pad_inches": 3.0, "savefig.transparent": True, "savefig.orientation": "landscape",
    "path.simplify_threshold": 1.0, "pdf.fonttype": 42, "pdf.compression": 0,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_callers_settings_do_not_matter(alone: Results, kind: str) -> None:
    before = picture_in(burden.draw(alone), kind, PRINT)
    with mpl.rc_context(HOSTILE):
        assert picture_in(burden.draw(alone), kind, PRINT) == before
        assert mpl.rcParams["font.size"] == 30.0


def test_unlimited_cft_has_no_queue(make: Any) -> None:
    unlimited = [policy for policy in SHIPPED if policy.name in ("usual-care", "cft-unlimited", "opioids-instead")]
    with pytest.raises(NothingToDraw, match="nobody queues"):
        waiting.draw(make(tuple(unlimited), years=2, replications=2))


def test_negative_differences_are_called_added_or_lost(results: Results) -> None:
    figure = burden.draw(results)
    words = " ".join(text.get_text() for axes in figure.axes for text in (*axes.texts, axes.yaxis.label))
    assert "negative: added" in words
    assert "below zero: added" in words
    assert "Opioids in place of CFT  −" in words
    labels = [axes.get_xlabel() for axes in ce_plane.draw(results).axes if axes.get_visible()]
    assert all("right: gained, left: lost" in label for label in labels)
    assert all("left: added" in axes.get_xlabel() for axes in ce_plane.draw_dalys(results).axes if axes.get_visible())


def test_one_policy_far_out_does_not_flatten_the_others(make: Any, results: Results) -> None:
    extreme = make(SHIPPED[:6], years=2, replications=2)
    extreme.totals[5, ..., OUTCOME_INDEX["surgeries"]] *= 60
    figure = harms.draw(extreme)
    FigureCanvasAgg(figure).draw()
    assert not _cut_off(figure)
    by_year = [axes for axes in figure.axes if axes.get_title(loc="left").startswith("Lumbar")]
    assert [axes.get_yscale() for axes in by_year] == ["log"]
    assert "logarithmic" in by_year[0].get_ylabel()
    assert all(axes.get_yscale() == "linear" for axes in harms.draw(results).axes)


def test_part_years_are_said(make: Any) -> None:
    figure = pain_impact.draw(make(SHIPPED[:2], years=2, replications=2, start=date(2026, 7, 1)))
    assert "Parts of years: 2026 (from 1 July) and 2028 (to 30 June)." in " ".join(figure.texts[1].get_text().split())


def test_impact_shows_a_few_of_many(results: Results) -> None:
    kept = pain_impact.chosen(results)
    assert len(kept) == 5
    assert "cft-unlimited" in kept
    assert "(5 of 10)" in pain_impact.draw(results).texts[1].get_text()


@pytest.mark.gate
def test_people_in_remission_are_not_stacked_on_people_in_pain(results: Results) -> None:
    figure = pain_impact.draw(results)
    pain = np.asarray(results.yearly.pivot_table(index="outcome", values="value", aggfunc="max").loc["in_pain_years"])
    assert "remission are not counted" in figure.texts[1].get_text()
    assert figure.axes[0].get_ylim()[1] < pain.max() * 1.2
    assert "In remission" not in [text.get_text() for axes in figure.axes for text in axes.texts]


def test_disability_alone_is_told_to_be_without_deaths_and_where_these_turn_it_round() -> None:
    opioids = (Policy("more-opioids", "More opioids"), {"ylds": (-4e4, 100.0), "ylls": (2.4e5, 100.0)})
    surgery = (Policy("more-surgery", "More surgery"), {"ylds": (-4e4, 100.0), "ylls": (100.0, 10.0)})
    figure = burden.draw(made(opioids, surgery))
    said = " ".join(figure.texts[1].get_text().split())
    assert "without deaths" in figure.texts[0].get_text()
    assert "more opioids adds 200,000 DALYs." in said
    assert "more surgery" not in said
    assert "turns it round" not in burden.draw_dalys(made(opioids, surgery)).texts[1].get_text()


def test_far_out_policies_get_a_close_up_of_the_rest() -> None:
    from lbpsim.outcomes.estimate import Estimate

    cost = {name: Estimate.exact(value) for name, value in zip("uabcde", (0.0, 1.0, -2.0, 3.0, 90.0, 2.0), strict=True)}
    health = {name: Estimate.exact(value) for name, value in zip("uabcde", (0.0, 1.0, 2.0, 2.5, 1.5, 2.0), strict=True)}
    assert ce_plane.Plane(health, cost).far_out() == {"d"}
    few = ce_plane.Plane({name: health[name] for name in "uad"}, {name: cost[name] for name in "uad"})
    assert few.far_out() == set()
