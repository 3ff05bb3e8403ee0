from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lbpsim.cea.net_benefit import View
from lbpsim.outcomes.draws import FEWEST_DRAWS
from lbpsim.report.narrative.confidence import enough, many, probability, probability_better
from tests.report.narrative.made_up import PLAIN, made, with_draws

VIEW = View("societal", 28033.0)


def test_draws_are_enough_from_the_number_on_that_has_an_end_beyond_its_interval() -> None:
    few, more = (with_draws(made((PLAIN, {})), {}, number=FEWEST_DRAWS - less).draws for less in (1, 0))
    assert not enough(few) and enough(more)
    assert many(more) == f"{FEWEST_DRAWS} draws"


def test_the_probability_is_the_share_of_draws_that_are_worth_more() -> None:
    half, sure = (with_draws(made((PLAIN, {})), {"qalys": (gain, 1.0)}).draws for gain in (0.0, 100.0))
    assert 0.45 < probability_better(half, PLAIN.name, VIEW) < 0.55
    assert probability_better(sure, PLAIN.name, VIEW) == 1.0


@given(st.integers(1, 2000), st.data())
def test_probabilities_are_never_certain(draws: int, data: st.DataObject) -> None:
    share = data.draw(st.integers(0, draws)) / draws
    text = probability(share, draws)
    assert "100%" not in text.split(" (")[0]
    assert ("at least" in text) == (share == 1.0)
    assert ("at most" in text) == (share == 0.0)
