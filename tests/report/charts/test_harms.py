"""Harms: differences over draws where these tell them from noise, and central figures elsewhere, said to be so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.outcomes.draws import BANDED, ProbabilisticResults
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import harms
from lbpsim.report.charts.harms import BOTH, OVER_DRAWS, TOO_RARE
from lbpsim.report.charts.series import difference, expected, noise_rules
from lbpsim.report.charts.styles import COLUMN
from tests.report.charts.spreading import with_draws


@pytest.fixture(scope="module")
def unsure(results: Results) -> ProbabilisticResults:
    """Draws that tell operations, and of deaths know nothing but noise."""
    made = with_draws(results, own=0.01)
    draws = made.draws
    values, mcse = draws.values.copy(), draws.mcse.copy()
    for name, noise in (("surgeries", 0.1), ("overdose_deaths", 1.0)):
        place = draws.outcomes.index(name)
        values[..., place] = draws.yearly[..., BANDED.index(name)].sum(axis=2)
        change = values[:, 1:, place] - values[:, :1, place]
        mcse[:, 1:, place] = noise * change.std(axis=0)
    return ProbabilisticResults.join(results, replace(draws, values=values, mcse=mcse))


def words(figure: Figure) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in figure.texts)


def panel(figure: Figure, start: str) -> Axes:
    (found,) = [axes for axes in figure.axes if axes.get_xlabel().startswith(start)]
    return found


def beside(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts if text.get_gid() == "end label"]


def test_noise_is_told_by_outcome(unsure: ProbabilisticResults, results: Results) -> None:
    assert harms.told_over_draws(unsure, "surgeries") == set(unsure.scenarios[1:])
    assert not harms.told_over_draws(unsure, "overdose_deaths")
    assert not harms.told_over_draws(results, "surgeries"), "without draws none tell it"


def test_differences_are_means_over_draws_the_largest_on_top(unsure: ProbabilisticResults) -> None:
    axes = panel(harms.draw(unsure), "Lumbar fusions")
    assert axes.get_title(loc="left").endswith(OVER_DRAWS)
    found = sorted(expected(unsure, "surgeries", discounted=False).values(), key=lambda each: -each.value)
    spots = [float(line.get_xdata()[0]) for line in axes.lines if len(line.get_xdata()) == 1]  # type: ignore[arg-type,index]
    assert spots == pytest.approx([each.value for each in found])
    ends = [list(map(float, line.get_xdata())) for line in axes.lines if len(line.get_xdata()) == 2]  # type: ignore[arg-type]
    for each in found:
        assert any(one == pytest.approx([each.low, each.high]) for one in ends)
    assert all(" to " in text and "±" not in text for text in beside(axes))


def test_what_is_lost_in_noise_stands_at_central_inputs_and_says_so(
    unsure: ProbabilisticResults, results: Results
) -> None:
    figure = harms.draw(unsure)
    axes = panel(figure, "Deaths from overdose")
    assert axes.get_title(loc="left").endswith(TOO_RARE)
    central = sorted(each.value for each in difference(results, "overdose_deaths", discounted=False).values())
    spots = [float(line.get_xdata()[0]) for line in axes.lines if len(line.get_xdata()) == 1]  # type: ignore[arg-type,index]
    assert sorted(spots) == pytest.approx(central)
    assert not any(" to " in text for text in beside(axes))
    assert "whiskers: 95% interval of parameter uncertainty, with Monte Carlo error on top" in words(figure)
    assert "All else is at central inputs" in words(figure)


def test_each_policy_is_over_draws_where_these_tell_it(unsure: ProbabilisticResults, results: Results) -> None:
    draws = unsure.draws
    found = difference(results, "surgeries", discounted=False)
    mcse, lost = draws.mcse.copy(), max(found, key=lambda name: abs(found[name].value))
    mcse[:, unsure.scenarios.index(lost), draws.outcomes.index("surgeries")] = 1e9
    mixed = ProbabilisticResults.join(results, replace(draws, mcse=mcse))
    axes = panel(harms.draw(mixed), "Lumbar fusions")
    assert axes.get_title(loc="left").endswith(BOTH)
    spots = [line for line in axes.lines if len(line.get_xdata()) == 1]  # type: ignore[arg-type]
    (hollow,) = [line for line in spots if line.get_markerfacecolor() == "white"]
    central, means = (each(mixed, "surgeries", discounted=False) for each in (difference, expected))
    assert float(hollow.get_xdata()[0]) == pytest.approx(central[lost].value)  # type: ignore[index,arg-type]
    filled = sorted(float(line.get_xdata()[0]) for line in spots if line is not hollow)  # type: ignore[index,arg-type]
    assert filled == pytest.approx(sorted(each.value for name, each in means.items() if name != lost))
    assert sum("±" in text for text in beside(axes)) == 1


def test_none_at_central_inputs_is_not_none_where_draws_differ(unsure: ProbabilisticResults, results: Results) -> None:
    found = difference(results, "surgeries", discounted=False)
    mcse, alike = unsure.draws.mcse.copy(), next(name for name, each in found.items() if each.none)
    mcse[:, unsure.scenarios.index(alike), unsure.draws.outcomes.index("surgeries")] = 1e9
    mixed = ProbabilisticResults.join(results, replace(unsure.draws, mcse=mcse))
    assert "no operations differed:\ntoo few simulated" in beside(panel(harms.draw(mixed), "Lumbar fusions"))


def test_where_draws_tell_no_difference_nothing_is_said_to_be_over_draws(unsure: ProbabilisticResults) -> None:
    noisy = replace(unsure.draws, mcse=np.full_like(unsure.draws.mcse, 1e9))
    figure = harms.draw(ProbabilisticResults.join(unsure.at_central_inputs, noisy))
    titles = " ".join(axes.get_title(loc="left") for axes in figure.axes)
    assert TOO_RARE in titles and BOTH not in titles
    assert "whiskers: 95% Monte Carlo interval" in words(figure)
    assert "whiskers: 95% interval of parameter uncertainty" not in words(figure)
    assert ("Over draws: means." in words(figure)) == (OVER_DRAWS in titles)


def test_of_too_few_deaths_no_difference_is_not_none(results: Results) -> None:
    place = list(OUTCOMES).index("overdose_deaths")
    totals = results.totals.copy()
    totals[..., place] = 0.0
    totals[:, 0, :, 1, 0, place] = 1400.0
    lone = replace(results, totals=totals)
    assert harms.too_few(lone, "overdose_deaths") and not harms.too_few(results, "qalys")
    found = [each for each in harms.draw(lone).axes if each.get_xlabel().startswith("Deaths from overdose")]
    assert all(text == "no deaths differed:\ntoo few simulated" for text in beside(found[0]))
    assert noise_rules(lone, "overdose_deaths"), "one death is no course over years"


def test_levels_are_means_over_draws_where_these_tell_them(results: Results) -> None:
    figure = harms.draw(with_draws(results))
    titles = {axes.get_title(loc="left").partition("\n")[0]: axes for axes in figure.axes}
    operations, deaths = (titles[f"{name} each year"] for name in ("Lumbar fusions", "Deaths from overdose"))
    assert operations.get_title(loc="left").endswith(OVER_DRAWS)
    assert OVER_DRAWS not in deaths.get_title(loc="left"), "their draws are lost in noise"
    assert "bars right of the lines" in words(figure)


def test_without_draws_nothing_is_said_of_them(results: Results) -> None:
    for plain in (results, with_draws(results, 10)):
        figure = harms.draw(plain)
        titles = " ".join(axes.get_title(loc="left") for axes in figure.axes)
        assert OVER_DRAWS not in titles and TOO_RARE not in titles and "over draws" not in words(figure).lower()
        assert words(figure).count("At central inputs, undiscounted") == 1
        assert all("±" in text or text == "no difference" for text in beside(panel(figure, "Lumbar fusions")))


def test_a_column_keeps_names_as_they_are_written(unsure: ProbabilisticResults) -> None:
    titles = [axes.get_title(loc="left") for axes in harms.draw(unsure, COLUMN).axes]
    assert [title.splitlines()[0] for title in titles] == ["Deaths from overdose:", "Lumbar fusions:"]
    assert all(title.splitlines()[1].startswith("difference from usual care") for title in titles)
    assert np.all([title.endswith(")") for title in titles])
