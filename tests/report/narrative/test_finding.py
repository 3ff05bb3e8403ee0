from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from lbpsim.outcomes.results import Results
from lbpsim.report.narrative.finding import Finding, finding, ranking, shares_best, view_of, with_enough_draws
from lbpsim.study.policies import Policy
from tests.report.narrative.made_up import OTHER, PLAIN, ROLLOUT, UNLIMITED, made, with_draws

Differences = Mapping[str, tuple[float, float]]


def found(results: Results) -> Finding:
    made_of = finding(results)
    assert made_of is not None
    return made_of


def drawn(*each: Differences, policies: tuple[Policy, ...] = (PLAIN, OTHER), number: int = 400) -> Results:
    """Results over draws of which each policy has these differences; at central inputs there is none."""
    return with_draws(made(*((policy, {}) for policy in policies[: len(each)])), *each, number=number)


GAIN = {"qalys": (1000.0, 100.0), "cost_health_system": (-2e6, 4e5), "cost_societal": (-2e6, 4e5)}
UNSURE = {"qalys": (1000.0, 4000.0)}
LOSS = {"qalys": (-1000.0, 100.0)}


def test_the_best_is_the_choice_of_the_highest_expected_net_benefit() -> None:
    most_qalys = {"qalys": (1100.0, 100.0), "cost_societal": (9e6, 1e6)}  # which cost more than they are worth
    results = drawn(GAIN, most_qalys)
    assert ranking(results)[0] == found(results).policy == "a-policy"
    sentence = found(results).sentence
    assert sentence.startswith("“A policy” is expected to be worth the most of 3 choices at AUD 28,033 a QALY")
    assert re.search(r"it gains 1,000 QALYs \(\d+ to 1,\d+\) by 2035", sentence)
    assert re.search(r"spends AUD 2\.00 million less on health care \(AUD 1\.\d+ to 2\.\d+ million\)", sentence)


def test_the_probability_of_being_best_is_that_of_the_draws() -> None:
    results = drawn({"qalys": (1000.0, 500.0)}, {"cost_societal": (-2.6e7, 1e6)})
    share = shares_best(results.draws, ranking(results), view_of(results))["a-policy"]  # type: ignore[attr-defined]
    assert 0.5 < share < 0.6
    assert f"(probability of being the best: {share:.0%}; of “" in found(results).sentence


def test_a_benchmark_is_never_the_best_nor_counted() -> None:
    results = drawn(GAIN, {"qalys": (9000.0, 1.0)}, policies=(PLAIN, UNLIMITED))
    assert found(results).policy == "a-policy"
    assert "of 2 choices" in found(results).sentence
    assert finding(drawn({"qalys": (9000.0, 1.0)}, policies=(UNLIMITED,))) is None


@pytest.mark.parametrize("results", [drawn(UNSURE), made((PLAIN, {"qalys": (1000.0, 4000.0)}))])
def test_where_worth_is_not_clear_no_effect_is_told(results: Results) -> None:
    sentence = found(results).sentence
    assert sentence.startswith("No policy is clearly worth more than usual care")
    assert "gains" not in sentence
    assert ("probability" in sentence) == hasattr(results, "draws")


def test_an_interval_that_holds_zero_gives_no_direction() -> None:
    results = drawn({"qalys": (1000.0, 100.0), "cost_health_system": (5e5, 4e6), "cost_societal": (5e5, 1e5)})
    text = found(results)
    unclear = r"shows no clear difference in the cost of health care \(AUD −\d\.\d to \+\d\.\d million\)"
    assert re.search(unclear, text.sentence)
    assert (text.headlines[2].figure, text.headlines[2].label) == ("no clear change", "in the cost of health care")
    assert "more" not in text.headlines[2].label + text.headlines[2].figure
    loses = drawn({"qalys": (-10.0, 400.0), "cost_health_system": (-9e9, 1e8), "cost_societal": (-9e9, 1e8)})
    assert "it shows no clear difference in QALYs" in found(loses).sentence
    assert (found(loses).headlines[1].figure, found(loses).headlines[1].label) == ("no clear change", "in QALYs")


def test_where_the_comparator_is_best_it_is_named_and_the_nearest_policy_shown() -> None:
    text = found(drawn(LOSS, {"qalys": (-2000.0, 100.0)}))
    assert (text.policy, text.is_best) == ("a-policy", False)
    assert text.sentence.startswith("No policy is expected to be worth more than “Usual care”, of 3 choices")
    assert "(probability of that being the best: at least 99%)" in text.sentence
    assert text.headlines[1].label == "QALYs lost"


def test_without_draws_the_sentence_is_of_central_inputs_and_knows_no_probability() -> None:
    text = found(made((PLAIN, {"qalys": (1000.0, 10.0)}), (OTHER, {"qalys": (500.0, 10.0)})))
    assert text.sentence.startswith("At the central values of the inputs “A policy” is worth the most of 3 choices")
    assert "probability" not in text.sentence
    assert text.headlines[3].figure == "not known"
    assert text.intervals == "95% Monte Carlo interval, without parameter uncertainty."


def test_without_draws_choices_that_cannot_be_told_apart_are_named_with_the_best() -> None:
    text = found(made((PLAIN, {"qalys": (1000.0, 10.0)}), (OTHER, {"qalys": (1001.0, 10.0)})))
    assert "“Another” is worth the most of 3 choices" in text.sentence
    assert "at AUD 28,033 a QALY, not clearly more than “A policy”:" in text.sentence


def test_too_few_draws_count_as_none() -> None:
    results = with_draws(made((PLAIN, {"qalys": (1000.0, 10.0)})), {"qalys": (-1000.0, 10.0)}, number=6)
    assert not hasattr(with_enough_draws(results), "draws")
    assert found(results).sentence.startswith("At the central values of the inputs")
    assert "gains 1,000 QALYs" in found(results).sentence


def test_one_replication_without_draws_knows_no_interval() -> None:
    text = found(made((PLAIN, {"qalys": (1000.0, 0.0)}), replications=1))
    assert text.sentence.startswith("No policy is clearly worth more than usual care")
    assert text.headlines[1].interval == "not known"
    assert text.intervals == "One replication: no interval is known."


def test_people_are_treated_by_the_last_year_under_an_offer_of_cft() -> None:
    results = made((ROLLOUT, {"qalys": (1000.0, 1.0), "cft_first_courses": (5e6, 1e5)}))
    treated = found(results).headlines[0]
    assert (treated.figure, treated.label) == ("6.00 million", "people treated with CFT by 2035")  # with a million
    assert re.fullmatch(r"5\.\d+ to 6\.\d+ million", treated.interval)


def test_the_phrase_on_intervals_stands_once() -> None:
    text = found(drawn(GAIN))
    everything = " ".join(
        [text.sentence, text.terms, text.intervals, *(f"{each.label} {each.interval}" for each in text.headlines)]
    )
    assert everything.count("interval") == 1


def test_the_comparator_alone_finds_nothing() -> None:
    assert finding(made()) is None
