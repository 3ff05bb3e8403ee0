"""What can be done in the lab, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lbpsim.lab import answer
from lbpsim.lab.actions import ACTIONS, NOT_UNDERSTOOD, Tab
from lbpsim.lab.form import form
from lbpsim.lab.laboratory import Laboratory
from lbpsim.lab.pictures import Painter, Wanted
from lbpsim.lab.study_folder import Refused
from lbpsim.study import load
from tests.lab.conftest import wait_until
from tests.lab.test_study_folder import state


class Value:
    """Stands for a reactive value, which needs a session."""

    def __init__(self) -> None:
        self.now = Wanted("burden", "wide")

    def get(self) -> Wanted:
        return self.now

    def set(self, value: Wanted) -> None:
        self.now = value


@pytest.fixture
def tab(lab: Laboratory) -> Tab:
    return Tab(lab, Value(), "one")


def test_it_begins_with_a_policy_of_the_folder(lab: Laboratory) -> None:
    assert lab.view.comparison.draft.name == "cft-biofeedback"
    assert lab.view.reading.study is not None


def test_levers_move_and_steps_are_undone(lab: Laboratory) -> None:
    first = lab.view.comparison
    for words in ("2", "20", "20 weeks"):
        lab.set("cft.referral_stops_at", words)
    assert lab.view.comparison.draft.values["cft.referral_stops_at"] == "20 weeks"
    lab.set_row("cft.offered", 1, 1, "70%")
    lab.add_row("cft.offered")
    lab.remove_row("cft.offered", 0)
    assert lab.view.comparison.draft.rows("cft.offered") == (("2031-01-01", "70%"), ("", ""))
    for _ in range(3):
        lab.undo()
    assert lab.view.comparison.draft.values["cft.referral_stops_at"] == "20 weeks"
    lab.undo()
    assert lab.view.comparison == first
    with pytest.raises(Refused, match="nothing to undo"):
        lab.undo()


@pytest.fixture
def of_regions(regional: Path) -> Iterator[Laboratory]:
    """The lab of a study that knows of three regions."""
    opened = Laboratory(regional, workers=1)
    yield opened
    opened.close()


def test_regions_are_picked_one_by_one_and_saved_as_if_by_hand(of_regions: Laboratory, folder: Path) -> None:
    lab = of_regions
    assert 'value="North, the" id="at--cft--regions-1"' in str(form(lab))
    assert "checked" not in str(form(lab)).partition('id="at--cft--regions-0"')[2].partition("</fieldset>")[0]
    lab.set("title", "In two regions")
    first = lab.view.comparison
    tab = Tab(lab, Value(), "one")
    for name in ("North, the", "Tasmania", "Elsewhere"):
        assert tab.carry_out({"do": "pick", "path": "cft.regions", "words": name, "fields": {"taken": True}}) == ""
    tab.carry_out({"do": "pick", "path": "cft.regions", "words": "Elsewhere", "fields": {"taken": False}})
    assert lab.view.comparison.draft.picked("cft.regions") == ("Tasmania", "North, the")
    assert "Offers go only to people in Tasmania and North, the." in lab.view.reading.words[0]
    assert str(form(lab)).count('checked="checked"') == 2
    lab.save("regional", replacing=False)
    assert "\n  regions: [Tasmania, 'North, the']\n" in (folder / "regional.yaml").read_text("utf-8")
    assert load(folder / "regional.yaml").policy("regional").cft.regions == ("Tasmania", "North, the")
    for _ in range(4):
        lab.undo()
    assert lab.view.comparison == first


def test_what_is_no_region_is_not_picked(of_regions: Laboratory) -> None:
    with pytest.raises(Refused, match="no such region"):
        of_regions.pick("cft.regions", "Elsewhere else", taken=True)
    with pytest.raises(Refused, match="no such lever"):
        of_regions.pick("cft.offered", "Tasmania", taken=True)


def test_without_regions_there_is_nothing_to_pick(lab: Laboratory) -> None:
    assert "cft.regions" not in str(form(lab))
    with pytest.raises(Refused, match="no such region"):
        lab.pick("cft.regions", "Tasmania", taken=True)
    lab.set("cft.regions", "Tasmania")
    assert 'value="Tasmania" id="at--cft--regions-0"' in str(form(lab)), "what is wrong can be taken back"
    assert "no `regions`" in lab.view.reading.problems[0]["cft.regions"]
    lab.pick("cft.regions", "Tasmania", taken=False)
    assert lab.view.reading.study is not None


def test_three_policies_stand_side_by_side(lab: Laboratory) -> None:
    lab.add()
    lab.add("surgery-restraint")
    assert [draft.name for draft in lab.view.comparison.drafts] == [
        *("cft-biofeedback", "cft-biofeedback-2", "surgery-restraint"),
    ]
    assert lab.view.reading.study is not None
    with pytest.raises(Refused, match="3 policies"):
        lab.add()
    lab.edit(0)
    with pytest.raises(Refused, match="here already"):
        lab.open("surgery-restraint")
    lab.open("cft-first")
    assert lab.view.comparison.draft.name == "cft-first"
    lab.remove()
    lab.remove()
    with pytest.raises(Refused, match="has to stay"):
        lab.remove()


def test_nothing_is_lost_when_the_lab_is_ended(folder: Path) -> None:
    first = Laboratory(folder, workers=1)
    first.set("cft.referral_stops_at", "9 weeks")
    first.set("for_all.cft.fidelity", "0.7")
    first.add()
    first.close()
    again = Laboratory(folder, workers=1)
    again.close()
    assert again.view.comparison == first.view.comparison


def test_saved_and_run_policies_have_the_same_figures(lab: Laboratory, folder: Path) -> None:
    lab.set("title", "Mine")
    lab.set_row("cft.offered", 1, 1, "80%")
    lab.set("for_all.cft.fidelity", "0.7")
    with pytest.raises(Refused, match="Save first"):
        lab.start_full_run(draws=0)
    assert "mine.yaml" in lab.save("mine", replacing=False)
    with pytest.raises(Refused, match=r"study\.yaml first"):
        lab.start_full_run(draws=0)
    assert "study.yaml" in lab.save_assumptions()
    wait_until(lambda: lab.run.figures.complete)
    expected = load([folder / "study.yaml", folder / "mine.yaml"]).run(draws=0, workers=1)
    shown = lab.run.figures.results
    assert shown is not None
    assert shown.summary.equals(expected.summary)
    assert shown.per_thousand.equals(expected.per_thousand)


def test_an_assumption_is_as_the_study_has_it_when_emptied(lab: Laboratory) -> None:
    lab.set("for_all.cft.fidelity", "0.7")
    assert [each.parameter.name for each in lab.assumptions].count("cft.fidelity") == 1
    lab.set("for_all.cft.fidelity", "")
    assert lab.view.comparison.assume == {}


def test_a_wrong_policy_is_not_saved(lab: Laboratory, folder: Path) -> None:
    lab.set("cft.referral_stops_at", "26")
    before = state(folder)
    with pytest.raises(Refused, match="referral_stops_at"):
        lab.save("mine", replacing=False)
    assert state(folder) == before


@pytest.mark.parametrize(
    "asked",
    [
        None,
        "set",
        {},
        {"do": "delete"},
        {"do": "set", "path": "cft.offered", "words": 7},
        {"do": "set", "path": "cft.offered", "words": "x", "more": 1},
        {"do": "set", "path": "cft.offered", "words": "10%"},
        {"do": "set", "path": "__class__", "words": "x"},
        {"do": "set", "path": "for_all.no.such", "words": "x"},
        {"do": "set", "path": "title", "words": "x" * 5000},
        {"do": "row", "path": "title", "words": "x"},
        {"do": "row", "path": "cft.offered", "row": 99, "words": "x"},
        {"do": "row", "path": "cft.offered", "row": -1, "words": "x"},
        {"do": "add-row", "path": "title"},
        {"do": "edit", "row": -1},
        {"do": "open", "fields": {"open-name": "../study"}},
        {"do": "open", "fields": {"open-name": "/etc/passwd"}},
        {"do": "save", "fields": {"save-name": "../../mine"}},
        {"do": "save", "fields": {"save-name": "study", "replacing": True}},
        {"do": "save-assumptions"},
        {"do": "remove"},
    ],
)
def test_what_makes_no_sense_does_nothing_and_is_told(tab: Tab, folder: Path, asked: object) -> None:
    before, files = tab.lab.view, state(folder)
    assert tab.carry_out(asked)
    assert tab.lab.view == before
    assert state(folder) == files


def test_what_a_tab_asks_for_is_done(tab: Tab) -> None:
    assert tab.carry_out({"do": "set", "path": "title", "words": "Mine"}) == ""
    assert tab.lab.view.comparison.draft.title == "Mine"
    assert tab.lab.view.typed == {"one": 1}
    assert "Saved" in tab.carry_out({"do": "save", "fields": {"save-name": "mine", "replacing": False}})
    assert tab.carry_out({"do": "chart", "path": "costs"}) == ""
    assert tab.carry_out({"do": "width", "row": 1}) == ""
    assert tab.wanted.get() == Wanted("costs", "narrow")
    assert tab.carry_out({"do": "no-such"}) == NOT_UNDERSTOOD
    assert len(ACTIONS) == 16


def test_a_form_is_drawn_anew_for_what_others_type_and_for_other_fields(lab: Laboratory) -> None:
    mine, other = lab.view.drawn_for("one"), lab.view.drawn_for("other")
    lab.set("title", "From one", by="one")
    assert lab.view.drawn_for("one") == mine
    assert lab.view.drawn_for("other") != other
    lab.set("title", "From the other", by="other")
    lab.set("description", "At once", by="one")
    assert lab.view.drawn_for("one") != mine, "what the other typed is not missed where one types right after"
    mine = lab.view.drawn_for("one")
    lab.add_row("cft.offered")
    assert lab.view.drawn_for("one") != mine


@pytest.mark.slow
def test_memory_stays_flat_over_500_changes(lab: Laboratory) -> None:
    """With what a tab shows of each: the table, the words, a chart."""
    import psutil

    painter = Painter(lambda: lab.run.figures)

    def change(number: int) -> None:
        lab.set_row("cft.offered", 1, 1, f"{30 + number % 60}.{number % 10}%")
        wait_until(lambda: lab.run.figures.done == lab.run.figures.whole > 0)
        painter.look(Wanted("burden", "wide"))
        assert answer.table(lab.run.figures) is not None
        answer.words(lab.view)

    for number in range(100):
        change(number)
    before = psutil.Process().memory_info().rss
    for number in range(100, 600):
        change(number)
    painter.close()
    assert psutil.Process().memory_info().rss - before < 30e6
