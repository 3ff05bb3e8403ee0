"""Looks of policies: one each, the same in every chart, told apart without colour."""

from __future__ import annotations

from itertools import combinations

from matplotlib.colors import to_rgb

from lbpsim.outcomes.results import Results
from lbpsim.report.charts.policy_styles import by_family, labels_of, looks, short_label
from lbpsim.study.policies import Policy
from tests.report.narrative.made_up import study


def test_families_of_the_shipped_policies(results: Results) -> None:
    assert {name: look.family.title for name, look in looks(results).items()} == {
        "usual-care": "Comparator",
        "cft-rollout": "CFT",
        "cft-biofeedback": "CFT",
        "cft-unlimited": "CFT",
        "opioids-instead": "Instead of CFT",
        "surgery-instead": "Instead of CFT",
        "opioid-expansion": "Trends",
        "surgery-expansion": "Trends",
        "opioid-stewardship": "Stewardship",
        "surgery-restraint": "Stewardship",
        "cft-first": "CFT",
    }


def test_no_two_policies_look_alike(many: Results) -> None:
    found = looks(many)
    assert len({(look.colour, look.dashes, look.marker) for look in found.values()}) == len(many.scenarios)


def test_shipped_policies_differ_by_marker_alone(results: Results) -> None:
    assert len({look.marker for look in looks(results).values()}) == len(results.scenarios)


def test_members_of_a_family_differ_in_grey(results: Results) -> None:
    for one, other in combinations(looks(results).values(), 2):
        if one.family is other.family:
            assert abs(_luminance(one.colour) - _luminance(other.colour)) > 0.03


def test_every_colour_shows_on_white(many: Results) -> None:
    assert all(_luminance(look.colour) < 0.8 for look in looks(many).values())


def test_order_by_family_keeps_every_policy(many: Results) -> None:
    assert sorted(by_family(many)) == sorted(many.scenarios)
    assert by_family(many)[0] == many.scenarios[0]


def test_charts_call_policies_by_their_titles(results: Results) -> None:
    for policy in results.study.policies:
        assert " ".join(looks(results)[policy.name].label.split()) == policy.title


def test_titles_that_are_the_same_when_cut_are_told_apart_by_files() -> None:
    long = "Cognitive functional therapy for everybody who asks a doctor for it"
    found = labels_of(study(Policy("in-cities", f"{long} in cities"), Policy("elsewhere", f"{long} elsewhere")))
    assert (found["in-cities"], found["elsewhere"]) == ("In cities", "Elsewhere")


def test_labels_are_short() -> None:
    label = short_label("cft-in-rural-and-remote-areas-delivered-by-telehealth-from-2028")
    assert label.count("\n") == 1
    assert max(map(len, label.split("\n"))) <= 24
    assert short_label("-") == "-"


def _luminance(colour: str) -> float:
    red, green, blue = to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue
