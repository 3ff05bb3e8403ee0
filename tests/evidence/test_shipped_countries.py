"""The countries that ship, and how one is named."""

from __future__ import annotations

import pytest

from lbpsim.evidence import shipped_countries
from lbpsim.evidence.shipped_countries import folders, from_name, names, reference


def test_a_country_is_known_by_name_and_by_folder_in_whatever_case() -> None:
    for folder, name in names().items():
        assert from_name(folder) == from_name(name) == from_name(name.upper())


def test_another_country_is_refused_with_those_there_are() -> None:
    with pytest.raises(LookupError, match="no pack of Atlantis ships; there are Australia, England"):
        from_name("Atlantis")


def test_the_reference_comes_first_and_borrows_nothing() -> None:
    assert folders()[0] == reference().folder
    assert not reference().borrowed and not reference().donor


def test_shipped_packs_say_what_is_not_known_of_them() -> None:
    for folder in folders()[1:]:
        country = from_name(folder)
        assert country.donor == reference().name and country.borrowed and country.limits


def test_a_shipped_country_is_read_once() -> None:
    assert from_name("england") is shipped_countries.shipped("england")
