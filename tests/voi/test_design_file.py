"""Files of proposed studies: those that ship, and what each mistake is told."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from lbpsim.evidence.in_force import registry
from lbpsim.evidence.registry import common
from lbpsim.evidence.shipped_countries import from_name
from lbpsim.study import InputErrors
from lbpsim.voi.design import Design
from lbpsim.voi.design_file import FOLDER, read_design, read_designs, shipped
from tests.cea.made_up import normals

NUMBER = "{{value: {value}, unit: {unit}, grade: assumption{more}}}"


def number(value: object, unit: str, more: str = "") -> str:
    return NUMBER.format(value=value, unit=unit, more=more)


RIGHT = {
    "title": "A trial",
    "description": "What it asks.",
    "sizes": "[400, 100, 100]",
    "arms": "{control: 1, treated: 2}",
    "recruited": number(100, "people per year"),
    "followed": number(80, "'%'"),
    "follow_up": number(6, "months"),
    "reporting": number(1, "years"),
    "fixed_cost": number(1000, "AUD", ", price_year: 2024"),
    "cost_per_participant": number(10, "AUD", ", price_year: 2024"),
}
MEASURE = {
    "label": "Disability",
    "kind": "mean",
    "against": "control",
    "sd": number(5, "RMDQ points"),
    "expects": "{treated: cft.fidelity * cft.rmdq_week13}",
}


def text_of(changed: dict[str, str | None], measured: dict[str, str | None]) -> str:
    top = {**RIGHT, **changed}
    of_measure = {**MEASURE, **measured}
    lines = [f"{key}: {value}" for key, value in top.items() if value is not None]
    below = [f"    {key}: {value}" for key, value in of_measure.items() if value is not None]
    return "\n".join([*lines, "measures:", "  pain:", *below])


def read(tmp_path: Path, *, measured: dict[str, str | None] | None = None, **changed: str | None) -> Design:
    file = tmp_path / "trial.yaml"
    file.write_text(text_of(changed, measured or {}) + "\n", encoding="utf-8")
    return read_design(file, registry())


def test_a_design_is_read_as_it_is_written(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.name, found.title, found.sizes) == ("trial", "A trial", (100, 400))
    assert found.arms == {"control": 1.0, "treated": 2.0}
    assert found.followed.canonical == pytest.approx(0.8)
    assert found.follow_up.canonical == pytest.approx(0.5)
    assert found.names == ("cft.fidelity", "cft.rmdq_week13")
    assert found.measures[0].against == "control"
    assert found.measures[0].sd is not None
    assert found.measures[0].sd.canonical == 5.0
    assert found.design_effect is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": None}, r"`title`: This key is missing"),
        ({"title": "''"}, r"line 1: `title`: This is no title"),
        ({"title": '"\\e[31mRed"'}, r"line 1: `title`: This is no title"),
        ({"title": "x" * 200}, r"line 1: `title`: This is no title. Give words that can be seen, at most 120"),
        ({"title": "5"}, r"line 1: `title`: \"5\" is not text"),
        ({"titel": "x"}, r"line \d+: `titel`: There is no such key. Did you mean title\?"),
        ({"sizes": "[]"}, r"line 3: `sizes`"),
        ({"sizes": "[0]"}, r"line 3: `sizes`: A study has from one participant"),
        ({"sizes": "[1000000000000000000000000000000]"}, r"line 3: `sizes`: A study has from one participant to the"),
        ({"sizes": "[1.5]"}, r"line 3: `sizes`: \"1.5\" is not a whole number"),
        ({"sizes": "[3]"}, r"line 3: `sizes`: Of 3 participants 0.8 would count.*larger sizes"),
        ({"arms": "{control: 0, treated: 1}"}, r"line 4: `arms`: Each arm has some"),
        ({"arms": "{}"}, r"line 4: `arms`"),
        ({"recruited": "100"}, r"line 5: `recruited`: `recruited` should be a mapping with value, unit, grade"),
        ({"recruited": ""}, r"line 5: `recruited`: This is empty"),
        ({"recruited": number(0, "people per year")}, r"`recruited.value`: 0 cannot be meant. Write a number above 0"),
        ({"recruited": number(9, "people")}, r"`recruited.unit`.*write it like 289,100 people per year"),
        ({"followed": number(1.2, "share")}, r"`followed.value`: 1.2 share is no share"),
        ({"follow_up": number(-1, "years")}, r"`follow_up.value`"),
        ({"fixed_cost": number(5, "AUD")}, r"`fixed_cost.unit`: Money without a price year"),
        ({"fixed_cost": number(5, "GBP", ", price_year: 2024")}, r"`fixed_cost.unit`.*GBP"),
        ({"fixed_cost": number(5, "AUD", ", price_year: 1802")}, r"`fixed_cost.price_year`: 1802 is out of range"),
        ({"fixed_cost": number(-5, "AUD", ", price_year: 2024")}, r"`fixed_cost.value`: -5 cannot be meant"),
        ({"reporting": "{value: 1, unit: years, grade: trial}"}, r"`reporting.grade`: No source, though graded trial"),
        (
            {"reporting": "{value: 1, unit: years, grade: trial, sources: [nobody]}"},
            r"`reporting.sources`: Nobody is not in the bibliography",
        ),
        ({"reporting": "{value: 1, unit: years}"}, r"`reporting.grade`: This key is missing"),
        ({"reporting": "{value: one, unit: years, grade: assumption}"}, r"`reporting.value`: \"one\" is not a number"),
        ({"design_effect": number(0.5, "ratio")}, r"`design_effect.value`: 0.5 cannot be.*of at least 1"),
    ],
)  # fmt: skip
def test_mistakes_are_taught(tmp_path: Path, changed: dict[str, str | None], told: str) -> None:
    with pytest.raises(InputErrors) as errors:
        read(tmp_path, **changed)
    assert_told(errors.value, told)


@pytest.mark.parametrize(
    ("measured", "told"),
    [
        ({"kind": "median"}, r"`measures.pain.kind`: \"median\" is not one of 'mean', 'share' or 'rate'"),
        ({"kind": None}, r"`measures.pain.kind`: This key is missing"),
        ({"lable": "x"}, r"`measures.pain.lable`: There is no such key. Did you mean label\?"),
        ({"sd": None}, r"`measures.pain.kind`: A mean needs `sd`"),
        ({"sd": number(0, "RMDQ points")}, r"`measures.pain.sd.value`: 0 cannot be meant"),
        ({"sd": number(2, "NRS points")}, r"`measures.pain.sd.unit`: NRS points is not the scale.*RMDQ points"),
        ({"sd": "{value: 2, unit: RMDQ points}"}, r"`measures.pain.sd.grade`: This key is missing"),
        ({"kind": "share"}, r"`measures.pain.sd`: A share has no `sd`"),
        ({"kind": "rate", "sd": None}, r"`measures.pain.against`: A rate is measured in each arm"),
        ({"against": "placebo"}, r"`measures.pain.against`: There is no arm placebo.*control or treated"),
        ({"against": "treated"}, r"`measures.pain.against`: There is no arm treated to compare with"),
        ({"expects": "{}"}, r"`measures.pain.expects`"),
        ({"expects": "{other: cft.fidelity}"}, r"`measures.pain.expects.other`: There is no such arm.*control"),
        ({"expects": "{treated: cft.fidelty * 2}"}, r"`measures.pain.expects.treated`.*did you mean cft.fidelity\?"),
        ({"expects": "{treated: after_year_three.forever}"}, r"has no input after_year_three.forever"),
        ({"expects": "{treated: restore.cft_rmdq_week13}"}, r"has no input restore.cft_rmdq_week13"),
        ({"expects": "{treated: cft.fidelity +}"}, r"is no arithmetic.*Write it with numbers"),
        ({"expects": "{treated: open(cft.fidelity)}"}, r"cannot stand in it"),
    ],
)  # fmt: skip
def test_mistakes_of_a_measure_are_taught(tmp_path: Path, measured: dict[str, str | None], told: str) -> None:
    with pytest.raises(InputErrors) as errors:
        read(tmp_path, measured=measured)
    assert_told(errors.value, told)


def assert_told(errors: InputErrors, told: str) -> None:
    """All of it stands in one problem, in that order, each with its file and line."""
    texts = [str(problem) for problem in errors.problems]
    assert any(re.search(told, text, re.IGNORECASE | re.DOTALL) for text in texts), texts
    assert all("trial.yaml, line" in text or "missing" in text for text in texts), texts
    assert "Traceback" not in str(errors)


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputErrors) as errors:
        read(tmp_path, measured={"sd": None}, followed=number(2, "share"), titel="x")
    assert len(errors.value.problems) == 3


@pytest.mark.parametrize("text", ["", "- a\n", "a: 1\na: 2\n", "a: [", "*x"])
def test_a_file_that_is_no_design_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "trial.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputErrors, match=r"trial\.yaml"):
        read_design(file, registry())


def test_a_file_whose_name_cannot_stand_in_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputErrors, match=r"cannot\s+name\s+a\s+design"):
        read_design(tmp_path / "my trial.yaml", registry())


def test_two_designs_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "fidelity.yaml").write_text(text_of({}, {}), encoding="utf-8")
    with pytest.raises(InputErrors, match="Two designs are called `fidelity`"):
        read_designs([tmp_path / "fidelity.yaml", "fidelity"], registry())


def test_a_design_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputErrors, match=r"There\s+is\s+no\s+such\s+file"):
        read_design(tmp_path / "none.yaml", registry())
    with pytest.raises(InputErrors, match=r"no design `fidelty`.*Did you mean `fidelity`"):
        read_design("fidelty", registry())


# --- those that ship -------------------------------------------------------------------------------------------------


def test_four_designs_ship() -> None:
    assert shipped() == ("disability-survey", "fidelity", "opioid-linkage", "restore-five-years")


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_design_informs_inputs_that_draws_vary(name: str) -> None:
    found, known = read_design(name, registry()), registry()
    drawn = [each for each in found.names if each in known.drawable]
    assert drawn
    assert all(each in known.drawable or each.startswith("after_year_three.") for each in found.names)


@pytest.mark.parametrize("name", shipped())
def test_what_a_shipped_design_assumes_says_why(name: str) -> None:
    """No number without a source is graded otherwise; one with a source names a known one, as reading it checks."""
    for each in read_design(name, registry()).numbers:
        assert each.sources or each.grade == "assumption"
        assert each.note or each.name.endswith(("reporting", "recruited", "follow_up"))


def test_the_same_people_asked_again_teach_nothing_of_their_error_before() -> None:
    """By simulation: what RESTORE's people say at year five, less what year three says of it, errs by itself."""
    (kept,) = read_design("restore-five-years", registry()).measures  # pain errs with disability: one of them counts
    tie = common()["uncertainty.correlation_over_time"].value
    assert kept.sd is not None
    before = 0.74 * np.sqrt(52.0)
    assert kept.sd.canonical == pytest.approx(before * np.sqrt(1.0 - tie**2), abs=0.01)
    first, new = normals(4000, 1), normals(4000, 2)
    apart = (tie * first + np.sqrt(1.0 - tie**2) * new) * before - tie * first * before
    assert apart.std() == pytest.approx(kept.sd.canonical, rel=0.04)
    assert abs(np.corrcoef(apart, first)[0, 1]) < 0.05
    known = dict.fromkeys(kept.names, 0.0) | {"cft.rmdq_year3": -3.5, "cft.rmdq_week52": -4.6}
    assert kept.expects["cft"].value(known) == pytest.approx(-3.5 * -tie)
    assert kept.expects["cft"].value({**known, "after_year_three.sustained": 1.0}) == pytest.approx(-3.5 * (1.0 - tie))


def test_who_is_on_opioids_already_cannot_start() -> None:
    rate = read_design("opioid-linkage", registry()).measures[1]
    known = {"opioids.start_rate": 0.1, "opioids.on_at_start": 0.2, "opioids.severity": 0.0, "cft.fidelity": 1.0,
             "cft.rmdq_week13": -4.0, "cft.rmdq_week52": -4.0}  # fmt: skip
    assert [each.value(known) for each in rate.expects.values()] == pytest.approx([0.08, 0.08])


def test_a_budget_in_money_of_another_country_is_refused(tmp_path: Path) -> None:
    pounds = registry(of=from_name("England"))
    (tmp_path / "trial.yaml").write_text(text_of({}, {}), encoding="utf-8")
    with pytest.raises(InputErrors, match=r"trial\.yaml(.|\n)*AUD") as errors:
        read_design(tmp_path / "trial.yaml", pounds, from_name("England"))
    assert "line" in str(errors.value)


def test_designs_lie_in_the_package() -> None:
    assert (Path(__file__).parents[2] / "lbpsim" / "voi" / FOLDER).is_dir()
