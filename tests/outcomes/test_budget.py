"""What payers pay, before any comparison."""

from __future__ import annotations

import numpy as np
import pytest

from lbpsim.outcomes import payers
from lbpsim.outcomes.budget import ALL_PAYERS, CARE, paid, paying, periods
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results


def test_lost_work_is_on_nobodys_budget() -> None:
    assert "cost_lost_work" not in CARE and "cost_cft" in CARE


def test_all_payers_stand_last(eleven: Results) -> None:
    names = paying(payers.shares(eleven.study.values(eleven.study.policies[0])))
    assert names[-1] == ALL_PAYERS and len(set(names)) == len(names) and "society" not in names


def test_periods_are_years_the_first_five_and_all() -> None:
    found = periods(range(2026, 2033))
    assert list(found)[-2:] == ["2026-2030", "2026-2032"] and found["2026-2030"] == [0, 1, 2, 3, 4]
    assert list(periods([2026])) == ["2026"]


def test_payers_pay_the_cost_of_health_care_in_every_replication(eleven: Results) -> None:
    by_year = eleven.by_replication[:, :, 0]
    shares = [payers.shares(eleven.study.values(policy)) for policy in eleven.study.policies]
    found = paid(by_year, shares)
    np.testing.assert_allclose(found[:, :, :-1].sum(axis=2), found[:, :, -1], rtol=1e-9)
    whole = by_year[..., list(OUTCOMES).index("cost_health_system")].sum(axis=-1)
    assert found[:, :, -1, -1] == pytest.approx(whole, rel=1e-9)
