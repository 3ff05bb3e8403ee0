"""Budgets by payer: at central inputs, and over draws."""

from __future__ import annotations

from matplotlib.figure import Figure

from lbpsim.outcomes.draws import FEWEST_DRAWS
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import budget
from lbpsim.voi.decision_analysis import decide
from tests.report.budgets import with_budgets


def told(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_over_draws_every_policy_has_the_interval_of_all_payers(results: Results) -> None:
    unsure = with_budgets(results, 2 * FEWEST_DRAWS)
    figure = budget.draw(unsure, decide(unsure))
    assert all("(" in text and " to " in text for text in told(figure))
    assert "Means over draws" in " ".join(" ".join(text.get_text().split()) for text in figure.texts)
    assert not any("(" in text for text in told(budget.draw(results, decide(results))))
