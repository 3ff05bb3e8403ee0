"""The workbook: its formulas agree with what is stored and with the results, and it looks as it should."""

from __future__ import annotations

import dataclasses
import math
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from lbpsim.cea.frontier import PERSPECTIVES, frontier_table
from lbpsim.evidence import parameters
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.measures import OUTCOME_INDEX, OUTCOMES, reported
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.ce_plane import PERSPECTIVE_TITLES
from lbpsim.report.charts.policy_selection import READABLE
from lbpsim.report.workbook import write_workbook
from lbpsim.report.workbook.book import Book
from lbpsim.report.workbook.inputs import WEAK
from lbpsim.report.workbook.outcome_sheets import settled
from lbpsim.report.workbook.payers import costs_by_payer
from lbpsim.study.policies import Policy
from lbpsim.voi.decision_analysis import decide
from tests.report.decided import drawn
from tests.report.synthetic import SHIPPED, similar

pytest.importorskip("openpyxl", reason="reading a workbook back takes openpyxl: pip install 'lbpsim[test]'")

from tests.report.spreadsheet import Spreadsheet

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
FEW = 3  # parameters, of whose information the value is worked out: more take long
WITHOUT_TABLE = {"Charts"}
FORMULAS_OVER = ("Headline", "Incremental", "Undiscounted change", "Change by year", "Cost-effectiveness")


@pytest.fixture(scope="module")
def small(make: Callable[..., Results]) -> Results:
    return make(SHIPPED[:4], years=7, replications=6)


@pytest.fixture(scope="module")
def path(small: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workbook(small, None, tmp_path_factory.mktemp("workbook") / "results.xlsx")


@pytest.fixture(scope="module")
def book(path: Path) -> Spreadsheet:
    return Spreadsheet(path)


@pytest.fixture(scope="module")
def uncertain(small: Results, tmp_path_factory: pytest.TempPathFactory) -> Spreadsheet:
    draws = drawn(small, number=60)
    draws = dataclasses.replace(draws, parameters=draws.parameters.iloc[:, :FEW])
    results = ProbabilisticResults.join(small, draws)
    results.__dict__["costs"] = small.costs
    path = tmp_path_factory.mktemp("draws") / "results.xlsx"
    return Spreadsheet(write_workbook(results, decide(results, draws), path))


def _agree(worked_out: Any, stored: Any) -> bool:
    if isinstance(stored, str) or stored is None:
        return str(worked_out or "") == (stored or "")
    return math.isclose(float(worked_out), stored, rel_tol=1e-9, abs_tol=1e-6)


def _disagreeing(book: Spreadsheet) -> list[tuple[str, str]]:
    return [
        (sheet, cell)
        for sheet, cell in book.all_formulas()
        if not _agree(book.value(sheet, cell), book.stored[sheet][cell].value)
    ]


@pytest.mark.parametrize("which", ["book", pytest.param("uncertain", marks=pytest.mark.gate)])
def test_formulas_come_to_what_is_stored(which: str, request: pytest.FixtureRequest) -> None:
    found: Spreadsheet = request.getfixturevalue(which)
    assert len(list(found.all_formulas())) > 1000
    assert {sheet for sheet, _ in found.all_formulas()} >= {*FORMULAS_OVER, "Budget impact", "Costs by payer"}
    assert _disagreeing(found) == []


@pytest.mark.gate
def test_a_changed_total_is_noticed(book: Spreadsheet) -> None:
    _, rows = book.table("Totals")
    changed = Spreadsheet(book.path, {("Totals", rows[0]["cft-rollout"]): 1.0})
    wrong = _disagreeing(changed)
    assert ("Incremental", book.table("Incremental")[1][0]["cft-rollout"]) in wrong
    assert all(sheet != "Change by year" for sheet, _ in wrong)


@pytest.mark.parametrize(("sheet", "discounted"), [("Incremental", True), ("Undiscounted change", False)])
def test_differences_are_those_of_the_results(book: Spreadsheet, small: Results, sheet: str, discounted: bool) -> None:
    table = small.incremental[small.incremental["discounted"] == discounted].set_index(["outcome", "scenario"])
    totals = small.summary.set_index(["outcome", "discounted", "scenario"])["value"]
    _, rows = book.table(sheet)
    assert [book.value(sheet, row["outcome"]) for row in rows] == list(reported(discounted=discounted))
    for row in rows:
        outcome = book.value(sheet, row["outcome"])
        for policy in small.scenarios[1:]:
            due = table.loc[(outcome, policy)]
            if math.isnan(due["difference"]):
                assert book.value(sheet, row[policy]) is None
                continue
            size = abs(totals[outcome, discounted, policy])
            assert book.formulas[sheet][row[policy]].data_type == "f"
            assert book.value(sheet, row[policy]) == pytest.approx(due["difference"], abs=1e-9 * size)
            assert book.value(sheet, row[f"mcse: {policy}"]) == pytest.approx(due["mcse"])


def _worth(book: Spreadsheet, small: Results) -> pd.DataFrame:
    titles, rows = book.table("Cost-effectiveness")
    table = pd.DataFrame([[book.value("Cost-effectiveness", row[title]) for title in titles] for row in rows])
    table.columns = pd.Index([title.split("\n")[0] for title in titles])
    names = {title: name for name, title in PERSPECTIVE_TITLES.items()}
    return table.assign(perspective=table["whose costs"].map(names)).set_index(["perspective", "policy"])


def test_net_benefit_and_its_error_are_those_of_the_replications(book: Spreadsheet, small: Results) -> None:
    table, frontier = _worth(book, small), frontier_table(small).set_index(["perspective", "scenario"])
    qalys = list(OUTCOMES).index("qalys")
    for number, threshold in enumerate(small.study.thresholds, start=1):
        for (perspective, policy), row in table.iterrows():
            whole = small.horizon_by_replication[:, :, 1]
            each = whole[small.scenarios.index(policy)] - whole[0]
            benefit = threshold * each[:, qalys] - each[:, list(OUTCOMES).index(PERSPECTIVES[perspective])]
            error = benefit.std(ddof=1) / np.sqrt(len(benefit))
            totals = frontier[f"net_benefit_{threshold:.0f}"]
            due = totals[perspective, policy] - totals[perspective, small.scenarios[0]]
            assert row[f"net benefit at threshold_{number}"] == pytest.approx(due, rel=1e-6)
            assert row[f"mcse of net benefit at threshold_{number}"] == pytest.approx(error, rel=1e-6)


def test_a_ratio_stands_only_where_it_means_something(book: Spreadsheet, small: Results) -> None:
    table = _worth(book, small)
    for _, row in table.iterrows():
        same_sign, ratio = row["QALYs gained"] * row["extra cost"] > 0, row["ICER against comparator"]
        if ratio != "":
            assert same_sign
            assert ratio == pytest.approx(row["extra cost"] / row["QALYs gained"])
    assert (table["ICER against comparator"] != "").any() or not (table["QALYs gained"] * table["extra cost"] > 0).any()


def test_a_threshold_can_be_changed(book: Spreadsheet, small: Results) -> None:
    sheet, _, cell = book.formulas.defined_names["threshold_1"].attr_text.replace("$", "").partition("!")
    dearer = Spreadsheet(book.path, {(sheet.strip("'"), cell): 2.0 * small.study.thresholds[0]})
    before, after = _worth(book, small), _worth(dearer, small)
    gained = after["net benefit at threshold_1"] - before["net benefit at threshold_1"]
    np.testing.assert_allclose(
        gained.astype(float), small.study.thresholds[0] * before["QALYs gained"].astype(float), rtol=1e-6
    )
    assert (after["net benefit at threshold_2"] == before["net benefit at threshold_2"]).all()


@pytest.mark.gate
def test_readings_follow_from_intervals(uncertain: Spreadsheet) -> None:
    _, rows = uncertain.table("Headline")
    said = set()
    for row in rows:
        low, high = (uncertain.value("Headline", row[f"95% Monte Carlo, {end}"]) for end in ("low", "high"))
        words = uncertain.value("Headline", row["beyond Monte Carlo error?"])
        assert (words == "above zero") == (low is not None and low > 0.0)
        assert (words == "below zero") == (high is not None and high < 0.0)
        said.add(words)
    assert len(said) > 1


def test_gains_have_the_sign_of_their_name(book: Spreadsheet, small: Results) -> None:
    table = small.incremental[small.incremental["discounted"]].set_index(["scenario", "outcome"])["difference"]
    _, rows = book.table("Headline")
    titles = {book.value("Headline", row["file"]): book.value("Headline", row["policy"]) for row in rows}
    assert titles == {policy.name: policy.title for policy in small.study.policies[1:]}
    found = {
        (book.value("Headline", row["file"]), book.value("Headline", row["what changes"])): book.value(
            "Headline", row["change"]
        )
        for row in rows
    }
    assert found["cft-rollout", "QALYs gained"] == pytest.approx(table["cft-rollout", "qalys"], rel=1e-6)
    assert found["cft-rollout", "DALYs averted"] == pytest.approx(-table["cft-rollout", "dalys"], rel=1e-6)


def test_the_same_bytes_again(small: Results, path: Path, tmp_path: Path) -> None:
    again = write_workbook(small, None, tmp_path / "again.xlsx")
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.gate
@pytest.mark.filterwarnings("error")
def test_heads_of_a_table_differ_whatever_policies_are_called(make: Callable[..., Results], tmp_path: Path) -> None:
    policies = (SHIPPED[0], *(dataclasses.replace(SHIPPED[1], name=name) for name in ("unit", "Usual-care")))
    results = make(policies, years=1, replications=2)
    found = Spreadsheet(write_workbook(results, None, tmp_path / "results.xlsx"))
    assert _disagreeing(found) == []
    titles, (row, *_) = found.table("Totals")
    assert {"unit", "unit (2)", "usual-care", "Usual-care (2)"} <= set(titles)
    qalys = results.summary.set_index(["outcome", "discounted", "scenario"])["value"]
    outcome = found.value("Totals", row["outcome"])
    assert found.value("Totals", row["unit (2)"]) == pytest.approx(qalys[outcome, True, "unit"])


@pytest.mark.filterwarnings("error")
def test_a_title_becomes_a_formula_in_no_chart(small: Results, tmp_path: Path) -> None:
    usual, other, *rest = small.study.policies
    policies = (usual, dataclasses.replace(other, title="=cmd|' /C calc'!A0"), *rest)
    named = dataclasses.replace(small, study=dataclasses.replace(small.study, policies=policies))
    named.__dict__["costs"] = small.costs
    with zipfile.ZipFile(write_workbook(named, None, tmp_path / "results.xlsx")) as parts:
        charts = "".join(parts.read(name).decode() for name in parts.namelist() if "charts/chart" in name)
    assert "cmd" in charts and not re.search(r"<c:f>[^<]*cmd", charts)


def test_every_sheet_is_ready_to_read_and_print(book: Spreadsheet) -> None:
    for sheet in book.formulas:
        assert sheet["A1"].value, sheet.title
        assert sheet.page_setup.orientation == "landscape"
        if sheet.title in WITHOUT_TABLE:
            continue
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        width = sum(each.width * (each.max - each.min + 1) for each in sheet.column_dimensions.values())
        assert width / (sheet.page_setup.fitToWidth or 1) < 260, "too many columns to read on a page"
        (table,) = sheet.tables.values()
        assert table.autoFilter.ref == table.ref and table.name == re.sub(r"\W+", "_", sheet.title)
        head = int(re.findall(r"\d+", table.ref)[0])
        assert sheet.freeze_panes.endswith(str(head + 1)), sheet.title
        assert sheet.print_title_rows == f"${head}:${head}", sheet.title
        assert all(cell.value for cell in sheet[head]), sheet.title


def test_contents_lead_to_every_sheet_and_back(book: Spreadsheet) -> None:
    contents = book.formulas["Contents"]
    linked = [cell.hyperlink.location for row in contents.iter_rows() for cell in row if cell.hyperlink]
    assert linked == [f"'{name}'!A1" for name in book.formulas.sheetnames[1:]]
    for sheet in book.formulas.worksheets[1:]:
        back = [cell.hyperlink.location for row in sheet.iter_rows(max_col=1) for cell in row if cell.hyperlink]
        assert back == ["'Contents'!A1"]


def test_treatments_are_told_for_a_thousand_people_not_for_the_country(book: Spreadsheet, small: Results) -> None:
    _, rows = book.table("Per 1,000 treated")
    table = small.per_thousand
    assert len(rows) == len(table) > 0
    for row, due in zip(rows[:50], table.itertuples(), strict=False):
        assert book.value("Per 1,000 treated", row["treatment"]) == due.treatment
        assert book.value("Per 1,000 treated", row["difference"]) == pytest.approx(due.difference)


def test_sheets_that_take_draws(book: Spreadsheet, uncertain: Spreadsheet) -> None:
    of_draws = {"Uncertainty", "Acceptability", "Value of information"}
    assert not of_draws & set(book.formulas.sheetnames)
    assert of_draws <= set(uncertain.formulas.sheetnames)
    _, rows = book.table("Contents")
    told = {book.value("Contents", row["sheet"]): book.value("Contents", row["if it is not here"]) for row in rows}
    assert all("--draws" in told[name] for name in of_draws)


def test_the_comparator_alone(alone: Results, tmp_path: Path) -> None:
    found = Spreadsheet(write_workbook(alone, None, tmp_path / "alone.xlsx"))
    assert "Incremental" not in found.formulas.sheetnames
    _, rows = found.table("Contents")
    told = {found.value("Contents", row["sheet"]): found.value("Contents", row["if it is not here"]) for row in rows}
    assert "policy beside the comparator" in told["Incremental"]
    assert _disagreeing(found) == []


@pytest.mark.gate
def test_one_replication_has_no_errors(make: Callable[..., Results], tmp_path: Path) -> None:
    results = make(SHIPPED[:2], years=1, replications=1)
    found = Spreadsheet(write_workbook(results, None, tmp_path / "one.xlsx"))
    assert _disagreeing(found) == []
    _, rows = found.table("Headline")
    assert {found.value("Headline", row["beyond Monte Carlo error?"]) for row in rows} <= {
        "not known",
        "no change seen",
    }
    assert {found.value("Headline", row["95% Monte Carlo, low"]) for row in rows} == {None}


def test_titles_are_never_formulas(make: Callable[..., Results], tmp_path: Path) -> None:
    odd = Policy("odd", '=HYPERLINK("x")', "+1", cft=SHIPPED[1].cft)
    found = Spreadsheet(write_workbook(make((SHIPPED[0], odd), years=2, replications=2), None, tmp_path / "odd.xlsx"))
    _, rows = found.table("Policies")
    cell = found.formulas["Policies"][rows[1]["title"]]
    assert cell.value == '=HYPERLINK("x")'
    assert ("Policies", cell.coordinate) not in set(_as_xml_formulas(found.path, "Policies", found))


def _as_xml_formulas(path: Path, name: str, book: Spreadsheet) -> list[tuple[str, str]]:
    number = book.formulas.sheetnames.index(name) + 1
    with zipfile.ZipFile(path) as package:
        sheet = ElementTree.fromstring(package.read(f"xl/worksheets/sheet{number}.xml"))
    return [(name, cell.attrib["r"]) for cell in sheet.iter() if any(part.tag.endswith("}f") for part in cell)]


def test_every_input_is_there_and_the_weak_ones_look_it(book: Spreadsheet) -> None:
    _, rows = book.table("Parameters")
    page, known = book.formulas["Parameters"], parameters()
    names = [page[row["parameter"]].value for row in rows]
    assert names == [name for name, each in known.items() if each.role == "input"]
    looks: dict[bool, set[Any]] = {True: set(), False: set()}
    for row, name in zip(rows, names, strict=True):
        cell = page[row["parameter"]]
        looks[known[name].grade in WEAK].add((cell.fill.fgColor.rgb, cell.font.italic))
        assert page[row["grade"]].value == known[name].grade
        assert page[row["value"]].value == pytest.approx(known[name].value)
    assert len(looks[True]) == len(looks[False]) == 1
    assert not looks[True] & looks[False]
    _, assumed = book.table("Assumptions")
    listed = {book.value("Assumptions", row["name"]) for row in assumed}
    assert {name for name in names if known[name].grade in WEAK} <= listed


def test_what_a_policy_assumes_instead(make: Callable[..., Results], tmp_path: Path) -> None:
    own = dataclasses.replace(SHIPPED[1], assume={"cft.fidelity": 0.5})
    found = Spreadsheet(write_workbook(make((SHIPPED[0], own), years=2, replications=2), None, tmp_path / "own.xlsx"))
    _, rows = found.table("Parameters")
    told = {
        found.value("Parameters", row["parameter"]): found.value("Parameters", row["assumed instead"]) for row in rows
    }
    assert told["cft.fidelity"] == "cft-rollout: 0.5"
    assert not any(words for name, words in told.items() if name != "cft.fidelity")


def _charts(path: Path) -> list[ElementTree.Element]:
    with zipfile.ZipFile(path) as package:
        names = sorted(name for name in package.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name))
        return [ElementTree.fromstring(package.read(name)) for name in names]


def _texts(part: ElementTree.Element | None) -> str:
    return "" if part is None else "".join(text.text or "" for text in part.iter(f"{DRAWING}t"))


def test_charts_say_what_where_when_and_in_which_unit(path: Path, small: Results) -> None:
    charts = _charts(path)
    assert len(charts) >= 8
    for chart in charts:
        assert "Australia" in _texts(chart.find(f"{CHART}chart/{CHART}title"))
        (axis,) = chart.iter(f"{CHART}valAx")
        assert re.search("YLDs|AUD|ourses|eople|eeks", _texts(axis.find(f"{CHART}title")))
    titles = " ".join(_texts(chart.find(f"{CHART}chart/{CHART}title")) for chart in charts)
    for words in ("YLDs", "health care costs", "CFT courses", "waiting for CFT", "Budget impact by payer"):
        assert words in titles


@pytest.mark.gate
@pytest.mark.parametrize("which", ["results", "many"])
def test_charts_can_be_read_in_grey(which: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """No two lines of a chart share dashes, marker and filling, whatever their colours."""
    for chart in _charts(write_workbook(request.getfixturevalue(which), None, tmp_path / "all.xlsx")):
        if chart.find(f".//{CHART}lineChart") is None:
            continue
        looks = [_without_colour(series) for series in chart.iter(f"{CHART}ser")]
        assert len(looks) == len(set(looks))


def _without_colour(series: ElementTree.Element) -> tuple[str, ...]:
    dash, symbol = series.find(f".//{DRAWING}prstDash"), series.find(f".//{CHART}symbol")
    fill = series.find(f"{CHART}marker/{CHART}spPr/{DRAWING}solidFill/{DRAWING}srgbClr")
    white = fill is not None and fill.attrib["val"].upper() == "FFFFFF"
    return (*("" if part is None else part.attrib["val"] for part in (dash, symbol)), str(white))


@pytest.mark.gate
def test_charts_of_many_policies_show_a_few_and_tables_all(tmp_path: Path) -> None:
    path = write_workbook(similar(40), None, tmp_path / "all.xlsx")
    assert all(len(list(chart.iter(f"{CHART}ser"))) <= READABLE for chart in _charts(path))
    found = Spreadsheet(path)
    notes = [str(row[0]) for row in found.stored["Charts"].iter_rows(values_only=True)]
    assert "12 of 40 policies" in " ".join(notes)
    assert len(found.table("Policies")[1]) == 40


def test_rows_for_which_a_sheet_has_no_room_are_counted(small: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lbpsim.report.workbook.book.MOST_ROWS", 60)
    book = Book(small)
    costs_by_payer(book)
    (listed,) = book.listed
    assert listed.rows < 60
    assert listed.holds.endswith(
        f"{len(small.costs) // len(small.years) - listed.rows:,} more rows do not fit into a sheet; tables/ has them."
    )


def test_charts_point_at_their_policies(book: Spreadsheet, path: Path, small: Results) -> None:
    """The cells under every line belong to the policy that the line is named after."""
    lines = [chart for chart in _charts(path) if chart.find(f".//{CHART}lineChart") is not None]
    for chart in lines:
        for series in chart.iter(f"{CHART}ser"):
            name = "".join(part.text or "" for part in series.find(f"{CHART}tx").iter(f"{CHART}v"))  # type: ignore[union-attr]
            formula = "".join(part.text or "" for part in series.find(f"{CHART}val").iter(f"{CHART}f"))  # type: ignore[union-attr]
            sheet, _, cells = formula.replace("$", "").partition("!")
            row = re.findall(r"\d+", cells)[0]
            policy = book.value(sheet.strip("'"), f"{'A' if sheet == 'Waiting' else 'B'}{row}")
            assert small.study.policy(policy).title == name


@pytest.mark.gate
def test_eleven_policies_are_a_small_file(results: Results, tmp_path: Path) -> None:
    path = write_workbook(results, decide(results), tmp_path / "all.xlsx")
    assert path.stat().st_size < 2_000_000


def test_nothing_of_the_machine_or_the_day(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "1980-01-01" in package.read("docProps/core.xml").decode()


def test_the_frontier_without_what_nobody_could_choose(book: Spreadsheet, small: Results) -> None:
    assert "cft-unlimited" in small.scenarios
    words = " ".join(str(cell.value) for (cell,) in book.formulas["Frontier"].iter_rows(max_row=9, max_col=1))
    assert "a benchmark, since capacity is assumed away: cft-unlimited." in words
    others = re.search(r"On the frontier of the others, societal: ([^.]*)\.", words)
    assert others is not None
    assert "cft-unlimited" not in others[1]


def test_rounding_is_no_difference() -> None:
    assert settled(-4.5e-13, 5000.0) == 0.0
    assert settled(1e-6, 5000.0) == 1e-6
    assert math.isnan(settled(math.nan, 5000.0))


@pytest.mark.gate
def test_policies_far_out_stand_last_in_the_budget(make: Callable[..., Results], tmp_path: Path) -> None:
    results = make(SHIPPED[:6], years=2, replications=2)
    totals = results.totals.copy()
    totals[2, ..., OUTCOME_INDEX["cost_surgery"]] *= 50
    results = dataclasses.replace(results, totals=totals)
    book = Spreadsheet(write_workbook(results, None, tmp_path / "far.xlsx"))
    _, rows = book.table("Budget impact")
    policies = [book.value("Budget impact", row["policy"]) for row in rows]
    *near, far = policies[: len(results.scenarios) - 1]
    assert far == results.scenarios[2]
    assert near == [name for name in results.scenarios[1:] if name != far]
    assert _disagreeing(book) == []
    titles = [_texts(chart.find(f"{CHART}chart/{CHART}title")) for chart in _charts(book.path)]
    assert any("Budget" in title and "close-up without CFT with movement sensors" in title for title in titles)
