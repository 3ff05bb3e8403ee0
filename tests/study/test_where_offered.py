"""Where CFT is offered: said of those policies that choose regions, with the share of people who live there."""

from __future__ import annotations

from dataclasses import replace

from lbpsim.evidence.country import AgeGroup
from lbpsim.study.regions import Region, Regions
from lbpsim.study.where_offered import MOST_NAMED, where_offered
from tests.pathways.small_country import CFT, USUAL_CARE


def living(**people: float) -> Regions:
    """Regions with so many people."""
    return Regions(tuple(Region(name, "made up", (AgeGroup(0, 100, many, 0.0),)) for name, many in people.items()))


def test_nothing_is_said_where_no_policy_chooses_or_there_are_no_regions() -> None:
    assert where_offered([USUAL_CARE, CFT], living(North=1.0, South=2.0)) == ""
    chooses = replace(CFT, cft=replace(CFT.cft, regions=("North",)))
    assert where_offered([chooses], None) == ""


def test_regions_are_named_with_the_share_of_people_and_what_is_taken_to_be_alike() -> None:
    north = replace(CFT, title="First", cft=replace(CFT.cft, regions=("North",)))
    both = replace(CFT, title="Then", cft=replace(CFT.cft, regions=("North", "East")))
    assert where_offered([USUAL_CARE, north, both], living(North=3.0, East=2.0, South=5.0)) == (
        "CFT is offered under “First”, only in North (30% of people); “Then”, only in North and East (50% of people). "
        "Pain and its care are taken to be alike in all regions."
    )


def test_many_regions_are_counted() -> None:
    names = tuple("ABCDEFGH")
    many = replace(CFT, cft=replace(CFT.cft, regions=names[: MOST_NAMED + 1]))
    told = where_offered([many], living(**dict.fromkeys(names, 1.0)))
    assert f"only in {MOST_NAMED + 1} of 8 regions (75% of people)" in told
