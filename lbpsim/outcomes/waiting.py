"""Waiting lists as users read them: how long the list, how long the wait, how many places, who was never reached."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

MEAN = "list_length_mean"
MEASURES = {
    # measure: outcome by list, unit
    MEAN: ({"CFT": "cft_waiting_years", "surgery": "surgery_waiting_years"}, "people"),
    "list_length_end": ({"CFT": "cft_waiting_at_year_end", "surgery": "surgery_waiting_at_year_end"}, "people"),
    "joined": ({"CFT": "cft_joined", "surgery": "surgery_referrals"}, "referrals"),
    "turned_away": ({"CFT": "cft_turned_away"}, "times"),
    "started": ({"CFT": "cft_courses", "surgery": "surgeries"}, "people"),
    "left_untreated": ({"CFT": "cft_left_list", "surgery": "surgery_left_list"}, "people"),
    "places_given_up": ({"CFT": "cft_places_given_up"}, "places"),
    "long_waits": ({"CFT": "cft_long_waits"}, "people"),
    "wait_mean": ({"CFT": "cft_wait_mean"}, "weeks"),
    "places": ({"CFT": "cft_places"}, "places"),
    "places_unused": ({"CFT": "cft_places_unused"}, "places"),
}
WHOLE_HORIZON = "all"


def waiting_table(yearly: pd.DataFrame, never_reached: pd.DataFrame, lengths: Mapping[int, float]) -> pd.DataFrame:
    """Columns scenario, year, list, measure, unit, value, mcse, from the yearly figures.

    `never_reached` (scenario, outcome, value, mcse): those who left a list untreated or were still on it at the end;
    they stand under year "all", for the whole horizon. `lengths`: how much of each calendar year is simulated, which
    makes of years spent on a list the people on it on average.
    """
    parts = [
        _measure(yearly, outcome, name, measure, unit, lengths if measure == MEAN else None)
        for measure, (outcomes, unit) in MEASURES.items()
        for name, outcome in outcomes.items()
    ]
    whole = never_reached.assign(
        year=WHOLE_HORIZON,
        list=never_reached["outcome"].map({"cft_never_reached": "CFT", "surgery_never_reached": "surgery"}),
        measure="never_reached",
        unit="times",
    )
    columns = ["scenario", "year", "list", "measure", "unit", "value", "mcse"]
    return pd.concat([*parts, whole[columns]], ignore_index=True)[columns]


def _measure(
    yearly: pd.DataFrame, outcome: str, name: str, measure: str, unit: str, lengths: Mapping[int, float] | None
) -> pd.DataFrame:
    rows = yearly[yearly["outcome"] == outcome].assign(list=name, measure=measure, unit=unit)
    if lengths is not None:
        time = rows["year"].map(lengths)
        rows = rows.assign(value=rows["value"] / time, mcse=rows["mcse"] / time)
    return rows
