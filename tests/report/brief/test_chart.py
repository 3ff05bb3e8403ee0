from __future__ import annotations

import numpy as np

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.brief.chart import alone, averted_by_year, how_to_read, in_words
from lbpsim.report.brief.content import brief_of


def test_lines_are_what_the_tables_say(plain: Results) -> None:
    rows = plain.yearly_incremental
    mine = rows[(rows["scenario"] == "cft-rollout") & (rows["outcome"] == "ylds")]
    np.testing.assert_allclose(averted_by_year(plain)["cft-rollout"].value, -mine["difference"])


def test_with_draws_lines_are_means_over_them_and_the_band_theirs(with_draws: ProbabilisticResults) -> None:
    found = averted_by_year(with_draws)["cft-rollout"]
    gains = with_draws.draws.of("qalys")[:, 1]
    np.testing.assert_allclose(found.value[-1], 0.2 * gains.mean())
    assert (found.low[-1] < found.value[-1]) and (found.value[-1] < found.high[-1])
    assert "means over 120 draws" in how_to_read(with_draws)


def test_every_policy_has_a_line_and_its_name_and_one_a_band(with_draws: Results) -> None:
    brief = brief_of(with_draws)
    (axes,) = alone(brief.results, brief.best).axes
    named = [text.get_text() for text in axes.texts if text.get_text()]
    assert len(named) == len(brief.results.scenarios) - 1
    assert len(axes.collections) == 1
    dashes = {(line.get_linestyle(), line.get_marker()) for line in axes.lines if len(line.get_xdata()) == 10}
    assert len(dashes) == len(named)  # told apart in grey


def test_the_chart_is_told_to_those_who_do_not_see_it(plain: Results) -> None:
    told = in_words(plain)
    assert told.startswith("YLDs averted in 2035 against Usual care goes on as today: CFT offered in primary care: ")
