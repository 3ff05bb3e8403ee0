"""Levers: what is moved of a policy, and that the file handed over is the policy that was simulated."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from lbpsim.optimisation.levers import Lever, space
from lbpsim.optimisation.plan import shipped
from lbpsim.study import InputErrors
from lbpsim.study.files.plain_fields import YesNo
from tests.pathways import small_country

STUDY = small_country.shipped()
LEVERS = shipped().levers


def of(name: str, *asked: str):  # type: ignore[no-untyped-def]
    return space(STUDY.policy(name), STUDY.start, LEVERS, asked)


def test_the_levers_of_a_rollout_are_those_that_its_file_sets_and_who_comes_first() -> None:
    found = of("cft-rollout")
    assert {lever.path for lever in found.levers} == {
        *("cft.offered", "cft.training_places", "cft.referral_stops_at", "cft.priority", "cft.from_disability"),
    }


def test_dates_are_moved_apart_and_years_of_one_value_together() -> None:
    labels = [lever.label for lever in of("cft-rollout", "cft.offered", "cft.training_places").levers]
    assert labels == [
        "CFT offered, 1 January 2027",
        "CFT offered, 1 January 2031",
        "CFT training places, 2027",
        "CFT training places, 2028",
        "CFT training places, 2029 to 2035",
    ]


def test_the_values_of_the_policy_itself_make_the_policy_itself() -> None:
    for policy in ("cft-rollout", "cft-first", "opioid-stewardship"):
        found = of(policy)
        same = found.policy(found.given)
        assert dataclasses.replace(same, file=None) == dataclasses.replace(STUDY.policy(policy), file=None)


@pytest.mark.parametrize("share", [0.0, 0.31, 0.77, 1.0])
def test_the_file_reads_back_as_the_policy_that_was_tried(tmp_path: Path, share: float) -> None:
    from lbpsim.study import load

    found = of("cft-first", *LEVERS.keys() - {"cft.trained_at_start"})
    values = found.values(np.full(len(found.levers), share))
    tried = found.policy(values, name="found")
    for name in ("study", "usual-care"):
        (tmp_path / f"{name}.yaml").write_text((small_country.SCENARIOS / f"{name}.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "found.yaml").write_text(found.text(values), encoding="utf-8")
    read = load(tmp_path).policy("found")
    assert dataclasses.replace(read, file=None) == dataclasses.replace(tried, file=None)


def test_modes_of_delivery_come_to_everybody_at_most() -> None:
    found = of("cft-rollout", "cft.telehealth", "cft.group")
    values = dict(zip([lever.path for lever in found.levers], found.values(np.array([0.7, 0.9])), strict=True))
    assert values == {"cft.telehealth": 0.7, "cft.group": 0.3}
    assert found.policy(found.values(np.array([0.7, 0.9]))).cft.group.values == (0.3,)


def test_restraint_goes_no_further_than_the_policy_itself() -> None:
    ends = {lever.label: (lever.low, lever.high) for lever in of("cft-first").levers if "surgery" in lever.label}
    assert ends == {
        "surgery: referral change, 1 January 2027": (-0.25, 0.0),
        "surgery: referral change, 1 January 2029": (-0.5, 0.0),
    }


def test_a_range_can_be_given() -> None:
    (lever,) = of("cft-rollout", "cft.from_disability: 5 RMDQ points to 12 RMDQ points").levers
    assert (lever.low, lever.high) == (5.0, 12.0)


def test_values_stand_on_steps_within_the_ends() -> None:
    lever = Lever("cft.offered", YesNo(), (), 0.1, 0.6, 0.05)
    assert [lever.at(share) for share in (0.0, 0.24, 1.0, 7.0)] == pytest.approx([0.1, 0.2, 0.6, 0.6])
    assert lever.share(0.35) == pytest.approx(0.5) and lever.share(9.0) == 1.0


@pytest.mark.parametrize(
    ("policy", "asked", "words"),
    [
        ("cft-rollout", "cft.offerd", ("`cft.offerd` cannot be moved", "Did you mean `cft.offered`")),
        ("cft-rollout", "cft.offered: 20%", ("`20%` is not a range", "Give both ends")),
        ("cft-rollout", "cft.offered: 20% to 120%", ("120",)),
        ("cft-rollout", "cft.offered: 20% to 20%", ("From 20% to 20% nothing moves",)),
        (
            "cft-rollout",
            "surgery.referral_change",
            ("does not set it", "such as `surgery.referral_change: -30% to 0%`"),
        ),
        ("cft-rollout", "cft.priority: severity to severity", ("A choice has no range",)),
        ("surgery-restraint", "cft.training_places", ("does not set it",)),
    ],
)
def test_what_cannot_be_moved_is_told(policy: str, asked: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InputErrors) as wrong:
        of(policy, asked)
    for word in words:
        assert word in str(wrong.value).replace("\n ", "")


def test_dates_are_told_as_dates() -> None:
    assert Lever("cft.offered", YesNo(), (date(2027, 1, 1),)).label == "CFT offered, 1 January 2027"


def test_a_lever_named_twice_is_told() -> None:
    with pytest.raises(InputErrors, match="named twice"):
        of("cft-rollout", "cft.offered", "cft.offered")


def test_the_ends_of_a_range_are_never_exceeded() -> None:
    places = of("cft-rollout", "cft.training_places: 0 to 795").levers[0]
    assert (places.at(0.0), places.at(1.0), places.at(0.999)) == (0.0, 795.0, 795.0)
    few = of("cft-rollout", "cft.training_places: 0 to 4").levers[0]
    assert {few.at(share) for share in (0.0, 0.4, 0.6, 1.0)} == {0.0, 4.0}


def test_levers_of_other_pathways_can_be_joined_from_the_first_date_of_the_policy() -> None:
    found = of("cft-rollout", "surgery.referral_change: -30% to 0%", "opioids.tapering_offered: 0% to 50%")
    policy = found.policy(found.values(np.array([0.0, 1.0])))
    assert (policy.surgery.referral_change.values, policy.opioids.tapering_offered.values) == ((-0.3,), (0.5,))
    assert policy.surgery.referral_change.first == STUDY.policy("cft-rollout").cft.offered.first


def test_what_the_policy_does_beyond_a_range_is_told_as_it_is() -> None:
    found = of("cft-rollout", "cft.training_places: 0 to 795")
    assert found.began == (400.0, 800.0, 1200.0) and found.given == (400.0, 795.0, 795.0)


def test_a_policy_that_chooses_regions_keeps_them() -> None:
    rollout = STUDY.policy("cft-rollout")
    regional = dataclasses.replace(rollout, cft=dataclasses.replace(rollout.cft, regions=("Hull, City of", "ON")))
    found = space(regional, STUDY.start, LEVERS)
    assert found.policy(found.given).cft == regional.cft
    assert "cft.regions" not in {lever.path for lever in found.levers}
