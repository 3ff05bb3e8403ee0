"""A part of the country: what its people may be, and what a study of it says of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lbpsim.evidence.country import AgeGroup
from lbpsim.evidence.shipped_countries import reference
from lbpsim.explain.policy_components import components, only
from lbpsim.psa.draw_request import draw_request
from lbpsim.study import Study, limits
from lbpsim.study.describe import changes, describe
from lbpsim.study.differences import policy_differences, setting_differences
from lbpsim.study.files.errors import InputErrors
from lbpsim.study.notes import notes
from lbpsim.study.regions import Region, Regions, apart, not_the_whole, nowhere, too_many
from tests.pathways.small_country import CFT, USUAL_CARE, study

TENTH = tuple(AgeGroup(each.low, each.high, each.male / 10.0, each.female / 10.0) for each in reference().population)
NORTH = Region("The North", "made up", TENTH)
SOUTH = Region("The South", "made up", tuple(replace(g, male=9 * g.male, female=9 * g.female) for g in TENTH))
BOTH = Regions((NORTH, SOUTH))
NORTHERN = replace(CFT, name="northern", title="CFT in the North", cft=replace(CFT.cft, regions=("The North",)))


@pytest.fixture
def regional() -> Study:
    return replace(study(USUAL_CARE, CFT, people=100, years=2), region=NORTH)


@pytest.fixture
def of_two() -> Study:
    """A study of a country that two regions make up, with a policy that begins in one."""
    return replace(study(USUAL_CARE, CFT, NORTHERN, people=100, years=2), regions=BOTH)


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


# --- all regions of the whole ----------------------------------------------------------------------------------------


def test_all_regions_have_the_people_of_the_whole() -> None:
    country = reference().population
    assert BOTH.people == pytest.approx(sum(group.people for group in country))
    assert list(nowhere(BOTH, country)) == []
    assert list(not_the_whole(BOTH, BOTH.people * 1.05, "the country", 0.1)) == []
    assert [right[:20] for _, right in not_the_whole(BOTH, BOTH.people / 2, "it", 0.1)] == ["Some are probably co"]


def test_a_total_among_the_regions_is_named() -> None:
    total = replace(NORTH, name="Total", groups=reference().population)
    told = [wrong for wrong, _ in not_the_whole(Regions((*BOTH.parts, total)), BOTH.people, "it", 0.1)]
    assert len(told) == 2 and told[1].startswith("Total alone has 27,204,")
    two = Regions((replace(NORTH, name="A"), replace(NORTH, name="B")))
    assert len(list(not_the_whole(two, NORTH.people, "it", 0.1))) == 1


def told_apart(north: Region, whole: tuple[AgeGroup, ...] = reference().population) -> list[str]:
    return list(apart(Regions((north, SOUTH)), whole, "Australia", limits.APART_TOLD, limits.APART_AT_AGES))


def test_people_missing_beside_the_whole_are_told_from_one_per_cent_on() -> None:
    assert told_apart(NORTH) == []
    few = replace(NORTH, groups=tuple(replace(g, male=0.05 * g.male, female=0.05 * g.female) for g in TENTH))
    (told,) = told_apart(few)
    assert told == (
        "All regions together have 24.6 of the 27.2 million people of Australia, 10% fewer: a region may be missing, "
        "and the shares of the others are then too large."
    )
    (told,) = told_apart(replace(NORTH, groups=tuple(replace(g, male=1.3 * g.male) for g in TENTH)))
    assert "27.6 of the 27.2 million people of Australia, 1% more: people may be counted twice" in told
    small = tuple(replace(g, male=g.male / 50, female=g.female / 50) for g in TENTH)
    assert "of the 54,410 people of Australia" in told_apart(NORTH, small)[0]


def test_people_missing_at_broad_ages_are_told() -> None:
    none = replace(NORTH, groups=tuple(replace(g, male=0.0, female=0.0) if g.low >= 65 else g for g in TENTH))
    assert "2% fewer: a region may be missing" in told_apart(none)[0] and len(told_apart(none)) == 1
    groups = tuple(replace(g, male=0.5 * g.male, female=0.5 * g.female) if g.low >= 65 else g for g in SOUTH.groups)
    both = Regions((NORTH, replace(SOUTH, groups=groups)))
    _, told = apart(both, reference().population, "Australia", limits.APART_TOLD, limits.APART_AT_AGES)
    assert told.startswith("Of people aged 65 and over all regions together have 2.")
    assert "million in Australia, 45% fewer: look at these ages" in told


def test_a_region_that_may_be_missing_is_noted(of_two: Study) -> None:
    few = replace(SOUTH, groups=tuple(replace(g, male=0.97 * g.male, female=0.97 * g.female) for g in SOUTH.groups))
    told = " ".join(describe(replace(of_two, regions=Regions((NORTH, few)))).split())
    assert "All regions together have 26.5 of the 27.2 million people of Australia, 3% fewer: a region may" in told
    assert "All regions together" not in describe(of_two)
    part = replace(of_two, region=NORTH, regions=Regions((replace(NORTH, name="A"), replace(NORTH, name="B"))))
    assert "of the 2.72 million people of The North, 100% more" in " ".join(describe(part).split())


def test_an_age_at_which_no_region_has_anybody_is_told() -> None:
    empty = replace(TENTH[3], female=0.0)
    groups = (*TENTH[:3], empty, *TENTH[4:])
    (told,) = nowhere(Regions((replace(NORTH, groups=groups), replace(SOUTH, groups=groups))), TENTH)
    assert told[0] == "No region has women aged 15 to 19, and there are some"
    assert list(nowhere(Regions((replace(NORTH, groups=groups), SOUTH)), TENTH)) == []


def test_a_study_keeps_its_regions(of_two: Study) -> None:
    assert Study.from_resolved(of_two.resolved()) == of_two
    assert of_two.names_of_regions == ("The North", "The South")
    without = replace(of_two, regions=None, policies=of_two.policies[:2])
    assert "regions" not in without.resolved() and without.names_of_regions == ()
    assert of_two.of_the_country is of_two


def test_the_whole_country_has_no_parts_of_a_part(of_two: Study) -> None:
    whole = replace(of_two, region=NORTH).of_the_country
    assert (whole.region, whole.regions) == (None, None)
    assert all(policy.cft.regions == () for policy in whole.policies)


def test_who_is_chosen_is_said_in_check(of_two: Study) -> None:
    assert changes(of_two, NORTHERN)[-1] == "Offers go only to people in The North."
    several = replace(NORTHERN, cft=replace(NORTHERN.cft, regions=("A", "B", "C")))
    assert changes(of_two, several)[-1] == "Offers go only to people in A, B and C."
    assert NORTHERN.cft.chooses and not CFT.cft.chooses
    assert NORTHERN.everywhere.cft == CFT.cft


def test_what_is_alike_in_all_regions_is_said(of_two: Study) -> None:
    told = " ".join(describe(of_two).split())
    assert "People live in The North (10.0%) and The South (90.0%) (made up)" in told
    assert "nobody moves. Who joins later is drawn by the shares as counted, at their age then" in told
    assert "does not age apart from the others. Pain, its course and care are taken to be alike in all regions" in told
    assert "places for CFT belong to no region, and results are of Australia as a whole." in told
    assert "People live in" not in describe(replace(of_two, regions=None))


def test_of_many_regions_some_are_named(of_two: Study) -> None:
    many = Regions(tuple(replace(SOUTH, name=f"R{number}") for number in range(13)))
    told = " ".join(describe(replace(of_two, regions=many)).split())
    assert "R8 (7.7%), R9 (7.7%) and 3 others (made up)" in told


def test_choosing_all_regions_is_noted(of_two: Study) -> None:
    everybody = replace(NORTHERN, cft=replace(NORTHERN.cft, regions=BOTH.names))
    (told,) = [each.text for each in notes(replace(of_two, policies=(USUAL_CARE, everybody))) if each.policy]
    assert told == "`cft.regions` names every region of the study: it leaves nobody out, and may go."


def test_other_regions_are_differences(of_two: Study) -> None:
    (told,) = policy_differences(of_two, replace(CFT, name="a", title="CFT in the North"), of_two, NORTHERN)
    assert (told.key, told.before, told.after) == ("cft.regions", "all regions", "The North")
    (told,) = setting_differences(replace(of_two, regions=None), of_two)
    assert (told.key, told.change) == ("regions", "added")
    assert told.after.startswith("The North (2,7") and " and The South (24,4" in told.after


def test_the_choice_is_a_component_of_its_own() -> None:
    part = next(each for each in components(NORTHERN) if each.key == "cft.regions")
    assert (part.label, part.pathway) == ("the choice by region", "CFT")
    keys = {key for each in components(NORTHERN) for key in each.keys}
    assert only(NORTHERN, keys - part.keys).cft == CFT.cft
