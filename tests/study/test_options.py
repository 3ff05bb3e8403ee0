from __future__ import annotations

from lbpsim.study.options import BASE, DRAWN, OF_A_POLICY, OPTIONS


def test_the_base_case_is_the_first_choice() -> None:
    assert BASE["after_year_three"] == "waning"
    for name, (choices, _) in OPTIONS.items():
        assert BASE[name] == choices[0]
        assert len(set(choices)) == len(choices) > 1


def test_what_draws_and_policies_choose_are_options() -> None:
    assert {*DRAWN, *OF_A_POLICY} <= set(OPTIONS)
