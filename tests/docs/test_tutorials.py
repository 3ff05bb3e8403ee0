"""Tutorials show what comes out: their commands are run again, the quick ones always, all of them in slow tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.sources import DOCS, name, script, text

TUTORIALS = script("tutorials").pages()


@pytest.mark.parametrize("page", TUTORIALS, ids=name)
def test_quick_commands_say_what_is_shown(page: Path) -> None:
    assert script("tutorials").done(page, quick=True) == text(page), f"run `python docs/tutorials.py {page}`"


@pytest.mark.slow
@pytest.mark.parametrize("page", TUTORIALS, ids=name)
def test_all_commands_say_what_is_shown(page: Path) -> None:
    assert script("tutorials").done(page) == text(page), f"run `python docs/tutorials.py {page}`"


def test_each_user_has_a_tutorial() -> None:
    names = {"policy-analyst", "health-economist", "reporter"}
    assert names <= {page.stem for page in TUTORIALS}
    for each in names:
        assert "<!-- output -->\n\n```text" in text(DOCS / "tutorials" / f"{each}.md")


# --- the script ------------------------------------------------------------------------------------------------------


def session(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    return str(script("tutorials").Session().read(page))


def test_what_a_command_says_is_pasted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "```sh\nlbpsim --version\n```\n\n<!-- output -->\nold\n<!-- end -->\n"
    new = session(page, tmp_path, monkeypatch)
    assert "old" not in new
    assert "```text\nlbpsim " in new
    assert session(new, tmp_path, monkeypatch) == new


def test_what_code_prints_is_pasted_and_names_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "```python\na = 41\n```\n```python\nprint(a + 1)\n```\n<!-- output -->\n<!-- end -->\n"
    assert "```text\n42\n```" in session(page, tmp_path, monkeypatch)


def test_what_is_not_run_is_left_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "<!-- not run -->\n```sh\nlbpsim run scenarios/\n```\n<!-- output -->\nkept\n<!-- end -->\n"
    assert session(page, tmp_path, monkeypatch) == page


def test_other_programs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="tutorials run lbpsim only"):
        session("```sh\nls -l\n```\n", tmp_path, monkeypatch)


def results(folder: Path, rows: str) -> None:
    (folder / "out" / "tables").mkdir(parents=True)
    (folder / "out" / "run.json").write_text('{"replications": 20}', encoding="utf-8")
    (folder / "out" / "tables" / "a.csv").write_text(f"scenario,difference,mcse\n{rows}", encoding="utf-8")


def test_rows_and_sentences_come_from_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results(tmp_path, "x,-1234567,1000\ny,5,1\n")
    page = (
        "<!-- table: out/tables/a.csv | scenario=x | scenario difference -->\n<!-- end -->\n"
        "<!-- words: out/tables/a.csv | scenario=x | averts {figure} ({low} to {high}) -->\n<!-- end -->\n"
    )
    new = session(page, tmp_path, monkeypatch)
    assert "| x | -1,230,000 |" in new
    assert "averts 1,230,000 (1,230,000 to 1,240,000)" in new


def test_no_sentence_where_the_interval_holds_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results(tmp_path, "x,1.5,1\n")
    page = "<!-- words: out/tables/a.csv | scenario=x | gains {figure} -->\n<!-- end -->\n"
    with pytest.raises(ValueError, match="the interval holds zero"):
        session(page, tmp_path, monkeypatch)


def test_rows_that_are_not_there_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results(tmp_path, "x,1.5,1\n")
    with pytest.raises(ValueError, match="has no row"):
        session("<!-- table: out/tables/a.csv | scenario=z | mcse -->\n<!-- end -->\n", tmp_path, monkeypatch)
