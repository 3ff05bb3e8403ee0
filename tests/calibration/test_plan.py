from __future__ import annotations

import pytest
from scipy import stats

from lbpsim.calibration.plan import CalibrationPlan, shipped
from lbpsim.evidence import EvidenceError, parameters
from lbpsim.evidence.reading import PlanError, parse_plan
from tests.evidence.parsed import parse

WHOLE = """
free:
  disability.trait_mean: {because: not measured}
targets:
  restore.baseline_rmdq_mean: {within: 0.35, because: around 13}
by_construction:
  country.cases: the population is built to it
settings: {people: 100, work_years: 1, starts: 1, search_steps: 1, step: 0.2, design: 20, held_out: 5, spread: 1.2,
  chains: 5, burn_in: 10, thinning: 1, sample: 10, checked: 1}
"""


def test_plan_and_registry_agree_on_what_calibrates() -> None:
    """A target is aimed at or met by construction, or it may count as validation: never both, never neither."""
    plan = shipped()
    used = {name for name, one in parameters().items() if one.used_to == "calibrate"}
    assert used == set(plan.aims) | set(plan.by_construction)
    assert not set(plan.aims) & set(plan.by_construction)


def test_plan_and_registry_agree_on_what_is_free() -> None:
    plan = shipped()
    assert set(plan.names) == {name for name, one in parameters().items() if one.prior is not None}


def test_the_plan_holds_reasons() -> None:
    plan = shipped()
    assert all(len(entry.because) > 10 for entry in (*plan.free, *plan.targets))
    assert all(len(why) > 10 for why in plan.by_construction.values())


def test_every_published_difference_is_aimed_at_once() -> None:
    """Where both arms have one figure, their mean is aimed at and each is then met."""
    arms, times = ("cft", "biofeedback"), ("week13", "week52")
    wanted = {f"restore.{arm}_pain_{when}" for arm in arms for when in (*times, "year3")}
    wanted |= {f"restore.{arm}_rmdq_year3" for arm in arms} | {f"restore.both_rmdq_{when}" for when in times}
    assert wanted <= set(shipped().aims)
    assert {f"restore.{arm}_rmdq_{when}" for arm in arms for when in times} <= set(shipped().by_construction)
    known = parameters()
    for when in times:
        mean = sum(known[f"restore.{arm}_rmdq_{when}"].value for arm in arms) / 2.0
        assert known[f"restore.both_rmdq_{when}"].value == mean


def test_what_only_validates_is_never_aimed_at() -> None:
    plan = shipped()
    assert plan.validation_only and not set(plan.validation_only) & {*plan.aims, *plan.by_construction}
    assert {parameters()[name].used_to for name in plan.validation_only} == {"validate"}


def test_differences_are_asked_for_more_closely_than_the_pass_mark() -> None:
    for aim in shipped().targets:
        if aim.name.startswith("restore.") and ("_rmdq_" in aim.name or "_pain_" in aim.name):
            if "baseline" not in aim.name:
                what = "rmdq" if "_rmdq_" in aim.name else "pain"
                assert aim.within * stats.norm.ppf(0.975) < parameters()[f"restore.tolerance_{what}"].value


def test_a_whole_plan_is_read() -> None:
    plan = parse_plan(CalibrationPlan, WHOLE, "x.yaml")
    assert plan.names == ("disability.trait_mean",)
    assert (plan.targets[0].within, plan.targets[0].target.value) == (0.35, 13.0)


@pytest.mark.parametrize(
    ("line", "by", "taught"),
    [
        ("disability.trait_mean:", "disability.trait_men:", "disability.trait_men is not in the registry"),
        (
            "disability.trait_mean:",
            "cft.uptake:",
            "cft.uptake is free, and so must be a registered input with a `prior`",
        ),
        ("restore.baseline_rmdq_mean:", "restore.cft_cost_difference:", "must say `used_to: calibrate`"),
        ("country.cases:", "country.hospitalisations:", "must say `used_to: calibrate`"),
        ("settings:", "validation_only: {country.cases: built to it}\nsettings:", "must say `used_to: validate`"),
        ("within: 0.35, ", "", "within Field required"),
        ("within: 0.35", "within: 0", "within Input should be greater than 0"),
        ("within: 0.35", "within: 0.35, weight: 2", "weight Extra inputs are not permitted"),
        ("{because: not measured}", "free", "free should be a mapping"),
        ("people: 100", "people: -5", "settings.people Input should be greater than 0"),
        ("chains: 5", "chains: 3", "sample 10 is not a whole number of rows for each of 3 chains"),
        ("by_construction:", "free:", "free is written twice"),
    ],
)
def test_a_faulty_plan_is_named_with_its_fault(line: str, by: str, taught: str) -> None:
    assert line in WHOLE
    with pytest.raises(PlanError) as error:
        parse_plan(CalibrationPlan, WHOLE.replace(line, by), "x.yaml")
    assert str(error.value).startswith("x.yaml") and taught in str(error.value)


ENTRY = "toy.x:\n  label: x\n  value: 1\n  unit: ratio\n  role: input\n  grade: assumption\n  prior: normal(1, 1)\n"


def test_a_prior_in_the_registry_needs_a_law_after_it() -> None:
    with pytest.raises(EvidenceError, match=r"toy\.x\.prior: a prior, but no distribution after calibration"):
        parse(ENTRY, "x.yaml")
    law = "  distribution: normal(1, 0.5)\n  interval: [0.02, 1.98]\n"
    assert parse(ENTRY + law, "x.yaml")["toy.x"].prior == "normal(1, 1)"
    with pytest.raises(EvidenceError, match="write it like"):
        parse((ENTRY + law).replace("normal(1, 1)", "about 1"), "x.yaml")
