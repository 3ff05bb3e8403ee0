from __future__ import annotations

import pytest

from lbpsim.outcomes.results import Results
from lbpsim.report.brief.choosing import MOST_LINES, NothingToChooseError, PolicyNotInStudyError, narrowed, shown
from lbpsim.report.narrative.finding import finding


def test_without_names_all_policies_stay(plain: Results) -> None:
    assert narrowed(plain, ()) is plain


def test_policies_that_are_named_stay_with_the_comparator(plain: Results) -> None:
    assert narrowed(plain, ("surgery-restraint", "cft-rollout")).scenarios == (
        *("usual-care", "cft-rollout", "surgery-restraint"),
    )


def test_a_name_that_is_nearly_right_is_offered(plain: Results) -> None:
    with pytest.raises(PolicyNotInStudyError, match=r"no policy `cft-rolout`.*Did you mean `cft-rollout`"):
        narrowed(plain, ("cft-rolout",))


def test_a_name_that_is_like_none_is_answered_with_all(plain: Results) -> None:
    with pytest.raises(PolicyNotInStudyError, match=r"Its policies are cft-rollout, .* and cft-first"):
        narrowed(plain, ("zzz",))


def test_readings_of_a_policy_that_is_left_out_go_with_it(plain: Results) -> None:
    assert plain.switches is not None
    assert narrowed(plain, (str(plain.switches["scenario"].iloc[0]),)).switches is not None
    assert narrowed(plain, ("surgery-restraint",)).switches is None


def test_the_chart_shows_choices_and_no_benchmark(plain: Results) -> None:
    found = finding(plain)
    assert found is not None
    chosen = shown(plain, found)
    assert found.policy in chosen.scenarios
    assert len(chosen.scenarios) == MOST_LINES + 1
    assert not any(policy.cft.only_compares for policy in chosen.study.policies)
    assert chosen.part.endswith("in tables/.")


@pytest.mark.parametrize("policies", [("cft-unlimited",), ("usual-care",)])
def test_benchmarks_alone_are_no_choice(plain: Results, policies: tuple[str, ...]) -> None:
    few = narrowed(plain, policies)
    with pytest.raises(NothingToChooseError, match="policies that somebody could choose"):
        shown(few, finding(few))
