from __future__ import annotations

import numpy as np

from lbpsim.validation.participant_table import people
from lbpsim.validation.trial import ARMS
from tests.validation.small import enrolment, sums, trial


def test_one_row_for_each_person_and_arm() -> None:
    table = people(enrolment(), trial(), sums())
    assert not table.duplicated(["arm", "person"]).any()
    assert len(table) == 3 * len(enrolment().participants)
    assert list(table["arm"].unique()) == list(ARMS)


def test_arms_hold_the_same_people() -> None:
    table = people(enrolment(), trial(), sums())
    same = ["person", "age", "sex", "rmdq_week_0", "pain_week_0"]
    usual, *treated = (table[table["arm"] == arm][same].reset_index(drop=True) for arm in ARMS)
    for arm in treated:
        assert arm.equals(usual)


def test_what_the_contract_names_is_there() -> None:
    table = people(enrolment(), trial(), sums())
    for week in (0, 3, 6, 13, 26, 40, 52, 156):
        assert {f"rmdq_week_{week}", f"pain_week_{week}"} <= set(table.columns)
    for name in ("sessions", "qalys_year_1", "qalys_year_3", "cost_cft_year_1", "cost_lost_work_year_3"):
        assert name in table.columns
    assert set(table["sex"]) == {"men", "women"}


def test_values_are_those_measured() -> None:
    table = people(enrolment(), trial(), sums())
    cft = table[table["arm"] == "cft"]
    assert np.array_equal(cft["rmdq_week_13"], trial().rmdq[1, :, 3], equal_nan=True)
    assert np.array_equal(cft["qalys_year_1"], sums().of("qalys")[1, :, 0])
