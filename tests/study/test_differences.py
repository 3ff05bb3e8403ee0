from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lbpsim import evidence
from lbpsim.evidence.shipped_countries import from_name
from lbpsim.study import Policy, Study, load
from lbpsim.study.differences import Difference, policy_differences, sentences_apart, study_differences
from lbpsim.study.files.declarations import policy_file, study_file
from lbpsim.study.files.sections import Section
from lbpsim.study.shipped import of_country
from tests.study.conftest import FULL, STUDY

CHANGED = {
    # every key of a policy file: a line of FULL, and another in its place
    "title": ("title: Everything", "title: Something"),
    "description": ("description: All keys at once", "description: Others"),
    "cft.offered": ("0.10, 2031: 60%", "0.10, 2031: 61%"),
    "cft.training_places": ("2028: 800", "2028: 801"),
    "cft.trained_at_start": ("trained_at_start: 50", "trained_at_start: 51"),
    "cft.referral_stops_at": ("referral_stops_at: 26 weeks", "referral_stops_at: 27 weeks"),
    "cft.priority": ("priority: severity", "priority: first_come"),
    "cft.from_disability": ("from_disability: 12 RMDQ points", "from_disability: 13 RMDQ points"),
    "cft.from_age": ("from_age: 45", "from_age: 46"),
    "cft.to_age": ("to_age: 64", "to_age: 65"),
    "cft.to_fifth": ("to_fifth: 2", "to_fifth: 3"),
    "cft.telehealth": ("telehealth: {2027: 30%}", "telehealth: {2027: 31%}"),
    "cft.group": ("group: {2027: 20%, 2029: 40%}", "group: {2027: 20%, 2029: 41%}"),
    "cft.biofeedback": ("biofeedback: yes", "biofeedback: no"),
    "opioids.growth": ("growth: {2027: 6% per year}", "growth: {2027: 7% per year}"),
    "opioids.initiation_change": ("2028: 10%}", "2028: 11%}"),
    "opioids.tapering_offered": ("tapering_offered: {2027: 50%}", "tapering_offered: {2027-02-03: 50%}"),
    "surgery.growth": ("growth: {2027: -2% per year}", "growth: {2027: -3% per year}"),
    "surgery.referral_change": ("referral_change: {2028: -50%}", "referral_change: {2028: -50%, 2029: -40%}"),
    "surgery.operations_per_year": ("operations_per_year: {2027: 3000}", "operations_per_year: {2027: 3001}"),
    "assume": ("cft.fidelity: 0.8", "cft.fidelity: 0.7"),
    "options.after_year_three": ("after_year_three: sustained", "after_year_three: waning"),
}
STUDY_CHANGED = {
    "name": "name: other",
    "title": "title: Another",
    "description": "description: More",
    "comparator": "comparator: today",
    "start": "start: 2027-01-01",
    "years": "years: 9",
    "people": "people: all",
    "replications": "replications: 5",
    "follow": "follow: lifetime",
    "seed": "seed: 2",
    "perspective": "perspective: health_system",
    "discount_rate": "discount_rate: 3.5% per year",
    "thresholds": 'thresholds: ["AUD 50,000 per QALY", "AUD 60,000 per QALY"]',
    "price_year": "price_year: 2023",
    "options.after_year_three": "options: {after_year_three: sustained}",
    "options.disability_weights": "options: {disability_weights: classes}",
    "options.disability_weight_level": "options: {disability_weight_level: as_published}",
    "options.waning": "options: {waning: by_arm}",
    "options.productivity": "options: {productivity: trial_anchored}",
    "options.utility_slope": "options: {utility_slope: cross_sectional}",
    "options.lost_work": "options: {lost_work: friction}",
    "options.severity_drives_opioids_and_surgery": "options: {severity_drives_opioids_and_surgery: off}",
    "options.severe_mortality": "options: {severe_mortality: on}",
    "options.years_of_life_lost": "options: {years_of_life_lost: life_expectancy}",
    "options.incidence": "options: {incidence: fixed}",
    "options.start": "options: {start: in_pain_only}",
    "options.remission": "options: {remission: uniform}",
    "options.opioid_stopping": "options: {opioid_stopping: weibull}",
    "options.employment": "options: {employment: only_by_pain}",
    "options.return_to_work": "options: {return_to_work: constant}",
    "options.surgery_rate": "options: {surgery_rate: of_referrals}",
    "options.acceptance": "options: {acceptance: at_each_offer}",
    "options.at_the_place": "options: {at_the_place: as_referred}",
    "options.population": "options: {population: still}",
    "structure_weights": "structure_weights: {utility_slope: {within_person: 2, with_pain: 1}}",
    "assume": "assume: {cft.uptake: 50%}",
}
WITH_FEWER_KEYS = {
    # keys that are refused beside others of FULL: what is added to an offer, as it is told
    "cft.capacity": ("capacity: unlimited", "limited", "unlimited"),
    "cft.replaced_by": ("replaced_by: opioids", "", "opioids"),
    "cft.referral_stops_at": ("referral_stops_at: 26 weeks", "", "26 weeks"),
}
ELSEWHERE = {"country", "region", "regions"}  # nothing else can be chosen; tried with a table in test_regions
OF_REGIONS = {"cft.regions"}  # likewise


def leaves(section: Section, before: str = "") -> set[str]:
    """Keys that hold values, by their paths."""
    found = set()
    for key in section.keys:
        path = f"{before}.{key.name}".removeprefix(".")
        found |= leaves(key.kind, path) if isinstance(key.kind, Section) else {path}
    return found


def between(folder: Path, first: str, second: str) -> tuple[Difference, ...]:
    """What differs between two policies of the same study, by their texts."""
    study, mine, theirs = two(folder, first, second)
    return policy_differences(study, mine, study, theirs)


def two(folder: Path, first: str, second: str) -> tuple[Study, Policy, Policy]:
    policies = []
    for name, text in (("one", first), ("two", second)):
        file = folder / f"{name}.yaml"
        file.write_text(text, encoding="utf-8")
        study = load(file)  # each by itself, for both may have one title
        policies.append(study.policy(name))
    return study, policies[0], policies[1]


def a_study(folder: Path, text: str) -> Study:
    folder.mkdir()
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    for name in ("usual-care", "today"):
        (folder / f"{name}.yaml").write_text(f"title: {name}\n", encoding="utf-8")
    return load(folder)


def test_every_key_of_the_files_is_tried_here() -> None:
    assert leaves(policy_file()) == set(CHANGED) | set(WITH_FEWER_KEYS) | OF_REGIONS
    assert leaves(study_file()) == set(STUDY_CHANGED) | ELSEWHERE


@pytest.mark.parametrize("key", CHANGED)
def test_a_change_of_any_key_of_a_policy_is_told(folder: Path, key: str) -> None:
    old, new = CHANGED[key]
    assert FULL.count(old) == 1
    found = between(folder, FULL, FULL.replace(old, new))
    assert any(each.key == key or each.key.startswith(f"{key}.") for each in found), found
    told = next(each for each in found if each.key == key or each.key.startswith(f"{key}."))
    assert told.means
    assert told.before != told.after


def test_a_value_from_a_year_on_is_told_apart_from_one_of_that_year(folder: Path) -> None:
    text = "title: A\ncft: {{offered: {{2027: 10%}}, training_places: {{{}: 800}}}}\n"
    gone, come = between(folder, text.format("2028"), text.format("from 2028"))
    assert (gone.key, gone.when, gone.before, gone.after) == ("cft.training_places", "2028", "800 training places", "")
    assert (come.key, come.when, come.before, come.after) == (gone.key, "from 2028", "", gone.before)


@pytest.mark.parametrize("key", WITH_FEWER_KEYS)
def test_a_change_of_how_cft_is_offered_is_told(folder: Path, key: str) -> None:
    line, before, after = WITH_FEWER_KEYS[key]
    offered = "title: A\ncft: {offered: {2027: 10%}"
    (found,) = between(folder, f"{offered}}}\n", f"{offered}, {line}}}\n")
    assert (found.key, found.before, found.after) == (key, before, after)


def test_weights_of_structure_are_told_choice_by_choice(tmp_path: Path) -> None:
    weights = "structure_weights: {after_year_three: {waning: 1, sustained: 1}, utility_slope: {within_person: %s}}\n"
    one, other = (a_study(tmp_path / name, STUDY + weights % weight) for name, weight in (("one", "1"), ("two", "3")))
    (found,) = study_differences(one, other)
    assert (found.key, found.change) == ("structure_weights.utility_slope.within_person", "changed")
    assert (float(found.before), float(found.after)) == (1.0, 3.0)


@pytest.mark.parametrize("key", STUDY_CHANGED)
def test_a_change_of_any_key_of_a_study_is_told(tmp_path: Path, key: str) -> None:
    kept = [line for line in STUDY.splitlines() if not line.startswith(f"{key}:")]
    one = a_study(tmp_path / "one", STUDY)
    other = a_study(tmp_path / "two", "\n".join([*kept, STUDY_CHANGED[key]]) + "\n")
    found = study_differences(one, other)
    assert [each.where for each in found] == ["study"] * len(found)
    assert all(each.means for each in found)
    assert any(each.key == key or each.key.startswith(f"{key}.") for each in found), found


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_parameter_set_to_anything_is_told(folder: Path, data: st.DataObject) -> None:
    inputs = [parameter for parameter in evidence.parameters().values() if parameter.role == "input"]
    parameter = data.draw(st.sampled_from(inputs))
    factor = data.draw(st.floats(1.0, 1.5).filter(lambda number: number != 1.0))
    study = load(folder)
    usual = study.policies[0]
    base, other = (
        Policy(
            "tried", "A", assume={parameter.name: parameter.canonical * by + (parameter.canonical == 0.0) * (by - 1.0)}
        )
        for by in (1.0, factor)
    )
    (found,) = policy_differences(study, base, study, other)
    assert found.key == f"assume.{parameter.name}"
    assert found.before != found.after
    assert parameter.grade in found.means
    assert policy_differences(study, usual, study, base)


def test_nothing_differs_where_only_the_writing_does(folder: Path) -> None:
    assert between(folder, FULL, f"# a comment\n{FULL.replace('2031: 60%', '2031-01-01: 0.6')}") == ()


def test_a_date_is_told_with_its_value(folder: Path) -> None:
    text = "title: A\ncft: {offered: {2027: 10%, 2031: 60%}}\n"
    found = between(folder, text, text.replace("2031: 60%", "2031: 80%, 2033-07-01: 90%"))
    assert [(each.when, each.change, each.before, each.after) for each in found] == [
        ("1 January 2031", "changed", "60%", "80%"),
        ("1 July 2033", "added", "", "90%"),
    ]
    assert {each.means for each in found} == {
        "the share of eligible consultations at which CFT is offered, on a line between dates"
    }


def test_an_assumption_is_told_against_what_held(folder: Path) -> None:
    (found,) = between(folder, "title: A\n", "title: A\nassume: {cft.uptake: 50%}\n")
    assert (found.change, found.before, found.after) == ("added", "not set, so 60%", "50%")


def test_units_are_told(folder: Path) -> None:
    places = "title: A\ncft: {offered: {2027: 10%}, training_places: {2027: 400}}\n"
    (found,) = between(folder, places, places.replace("400", "500"))
    assert (found.when, found.before, found.after) == ("2027", "400 training places", "500 training places")
    growth = "title: A\nopioids: {growth: {2027: 6% per year}}\n"
    (found,) = between(folder, growth, growth.replace("6%", "-7%"))
    assert (found.before, found.after) == ("6% per year", "-7% per year")


def test_a_difference_that_rounding_hides_is_told(folder: Path) -> None:
    text = "title: A\nassume: {cft.uptake: 0.5}\n"
    (found,) = between(folder, text, text.replace("0.5", "0.50000001"))
    assert (found.before, found.after) == ("0.5", "0.50000001")


def test_dates_do_not_move_with_the_start(tmp_path: Path) -> None:
    policy = "title: A\ncft: {offered: {2028-05-06: 10%}}\n"
    studies = []
    for name, start in (("one", "2026-01-01"), ("two", "2026-11-17")):
        a_study(tmp_path / name, STUDY.replace("2026-01-01", start))
        (tmp_path / name / "tried.yaml").write_text(policy, encoding="utf-8")
        studies.append(load(tmp_path / name))
    (found,) = study_differences(*studies)
    assert (found.key, found.before, found.after) == ("start", "1 January 2026", "17 November 2026")


def test_policies_of_one_study_only_are_told_whole(folder: Path) -> None:
    one = load(folder)
    (folder / "more.yaml").write_text("title: More\nsurgery: {referral_change: {2027: -20%}}\n", encoding="utf-8")
    (found,) = study_differences(one, load(folder))
    assert (found.where, found.key, found.change, found.before) == ("more", "", "added", "")
    assert found.after.startswith("More: From 1 January 2027 20% fewer people are referred")
    (back,) = study_differences(load(folder), one)
    assert (back.change, back.after) == ("removed", "")


def test_sentences_apart(folder: Path) -> None:
    text = "title: A\ncft: {offered: {2027: 10%}, capacity: limited}\n"
    study, mine, theirs = two(folder, text, text.replace("limited", "unlimited"))
    gone, new = sentences_apart(study, mine, study, theirs)
    assert gone == ["Courses start as trained physiotherapists have places, first come, first served."]
    assert new == ["Nobody waits for a place."]


def test_a_stored_study_is_the_same(shipped: Path, policy: Callable[[str], Policy]) -> None:
    study = load(shipped)
    assert study_differences(study, Study.from_resolved(study.resolved())) == ()


def test_thresholds_of_two_countries_are_told_in_the_money_of_each() -> None:
    here, there = (load(of_country(from_name(name))[0].parent) for name in ("australia", "england"))
    (found,) = (each for each in study_differences(there, here) if each.key == "thresholds")
    assert found.before == "GBP 20,000 per QALY and GBP 30,000 per QALY"
    assert found.after.startswith("AUD 28,033 per QALY")
