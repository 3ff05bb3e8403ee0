"""Who gains by fifth, and the plane of equity: over draws, and at central inputs."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.outcomes.draws import FEWEST_DRAWS, ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import equity
from lbpsim.voi.decision_analysis import Decision, decide
from tests.report.groups import with_groups, without_groups

HELD = "95% interval of parameter uncertainty"


@pytest.fixture(scope="module")
def unsure(results: Results) -> ProbabilisticResults:
    return with_groups(results, number=60, own=0.05, cost=1e6)


@pytest.fixture(scope="module")
def decision(unsure: ProbabilisticResults) -> Decision:
    return decide(unsure)


def words(figure: Figure) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in figure.texts)


def test_bars_and_whiskers_are_those_of_the_draws(unsure: ProbabilisticResults, decision: Decision) -> None:
    figure = equity.draw(unsure, decision)
    assert f"Means over draws; whiskers of net: {HELD}." in words(figure)
    assert "Monte Carlo" not in words(figure)
    titles = {axes.get_title(loc="left"): axes for axes in figure.axes}
    scenario = unsure.scenarios[1]
    axes = titles[next(title for title in titles if title.split()[:2] == unsure.titles[scenario].split()[:2])]
    mine = decision.health.query("scenario == @scenario and quintile != 'all'")
    heights = [bar.get_height() for bar in axes.patches]
    assert heights == pytest.approx([*mine["expected_gained"], *-mine["expected_forgone"]])
    (net,) = [line for line in axes.lines if len(line.get_xdata()) == 5]  # type: ignore[arg-type]
    assert list(net.get_ydata()) == pytest.approx(mine["mean"].tolist())  # type: ignore[arg-type]
    ends = [
        tuple(line.get_ydata()) for line in axes.lines if len(line.get_xdata()) == 2 and line.get_linewidth() == 1.0
    ]  # type: ignore[arg-type]
    assert ends == [pytest.approx(each) for each in zip(mine["low"], mine["high"], strict=True)]


def test_noise_in_whiskers_is_said(results: Results) -> None:
    noisy = with_groups(results, shared=0.001, noise=400.0)
    assert f"{HELD}, with Monte Carlo error on top where that is most" in words(equity.draw(noisy, decide(noisy)))
    assert "with Monte Carlo error on top" in words(equity.draw_plane(noisy, decide(noisy)))


def test_without_draws_that_tell_everything_stands_at_central_inputs(
    results: Results, unsure: ProbabilisticResults
) -> None:
    few = with_groups(results, number=FEWEST_DRAWS - 1)
    for plain in (results, few, without_groups(unsure)):
        found = decide(plain)
        fifths, plane = equity.draw(plain, found), equity.draw_plane(plain, found)
        assert "whiskers: 95% Monte Carlo interval" in words(fifths) and "over draws" not in words(fifths)
        assert "at central inputs" in words(plane) and "over draws" not in words(plane)
        expected = _registered(found, "net_health", "equity_gain")
        assert np.array(_spots(plane.axes[0])) == pytest.approx(np.array(expected))


def test_points_of_the_plane_are_means_over_draws_with_crosses(
    unsure: ProbabilisticResults, decision: Decision
) -> None:
    figure = equity.draw_plane(unsure, decision)
    assert f"Means over draws; crosses: {HELD}." in words(figure) and "central" not in words(figure)
    plane, by_aversion = figure.axes
    gains = _registered(decision, "expected_equity_gain")
    assert [y for _, y in _spots(plane)] == pytest.approx([y for _, y in gains])
    whole = decision.health.query("quintile == 'all'").set_index("scenario")
    assert sorted(x for x, _ in _spots(plane)) == pytest.approx(sorted(whole["mean"]))
    arms = [sorted(map(float, line.get_xdata())) for line in plane.lines if len(line.get_xdata()) == 2]  # type: ignore[arg-type]
    for low, high in zip(whole["low"], whole["high"], strict=True):
        assert any(arm == pytest.approx([low, high]) for arm in arms)
    worth = decision.equity.query("aversion == 'Atkinson'").pivot_table("mean", "strength", "scenario")
    ends = sorted(float(line.get_ydata()[-1]) for line in by_aversion.lines if len(line.get_xdata()) == len(worth))  # type: ignore[arg-type,index]
    assert ends == pytest.approx(sorted(worth.iloc[-1]))


def _spots(axes: Axes) -> list[tuple[float, float]]:
    spots = [line for line in axes.lines if len(line.get_xdata()) == 1]  # type: ignore[arg-type]
    return sorted((float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in spots)  # type: ignore[index]


def _registered(decision: Decision, *columns: str) -> list[tuple[float, float]]:
    """Of every policy its place at the registered strength, from left to right."""
    rows = decision.equity.query("aversion == 'Atkinson' and registered").set_index("scenario")
    whole = decision.health.query("quintile == 'all'").set_index("scenario")
    across = rows[columns[0]] if len(columns) > 1 else whole["mean"]
    return sorted(zip(across.loc[rows.index], rows[columns[-1]], strict=True))


def test_a_gain_in_equity_that_is_noise_is_dotted_and_said_to_be(results: Results) -> None:
    """Net health is known, while what its distribution adds is not."""
    noisy = with_groups(results, (700.0,) * 5, shared=0.3, noise=200.0)
    found = decide(noisy)
    figure = equity.draw_plane(noisy, found)
    assert f"crosses: {HELD}, with Monte Carlo error on top where that is most of the spread; dotted" in words(figure)
    arms = [line for line in figure.axes[0].lines if len(line.get_xdata()) == 2 and line.get_linewidth() == equity.ARM]  # type: ignore[arg-type]
    rows = found.equity.query("aversion == 'Atkinson' and registered")
    for _, row in rows.iterrows():
        ends = pytest.approx([row["equity_gain_low"], row["equity_gain_high"]])
        (upright,) = [line for line in arms if list(line.get_ydata()) == ends]  # type: ignore[arg-type]
        assert upright.get_linestyle() == equity.arm_style(row["equity_gain_interval"])
    assert (
        rows["equity_gain_interval"].iloc[0] == "parameters and Monte Carlo" and equity.arm_style("parameters") == "-"
    )


def test_whiskers_are_cased_in_white(unsure: ProbabilisticResults, decision: Decision) -> None:
    casing = equity.draw(unsure, decision).axes[0].collections[-1]
    assert np.all(casing.get_edgecolor()[0][:3] == 1.0)  # type: ignore[index]
    assert casing.get_linewidth()[0] == equity.CASING > 2.0  # type: ignore[index]
