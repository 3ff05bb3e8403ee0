"""A policy taken apart, on a terminal: whole labels, sums that add up, and the money that a change moves."""

from __future__ import annotations

from rich.console import Console

from lbpsim.explain.attribution import Attribution, Lead
from lbpsim.report.explain_tables import tables_in_words
from tests.report.explained import made_up

AHEAD = Lead("capacity", "uptake", 400.0, 50.0)
BOTH = {"capacity": (500.0, 50.0), "uptake": (100.0, 40.0), "all": (900.0, 50.0)}
CLEAR = (500.0, 50.0)


def shown(why: Attribution) -> str:
    console = Console(width=100)
    with console.capture() as capture:
        for table in tables_in_words(why):
            console.print(table)
    return capture.get()


def test_tables_show_parts_and_the_whole() -> None:
    text = shown(made_up(whole=(1234.0, 50.0), alone={"cft.offered": CLEAR}, relaxed=BOTH, lead=AHEAD))
    for words in ("the offer of CFT", "+0.50 ± 0.10", "thousand QALYs", "interaction", "+1.23 ± 0.10", "+2.00 ± 0.21"):
        assert words in text
    for words in ("places for all who take it up (capacity)", "all of these", "45,700", "not counted"):
        assert words in text
    assert any(line.split()[:4] == ["2026", "+620", "±", "100"] for line in text.splitlines())
    assert "nan" not in text.lower()


def test_payers_add_up_on_the_terminal() -> None:
    text = shown(made_up(cost=(4e6, 1e5)))
    row = next(line for line in text.splitlines() if line.strip().startswith("CFT "))
    assert row.split() == ["CFT", "+3", "+1", "+4"]


def test_what_has_no_error_is_shown_without_one() -> None:
    assert "± 0 " not in shown(made_up(cost=(4e6, 0.0)))


def test_less_than_half_a_qaly_is_nothing() -> None:
    text = shown(made_up(alone={"cft.offered": (0.001, 0.002)}))
    assert next(line for line in text.splitlines() if "the offer of CFT" in line).split()[4] == "0"


def test_less_than_half_a_thousand_dollars_is_nothing_in_millions() -> None:
    row = next(line for line in shown(made_up(cost=(220.0, 100.0))).splitlines() if "the offer of CFT" in line)
    assert row.split()[-2:] == ["0", "0"]


def test_money_that_a_change_moves_only_with_the_others_is_shown() -> None:
    text = shown(made_up(lost_cost={"cft.training_places": (-3e6, 1e5)}))
    row = [line for line in text.splitlines() if "the training places" in line][1]
    assert row.split()[3:] == ["0.0", "±", "2.1", "−3.00", "±", "0.21", "−3.00", "±", "0.21"]


def test_labels_are_whole_on_a_narrow_terminal() -> None:
    console = Console(width=50)
    with console.capture() as capture:
        for table in tables_in_words(made_up(label="the assumption on opioids.treatment_cost_per_year")):
            console.print(table)
    assert "\N{HORIZONTAL ELLIPSIS}" not in capture.get()
