from __future__ import annotations

import dataclasses

import pytest

from lbpsim.evidence import parameters
from lbpsim.outcomes.estimate import Estimate
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.limits import (
    AFTER_TRIAL,
    AFTERWARDS,
    AS_PLANNED,
    TRIAL_ENDS,
    after_trial_sentence,
    ceiling_sentence,
    limited_by,
    operations_sentence,
    places_sentence,
    shortage,
    waiting_sentence,
)
from lbpsim.study.clock import Timeline
from lbpsim.study.options import OPTIONS
from lbpsim.study.policies import CftPolicy, Policy, SurgeryPolicy
from tests.report.narrative.made_up import BASE, PLAIN, ROLLOUT, case_of, made, with_draws

UNLIMITED = Policy("cft-unlimited", "Ceiling", cft=dataclasses.replace(ROLLOUT.cft, capacity_limited=False))
FROM = Timeline((1.0,), (0.1,))
WAITING = {"cft_joined": (3e6, 0.0), "cft_left_list": (1e6, 0.0), "cft_years_waited": (1e6, 0.0)}


def _told(case: Comparison) -> str:
    return " ".join(claim.text for claim in limited_by(case))


def test_waiting_counts_referrals_and_not_people() -> None:
    text = waiting_sentence(case_of(ROLLOUT, {**WAITING, "cft_turned_away": (-BASE, 0.0)}))
    assert "are referred to CFT 4.00 million times (one person can be referred more than once). 1.00 million" in text
    assert "75% of waits end untreated or last to the end of the study" in text
    assert "turned away" not in text
    assert "longest in 2026" in text
    assert "have waited 104 weeks" in text


def test_who_is_turned_away_has_not_waited() -> None:
    text = waiting_sentence(case_of(ROLLOUT, {**WAITING, "cft_turned_away": (0.0, 0.0)}))
    assert "25% of referrals are turned away, as the list is too long" in text
    assert "100% of waits end untreated" in text


def test_nobody_is_referred() -> None:
    assert waiting_sentence(case_of(ROLLOUT, {"cft_joined": (-BASE, 0.0)})).startswith("Nobody is referred")


def test_only_policies_with_a_queue_have_one() -> None:
    assert "referred to CFT" in _told(case_of(ROLLOUT))
    for policy in (UNLIMITED, PLAIN, Policy("x", "", cft=CftPolicy(FROM, replaced_by="opioids"))):
        assert "referred to CFT" not in _told(case_of(policy))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1.0, 3.0, "places limit this policy more than its offer"),
        (-3.0, -1.0, "the offer limits this policy more than places"),
        (-1.0, 3.0, "is not clear"),
    ],
)
def test_what_holds_a_rollout_back(low: float, high: float, words: str) -> None:
    text = places_sentence(case_of(ROLLOUT), Estimate(1.0, low, high, source="Monte Carlo"))
    assert words in text
    assert sum(each in text for each in ("than its offer", "than places", "is not clear")) == 1


def test_shortage_compares_the_untreated_with_unused_places() -> None:
    assert shortage(case_of(ROLLOUT, {"cft_left_list": (5e5, 1e4)})).direction == 1
    assert shortage(case_of(ROLLOUT, {"cft_places_unused": (5e6, 1e4)})).direction == -1
    case = case_of(ROLLOUT, {"cft_left_list": (5e5, 1e4)})
    drawn = with_draws(case.results, {"cft_never_reached": (1e5, 1e6)})
    assert shortage(dataclasses.replace(case, results=drawn)).direction == 0


def test_no_places_at_all() -> None:
    text = places_sentence(
        case_of(ROLLOUT, {"cft_places": (-BASE, 0.0)}), Estimate(1.0, 0.5, 2.0, source="Monte Carlo")
    )
    assert text.startswith("No physiotherapist")


@pytest.mark.parametrize(
    ("own", "lifted", "said"),
    [
        ((1000.0, 1.0), (4000.0, 1.0), True),
        ((1000.0, 900.0), (4000.0, 1.0), False),
        ((1000.0, 1.0), (900.0, 1.0), False),
        ((1000.0, 1.0), (4000.0, 4000.0), False),
        ((-1000.0, 1.0), (4000.0, 1.0), False),
    ],
)
def test_the_ceiling_is_told_where_both_gains_are_clear(
    own: tuple[float, float], lifted: tuple[float, float], said: bool
) -> None:
    results = made((ROLLOUT, {"qalys": own}), (UNLIMITED, {"qalys": lifted}))
    text = ceiling_sentence(Comparison(results, None, ROLLOUT))
    assert bool(text) == said
    if said:
        assert "the benchmark “Ceiling”, gains 4,000 QALYs" in text
        assert "25% of that is reached" in text


def test_a_ceiling_of_another_offer_is_none() -> None:
    other = dataclasses.replace(UNLIMITED, cft=dataclasses.replace(UNLIMITED.cft, biofeedback=True))
    results = made((ROLLOUT, {"qalys": (1000.0, 1.0)}), (other, {"qalys": (4000.0, 1.0)}))
    assert ceiling_sentence(Comparison(results, None, ROLLOUT)) == ""


def test_a_ceiling_is_called_one() -> None:
    assert "no plan could carry it out" in _told(case_of(UNLIMITED))
    assert "no plan could carry it out" not in _told(case_of(ROLLOUT))


@pytest.mark.parametrize(
    ("policy", "more", "said"),
    [
        (Policy("x", "", surgery=SurgeryPolicy(growth=FROM)), (5e5, 1e3), True),
        (Policy("x", "", cft=CftPolicy(FROM, replaced_by="surgery")), (5e5, 1e3), True),
        (Policy("x", "", surgery=SurgeryPolicy(growth=FROM)), (5e2, 1e3), False),
        (Policy("x", "", surgery=SurgeryPolicy(growth=FROM, operations_per_year=FROM)), (5e5, 1e3), False),
        (Policy("x", "", surgery=SurgeryPolicy(referral_change=FROM)), (-5e5, 1e3), False),
        (ROLLOUT, (5e5, 1e3), False),
    ],
)
def test_operations_without_a_limit_are_told(policy: Policy, more: tuple[float, float], said: bool) -> None:
    text = operations_sentence(case_of(policy, {"surgeries": more}))
    assert bool(text) == said
    if said:
        assert "more lumbar fusions" in text
        assert "than the 1.00 million under usual care" in text


@pytest.mark.parametrize("choice", OPTIONS["after_year_three"][0])
def test_every_choice_for_the_years_after_the_trial_has_words_and_grades(choice: str) -> None:
    text = after_trial_sentence(case_of(dataclasses.replace(ROLLOUT, options={"after_year_three": choice})))
    assert AFTERWARDS[choice] in text
    assert text.endswith(f'graded "{parameters()[AFTER_TRIAL].grade}".')
    assert f'graded "{parameters()[TRIAL_ENDS[False]].grade}";' in text


def test_the_years_after_the_trial_matter_to_cft_alone() -> None:
    assert "to year three" in _told(case_of(ROLLOUT))
    assert "to year three" not in _told(case_of(PLAIN))


def test_policies_without_places_are_carried_out_in_full() -> None:
    assert AS_PLANNED in _told(case_of(PLAIN))
    assert AS_PLANNED not in _told(case_of(ROLLOUT))


def test_guesses_and_own_inputs() -> None:
    assert '(graded "assumption")' in _told(case_of(ROLLOUT))
    assert "rests on inputs" not in _told(case_of(PLAIN))
    own = dataclasses.replace(ROLLOUT, assume={"cft.fidelity": 0.5})
    assert f"sets inputs of its own: {parameters()['cft.fidelity'].label}." in _told(case_of(own))
    assert "inputs of its own" not in _told(case_of(ROLLOUT))
