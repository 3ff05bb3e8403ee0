"""The table of waiting lists: everybody who joined is accounted for, in the figures that users read."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from lbpsim.outcomes.results import Results

ON_A_LIST = ["cft-rollout", "cft-biofeedback", "cft-first", "cft-unlimited"]

NOT_LEFT_WAITING = ("started", "turned_away", "places_given_up")  # of those who joined, with those who left untreated


def measure(results: Results, scenario: str, name: str, waiting_list: str = "CFT") -> pd.Series:  # type: ignore[type-arg]
    rows = results.waiting
    mine = (rows["scenario"] == scenario) & (rows["list"] == waiting_list) & (rows["measure"] == name)
    return rows[mine].set_index("year")["value"]


@pytest.mark.parametrize("scenario", ON_A_LIST)
def test_joined_are_started_left_or_still_waiting(eleven: Results, scenario: str) -> None:
    joined, left = (measure(eleven, scenario, name).sum() for name in ("joined", "left_untreated"))
    others = sum(measure(eleven, scenario, name).sum() for name in NOT_LEFT_WAITING)
    waiting = measure(eleven, scenario, "list_length_end").iloc[-1]
    assert joined > 0.0
    assert joined == pytest.approx(others + left + waiting, rel=1e-12)
    assert measure(eleven, scenario, "never_reached").loc["all"] == pytest.approx(left + waiting, rel=1e-12)


@pytest.mark.parametrize("scenario", ON_A_LIST)
def test_list_length_changes_by_who_joins_and_leaves_each_year(eleven: Results, scenario: str) -> None:
    """TECH-VER, events and states: inflow minus outflow = change."""
    joined, left = (measure(eleven, scenario, name) for name in ("joined", "left_untreated"))
    others = sum(measure(eleven, scenario, name) for name in NOT_LEFT_WAITING)
    length = measure(eleven, scenario, "list_length_end")
    change = length.diff().fillna(length.iloc[0])
    pd.testing.assert_series_equal(change, joined - others - left, check_names=False, rtol=1e-9, atol=1e-3)


def test_only_a_list_that_stops_referral_turns_people_away(eleven: Results) -> None:
    for scenario in ON_A_LIST:
        stops = eleven.study.policy(scenario).cft.referral_stops_at < math.inf
        assert (measure(eleven, scenario, "turned_away").sum() > 0.0) == stops
    assert measure(eleven, "cft-rollout", "places_given_up").sum() > 0.0


@pytest.mark.parametrize("scenario", ON_A_LIST)
def test_places_are_taken_or_unused(eleven: Results, scenario: str) -> None:
    places, unused = measure(eleven, scenario, "places"), measure(eleven, scenario, "places_unused")
    started = measure(eleven, scenario, "started")
    pd.testing.assert_series_equal(places, started + unused, check_names=False, rtol=1e-9, atol=1e-3)
    assert started.sum() > 0.0


def test_nobody_waits_for_what_is_not_offered(eleven: Results) -> None:
    rows = eleven.waiting
    usual = rows[(rows["scenario"] == "usual-care") & (rows["list"] == "CFT") & (rows["measure"] != "wait_mean")]
    assert (usual["value"] == 0.0).all()
    assert measure(eleven, "usual-care", "list_length_mean", "surgery").min() > 0.0
