"""The question: a goal, limits, a policy to start from; whatever is wrong with it is told."""

from __future__ import annotations

import dataclasses

import pytest

from lbpsim.optimisation.question import question
from lbpsim.study import InputErrors
from tests.optimisation.small_search import small_study
from tests.pathways import small_country

STUDY = small_study()


@pytest.mark.parametrize(
    ("goal", "given", "words"),
    [
        ("net-health-benfit", {}, "Did you mean `net-health-benefit`"),
        ("cost", {}, "The least cost is that of doing nothing"),
        ("dalys-averted", {"policy": "cft-rolout"}, "Did you mean `cft-rollout`"),
        ("dalys-averted", {"policy": "usual-care"}, "not a policy whose levers can be moved"),
    ],
)
def test_what_is_wrong_is_told(goal: str, given: dict[str, str], words: str) -> None:
    with pytest.raises(InputErrors) as wrong:
        question(STUDY, goal, (), **given)  # type: ignore[arg-type]
    assert words in " ".join(str(wrong.value).split())


def test_the_search_starts_from_the_plainest_offer() -> None:
    assert question(STUDY, "dalys-averted").space.base.name == "cft-rollout"


def test_a_study_without_an_offer_says_so() -> None:
    without = dataclasses.replace(
        STUDY, policies=(STUDY.policies[0], small_country.shipped().policy("surgery-restraint"))
    )
    with pytest.raises(InputErrors, match="No policy of the study offers CFT"):
        question(without, "dalys-averted")


def test_spending_is_judged_even_where_it_is_not_limited() -> None:
    free = question(STUDY, "dalys-averted", ("wait: 26 weeks",))
    assert [limit.name for limit in free.tracked] == ["wait", "budget.all_payers"]
    asked = question(STUDY, "dalys-averted", ("budget.patient: AUD 1 million per year",))
    assert asked.tracked == asked.limits


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputErrors) as wrong:
        question(STUDY, "healt", ("wait: 26", "fifth: all"), policy="cft-rollout", vary=("cft.offerd",))
    assert {problem.key.partition(".")[0] for problem in wrong.value.problems} == {"goal", "within", "vary"}
    assert len(wrong.value.problems) == 4
