"""What sections say of other commands' findings, of policies and of inputs: true to the tables, nothing left out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lbpsim.cea.subgroups import by_age_and_sex
from lbpsim.evidence import parameters
from lbpsim.evidence.output_tables import output_table
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.groups import GROUPS
from lbpsim.outcomes.health_by_group import HEALTH
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.report.file_records import Record
from lbpsim.report.page.figures import Column
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Section
from lbpsim.report.page.sections import (
    changes,
    cost_effectiveness,
    first_screen,
    inputs,
    limits,
    payers,
    per_thousand_treated,
    policies,
    reach,
    reproducibility,
    sensitivity,
    validation,
    who_gains,
)
from lbpsim.report.page.templates import section_html
from lbpsim.report.sensitivity_output import Sensitivity
from tests.report.explained import made_up
from tests.report.groups import with_groups, without_groups
from tests.report.page.conftest import validated
from tests.report.page.reading import Element, Entry, forests, read, sheets, texts
from tests.report.synthetic import READINGS, switched

BLANK = {"string": "", "number": 0.0, "integer": 0, "boolean": False}


@pytest.fixture(autouse=True)
def blank_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are drawn, but nothing of them is written: how they look on a page has tests of its own."""
    monkeypatch.setattr("lbpsim.report.page.pictures.picture", lambda *_, **__: b'<svg viewBox="0 0 1 1"></svg>')


@pytest.fixture
def material(results: Results, tmp_path: Path) -> Material:
    return Material(results, None, tmp_path / "study")


def shown(section: Section | None, material: Material) -> Element:
    """What a section shows, as a browser reads it."""
    assert section is not None, "there is something to show"
    return read(section_html(section, material))


def rows(sheet: list[list[Entry]]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in sheet]


# --- first screen and other readings --------------------------------------------------------------------------------


def test_the_first_screen_holds_finding_chart_numbers_and_doubts(
    material: Material, probabilistic: ProbabilisticResults
) -> None:
    drawn = replace(material, results=replace(probabilistic, switches=switched(probabilistic)))
    assert drawn.finding is not None
    tree = shown(first_screen.section(drawn), drawn)
    assert drawn.finding.sentence in texts(tree)
    assert [each.text for each in tree.every("dt")] == [each.label for each in drawn.finding.headlines]
    assert len(tree.every("dt")) == 4
    (doubts,) = (each for each in tree.every("div") if each.attributes.get("class") == "doubts")
    assert len(doubts.every("li")) == len(drawn.finding.doubts) == 2
    assert tree.text.count("interval") == 1
    (chart,) = forests(tree).values()
    assert [row[0] for row in chart] == [drawn.label(name) for name in drawn.choices]
    assert not {drawn.label(name) for name in drawn.benchmarks} & {row[0] for row in chart}


def test_the_best_choice_comes_first_and_leads(material: Material) -> None:
    tree = shown(first_screen.section(material), material)
    leading = [row for row in tree.every("tr") if row.attributes.get("class") == "leads"]
    assert material.case is not None
    assert [row.every("th")[0].text for row in leading] == [material.case.policy.title]


def test_the_readings_of_the_model_stand_in_one_chart_with_who_makes_them_already(material: Material) -> None:
    found = replace(material.results, switches=switched(material.results, "made already, by study.yaml"))
    tree = shown(changes.section(replace(material, results=found)), material)
    rows_ = forests(tree)["readings"]
    assert [row[0] for row in rows_] == [*list(READINGS.values())[:-1], "Effect lastsmade already, by study.yaml"]


def test_without_readings_and_draws_nothing_is_said_of_them(material: Material) -> None:
    assert changes.section(material) is None


# --- per 1,000 people treated ----------------------------------------------------------------------------------------


def test_treatments_stand_side_by_side_at_every_mark(material: Material) -> None:
    """The figures are those of the table, with who is treated said before them."""
    tree = shown(per_thousand_treated.section(material), material)
    assert "5,000 who were not on them" in texts(tree)
    found = sheets(tree)
    assert {"per-thousand-1", "per-thousand-3", "per-thousand-10", "per-thousand-10-discounted"} <= set(found)
    qalys = next(row for row in rows(found["per-thousand-10"]) if row[0] == OUTCOMES["qalys"].label)
    assert qalys[1] == "+420" and qalys[5].startswith("\N{MINUS SIGN}80") and qalys[6].startswith("+70")
    assert len(found["per-thousand-10-discounted"]) < len(found["per-thousand-10"])


def test_where_nobody_was_followed_nothing_is_shown(material: Material) -> None:
    assert per_thousand_treated.section(replace(material, results=replace(material.results, treated=None))) is None


# --- validation -----------------------------------------------------------------------------------------------------


def test_misses_stand_as_plainly_as_passes(material: Material) -> None:
    validated(material.folder / "validation")
    section = shown(validation.section(material), material)
    assert "meets 1, misses 1" in texts(section)
    assert "of these it meets 0 and misses 1" in texts(section)
    assert [row[0] for row in rows(sheets(section)["validation-misses"])] == ["Lumbar fusions"]


def test_a_validation_beside_the_results_is_found_too_and_says_what_it_judged(material: Material) -> None:
    validated(material.folder.parent / "validation")
    assert "study other: 1,000 people" in texts(shown(validation.section(material), material))


def test_half_a_validation_is_told_and_of_none_how_to_make_one(material: Material) -> None:
    missing = texts(shown(validation.section(material), material))
    assert "was not judged beside this run" in missing and "lbpsim validate" in missing
    folder = validated(material.folder / "validation")
    (folder / "targets.csv").unlink()
    told = texts(shown(validation.section(material), material))
    assert "targets.csv is missing" in told and "lbpsim validate" in told


def test_a_damaged_sensitivity_is_told_and_does_not_end_the_report(material: Material) -> None:
    assert sensitivity.section(material) is None
    folder = material.folder / "sensitivity"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{", encoding="utf-8")
    assert "run.json is not what was written" in texts(shown(sensitivity.section(material), material))


# --- sensitivity ----------------------------------------------------------------------------------------------------


def filled(name: str, *given: dict[str, Any]) -> pd.DataFrame:
    """A table of `lbpsim sensitivity` with these rows, blank in every other column."""
    blank = {column.name: BLANK[column.kind] for column in output_table(name).columns}
    return pd.DataFrame([blank | row for row in given])


def found(**tables: pd.DataFrame) -> Sensitivity:
    view = {"perspective": "societal", "threshold": 50000.0}
    views = [{"perspective": each, "threshold": 50000.0} for each in ("societal", "health_system")]
    whole = {
        "one_way": filled(
            "one_way",
            *(
                {"label": label, "parameter": label, "grade": "assumption", "figure": "net_benefit", "swing": swing,
                 "low": -swing, "high": swing, "clear": swing > 1e7, **each}
                for label, swing in (("little", 1e6), ("much", 9e8))
                for each in views
            ),
        ),
        "structural": filled(
            "structural",
            *({"option": "lost_work", "choice": choice, "base": base, "best": best, "changes": not base, **each}
              for choice, base, best in (("human_capital", True, "cft-first"), ("friction", False, "usual-care"))
              for each in views),
        ),
        "thresholds": filled(
            "thresholds",
            {"title": "Price", "changes": True, "value_text": "AUD 900", "before": "a", "after": "b", **view},
            {"title": "Physiotherapists", "changes": False, "before": "a", "range_text": "0 to 9", **view},
        ),
        "uptake": filled(
            "uptake",
            {"uptake": "half", "share": 0.3, "scenario": "cft-rollout", "period": "2026-2030", "payer": "all payers",
             "cost": 4e6},
        ),
    }  # fmt: skip
    return Sensitivity(**(whole | tables), two_way=None, policy="cft-rollout", people=10_000, seed=7, replications=20,
                       held={"cft.uptake": "cft-rollout"}, record=of_study({}), charts=())  # fmt: skip


def of_study(asked: dict[str, Any]) -> Record:
    """The record of an analysis of a study."""
    return Record(Path("run.json"), {"lbpsim": "0.1", "study": json.loads(json.dumps(asked, default=str))})


@pytest.fixture
def analysed(material: Material, monkeypatch: pytest.MonkeyPatch) -> Element:
    monkeypatch.setattr(sensitivity, "read_sensitivity", lambda _: found())
    return shown(sensitivity.section(material), material)


def test_inputs_that_matter_most_come_first_and_noise_is_called_so(analysed: Element) -> None:
    sheet = sheets(analysed)["one-way-societal-50000"]
    assert [row[0] for row in rows(sheet)] == ["much", "little"]
    assert "no more than Monte Carlo error" in sheet[1][6].below
    assert "Monte Carlo error" not in sheet[0][6].below


def test_what_is_not_moved_and_what_a_policy_keeps_is_said(material: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = found(structural=found().structural.assign(kept_by="mine"))
    monkeypatch.setattr(sensitivity, "read_sensitivity", lambda _: kept)
    section = shown(sensitivity.section(material), material)
    assert "Not moved one at a time, as its value is set under assume: cft.uptake (cft-rollout)." in texts(section)
    kept = [row[0].below for row in sheets(section)["structural-societal"]]
    assert kept == ["base case; kept as in its own file: mine", "kept as in its own file: mine"]


def test_a_structure_that_turns_the_answer_is_said_in_words(analysed: Element) -> None:
    assert (
        "the highest net benefit at central inputs is that of Usual care goes on as today (society, AUD 50,000 a QALY)."
        in texts(analysed)
    )


def test_where_no_structure_turns_it_that_is_said(material: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    table = found().structural.assign(changes=False)
    monkeypatch.setattr(sensitivity, "read_sensitivity", lambda _: found(structural=table))
    assert "No other choice of structure, of 1, gives another policy the highest net benefit" in texts(
        shown(sensitivity.section(material), material)
    )


def test_an_analysis_of_another_study_is_called_so(material: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    study = material.results.study
    for asked, cautioned in ((replace(study, people=10), False), (replace(study, years=5), True)):
        analysis = replace(found(), record=of_study(asked.resolved()))
        monkeypatch.setattr(sensitivity, "read_sensitivity", lambda _, analysis=analysis: analysis)
        told = "of another study than the results above, which differs in: years" in texts(
            shown(sensitivity.section(material), material)
        )
        assert told == cautioned


def test_of_several_grades_the_weakest_is_marked() -> None:
    assert inputs.grade_cell("trial, assumption, unverified").mark == "assumption"
    assert inputs.grade_cell("trial, unverified").mark == "unverified"
    assert inputs.grade_cell("trial, cohort").mark == "fact"


def test_where_the_decision_changes_and_where_it_does_not(analysed: Element) -> None:
    told = rows(sheets(analysed)["thresholds"])
    assert told[0][2:4] == ["AUD 900", "a, then b"]
    assert told[1][2:] == ["no change over the range", "a throughout", "0 to 9"]


def test_whose_case_it_is_and_how_many_people(analysed: Element) -> None:
    assert "For CFT offered in primary care against usual care, with 10,000 people" in texts(analysed)


# --- policies -------------------------------------------------------------------------------------------------------


def test_every_policy_is_told_in_words(material: Material) -> None:
    section = shown(policies.section(material), material)
    assert "Courses start as trained physiotherapists have places" in texts(section)


def test_a_policy_taken_apart_says_what_it_is_made_of(material: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "read_why", lambda folder: made_up() if folder.name == "cft-rollout" else None)
    assert "gains 1,000 ± " in texts(shown(policies.section(material), material))


# --- inputs ---------------------------------------------------------------------------------------------------------


def test_every_input_stands_with_its_grade_and_its_mark(material: Material) -> None:
    tree = shown(inputs.section(material), material)
    sheet = sheets(tree)["inputs-table"]
    chosen_by = next(
        int(each.attributes["data-chosen-by"]) for each in tree.every("div") if "data-chosen-by" in each.attributes
    )
    known = {name: each for name, each in parameters().items() if each.role == "input"}
    assert [row[0].below for row in sheet] == list(known)
    for row in sheet:
        grade = known[row[0].below].grade
        assert row[chosen_by].text == grade
        marked = row[chosen_by].element.attributes.get("class", "").strip() == "is-assumption"
        assert marked == (grade == "assumption")


def test_what_the_study_assumes_instead_is_shown_beside_the_registered_value(material: Material) -> None:
    study = replace(material.results.study, assume={"cft.uptake": 0.25})
    assuming = replace(material, results=replace(material.results, study=study))
    section = shown(inputs.section(assuming), assuming)
    assert rows(sheets(section)["assumed"]) == [
        [parameters()["cft.uptake"].label, "60%", "25%", "the whole study", "assumption"]
    ]
    replaced = next(row for row in sheets(section)["inputs-table"] if row[0].below == "cft.uptake")
    assert replaced[1].below == "replaced by this study"


def test_sources_lead_to_the_bibliography(material: Material) -> None:
    found_sheets = sheets(shown(inputs.section(material), material))
    names = {row[0].element.attributes["id"] for row in found_sheets["sources"]}
    cited = {
        link.attributes["href"]
        for row in found_sheets["inputs-table"]
        for cell in row
        for link in cell.element.every("a")
    }
    assert cited
    assert {link[1:] for link in cited} <= names


# --- the rest -------------------------------------------------------------------------------------------------------


def test_who_gains_is_told_over_draws_where_these_kept_groups(material: Material) -> None:
    central = shown(who_gains.section(material), material)
    unsure = replace(material, results=with_groups(material.results, cost=1e6))
    drawn = shown(who_gains.section(unsure), unsure)
    earlier = replace(material, results=without_groups(with_groups(material.results)))
    for tree in (central, shown(who_gains.section(earlier), earlier)):
        told = tree.text
        assert told.count("At central inputs, undiscounted; intervals of Monte Carlo error.") == 2
        assert "At central inputs. Below each: 95% Monte Carlo interval of what is gained." in told
        assert "over draws" not in told
    told = drawn.text
    assert told.count("Means over draws, undiscounted; 95% interval of parameter uncertainty.") == 2
    assert "Means over draws; below each: 95% interval of parameter uncertainty." in told
    assert "At central inputs" not in told and "Monte Carlo interval" not in told
    assert set(sheets(drawn)) == set(sheets(central))


def test_noise_in_intervals_over_draws_is_said(material: Material) -> None:
    unsure = replace(material, results=with_groups(material.results, shared=0.001, noise=200.0))
    told = shown(who_gains.section(unsure), unsure).text
    within = "95% interval of parameter uncertainty, with Monte Carlo error on top where that is most of the spread"
    assert told.count(f"Means over draws, undiscounted; {within}.") == 2
    assert f"Means over draws; below each: {within}." in told


def test_a_gain_in_equity_that_is_noise_has_no_direction(material: Material) -> None:
    unsure = replace(material, results=with_groups(material.results, (700.0,) * 5, shared=0.3, noise=200.0))
    tree = shown(who_gains.section(unsure), unsure)
    _, net, gain, worth, *_ = sheets(tree)["equity-worth"][0]
    assert gain.text == "not clear" and gain.below.endswith("mostly noise")
    assert "noise" not in net.below and "noise" not in worth.below
    assert "A gain in equity that is mostly noise has no direction" in tree.text


def test_sums_by_fifth_that_run_the_other_way_than_gains_a_year_are_explained(material: Material) -> None:
    """More years are lived in the most disadvantaged fifth, so that it has the largest sum of smaller gains."""
    unsure = with_groups(material.results, (700.0, 690.0, 680.0, 670.0, 660.0))
    by_group = unsure.draws.by_group.copy()
    assert who_gains.OTHER_WAY not in shown(who_gains.section(replace(material, results=unsure)), material).text
    by_group[..., len(GROUPS) :, HEALTH.index("life_years")] *= [2.0, 1.5, 1.0, 0.8, 0.6]
    more = ProbabilisticResults.join(material.results, replace(unsure.draws, by_group=by_group))
    assert shown(who_gains.section(replace(material, results=more)), material).text.count(who_gains.OTHER_WAY) == 1


def test_of_too_few_events_no_difference_has_no_figure() -> None:
    none = Estimate.exact(0.0)
    bands = {"a": none, "b": Estimate(-5.0, -9.0, -1.0)}
    few, many = Column("Deaths", bands, few=True), Column("Deaths", bands)
    assert (few.cell("a").text, few.cell("a").below) == ("none differed", "too few simulated")
    assert many.cell("a").text == "0" and few.cell("b") == many.cell("b")


def test_gains_by_group_add_up_to_the_country(material: Material) -> None:
    gained = by_age_and_sex(material.results).value
    table = material.results.yearly_by_group
    people = table[(table["scenario"] == "usual-care") & (table["outcome"] == "life_years") & (table["sex"] != "all")]
    lived = people.groupby(["age_band", "sex"], sort=False)["value"].sum().to_numpy()
    whole = material.results.incremental
    qalys = whole[(whole["outcome"] == "qalys") & ~whole["discounted"]].set_index("scenario")["difference"]
    first = material.results.scenarios[1]
    assert (gained[0] * lived / 1000.0).sum() == pytest.approx(float(qalys[first]), rel=1e-3)


def test_who_waits_leaves_out_those_who_never_queue(material: Material) -> None:
    section = shown(reach.section(material), material)
    names = [row[0].text for row in sheets(section)["waiting-cft"]]
    assert names == [
        "CFT offered in primary care",
        "CFT with movement sensors",
        "CFT, stewardship and restraint together",
    ]
    drawn = {each.attributes["data-policy"] for each in section.every("g") if "data-policy" in each.attributes}
    assert {material.label(name) for name in drawn} == set(names)


def test_benchmarks_stand_apart_from_the_choices(material: Material) -> None:
    tree = shown(cost_effectiveness.section(material), material)
    found_sheets, plots = sheets(tree), forests(tree)
    assert {row[0] for row in plots["benchmark-worth"]} == {
        f"{material.label(name)}benchmark" for name in material.benchmarks
    }
    assert {row[0] for row in plots["worth"]} == {material.label(name) for name in material.choices}
    real = [row[0].text for row in found_sheets["frontier-societal-choices"]]
    assert "CFT without limits of capacity" not in real
    assert "CFT without limits of capacity" in [row[0].text for row in found_sheets["frontier-societal"]]


def test_the_probabilistic_cost_per_qaly_stands_beside_the_deterministic(
    material: Material, probabilistic: ProbabilisticResults
) -> None:
    drawn = replace(material, results=probabilistic)
    heads = [head.text for head in shown(cost_effectiveness.section(drawn), drawn).every("th")]
    assert heads[2:4] == ["AUD a QALY, over draws", "at central inputs"]


def test_payers_of_the_best_choice_have_intervals(material: Material) -> None:
    rows_ = forests(shown(payers.section(material), material))["by-payer"]
    assert [row[0] for row in rows_] == ["Government", "Private insurers", "Patients"]
    assert all(" to " in row[2] for row in rows_)


def test_hashes_change_with_the_study_and_with_nothing_else(material: Material) -> None:
    def hashes(material: Material) -> list[list[str]]:
        return rows(sheets(shown(reproducibility.section(material), material))["hashes"])

    before = hashes(material)
    assert before == hashes(replace(material, folder=Path("elsewhere")))
    study = replace(material.results.study, thresholds=(1.0,))
    after = hashes(replace(material, results=replace(material.results, study=study)))
    assert [one == other for one, other in zip(before, after, strict=True)].count(False) == 1


def test_notes_on_what_was_asked_stand_beside_the_answers(
    material: Material, probabilistic: ProbabilisticResults
) -> None:
    def told(material: Material) -> str:
        return texts(shown(first_screen.section(material), material))

    policies_ = [*material.results.study.policies]
    assert "set under" not in told(replace(material, results=probabilistic))
    policies_[1] = replace(policies_[1], assume={"cft.uptake": 0.99})
    study = replace(material.results.study, policies=tuple(policies_))
    odd, drawn = (replace(material, results=replace(each, study=study)) for each in (material.results, probabilistic))
    title = odd.label(policies_[1].name)
    assert f"{title}: cft.uptake at 99% is outside its 95% interval" in told(odd)
    assert "set under" not in told(odd)
    assert f"{title}: cft.uptake is set under" in told(drawn)
    assert f"{title}: cft.uptake is set under" in texts(shown(limits.section(drawn), drawn))


def test_limits_of_a_run_follow_from_the_run(
    material: Material, alone: Results, probabilistic: ProbabilisticResults
) -> None:
    def told(material: Material) -> str:
        return texts(shown(limits.section(material), material))

    assert "Parameter uncertainty was not run" in told(material)
    assert "it cannot be told from an effect" in told(replace(material, results=alone))
    assert "In 80 draws, " in told(replace(material, results=probabilistic))
    assert "a rate cut to 0" not in told(replace(material, results=probabilistic))
    cut = replace(probabilistic, draws=replace(probabilistic.draws, cut=3))
    assert "In 3 of 80 draws more people would leave treatment" in told(replace(material, results=cut))
