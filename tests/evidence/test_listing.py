from __future__ import annotations

import csv
import io

import pytest
from rich.console import Console, RenderableType

from lbpsim.evidence import listing, parameters
from lbpsim.evidence.search import UnknownParameterError


def shown(renderable: RenderableType) -> str:
    console = Console(width=400, file=io.StringIO(), color_system=None)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def test_the_table_holds_everything() -> None:
    text = shown(listing.as_table())
    assert all(f" {name} " in text for name in parameters())
    assert all(column in text for column in listing.COLUMNS)


def test_the_table_can_be_of_one_grade() -> None:
    table = listing.as_table("unverified")
    expected = [name for name, parameter in parameters().items() if parameter.grade == "unverified"]
    assert [row[0] for row in table.rows] == expected and table.table().row_count == len(expected) > 0
    assert "opioids.rmdq_late" in shown(table) and "cft.rmdq_year3" not in shown(table)


def test_one_in_full() -> None:
    text = shown(listing.in_full("usual_care.low"))
    assert "AUD 576 per year (2021) = AUD 673 per year (2024) by CPI" in text
    assert "derived (calculated from published numbers" in text
    assert "10.1097/BRS.0000000000003097" in text
    assert "57% low" in text


def test_one_in_full_tells_units_targets_and_traps() -> None:
    weeks = parameters()["flares.duration_median"]
    assert f"In the model: {weeks.canonical:g} years" in shown(listing.in_full("flares.duration_median"))
    assert "target, to calibrate" in shown(listing.in_full("restore.cft_rmdq_year3"))
    assert "Two versions" in shown(listing.in_full("opioids.taper_overdose_irr"))
    assert "none: an assumption" in shown(listing.in_full("cft.uptake"))
    assert "none: not sampled" in shown(listing.in_full("cft.sessions"))


def test_intervals_tell_their_unit_once() -> None:
    assert "95% interval: -5.85 to -3.35 RMDQ points" in shown(listing.in_full("cft.rmdq_week13"))
    assert "95% interval: 5.56% to 13.4%" in shown(listing.in_full("opioids.on_at_start"))
    assert "Price year: 2024\n" in shown(listing.in_full("work.hourly_earnings")).replace(" \n", "\n")


@pytest.mark.parametrize("width", [80, 140])
def test_names_and_numbers_are_whole_on_any_terminal(width: int) -> None:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    with console.capture() as capture:
        console.print(listing.as_table("trial"))
    text = capture.get()
    assert "opioids.taper_control_stopped" in text and "0.0721" in text and "hancock2025" in text
    assert ("│" in text) == (width == 140)


def test_prices_can_be_shown_for_another_year() -> None:
    assert "(2022) by CPI" in shown(listing.in_full("usual_care.low", price_year=2022))


def test_every_parameter_can_be_shown_in_full() -> None:
    for name, parameter in parameters().items():
        assert parameter.label in shown(listing.in_full(name))


def test_a_misspelt_grade_is_answered_with_the_right_one() -> None:
    with pytest.raises(UnknownParameterError, match='did you mean "assumption"'):
        listing.as_table("asumption")


def test_csv_has_one_row_a_parameter() -> None:
    rows = list(csv.DictReader(io.StringIO(listing.as_csv())))
    assert [row["name"] for row in rows] == list(parameters())
    by_name = {row["name"]: row for row in rows}
    row = by_name["opioids.on_at_start"]
    assert (row["value"], row["unit"], row["distribution"]) == ("0.091", "share", "beta(18.7, 187)")
    assert (row["low"], row["high"]) == ("0.0556", "0.134") and row["source"] == "blacktiong2021"
    assert by_name["usual_care.low"]["price_year"] == "2021"
    assert len(listing.as_csv(words="cft.uptake").splitlines()) == 2
    only = list(csv.DictReader(io.StringIO(listing.as_csv("trial"))))
    assert {row["grade"] for row in only} == {"trial"} and len(only) < len(rows)
