"""Which parameters are asked about together."""

from __future__ import annotations

from lbpsim.evidence import parameters
from lbpsim.voi.parameter_groups import PARTS, parameter_groups, part_of

DRAWN = ("cft.uptake", "biofeedback.device_cost", "opioids.rmdq", "opioids.start_rate", "work.exit_rate")


def test_every_uncertain_input_belongs_to_a_part() -> None:
    uncertain = [name for name, one in parameters().items() if one.role == "input" and one.distribution]
    assert {part_of(name) for name in uncertain} <= set(PARTS)


def test_parts_and_grades_each_hold_every_parameter_once() -> None:
    """TECH-VER, results: parts sum to totals."""
    for kind in ("part of the model", "grade of evidence"):
        members = [name for each in parameter_groups(DRAWN) if each.kind == kind for name in each.members]
        assert sorted(members) == sorted(DRAWN)


def test_parameters_drawn_together_are_asked_about_together_only() -> None:
    found = parameter_groups(
        DRAWN, {"Opioids": ("opioids.rmdq", "opioids.start_rate", "opioids.not_drawn"), "None": ("x.y",)}
    )
    joint = [each for each in found if each.kind == "drawn together"]
    assert [(each.name, each.members) for each in joint] == [("Opioids", ("opioids.rmdq", "opioids.start_rate"))]
    alone = [each.name for each in found if each.kind == "parameter"]
    assert alone == ["cft.uptake", "biofeedback.device_cost", "work.exit_rate"]


def test_a_grade_holds_what_it_says() -> None:
    for each in parameter_groups(DRAWN):
        if each.kind == "grade of evidence":
            assert {parameters()[name].grade for name in each.members} == {each.name}
