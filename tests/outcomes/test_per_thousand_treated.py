"""From what each person comes to, to figures per 1,000: pairing, errors, who is among whom, and what is kept."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import pytest

from lbpsim.evidence import parameters
from lbpsim.evidence.output_tables import output_table
from lbpsim.outcomes.measures import OUTCOME_INDEX, OUTCOMES, SUMS
from lbpsim.outcomes.per_thousand_treated import (
    ALL_PEOPLE,
    AMONG,
    CFT,
    COMPARISONS,
    DAYS_OFF,
    FIT_FOR_FUSION,
    FUSION,
    MARKS,
    MEASURES,
    NOT_ON_OPIOIDS,
    TREATMENTS,
    Treated,
    nobody,
    read_treated,
    stored_treated,
    weights,
)

Numbers = npt.NDArray[np.float64]


def sums(value: Numbers) -> Numbers:
    """The same for all marks, discounted or not, and measures; shape (people, MARKS, 2, MEASURES)."""
    return np.broadcast_to(value[:, None, None, None], (len(value), len(MARKS), 2, len(MEASURES))).copy()


def made() -> Treated:
    """Four people, untreated 1 to 4; treatments add 1, 2, 3 and 4; two are fit for fusion, nobody takes no opioids."""
    untreated, more = np.arange(1.0, 5.0), np.arange(1.0, 5.0)
    among = {
        ALL_PEOPLE: np.ones(4, bool),
        NOT_ON_OPIOIDS: np.zeros(4, bool),
        FIT_FOR_FUSION: np.array([True, False, False, True]),
    }
    return Treated.of(dict.fromkeys(TREATMENTS, sums(untreated + more)), sums(untreated), among)


def test_differences_are_per_thousand_and_paired() -> None:
    """Mean of 1 to 4 is 2.5, their standard deviation 1.29, the error of four half of that."""
    difference, error = made().figure(CFT, ALL_PEOPLE, 1, "qalys", discounted=False)
    assert difference == pytest.approx(2500.0)
    assert error == pytest.approx(1000.0 * np.std([1, 2, 3, 4], ddof=1) / 2.0)


def test_only_those_whom_a_treatment_is_for_count() -> None:
    """Of the first and the last person, on both sides."""
    rows = made().frame.set_index(["treatment", "among"]).loc[(FUSION, FIT_FOR_FUSION)]
    assert set(rows["people"]) == {2}
    assert rows["untreated"].unique().tolist() == [2500.0]
    assert rows["difference"].unique().tolist() == [2500.0]


def test_where_there_is_nobody_nothing_is_known() -> None:
    rows = made().frame.set_index("among").loc[NOT_ON_OPIOIDS]
    assert set(rows["people"]) == {0}
    assert rows[["untreated", "difference", "mcse"]].isna().all(axis=None)


def test_one_person_has_a_difference_without_error() -> None:
    one = Treated.of(
        dict.fromkeys(TREATMENTS, sums(np.ones(1))), sums(np.zeros(1)), dict.fromkeys(AMONG, np.ones(1, bool))
    )
    difference, error = one.figure(FUSION, FIT_FOR_FUSION, 10, "deaths", discounted=True)
    assert difference == 1000.0 and np.isnan(error)


def test_every_treatment_stands_beside_cft_among_the_same_people() -> None:
    assert {treatment for treatment, _ in COMPARISONS} == set(TREATMENTS)
    assert all((CFT, among) in COMPARISONS for among in AMONG)
    assert list(made().frame.columns) == output_table("per_thousand").names == list(nobody().columns)
    assert len(made().frame) == len(COMPARISONS) * len(MARKS) * 2 * len(MEASURES)


def test_sums_are_made_of_their_parts() -> None:
    found = weights()
    for measure in set(MEASURES) - {DAYS_OFF.name}:
        parts = SUMS[measure][1] if measure in SUMS else (measure,)
        assert {name for name, number in OUTCOME_INDEX.items() if found[number, MEASURES.index(measure)]} == set(parts)


def test_days_off_are_working_days() -> None:
    """A year out of work is 52 weeks of working days; a working day absent is one."""
    days = weights()[:, MEASURES.index(DAYS_OFF.name)]
    out_of_work = days[OUTCOME_INDEX["working_age_years"]]
    assert out_of_work == pytest.approx(parameters()["work.days_a_week"].value * 52.18, abs=0.01)
    assert days[OUTCOME_INDEX["employed_years"]] == -out_of_work
    assert days[OUTCOME_INDEX["absence_hours"]] * parameters()["work.hours_a_day"].value == pytest.approx(1.0)
    assert DAYS_OFF.name not in OUTCOMES


def test_what_is_kept_is_read_back() -> None:
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=True, **stored_treated(made()))
    content.seek(0)
    with np.load(content) as stored:
        again = read_treated(stored)
    assert again is not None
    assert again.frame.equals(made().frame)
    assert read_treated(stored_treated(None)) is None


@pytest.mark.parametrize("name", ["treated_people", "treated_error"])
def test_what_does_not_fit_is_not_read(name: str) -> None:
    kept = stored_treated(made())
    with pytest.raises(ValueError, match="does not fit"):
        read_treated({**kept, name: kept[name][1:]})
    with pytest.raises(KeyError):
        read_treated({other: array for other, array in kept.items() if other != name})
