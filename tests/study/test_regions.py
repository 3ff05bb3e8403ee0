"""A part of the country: what its people may be, and what a study of it says of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lbpsim.evidence.country import AgeGroup
from lbpsim.evidence.shipped_countries import reference
from lbpsim.psa.draw_request import draw_request
from lbpsim.study import Study, limits
from lbpsim.study.describe import describe
from lbpsim.study.differences import setting_differences
from lbpsim.study.files.errors import InputErrors
from lbpsim.study.regions import Region, too_many
from tests.pathways.small_country import CFT, USUAL_CARE, study

TENTH = tuple(AgeGroup(each.low, each.high, each.male / 10.0, each.female / 10.0) for each in reference().population)
NORTH = Region("The North", "made up", TENTH)


@pytest.fixture
def regional() -> Study:
    return replace(study(USUAL_CARE, CFT, people=100, years=2), region=NORTH)


def test_the_country_is_no_wrong_region() -> None:
    assert [wrong for group in reference().population for wrong in too_many(group)] == []


def test_its_people_are_a_share_of_the_country() -> None:
    assert NORTH.share_of(reference()) == pytest.approx(0.1)
    assert limits.cases(NORTH) == pytest.approx(limits.cases() / 10.0, abs=1.0)


def test_more_people_than_the_country_has_are_no_part_of_it() -> None:
    (told,) = too_many(replace(TENTH[0], male=9e5))
    assert "900,000 men aged 0 to 4 are more" in told[0]
    wider = AgeGroup(85, 100, *(sum(getattr(each, sex) for each in TENTH[17:]) for sex in ("male", "female")))
    assert list(too_many(wider)) == [] and list(too_many(AgeGroup(3, 3, 10.0, 10.0))) == []


def test_a_study_keeps_its_region_and_without_one_says_nothing_of_it(regional: Study) -> None:
    assert Study.from_resolved(regional.resolved()) == regional
    assert "region" not in regional.of_the_country.resolved()
    assert regional.of_the_country.place == "Australia"


def test_what_is_of_the_country_is_said(regional: Study) -> None:
    told = " ".join(describe(regional).split())
    assert "The North (Australia), 1 January 2026" in told
    assert "The North has 10.0% of the country's people in mid-2024 (made up)." in told
    assert "registered workforce are the country's" in told
    assert "The North" not in describe(regional.of_the_country)


def test_nobody_simulates_more_people_than_it_has(regional: Study) -> None:
    most = limits.cases(NORTH)
    assert regional.with_changes(people=most).people == most
    with pytest.raises(InputErrors) as told:
        regional.with_changes(people=most + 1)
    assert f"more than the {most:,} adults with chronic low back pain in The North" in " ".join(str(told.value).split())


def test_another_region_is_a_difference(regional: Study) -> None:
    (told,) = setting_differences(regional.of_the_country, regional)
    assert (told.key, told.change) == ("region", "added")
    assert told.after.startswith("The North (2,7")


def test_a_draw_has_no_more_people_than_the_region(regional: Study) -> None:
    most = limits.cases(NORTH)
    assert draw_request(regional, 2, people=most).people == most
    with pytest.raises(InputErrors, match=r"(?s)draw_people.*more than the"):
        draw_request(regional, 2, people=most + 1)
