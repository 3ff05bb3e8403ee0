"""What can be moved in the lab follows from the declarations of policy files."""

from __future__ import annotations

import pytest

from lbpsim.lab.levers import by_path, lever_of, levers, of_section, sections
from lbpsim.study.files.declarations import policy_file
from lbpsim.study.files.plain_fields import Choice
from lbpsim.study.files.sections import Section


def test_every_key_of_a_policy_file_is_a_lever() -> None:
    leaves = {path for path, key in policy_file().paths() if not isinstance(key.kind, Section)}
    assert leaves == set(by_path())
    assert {"title", "cft.offered", "cft.training_places", "options.after_year_three"} <= leaves


def test_every_lever_stands_in_a_section() -> None:
    assert [lever for section in sections() for lever in of_section(section)] == sorted(
        levers(), key=lambda lever: list(sections()).index(lever.section)
    )


def test_regions_are_picked() -> None:
    lever = by_path()["cft.regions"]
    assert (lever.form, lever.label, lever.choices) == ("several", "Regions", ())
    assert lever.means.startswith("The regions of the study, by name")


def test_choices_are_those_of_the_declaration() -> None:
    offered = [lever for lever in levers() if isinstance(lever.key.kind, Choice)]
    assert offered
    assert all(lever.form == "choice" and lever.choices == lever.key.kind.options for lever in offered)


@pytest.mark.parametrize(
    ("problem", "lever"),
    [
        ("cft.offered", "cft.offered"),
        ("cft.offered.2027-01-01", "cft.offered"),
        ("cft.offered_more", ""),
        ("title", "title"),
        ("assume.cft.fidelity", "assume"),
        ("", ""),
    ],
)
def test_a_problem_is_told_at_its_lever(problem: str, lever: str) -> None:
    assert lever_of(problem) == lever
