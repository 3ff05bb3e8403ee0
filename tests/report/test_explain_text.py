"""Sentences about a policy taken apart: each is said of results that support it, and of no others."""

from __future__ import annotations

import pytest

from lbpsim.explain.attribution import Attribution, Lead
from lbpsim.report.explain_text import holds, opening, paragraphs, sources
from lbpsim.report.format import listed
from tests.report.explained import made_up

CLEAR, UNCLEAR = (500.0, 50.0), (90.0, 50.0)


def said(why: Attribution) -> str:
    return " ".join(paragraphs(why))


# --- what the policy does --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whole", "sentence"),
    [
        ((1000.0, 50.0), "CFT rollout gains 1,000 ± 100 QALYs against usual care (2026 to 2027, discounted at 5% a"),
        ((-1000.0, 50.0), "CFT rollout loses 1,000 ± 100 QALYs against usual care"),
        ((1000.0, 501.0), "CFT rollout has no clear effect on QALYs (+1,000 ± 1,000 QALYs) against usual care"),
        ((-90.0, 50.0), "CFT rollout has no clear effect on QALYs (−90 ± 100 QALYs) against usual care"),
        ((0.0, 0.0), "has no clear effect on QALYs (0 QALYs)"),
    ],
)  # fmt: skip
def test_gain_or_loss_is_said_only_where_it_is_clear(whole: tuple[float, float], sentence: str) -> None:
    text = " ".join(opening(made_up(whole=whole)))
    assert text.startswith(sentence) or sentence in text
    assert (" gains " in text) == sentence.startswith("CFT rollout gains")
    assert (" loses " in text) == sentence.startswith("CFT rollout loses")


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        ((2e6, 1e5), "Health care rises by AUD 2.00 ± 0.21 m; societal cost, lost work included, rises by AUD 2.00"),
        ((-2e6, 1e5), "Health care falls by AUD 2.00 ± 0.21 m; societal cost, lost work included, falls"),
        ((2e6, 1.1e6), "Health care changes by no clear amount (+AUD 2 m)"),
    ],
)
def test_costs_rise_or_fall_only_where_it_is_clear(cost: tuple[float, float], words: str) -> None:
    assert words in " ".join(opening(made_up(cost=cost)))


@pytest.mark.parametrize(("replications", "clear"), [(4, False), (20, True)])
def test_nothing_is_clear_whose_interval_holds_zero(replications: int, clear: bool) -> None:
    """With few replications the interval is wider than two errors to either side."""
    why = made_up(whole=(125.0, 50.0), replications=replications)
    assert (" gains " in " ".join(opening(why))) == clear
    lead = Lead("capacity", "uptake", 125.0, 50.0)
    relaxed = {"capacity": (900.0, 50.0), "uptake": (775.0, 50.0), "all": (900.0, 50.0)}
    text = " ".join(holds(made_up(relaxed=relaxed, lead=lead, replications=replications)))
    assert ("most is capacity" in text) == clear


def test_one_replication_makes_nothing_clear() -> None:
    text = said(made_up(whole=(1000.0, float("nan")), replications=1))
    assert "no clear effect on QALYs" in text
    assert "One replication gives no Monte Carlo errors" in text
    assert "One replication" not in said(made_up())


# --- where it comes from ---------------------------------------------------------------------------------------------


def test_what_is_clear_alone_is_told_and_what_is_not_is_not_claimed() -> None:
    text = " ".join(sources(made_up(alone={"cft.offered": CLEAR, "cft.training_places": UNCLEAR})))
    assert "Alone, 500 ± 100 QALYs are gained by the offer of CFT." in text
    assert "Alone, no clear effect comes from the training places." in text


def test_a_loss_is_told_as_one() -> None:
    text = " ".join(sources(made_up(alone={"cft.offered": (-500.0, 50.0), "cft.training_places": CLEAR})))
    assert "500 ± 100 QALYs are lost by the offer of CFT" in text
    assert "500 ± 100 QALYs are gained by the training places" in text


def test_changes_that_work_only_together() -> None:
    text = " ".join(sources(made_up(interaction=(1000.0, 50.0))))
    assert "None of its 2 changes has a clear effect on QALYs alone: they do what they do only together." in text
    assert "Together they come to 1,000 ± 100 QALYs more than the sum of what each does alone." in text


def test_a_policy_without_a_clear_effect_has_none_together() -> None:
    text = " ".join(sources(made_up(whole=UNCLEAR, interaction=UNCLEAR)))
    assert "only together" not in text
    assert "That they act together makes no clear difference (+90 ± 100 QALYs)." in text


def test_an_interaction_can_take_away() -> None:
    assert "1,000 ± 100 QALYs fewer than the sum" in " ".join(sources(made_up(interaction=(-1000.0, 50.0))))


def test_what_is_lost_without_a_part_is_told_only_where_it_is_clear() -> None:
    text = " ".join(sources(made_up(lost={"cft.offered": CLEAR, "cft.training_places": UNCLEAR})))
    assert "The whole policy would come to 500 ± 100 QALYs fewer without the offer of CFT." in text
    assert "without the training places" not in text
    assert "more without the offer of CFT" in " ".join(sources(made_up(lost={"cft.offered": (-500.0, 50.0)})))
    assert "The whole policy would come to" not in " ".join(sources(made_up()))


def test_pathways_are_told_where_there_are_several() -> None:
    why = made_up(alone={"cft": CLEAR, "opioids": UNCLEAR}, pathways=("cft", "opioids"))
    text = " ".join(sources(why))
    assert "are gained by all changes to CFT" in text
    assert "no clear effect comes from the offer of supported tapering" in text
    assert "training places" not in text


def test_a_single_change_is_not_taken_apart() -> None:
    assert sources(made_up(pathways=("opioids",))) == [
        "It makes one change, the offer of supported tapering, so that there is nothing to tell apart."
    ]


# --- what holds it back ----------------------------------------------------------------------------------------------

AHEAD = Lead("capacity", "uptake", 400.0, 50.0)
LEVEL = Lead("capacity", "uptake", 90.0, 50.0)
BOTH = {"capacity": (500.0, 50.0), "uptake": (100.0, 40.0), "all": (900.0, 50.0)}


def test_what_holds_it_back_most() -> None:
    text = " ".join(holds(made_up(relaxed=BOTH, lead=AHEAD)))
    assert text.startswith(
        "At central inputs, what holds it back most is capacity: with places for all who take it up it would gain "
        "500 ± 100 QALYs more."
    )
    assert "It is also held back by uptake (100 ± 84 QALYs)." in text
    assert "With all of these relaxed it would gain 900 ± 100 QALYs more." in text


def test_most_is_not_said_where_two_are_level() -> None:
    text = " ".join(holds(made_up(relaxed=BOTH, lead=LEVEL)))
    assert "What holds it back most is not clear, even at central inputs; capacity is one of the first: with" in text
    assert "most is capacity" not in text


def test_nothing_is_said_to_hold_it_back_where_nothing_clearly_does() -> None:
    unclear = {"capacity": UNCLEAR, "uptake": UNCLEAR, "all": UNCLEAR}
    text = " ".join(holds(made_up(relaxed=unclear, lead=LEVEL)))
    assert text == (
        "Nothing that was relaxed alone would clearly gain more QALYs. "
        "To relax all of these would have no clear effect (+90 ± 100 QALYs)."
    )


def test_what_would_lose_and_what_would_do_nothing_is_told_apart() -> None:
    relaxed = {"eligibility": (-300.0, 50.0), "uptake": UNCLEAR, "capacity": (500.0, 50.0), "all": (900.0, 50.0)}
    text = " ".join(holds(made_up(relaxed=relaxed, lead=AHEAD)))
    assert "To relax nothing but eligibility (300 ± 100 QALYs fewer) would lose QALYs." in text
    assert "To relax uptake alone would have no clear effect." in text
    assert "held back by eligibility" not in text


def test_one_relaxation_needs_no_lead() -> None:
    text = " ".join(holds(made_up(relaxed={"uptake": CLEAR, "all": CLEAR})))
    assert (
        "At central inputs, what holds it back most is uptake: with an offer that everybody takes up it would gain 500"
        in text
    )
    assert "all of these" not in text


def test_a_policy_that_offers_nothing_is_not_held_back() -> None:
    assert holds(made_up()) == ["It makes no offer whose reach could be widened, so that nothing was relaxed."]


def test_less_than_half_a_qaly_is_neither_gained_nor_lost() -> None:
    relaxed = {"uptake": (-0.004, 0.001), "all": (-0.004, 0.001)}
    assert "would lose" not in " ".join(holds(made_up(relaxed=relaxed)))
    assert "has no clear effect on QALYs (0 QALYs)" in " ".join(opening(made_up(whole=(-0.0006, 0.0001))))


def test_a_change_that_moves_money_alone_is_told_by_its_money() -> None:
    """A price does nothing without the offer that it belongs to: what it moves is what the whole is dearer without."""
    cheaper = made_up(lost={"cft.offered": CLEAR}, lost_cost={"cft.training_places": (-3e6, 1e5)})
    assert (
        "Without the training places, health care would cost AUD 3.00 ± 0.21 m more and society, lost work included, "
        "would pay AUD 3.00 ± 0.21 m more." in " ".join(sources(cheaper))
    )
    assert "Without the offer of CFT," not in " ".join(sources(cheaper))


def test_lists_in_a_sentence() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"], last="or") == "a, b or c"
