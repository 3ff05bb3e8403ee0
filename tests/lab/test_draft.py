"""A draft reads as the file would from which it came, or to which it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lbpsim.lab.draft import Draft, opened, read
from lbpsim.study import Problem, load, shipped
from lbpsim.study.files import nodes
from lbpsim.study.files.build import read_policy
from lbpsim.study.regions import Region, Regions

START = date(2026, 1, 1)
STUDY = load(shipped.files()[0].parent)
TWO_REGIONS = Regions((Region("The North", "made up", ()), Region("Hull, City of", "made up", ())))
POLICIES = [file for file in shipped.files() if file.stem not in ("study", "usual-care")]


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_an_opened_file_reads_as_the_file(file) -> None:
    problems: list[Problem] = []
    policy = read(opened(file), STUDY, problems)
    assert problems == []
    meant = load(file).policy(file.stem)
    assert policy is not None
    assert replace(policy, file=None, description="") == replace(meant, file=None, description="")
    assert policy.description.split() == meant.description.split()


def test_what_is_wrong_is_told_as_of_a_file(tmp_path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(
        "title: A\ncft:\n  offered: {2027-01-01: 170%, 2025-01-01: 5%}\n  priority: severe\n"
        "  referral_stops_at: 26\n  trained_at_start: 2.5\n"
    )
    of_file: list[Problem] = []
    root = nodes.read(file, "a.yaml", of_file)
    assert root is not None
    assert read_policy(root, "a", file, START, of_file) is None
    values = {
        "title": "A",
        "cft.offered": (("2027-01-01", "170%"), ("2025-01-01", "5%")),
        "cft.priority": "severe",
        "cft.referral_stops_at": "26",
        "cft.trained_at_start": "2.5",
    }
    of_draft: list[Problem] = []
    assert read(Draft("a", values), STUDY, of_draft) is None
    assert len(of_file) >= 5
    assert {(each.key, each.wrong, each.right) for each in of_draft} == {
        (each.key, each.wrong, each.right) for each in of_file
    }


def test_empty_rows_and_words_are_not_set() -> None:
    draft = Draft("a", {"title": " A ", "cft.offered": (("", " "), ("2027", "10%")), "description": "  "})
    assert draft.given == {"title": "A", "cft.offered": (("2027", "10%"),)}
    assert Draft("a").rows("cft.offered") == (("", ""),)


def test_regions_stand_on_lines_of_their_own_and_read_as_those_of_a_file(tmp_path) -> None:
    study = replace(STUDY, regions=TWO_REGIONS)
    file = tmp_path / "a.yaml"
    file.write_text("title: A\ncft:\n  offered: {2027: 10%}\n  regions: [The North, 'Hull, City of']\n")
    draft = opened(file)
    assert draft.picked("cft.regions") == ("The North", "Hull, City of")
    assert Draft("a").picked("cft.regions") == ()
    problems: list[Problem] = []
    policy = read(draft, study, problems)
    assert policy is not None and policy.cft.regions == TWO_REGIONS.names and not problems
    assert read(draft, STUDY, problems) is None
    assert [(each.key, each.wrong) for each in problems] == [
        ("cft.regions", "The study has no `regions` to choose from")
    ]


@pytest.mark.parametrize("rows", [(("2027", ""),), (("", "10%"),), (("2027", "1"), ("2027", "2"))])
def test_half_a_row_is_told(rows) -> None:
    problems: list[Problem] = []
    assert read(Draft("a", {"title": "A", "cft.offered": rows}), STUDY, problems) is None
    assert {problem.key.rpartition(".2027")[0] or problem.key for problem in problems} == {"cft.offered"}
