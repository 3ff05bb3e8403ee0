"""What `lbpsim research` writes and says: whole, described, careful, the same again; and the command itself."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from lbpsim.commands import research as command
from lbpsim.commands.research import research_and_write
from lbpsim.commands.session import Session
from lbpsim.evidence.output_tables import output_table
from lbpsim.report.charts import evsi as chart
from lbpsim.report.research_output import PAGE, asked, write, written_earlier
from lbpsim.report.research_page import page
from lbpsim.report.research_text import (
    answer,
    in_a_table,
    lost_to_implementation,
    most_worth,
    notes,
    of_design,
    rests_on,
)
from lbpsim.study import InputErrors
from lbpsim.voi.research import Research
from tests.voi.proposed import made_up_research

Written = tuple[Research, Path]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """What was found, and the folder in which it is; not to be changed."""
    found, folder = made_up_research(), tmp_path_factory.mktemp("research")
    write(found, folder, asked(found.designs, 80))
    return found, folder


def with_net(found: Research, net: float) -> Research:
    """The same with another net value of every size, of which the standard error is 1."""
    return dataclasses.replace(found, evsi=found.evsi.assign(net=net, net_se=1.0))


def test_a_study_that_may_be_worth_more_does_not_hide_one_that_is_clear(once: Written) -> None:
    found, _ = once
    survey = found.evsi["design"] == "survey"
    table = found.evsi.assign(net=9.0, net_se=1.0)
    table.loc[survey, ["net", "net_se"]] = 90.0, 80.0
    assert "most worth doing is “Of nothing”" in most_worth(dataclasses.replace(found, evsi=table))


def test_tables_are_described_column_by_column(once: Written) -> None:
    found, folder = once
    told = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    names = ["evsi", "design_numbers", "implementation"]
    assert [each["name"] for each in told["resources"]] == names
    for name in names:
        frame = pd.read_csv(folder / f"{name}.csv", keep_default_na=False)
        assert list(frame.columns) == output_table(name).names
        assert len(frame) == len(getattr(found, name))


def test_there_is_a_chart_of_every_study(once: Written) -> None:
    found, folder = once
    files = {path.name for path in (folder / "charts").iterdir()}
    assert files == {f"evsi_{design.name}.{kind}" for design in found.designs for kind in ("svg", "png")}


def test_all_that_was_written_is_known_again(once: Written) -> None:
    _, folder = once
    assert {path for path in folder.rglob("*") if path.is_file()} == set(written_earlier(folder))
    assert json.loads((folder / "research.json").read_text(encoding="utf-8"))["made_by"] == "lbpsim research"


@pytest.mark.gate
def test_the_same_draws_give_the_same_bytes(once: Written, tmp_path: Path) -> None:
    _, folder = once
    again = made_up_research()
    write(again, tmp_path, asked(again.designs, 80))
    for name in ("evsi.csv", "design_numbers.csv", "implementation.csv", PAGE, "charts/evsi_survey.svg"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_the_chart_shows_value_cost_and_what_is_left(once: Written) -> None:
    found, _ = once
    left, right = chart.draw(found, found.designs[1]).axes
    assert len(left.lines) == 3  # the report by two methods, and knowing for sure
    assert (right.get_xlabel(), left.get_xlabel()) == ("Participants", "Participants")
    assert any("net" in text.get_text() for text in right.texts)


def test_the_chart_of_what_no_draw_changes_says_so(once: Written) -> None:
    found, _ = once
    table = found.evsi.assign(value=0.0, value_in_use=0.0, net=-1e6, cost=1e6, se=np.nan, net_se=np.nan)
    for shown, there in ((found, False), (dataclasses.replace(found, evsi=table), True)):
        left, _ = chart.draw(shown, found.designs[1]).axes
        assert any("would change the choice" in text.get_text() for text in left.texts) == there


@pytest.mark.parametrize("title", ["[bold]Loud", "[/x] and $a$ and <b>", "$^{$"])
def test_no_title_breaks_what_shows_it(once: Written, title: str) -> None:
    found, _ = once
    worth = found.worth[1]
    named = dataclasses.replace(worth.data, design=dataclasses.replace(worth.data.design, title=title))
    odd = dataclasses.replace(found, worth=(found.worth[0], dataclasses.replace(worth, data=named)))
    console = Console(record=True, width=120)
    console.print(in_a_table(odd))
    assert title in console.export_text()
    assert "<b>" not in page(odd)


def test_the_page_opens_by_itself_and_holds_every_study(once: Written) -> None:
    found, folder = once
    text = (folder / PAGE).read_text(encoding="utf-8")
    assert text.count("<svg") + text.count("<img") == 2
    assert "http" not in text.replace("http://www.w3.org", "")
    for design in found.designs:
        assert f'<h2 id="{design.name}">{design.title}</h2>' in text
    assert most_worth(found) in text.replace("&#34;", '"')
    assert "&lt;b&gt;" in page(dataclasses.replace(found, study=dataclasses.replace(found.study, title="<b>")))


# --- sentences -------------------------------------------------------------------------------------------------------


def test_a_study_is_worth_doing_only_where_that_is_clear(once: Written) -> None:
    found, _ = once
    assert most_worth(found).startswith("At AUD 28,033 a QALY most worth doing is “A survey” with ")
    assert "none of these studies is clearly worth its cost" in most_worth(with_net(found, 1.9))
    assert "most worth doing" in most_worth(with_net(found, 2.1))


def test_what_is_not_worth_knowing_is_said_so(once: Written) -> None:
    found, _ = once
    idle, survey = found.designs
    assert "worth no clear amount here" in of_design(found, idle)
    assert "of the value of knowing for sure what it measures" in of_design(found, survey)
    assert rests_on(survey) == "7 of its 7 numbers are assumptions."


def test_nothing_found_is_never_told_as_nothing_for_sure(once: Written) -> None:
    """Neither where draws leave an error nor where none of them would change the choice."""
    found, _ = once
    for error, told in ((2e6, "less than AUD"), (np.nan, "in no draw of 80 would")):
        empty = {"value": 0.0, "value_in_use": 0.0, "perfect": 0.0, "net": -1e6, "cost": 1e6}
        table = found.evsi.assign(**empty, se=error, perfect_se=error, net_se=error)
        nothing = dataclasses.replace(found, evsi=table)
        assert told in most_worth(nothing)
        assert told in of_design(nothing, found.designs[0])
        assert "nan" not in page(nothing)
        for text in (most_worth(nothing), of_design(nothing, found.designs[0])):
            assert "standard error AUD 0" not in text and "nan" not in text
        console = Console(record=True, width=100)
        console.print(in_a_table(nothing))
        assert ("none seen" in console.export_text()) == np.isnan(error)
        assert ('"<"' in str(in_a_table(nothing).caption)) != np.isnan(error)


def test_a_report_that_comes_too_late_is_said_to(once: Written) -> None:
    found, _ = once
    table = found.evsi.assign(value_in_use=0.0, net=-1e6, cost=1e6, net_se=0.0)
    late = dataclasses.replace(found, evsi=table)
    assert most_worth(late).endswith("it costs AUD 1 m, and reports too late to be of use.")
    console = Console(record=True, width=100)
    console.print(in_a_table(late))
    text = console.export_text()
    assert "too late" in text and "\N{EN DASH}" in text


def test_studies_side_by_side_say_under_what_uncertainty(once: Written) -> None:
    found, _ = once
    assert "All are valued with the same 80 draws of parameters and so side by side." in page(found)
    structures = pd.DataFrame({"after_year_three": ["waning"] * 80})
    drawn = dataclasses.replace(found, draws=dataclasses.replace(found.draws, structures=structures))
    assert "a choice of structure of its own" in page(drawn)


def test_costs_borrowed_from_another_country_are_said_to_be(once: Written) -> None:
    found, _ = once
    borrowed = dataclasses.replace(found, design_numbers=found.design_numbers.assign(grade="borrowed"))
    assert any("marked borrowed" in sentence for sentence in answer(borrowed))
    assert "marked borrowed" in page(borrowed) and "marked borrowed" not in page(found)


def test_both_ways_share_what_knowing_for_sure_is_worth(once: Written) -> None:
    assert "not wholly independent" in " ".join(page(once[0]).split())


def test_notes_tell_what_is_held_and_what_failed(once: Written) -> None:
    """Whichever check failed, that of the regression or the other way."""
    found, _ = once
    idle, survey = found.worth
    assert list(notes(found, idle)) == ["The draws hold cft.uptake at one value, so that nothing is learnt of it."]
    assert not any("failed" in text for text in notes(found, survey))
    doubtful = dataclasses.replace(found, evsi=found.evsi.assign(doubt="moment matching disagrees"))
    told = "A check of the estimate failed at some size: moment matching disagrees."
    assert list(notes(doubtful, survey)) == [told]
    assert told in page(doubtful)


@pytest.mark.parametrize(
    ("value", "told"),
    [(5e6, "loses AUD 5 m"), (1e5, "loses no clear amount to waiting"), (-5e6, "would be worth AUD 5 m less")],
)
def test_what_is_lost_to_implementation(once: Written, value: float, told: str) -> None:
    found, _ = once
    table = found.implementation.assign(value=value, se=1e5, per_person=value / 1000.0)
    (sentence,) = lost_to_implementation(table, found.view, found.study)
    assert told in sentence and sentence.startswith("CFT rollout ")


@pytest.mark.parametrize(("over", "told"), [(3e6, "gain AUD 3 m (stand"), (-3e6, "gain no clear amount even then")])
def test_where_another_is_chosen_a_campaign_may_cost_what_is_gained_over_that(
    once: Written, over: float, told: str
) -> None:
    found, _ = once
    changed = {"value": 5e6, "se": 1e5, "chosen_now": "opioid-stewardship", "over_chosen": over, "over_chosen_se": 1e5}
    table = found.implementation.assign(**changed)
    (sentence,) = lost_to_implementation(table, found.view, found.study)
    title = found.study.policy("opioid-stewardship").title
    assert f"But {title} would be chosen now" in sentence and told in sentence
    assert "could cost as much" not in sentence
    assert title in page(dataclasses.replace(found, implementation=table))


def test_what_a_slow_offer_loses_is_said_not_to_be_known_from_a_run(once: Written) -> None:
    found, _ = once
    assert "with the study itself" in page(found) and "with the study itself" in answer(found)[-1]
    perfect = dataclasses.replace(found, implementation=found.implementation.assign(lost_to="perfect"))
    assert "with the study itself" not in page(perfect)


def test_where_it_is_not_known_how_many_more_are_treated_nothing_is_said_of_each(once: Written) -> None:
    found, _ = once
    table = found.implementation.assign(value=5e6, se=1e5, more_treated=np.nan, per_person=np.nan)
    (sentence,) = lost_to_implementation(table, found.view, found.study)
    assert sentence.endswith("could cost as much at most.") and "fewer" not in sentence


def test_without_a_benchmark_nothing_is_said_of_it(once: Written, tmp_path: Path) -> None:
    found, _ = once
    none = dataclasses.replace(found, implementation=found.implementation.iloc[:0])
    assert len(answer(none)) == 1
    assert "No policy of this study makes people wait" in page(none)
    write(none, tmp_path, asked(found.designs, 80))
    assert not (tmp_path / "implementation.csv").exists()


def test_the_answer_on_a_terminal_fits_eighty_columns(once: Written) -> None:
    console = Console(record=True, width=80)
    console.print(in_a_table(once[0]))
    assert "A survey" in console.export_text()


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.mark.gate
def test_other_inputs_are_refused_and_the_same_are_not(once: Written, tmp_path: Path) -> None:
    found, _ = once
    console = Console(record=True, width=200)
    session = Session(tmp_path / "out", console)
    research_and_write(found.study, found.designs, session, found.draws)
    research_and_write(found.study, found.designs, session, found.draws)
    assert "most worth doing is" in console.export_text()
    with pytest.raises(InputErrors, match="other designs"):
        research_and_write(found.study, found.designs[:1], session, found.draws)
    research_and_write(found.study, found.designs[:1], dataclasses.replace(session, overwrite=True), found.draws)
    assert not (tmp_path / "out" / "charts" / "evsi_survey.svg").exists()


def test_a_folder_without_a_run_is_none(tmp_path: Path) -> None:
    assert not command.is_run(tmp_path)
