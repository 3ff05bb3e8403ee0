from __future__ import annotations

from collections.abc import Mapping

import pytest

from lbpsim.report.narrative import headline
from lbpsim.report.narrative.headline import compared, leading, most_gained
from lbpsim.study.policies import Policy
from tests.report.narrative.made_up import PLAIN, ROLLOUT, made, with_draws
from tests.report.narrative.test_limits import UNLIMITED

OTHER = Policy("another", "Another")


def test_the_benchmark_never_leads() -> None:
    results = made((PLAIN, {"qalys": (1000.0, 1.0)}), (UNLIMITED, {"qalys": (9000.0, 1.0)}))
    assert leading(results) == ("a-policy",)
    assert "“A policy” gains 1,000 QALYs" in most_gained(results, leading(results))
    assert "“Ceiling” is a benchmark, not a choice." in compared(results)


def test_policies_that_cannot_be_told_apart_lead_together() -> None:
    results = made((PLAIN, {"qalys": (1000.0, 100.0)}), (OTHER, {"qalys": (1001.0, 100.0)}))
    text = most_gained(results, leading(results))
    assert leading(results) == ("another", "a-policy")
    assert "no clear difference between that and “A policy”" in text
    assert "most QALYs" not in text


SURE = made((PLAIN, {"qalys": (1000.0, 1.0)}), (OTHER, {"qalys": (900.0, 1.0)}))


def test_without_draws_none_is_named_best() -> None:
    text = most_gained(SURE, leading(SURE))
    assert "“A policy” gains 1,000" in text
    assert "At the central values of the inputs" in text
    assert "parameter uncertainty is not in this" in text
    assert "gains most" not in text


def test_most_is_said_only_where_draws_bear_it_pair_by_pair() -> None:
    each = {"qalys": (1000.0, 400.0)}
    near, far = (with_draws(SURE, each, {"qalys": (size, 400.0)}) for size in (990.0, 500.0))
    assert "“A policy” gains most QALYs of all choices" in most_gained(near, leading(near))  # the same draws, 10 apart
    assert "“A policy” gains most QALYs of all choices" in most_gained(far, leading(far))
    tied = with_draws(SURE, each, {"qalys": (990.0, 500.0)})
    assert leading(tied) == ("a-policy", "another")
    assert "no clear difference between that and “Another”" in most_gained(tied, leading(tied))


def test_a_choice_whose_own_gain_is_unclear_can_still_be_a_rival() -> None:
    drawn = with_draws(SURE, {"qalys": (1000.0, 100.0)}, {"qalys": (900.0, 2000.0)})
    assert leading(drawn) == ("a-policy", "another")
    assert "gains most" not in most_gained(drawn, leading(drawn))


def test_an_only_choice_is_not_ranked() -> None:
    results = made((PLAIN, {"qalys": (1000.0, 1.0)}))
    text = most_gained(results, leading(results))
    assert "best" not in text
    assert "most" not in text


@pytest.mark.parametrize("qalys", [(-1000.0, 1.0), (1.0, 1.0), (0.0, 0.0)])
def test_no_gain_no_leader(qalys: tuple[float, float]) -> None:
    results = made((PLAIN, {"qalys": qalys}))
    assert leading(results) == ()
    told = headline(results, None)
    assert "no policy that could be chosen clearly gains QALYs" in told[1]
    assert not any("Health care under" in text for text in told)
    assert 3 <= len(told) <= 5


@pytest.mark.parametrize(
    ("policy", "differences", "words"),
    [
        (ROLLOUT, {"qalys": (1e3, 1.0)}, "CFT's effect to year three"),
        (PLAIN, {"qalys": (1e3, 1.0)}, "results of a model"),
    ],
)
def test_the_caveat_fits_the_policy(policy: Policy, differences: Mapping[str, tuple[float, float]], words: str) -> None:
    told = headline(made((policy, differences)), None)
    assert words in told[-1]
    assert len(told) == 5


def test_how_sure_is_said_either_way() -> None:
    results = made((PLAIN, {"qalys": (1000.0, 1.0)}))
    without = headline(results, None)[3]
    assert without.startswith("Parameter uncertainty was not run: the intervals here are of Monte Carlo error alone")
    assert "unless `--draws 0` is added" in without
    drawn = headline(with_draws(results, {"qalys": (1000.0, 100.0)}), None)
    assert "Over 400 draws" in drawn[3]
    few = headline(with_draws(results, {"qalys": (1000.0, 100.0)}, number=5), None)
    assert "The uncertainty of the answer cannot be told from 5 draws" in " ".join(few)


def test_costs_are_in_the_headline_with_their_payers() -> None:
    text = headline(made((PLAIN, {"qalys": (1000.0, 1.0), "cost_surgery": (5e7, 1e5)})), None)[2]
    assert "Health care under “A policy” costs AUD 50.00 million more (" in text
    assert "patients AUD" in text
    assert "prices of 2024" in text
    assert "less" not in text


def test_a_study_of_the_comparator_alone_has_no_headline() -> None:
    assert headline(made(), None) == ()


def test_numbers_of_policies() -> None:
    assert "compares one policy with usual care" in compared(made((PLAIN, {})))
    assert "compares two policies with" in compared(made((PLAIN, {}), (OTHER, {})))
