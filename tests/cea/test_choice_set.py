"""Between which policies a decision is made."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.cea.choice_set import ChoiceError, among, choosable
from tests.cea.made_up import SCENARIOS, made_up
from tests.pathways.small_country import shipped


def test_a_benchmark_is_no_choice() -> None:
    study = shipped()
    left = {policy.name for policy in study.policies} - set(choosable(study))
    assert left == {"cft-unlimited", "opioids-instead", "surgery-instead"}
    assert choosable(study)[0] == study.policies[0].name


def test_draws_of_the_choices_alone() -> None:
    draws = made_up(20)
    kept = among(draws, (SCENARIOS[3], SCENARIOS[0]))
    assert kept.scenarios == (SCENARIOS[0], SCENARIOS[3])
    np.testing.assert_array_equal(kept.replicates, draws.replicates[:, [0, 3]])
    np.testing.assert_array_equal(kept.of("qalys"), draws.of("qalys")[:, [0, 3]])


@pytest.mark.parametrize("choices", [SCENARIOS[1:], (SCENARIOS[0], "cft-rolout")])
def test_senseless_choices_are_refused(choices: tuple[str, ...]) -> None:
    with pytest.raises(ChoiceError, match="the comparator usual-care among them"):
        among(made_up(20), choices)
