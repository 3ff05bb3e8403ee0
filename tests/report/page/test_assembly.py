"""The page as text: whole, alone, ordered, named, the same twice, and deaf to what a title would like to run."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from lbpsim.outcomes.draws import FEWEST_DRAWS
from lbpsim.outcomes.results import Results
from lbpsim.report.file_names import BRIEF_PAGE, BRIEF_SHEET, PAGE_FILE
from lbpsim.report.page import page_text, write_page
from lbpsim.report.page.assembly import _hash
from lbpsim.study import Policy
from lbpsim.voi.decision_analysis import decide
from tests.report.charts.spreading import with_draws
from tests.report.page.reading import Element, forests, read
from tests.report.synthetic import ROLLOUT, SHIPPED, similar, synthetic

SECTIONS = (
    *("finding", "burden", "reach", "payers", "per-thousand", "value", "changes", "gains", "validation", "methods"),
)
PARTS = ("policies", "what-if", "horizons", "inputs", "limits", "provenance")
MOST_WORDS = 6_000  # unfolded
MOST = 8_000_000  # bytes
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&</title>"


def test_sections_stand_in_order_and_methods_last(tree: Element) -> None:
    keys = [section.attributes["id"] for section in tree.every("section")]
    assert keys == [key for key in SECTIONS if key in keys]
    assert {"finding", "burden", "methods"} <= set(keys)
    methods = tree.every("section")[-1]
    folded = [each.attributes["id"] for each in methods.every("details") if each.attributes.get("id") in PARTS]
    assert folded == [key for key in PARTS if key in folded]
    assert not [each for each in methods.children if each.tag not in ("h2", "p", "details")]


@pytest.mark.gate
def test_a_standard_page_has_every_section(full: str) -> None:
    keys = [section.attributes["id"] for section in read(full).every("section")]
    assert keys == [key for key in SECTIONS if key != "changes"] or keys == list(SECTIONS)


def test_it_is_short_until_it_is_unfolded(tree: Element) -> None:
    assert len(unfolded(tree.every("main")[0]).split()) < MOST_WORDS


def test_the_phrase_on_intervals_stands_once(tree: Element) -> None:
    text = unfolded(tree.every("main")[0])
    assert text.count("95% interval") + text.count("95% Monte Carlo interval") == 1


def test_file_names_of_policies_stand_in_tables_alone(tree: Element) -> None:
    text = unfolded(tree.every("main")[0])
    assert not [policy.name for policy in SHIPPED if "-" in policy.name and policy.name in text.split()]


def unfolded(element: Element) -> str:
    """The text of an element without what is folded in it."""
    folded = [each.text for each in element.every("details")]
    text = element.text
    for each in sorted(folded, key=len, reverse=True):
        text = text.replace(each, " ")
    return text


def test_sections_are_more_than_their_titles(tree: Element) -> None:
    for section in tree.every("section"):
        title = section.every("h2")[0].text
        assert len(section.text) > len(title) + 80, section.attributes["id"]


def test_one_h1_and_no_level_is_jumped(tree: Element) -> None:
    levels = [int(heading.tag[1]) for heading in tree.every("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_headings_are_not_empty_and_titles_match(tree: Element) -> None:
    assert all(heading.text for heading in tree.every("h1", "h2", "h3"))
    assert tree.every("title")[0].text == tree.every("h1")[0].text


def test_names_on_the_page_are_its_own_and_links_lead_somewhere(tree: Element) -> None:
    names = [element.attributes["id"] for element in tree.every() if "id" in element.attributes]
    assert len(names) == len(set(names))
    inner = {link.attributes["href"][1:] for link in tree.every("a") if link.attributes["href"].startswith("#")}
    assert inner <= set(names)
    for element in tree.every():
        assert set(element.attributes.get("aria-labelledby", "").split()) <= set(names)


def test_every_chart_has_a_name_and_a_caption(tree: Element) -> None:
    every = [each for each in tree.every("svg", "img") if not each.within("svg")]
    pictures = [each for each in every if "aria-hidden" not in each.attributes]  # a row of a table says its own
    assert len(pictures) > 8
    for each in pictures:
        name = each.attributes.get("aria-label") if each.tag == "svg" else each.attributes.get("alt")
        assert name
        assert each.within("figure")
    for figure in tree.every("figure"):
        assert figure.every("figcaption")[0].text


def test_charts_by_year_have_their_figures_in_a_table(tree: Element) -> None:
    drawn = [figure for figure in tree.every("figure") if figure.attributes["class"] == "narrow"]
    assert drawn
    assert all(figure.every("details") and figure.every("table") for figure in drawn)


def test_tables_have_captions_heads_and_full_rows(tree: Element) -> None:
    tables = tree.every("table")
    assert len(tables) > 15
    for table in tables:
        assert table.every("caption")[0].text
        heads = [head for head in table.every("th") if head.attributes.get("scope") == "col"]
        columns = sum(int(head.attributes.get("colspan", "1")) for head in heads)
        rows = table.every("tbody")[0].every("tr")
        assert rows, table.every("caption")[0].text
        assert all(len(row.every("th", "td")) == columns for row in rows), table.every("caption")[0].text


def test_landmarks_language_and_a_way_past_the_contents(tree: Element) -> None:
    assert tree.every("html")[0].attributes["lang"].startswith("en")
    assert all(len(tree.every(tag)) == 1 for tag in ("header", "nav", "main", "footer"))
    assert [title.parent.tag for title in tree.every("title") if title.parent and title.parent.tag != "g"] == ["head"]
    skip = tree.every("body")[0].every("a")[0]
    assert (skip.attributes["class"], skip.attributes["href"]) == ("skip", "#finding")


def test_nothing_is_loaded_from_elsewhere(page: str, tree: Element) -> None:
    assert not tree.every("link", "iframe", "object", "embed", "audio", "video", "base", "form")
    assert all("src" not in script.attributes for script in tree.every("script"))
    assert all(image.attributes["src"].startswith("data:image/png") for image in tree.every("img", "image"))
    assert all(use.attributes["href"].startswith("#") for use in tree.every("use"))
    assert "@import" not in page
    assert not re.findall(r"url\((?!#)", page)
    assert not re.findall(r"fetch\(|XMLHttpRequest|import\(|WebSocket|sendBeacon", page)


def test_links_that_leave_the_page_are_those_of_sources(tree: Element) -> None:
    out = [link.attributes["href"] for link in tree.every("a") if not link.attributes["href"].startswith("#")]
    assert out
    brief = {BRIEF_PAGE, BRIEF_SHEET}
    assert all(address.startswith("https://doi.org/10.") for address in out if address not in brief)
    assert brief <= set(out)


def test_only_its_own_script_may_run(page: str, tree: Element) -> None:
    (script,) = tree.every("script")
    policy = next(meta for meta in tree.every("meta") if meta.attributes.get("http-equiv"))
    assert f"script-src '{_hash(''.join(script.texts))}'" in policy.attributes["content"]
    assert "default-src 'none'" in policy.attributes["content"]
    assert not re.search(r"\son\w+=", page.partition("<main>")[2].partition("<script>")[0])


@pytest.mark.gate
def test_it_is_small_enough(full: str) -> None:
    assert len(full.encode()) < MOST


@pytest.fixture(scope="module")
def least(alone: Results, tmp_path_factory: pytest.TempPathFactory) -> str:
    return page_text(alone, None, tmp_path_factory.mktemp("least") / "study")


@pytest.mark.gate
def test_the_same_results_give_the_same_bytes(alone: Results, least: str, tmp_path: Path) -> None:
    assert page_text(alone, None, tmp_path / "elsewhere" / "study") == least


@pytest.mark.gate
def test_the_same_results_of_many_policies_give_the_same_bytes(results: Results, bare: str, tmp_path: Path) -> None:
    assert page_text(results, None, tmp_path / "elsewhere" / "study") == bare


def test_it_tells_nothing_of_the_machine_or_the_hour(page: str, tmp_path: Path) -> None:
    assert str(tmp_path.parent) not in page
    assert not re.search(r"/(home|root|tmp|Users)/", page)
    assert not re.search(r"\d\d:\d\d:\d\d", page)


@pytest.mark.gate
def test_the_file_is_written_whole_under_its_name(alone: Results, tmp_path: Path) -> None:
    path = write_page(alone, None, tmp_path)
    assert path == tmp_path / PAGE_FILE
    assert [each.name for each in tmp_path.iterdir()] == [PAGE_FILE]
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_one_policy_one_year_one_replication_is_a_page_too(least: str) -> None:
    tree = read(least)
    test_sections_stand_in_order_and_methods_last(tree)
    assert "there is nothing to compare" in tree.text


@pytest.mark.gate
def test_many_policies_with_odd_names(many: Results, tmp_path: Path) -> None:
    text = read(page_text(many, None, tmp_path)).text
    assert "cft-in-rural-and-remote-areas-delivered-by-telehealth-from-2028" in text and "12 of 17 policies" in text


@pytest.mark.gate
def test_a_page_of_many_policies_is_no_longer_than_one_of_a_few(tmp_path: Path) -> None:
    many, more = (page_text(similar(policies), None, tmp_path) for policies in (40, 80))
    assert len(more) < 1.2 * len(many)
    tree = read(more)
    assert "Shown: 12 of 80 policies: usual care, the " in tree.text
    assert len(forests(tree)["choices"]) == 11
    assert "80 policies" in tree.every("header")[0].text


@pytest.mark.gate
def test_a_page_of_many_policies_with_draws_shows_a_few_of_them(tmp_path: Path) -> None:
    results = with_draws(similar(14), FEWEST_DRAWS)
    results = replace(results, draws=replace(results.draws, parameters=results.draws.parameters.iloc[:, :2]))
    results.__dict__["costs"] = similar(14).costs
    tree = read(page_text(results, decide(results, results.draws), tmp_path))
    assert "Shown: 12 of 14 policies" in tree.text
    assert "of 14 choices" in tree.text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    policy = Policy(f"evil {HOSTILE}", HOSTILE, HOSTILE, cft=ROLLOUT)
    results = synthetic((SHIPPED[0], policy), years=2, replications=2)
    results = replace(results, study=replace(results.study, title=HOSTILE, description=HOSTILE))
    return page_text(results, None, tmp_path_factory.mktemp("hostile"))


@pytest.mark.gate
def test_what_a_title_holds_is_shown_and_not_run(hostile: str) -> None:
    tree = read(hostile)
    assert len(tree.every("script")) == 1
    assert not [image for image in tree.every("img") if image.attributes.get("src") == "x"]
    assert tree.every("h1")[0].text == HOSTILE
    assert "alert" not in "".join(tree.every("script")[0].texts)


@pytest.mark.gate
def test_nothing_of_a_standard_page_is_said_to_be_not_run(full: str) -> None:
    assert "not run" not in read(full).every("main")[0].text.lower()
