"""The table of waiting lists: everybody who joined is accounted for, in the figures that users read."""

from __future__ import annotations

import pandas as pd
import pytest

from lbpsim.outcomes.results import Results

ON_A_LIST = ["cft-rollout", "cft-biofeedback", "cft-first", "cft-unlimited"]


def measure(results: Results, scenario: str, name: str, waiting_list: str = "CFT") -> pd.Series:  # type: ignore[type-arg]
    rows = results.waiting
    mine = (rows["scenario"] == scenario) & (rows["list"] == waiting_list) & (rows["measure"] == name)
    return rows[mine].set_index("year")["value"]


@pytest.mark.parametrize("scenario", ON_A_LIST)
def test_joined_are_started_left_or_still_waiting(eleven: Results, scenario: str) -> None:
    joined, started, left = (measure(eleven, scenario, name).sum() for name in ("joined", "started", "left_untreated"))
    waiting = measure(eleven, scenario, "list_length_end").iloc[-1]
    assert joined > 0.0
    assert joined == pytest.approx(started + left + waiting, rel=1e-12)
    assert measure(eleven, scenario, "never_reached").loc["all"] == pytest.approx(left + waiting, rel=1e-12)


@pytest.mark.parametrize("scenario", ON_A_LIST)
def test_list_length_changes_by_who_joins_and_leaves_each_year(eleven: Results, scenario: str) -> None:
    """TECH-VER, events and states: inflow minus outflow = change."""
    joined, started, left = (measure(eleven, scenario, name) for name in ("joined", "started", "left_untreated"))
    length = measure(eleven, scenario, "list_length_end")
    change = length.diff().fillna(length.iloc[0])
    pd.testing.assert_series_equal(change, joined - started - left, check_names=False, rtol=1e-9, atol=1e-3)


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
