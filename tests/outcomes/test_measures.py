"""The list of outcomes: names once, sums of known parts, ratios of known outcomes."""

from __future__ import annotations

from lbpsim.outcomes.measures import COST_CATEGORIES, COUNTED, OUTCOME_INDEX, OUTCOMES, RATIOS, SUMS


def test_names_are_given_once_and_every_outcome_has_a_unit_and_a_label() -> None:
    names = [outcome.name for outcome in COUNTED] + list(SUMS) + list(RATIOS)
    assert len(names) == len(set(names)) == len(OUTCOMES)
    assert all(outcome.unit and outcome.label for outcome in OUTCOMES.values())
    assert [OUTCOME_INDEX[outcome.name] for outcome in COUNTED] == list(range(len(COUNTED)))


def test_sums_and_ratios_are_of_what_is_counted_in_one_unit() -> None:
    units = {outcome.name: outcome.unit for outcome in COUNTED}
    for _, (_, parts) in SUMS.items():
        assert len({units[part] for part in parts if part not in ("ylds", "ylls", "ylls_beyond")}) <= 1
    for _, top, bottom, _ in RATIOS.values():
        assert {top, bottom} <= set(units) | set(SUMS)


def test_qalys_and_dalys_are_never_added() -> None:
    """TECH-VER, DALYs."""
    healths = {"qalys", "qalys_beyond"}, {"ylds", "ylls", "ylls_beyond"}
    assert [parts for _, parts in SUMS.values() if all(set(parts) & health for health in healths)] == []
    assert [parts for _, parts in SUMS.values() if set(parts) & healths[0]] == [("qalys", "qalys_beyond")]


def test_societal_cost_is_health_care_and_lost_work() -> None:
    assert set(SUMS["cost_societal"][1]) - set(SUMS["cost_health_system"][1]) == {"cost_lost_work"}
    assert set(SUMS["cost_societal"][1]) == set(COST_CATEGORIES)
