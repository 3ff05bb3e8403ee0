"""The lab writes nowhere but the study folder, and leaves what it cannot replace."""

from __future__ import annotations

from pathlib import Path

import pytest

from lbpsim.lab.draft import Draft
from lbpsim.lab.study_folder import IN_WORK, Refused, StudyFolder
from lbpsim.study import load

NEW = Draft(
    "mine", {"title": "Mine", "cft.offered": (("2027", "10%"),), "cft.training_places": (("from 2027", "400"),)}
)


def state(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_a_saved_policy_is_one_of_the_study(folder: Path) -> None:
    home = StudyFolder(folder)
    home.save(NEW, replacing=False)
    assert load(folder).policy("mine").cft.places_in(2030) == 400
    assert home.open("mine").given == NEW.given
    assert home.saved(NEW)
    assert "mine" in home.names()
    assert "usual-care" not in home.names()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../mine",
        "a/b",
        "/etc/passwd",
        "study",
        "Usual-Care",
        "nul",
        "a b",
        "a.yaml",
        "\\\\host",
        "x" * 80,
        "é",
    ],
)
def test_no_path_leads_out_of_the_folder(folder: Path, name: str) -> None:
    before = state(folder.parent)
    for work in (
        lambda: StudyFolder(folder).open(name),
        lambda: StudyFolder(folder).save(_named(name), replacing=True),
    ):
        with pytest.raises(Refused):
            work()
    assert state(folder.parent) == before


def _named(name: str) -> Draft:
    return Draft(name, NEW.values)


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("title: Outside\n")
    (folder / "mine.yaml").symlink_to(outside)
    for work in (
        lambda: StudyFolder(folder).open("mine"),
        lambda: StudyFolder(folder).save(NEW, replacing=True),
    ):
        with pytest.raises(Refused):
            work()
    assert outside.read_text() == "title: Outside\n"


def test_a_file_is_replaced_only_when_that_is_said(folder: Path) -> None:
    home, taken = StudyFolder(folder), Draft("cft-rollout", NEW.values)
    before = state(folder)
    with pytest.raises(Refused, match="is there already"):
        home.save(taken, replacing=False)
    assert state(folder) == before
    old = (folder / "cft-rollout.yaml").read_text("utf-8")
    (folder / "cft-rollout.yaml").write_text(f"# Asked for in May.\n{old}", "utf-8")
    home.save(taken, replacing=True)
    assert home.open("cft-rollout").given == NEW.given
    assert (folder / "cft-rollout.yaml").read_text("utf-8").startswith("# Asked for in May.\n"), "comments stay"


def test_what_would_break_the_study_is_not_written(folder: Path) -> None:
    """Such as a title that another file has."""
    before = state(folder)
    with pytest.raises(Refused, match="title"):
        StudyFolder(folder).save(NEW.setting("title", "Surgery restraint"), replacing=False)
    assert state(folder) == before


@pytest.mark.parametrize(
    "there",
    [
        "",
        "assume:\n  cft.uptake: 50%\n\n",
        "assume: {cft.uptake: 50%}   # mine\n",
        "assume:\n# note\n  cft.uptake: 50%\n",
    ],
)
def test_assumptions_go_into_the_study_file(folder: Path, there: str) -> None:
    file = folder / "study.yaml"
    usual = file.read_text("utf-8")
    file.write_text(there + usual)
    StudyFolder(folder).write_assumptions({"cft.fidelity": "0.7", "cft.session_cost": "AUD 120"})
    text = file.read_text("utf-8")
    kept = {"cft.uptake"} if there else set()
    assert dict(load(folder).assume).keys() == {"cft.fidelity", "cft.session_cost", *kept}
    assert [line for line in usual.splitlines() if line not in text] == []
    first = "  cft.uptake: 50%\n" if there else ""
    assert text.endswith(f"\nassume:\n{first}  cft.fidelity: 0.7\n  cft.session_cost: AUD 120\n")


def test_assumptions_that_break_the_study_are_not_written(folder: Path) -> None:
    before = state(folder)
    with pytest.raises(Refused):
        StudyFolder(folder).write_assumptions({"cft.fidelity": "much"})
    assert state(folder) == before


@pytest.mark.parametrize("kept", ["", "{", "[]", "null", '{"drafts": 3}', "{}" * 600_000, "\x00"])
def test_damaged_work_is_begun_anew(folder: Path, kept: str) -> None:
    (folder / IN_WORK).write_text(kept)
    assert StudyFolder(folder).kept() is None
