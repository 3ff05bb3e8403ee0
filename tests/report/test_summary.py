"""The headline of a run: signs, errors and years as they are known."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from lbpsim.cli import consoles
from lbpsim.outcomes.results import Results
from lbpsim.report.summary import WITHOUT_ERROR, TerminalTable, headline, per_qaly, readings
from tests.report.narrative.made_up import PLAIN, made, with_draws
from tests.report.synthetic import READINGS, similar, switched, synthetic


def shown(results: Results) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(headline(results))
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


@pytest.mark.parametrize(
    ("results", "cells"),
    [
        (made((PLAIN, {})), "a-policy 0.0 0.0 0.00 0.00"),
        (made((PLAIN, {"qalys": (4321.0, 0.0)}), replications=1), "a-policy +4.3 0.0 0.00 0.00"),
        (made((PLAIN, {"qalys": (-4.0, 2.0)})), "a-policy 0.0 ± <0.1 0.0 0.00 0.00"),
    ],
)
def test_no_error_is_shown_where_none_can_be_known(results: Results, cells: str) -> None:
    assert cells in shown(results)
    assert WITHOUT_ERROR in shown(results)


def test_an_empty_line_stands_before_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(width=100)
    console.print("What was said before.", headline(made((PLAIN, {}))), sep="\n")
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[lines.index("What was said before.") + 1] == ""


def test_an_error_that_is_known_stands_behind_its_figure() -> None:
    told = dict.fromkeys(("qalys", "ylds", "cost_surgery"), (5000000000.0, 100000000.0))
    text = shown(made((PLAIN, told)))
    assert "±" in text
    assert WITHOUT_ERROR not in text


def test_a_single_year_stands_alone() -> None:
    assert "Australia 2026, against" in shown(made((PLAIN, {}), years=1))
    assert "Australia 2026-2027, against" in shown(made((PLAIN, {}), years=2))


def test_of_many_policies_a_few_are_shown_and_the_rest_is_counted() -> None:
    text = shown(similar(40))
    assert text.count("choice-") == 11
    assert "12 of 40 policies" in text


LONG = "a-name-of-as-many-as-31-letters"


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 200])
@pytest.mark.parametrize("name", [LONG, LONG * 4, "short"])
def test_figures_are_never_cut_however_narrow_the_terminal(width: int, encoding: str, name: str) -> None:
    cells = ["+1,234.5 ± 12.3", "-1,234.5 ± 1,012.3", "+12.34 ± 10.12", "-12.34 ± 0.12"]
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=consoles.PLAIN)
    console = consoles.Terminal(file=stream, width=width)
    console.print(TerminalTable("A country", "A caption.", {name: cells, "other": cells}))
    stream.seek(0)
    lines = stream.read().splitlines()
    assert max(map(len, lines)) <= width
    sign = "±" if encoding == "utf-8" else "+/-"
    for cell in cells:
        assert sum(cell.replace("±", sign) in line for line in lines) == 2, lines
    assert "…" not in "".join(lines)


def readings_shown(note: str = "") -> str:
    results = synthetic(years=2, replications=4)
    console = Console(file=io.StringIO(), width=200)
    found = readings(replace(results, switches=switched(results, note)))
    assert found is not None and isinstance(console.file, io.StringIO)
    console.print(found)
    return " ".join(console.file.getvalue().split())


def test_other_readings_stand_below_the_headline_with_their_errors_called_errors() -> None:
    text = readings_shown()
    assert "cft-rollout against usual-care under other readings of the model, at central inputs" in text
    assert all(f"{title} " in text for title in READINGS.values())
    assert "± is Monte Carlo error (95%)" in text
    assert "made already" not in text and "()" not in text


def test_a_reading_that_the_study_makes_itself_says_so() -> None:
    assert "Effect lasts (made already, by study.yaml)" in readings_shown("made already, by study.yaml")


def test_results_without_readings_show_none() -> None:
    assert readings(made((PLAIN, {}))) is None


def over_draws(**settings: int) -> str:
    results = made((PLAIN, {"qalys": (4000.0, 100.0)}))
    return shown(with_draws(results, {"qalys": (3000.0, 500.0)}, **settings))


def test_with_draws_the_interval_is_that_of_the_inputs_and_says_so() -> None:
    text = over_draws()
    assert "Mean over 400 draws of the uncertain inputs, and below it where 95% of them lie" in text
    assert "+3.0" in text and "+2.1 to +4.0" in text
    figures, footnote = text.split("Monte Carlo error (95%) at central inputs is at most ±")
    assert "±" not in figures and footnote


def test_a_qaly_has_its_cost_over_draws_beside_that_at_central_inputs() -> None:
    results = made((PLAIN, {"qalys": (4000.0, 100.0), "cost_surgery": (8e7, 1e5)}))
    drawn = with_draws(results, {"qalys": (3000.0, 500.0), "cost_societal": (9e7, 1e6)})
    (told,) = per_qaly(drawn).cells.values()
    assert per_qaly(drawn).labels == ("Over draws", "At central inputs") and list(told) == ["30,000", "20,000"]
    assert per_qaly(results).labels == ("At central inputs",)
    assert list(per_qaly(results).cells.values()) == [("20,000",)]


def test_without_draws_no_interval_is_sold_as_how_sure_the_answer_is() -> None:
    text = shown(made((PLAIN, {"qalys": (4000.0, 100.0)})))
    assert "Parameter uncertainty was not run. ± is Monte Carlo error (95%)" in text


def test_of_a_few_draws_there_is_no_interval_of_the_inputs() -> None:
    text = over_draws(number=5)
    assert "5 draws of the uncertain inputs: too few for their interval" in text
    assert "± is Monte Carlo error (95%) at central inputs alone" in text
