from __future__ import annotations

from collections.abc import Mapping

import pytest

from lbpsim.report.claims import headline
from lbpsim.report.claims.headline import compared, leading, most_gained
from lbpsim.study.model import Policy
from tests.report.claims.made_up import PLAIN, ROLLOUT, made, with_draws
from tests.report.claims.test_limits import UNLIMITED

OTHER = Policy("another", "Another")


def test_the_benchmark_never_leads() -> None:
    results = made((PLAIN, {"qalys": (1000.0, 1.0)}), (UNLIMITED, {"qalys": (9000.0, 1.0)}))
    assert leading(results) == ("a-policy",)
    assert "gains most QALYs of all choices: 1,000 QALYs" in most_gained(results, leading(results))
    assert "“CFT unlimited” is a benchmark, not a choice." in compared(results)


def test_policies_that_cannot_be_told_apart_lead_together() -> None:
    results = made((PLAIN, {"qalys": (1000.0, 100.0)}), (OTHER, {"qalys": (1001.0, 100.0)}))
    text = most_gained(results, leading(results))
    assert leading(results) == ("another", "a-policy")
    assert "no clear difference between that and “A policy”" in text
    assert "most QALYs" not in text


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
    assert "was not looked at" in headline(results, None)[3]
    drawn = headline(with_draws(results, {"qalys": (1000.0, 100.0)}), None)
    assert "Over 400 draws" in drawn[3]
    few = headline(with_draws(results, {"qalys": (1000.0, 100.0)}, number=5), None)
    assert "so few draws" in " ".join(few)


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
