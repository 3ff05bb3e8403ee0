"""Prints say which years their QALYs and DALYs are of."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from lbpsim.api import save
from lbpsim.cea.frontier import frontier_table, lifetime_frontier_table
from lbpsim.outcomes.lifetime import LIFETIME
from lbpsim.outcomes.results import Results
from lbpsim.report.outputs import NoResultsError, read, store
from lbpsim.report.page.material import Material
from lbpsim.report.page.sections import horizons, limits
from lbpsim.report.page.templates import section_html
from lbpsim.report.summary import TerminalTable, headline, lifetime_headline
from lbpsim.report.which_years import OF_LIVES, OF_THE_STUDY, which_years
from lbpsim.simulation.run import run_study
from tests.pathways.small_country import CFT, USUAL_CARE, study
from tests.report.page import reading
from tests.report.page.reading import sheets, texts
from tests.report.run_tables import frames
from tests.report.synthetic import followed_to_death


@pytest.fixture(scope="module")
def followed(results: Results) -> Results:
    return followed_to_death(results)


def printed(table: TerminalTable) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


def of_lives(results: Results) -> Results:
    return replace(results, study=replace(results.study, options={"years_of_life_lost": "life_expectancy"}))


@pytest.mark.gate
def test_the_sentence_is_true_to_the_option(results: Results) -> None:
    assert which_years(results.study) == OF_THE_STUDY
    assert which_years(of_lives(results).study) == OF_LIVES
    labels = [frames(each)["outcomes"].set_index("outcome")["label"] for each in (results, of_lives(results))]
    assert "of the study's years" in labels[0]["dalys"]
    assert "of whole lives" in labels[1]["dalys"]
    assert "of the study's years" in labels[1]["qalys"]


def test_the_console_says_it(followed: Results) -> None:
    assert OF_THE_STUDY in printed(headline(followed))
    told = printed(lifetime_headline(followed))
    assert "all that lies beyond them" in told
    assert "on to death" in told


def test_the_page_shows_both_pairs_and_says_it(results: Results, tmp_path: Path) -> None:
    material = Material(results, None, tmp_path)
    tree = reading.read(section_html(horizons.section(material), material))
    labels = [head.text.partition(" (")[0] for head in tree.every("thead")[0].every("th")[1:]]
    assert labels == [
        f"{what}, {which}"
        for what in ("QALYs gained", "DALYs averted")
        for which in ("of the study's years", "with what lies beyond")
    ]
    assert OF_THE_STUDY in texts(tree)
    assert "--follow lifetime" in texts(tree)


def test_the_page_shows_the_lifetime_where_it_was_lived(followed: Results, tmp_path: Path) -> None:
    material = Material(followed, None, tmp_path)
    tables = sheets(reading.read(section_html(horizons.section(material), material)))
    assert [len(rows[0]) for rows in tables.values()] == [7, 10]
    assert len(tables["horizons-lifetime"]) == len(followed.scenarios) - 1
    assert "Beyond the horizon only deaths" not in reading.read(section_html(limits.section(material), material)).text


@pytest.mark.gate
def test_tables_of_lifetimes_are_there_where_people_were_followed(results: Results, followed: Results) -> None:
    lifetimes = {"lifetime_summary", "lifetime_incremental", "lifetime_frontier"}
    assert set(frames(followed)) - set(frames(results)) == lifetimes


def test_the_frontier_over_the_lifetime_is_of_its_costs_and_qalys(followed: Results) -> None:
    short, long = frontier_table(followed), lifetime_frontier_table(followed)
    assert list(long.columns) == list(short.columns)
    rows = followed.lifetime_summary
    rows = rows[(rows["part"] == LIFETIME) & (rows["outcome"] == "qalys") & rows["discounted"]]
    known = rows.set_index("scenario")["value"]
    assert all(row["qalys"] == known[row["scenario"]] for _, row in long.iterrows())
    assert (long["qalys"] > short["qalys"]).all()


@pytest.mark.gate
def test_what_lies_beyond_is_kept_with_the_results(tmp_path: Path) -> None:
    asked = study(USUAL_CARE, CFT, people=60, years=3, replications=3, follow="lifetime")
    results = run_study(asked, workers=1)
    save(results, tmp_path / "run")
    again = read(tmp_path / "run")
    assert again.study.to_death
    assert again.lifetime_incremental.equals(results.lifetime_incremental)
    store(replace(results, beyond=None), tmp_path / "run")
    with pytest.raises(NoResultsError):
        read(tmp_path / "run")
