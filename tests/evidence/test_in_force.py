"""The country in force says in which money, and within which limits, files are read and figures written."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from lbpsim.evidence import currency, in_force
from lbpsim.evidence.shipped_countries import from_name, of_folder, reference
from lbpsim.evidence.units import UnitError, parse_quantity
from tests.evidence.made_up import write_pack


def test_money_is_read_and_written_in_the_country_in_force(tmp_path: Path) -> None:
    with in_force.within(of_folder(write_pack(tmp_path / "zealand"))):
        assert parse_quantity("NZD 1.2 million", "money") == 1.2e6
        with pytest.raises(UnitError, match='not in Zealand dollars, the money of this country: write "NZD 120"'):
            parse_quantity("AUD 5", "money")
    assert parse_quantity("AUD 5", "money") == 5.0


def test_threads_know_the_country_last_put() -> None:
    in_force.put(from_name("england"))
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(f"{in_force.country()} {currency.in_force()}"))
    thread.start()
    thread.join()
    assert seen == ["England GBP"]


def test_without_a_country_none_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_force.COUNTRY, "_last", [])
    monkeypatch.setattr(currency.CURRENCY, "_last", [])
    with pytest.raises(LookupError, match="no country is in force"):
        in_force.country()
    with pytest.raises(LookupError, match="no currency is in force"):
        currency.in_force()


def test_what_is_known_is_that_of_the_country() -> None:
    england = from_name("england")
    assert in_force.registry(of=england).parameters["care.consultation_cost"].unit == "GBP"
    assert in_force.registry().parameters["care.consultation_cost"].unit == str(reference().currency)
