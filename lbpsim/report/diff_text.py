"""What differs between two policies, studies or runs, as it is said on a terminal."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

import pandas as pd
from rich.console import RenderableType
from rich.table import Table

from lbpsim.evidence import in_force
from lbpsim.evidence.currency import is_money
from lbpsim.explain.attribution import CLEAR
from lbpsim.explain.run_differences import FilesApart, ResultsApart, Shared
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.report.format import HYPHEN, MINUS, decimals, fixed, in_a_table
from lbpsim.report.terminal import plain_table
from lbpsim.study.differences import Difference
from lbpsim.study.files.errors import WIDTH

ARROW = "->"
MILLION = 1e6
LABELS = {
    "qalys": "QALYs",
    "dalys": "DALYs",
    "cost_health_system": "Health care, {currency} million",
    "cost_societal": "Societal cost, {currency} million",
    "deaths": "Deaths",
    "cft_courses": "CFT courses",
    "opioid_years": "Years on long-term opioids",
    "surgeries": "Lumbar fusions",
}
SHARED: dict[Shared, str] = {
    "the same": "Seed, people and replications are the same: both runs have the same random numbers, and errors "
    "are those of paired differences.",
    "partly the same": "The seed is the same, but not the number of people or replications: some of the random "
    "numbers are shared, and the errors, which take none as shared, are rather too large than too small.",
    "independent": "The seeds differ, so that the random numbers of the runs are independent: part of every "
    "difference is Monte Carlo error, as large as is told beside it.",
}


def in_words(found: FilesApart | ResultsApart) -> Iterator[RenderableType]:
    """What differs, in the order in which it is said."""
    yield f"A: {found.names[0]}\nB: {found.names[1]}\n"
    yield from _files(found) if isinstance(found, FilesApart) else _results(found)


def _files(found: FilesApart) -> Iterator[str]:
    if not found.differences:
        yield "No differences."
        return
    yield _blocks(found.differences, placed=found.kind == "study")
    for name, sentences in zip("AB", found.said, strict=True):
        if sentences:
            yield _paragraph(f"Said of {name} only", sentences)


def _results(found: ResultsApart) -> Iterator[RenderableType]:
    yield f"{_blocks(found.inputs, placed=True)}\n" if found.inputs else "No inputs differ.\n"
    for name, policies in zip("AB", found.only, strict=True):
        if policies:
            yield f"Only in {name}: {', '.join(policies)}.\n"
    if found.same:
        yield textwrap.fill(f"The same in every figure: {', '.join(found.same)}.", WIDTH) + "\n"
    moved = found.outcomes[~found.outcomes["scenario"].isin(found.same)]
    if moved.empty:
        yield "No differences in results." if found.same else "There is no policy that both runs have."
        return
    yield from _tables(moved)
    yield textwrap.fill(_caption(found), WIDTH)


def _caption(found: ResultsApart) -> str:
    unclear = int((~found.outcomes["clear"].astype(bool)).sum())
    flags = f"* more than {CLEAR:g} Monte Carlo errors from zero; {unclear} of {len(found.outcomes)} figures are not."
    worth = "QALYs, DALYs and costs are discounted, counts are not."
    draws = " Draws are not compared: the figures are those at the point estimates." if found.draws else ""
    errors = "Errors are Monte Carlo standard errors, without parameter uncertainty."
    return f"{flags} {worth} {SHARED[found.random_numbers]} {errors}{draws}"


def _blocks(differences: Sequence[Difference], *, placed: bool) -> str:
    """One block a setting: what it is, then each date or value that differs; `placed`: with where it belongs."""
    number = len({(each.where, each.key) for each in differences})
    blocks = [f"{number} {'setting differs' if number == 1 else 'settings differ'}."]
    placed = placed or len({each.where for each in differences}) > 1
    for (where, key), rows in groupby(differences, key=lambda each: (each.where, each.key)):
        every = list(rows)
        place = f"{where}: " if placed or not key else ""
        means = f" ({every[0].means})" if every[0].means else ""
        blocks.append(
            _paragraph(
                f"{place}{key}{means}".replace(":  (", ": ("), [line for each in every for line in _change(each)]
            )
        )
    return "\n".join(blocks)


def _change(difference: Difference) -> list[str]:
    """What a setting was and is; on two lines where that is long."""
    when = f"{difference.when}: " if difference.when else ""
    if not (difference.before and difference.after):
        return [f"{when}{difference.change}: {difference.before or difference.after}"]
    how = "" if difference.change == "changed" else f"{difference.change}: "  # one side says what holds without it
    if len(difference.before) + len(difference.after) > WIDTH:
        return [f"{when}{how}A: {difference.before}", f"{when}{how}B: {difference.after}"]
    return [f"{when}{how}{difference.before} {ARROW} {difference.after}"]


def _paragraph(heading: str, lines: Sequence[str]) -> str:
    wrapped = [textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ") for line in lines]
    return "\n".join(["", *textwrap.wrap(heading, WIDTH), *wrapped])


def _tables(rows: pd.DataFrame) -> Iterator[Table]:
    for policy, part in rows.groupby("scenario", sort=False):
        table = plain_table(names=str(policy), figures=("A", "B", "B less A", "error", ""))
        for against, figures in part.groupby("against", sort=False):
            if str(against):
                table.add_section()
                table.add_row("against the comparator:")
            _add_rows(table, figures)
        yield table


def _add_rows(table: Table, rows: pd.DataFrame) -> None:
    """One row an outcome; none where there is nothing of it in either run."""
    for row in rows[rows[["a", "b"]].any(axis=1)].to_dict("records"):
        scale = MILLION if is_money(OUTCOMES[row["outcome"]].unit) else 1.0
        figures = [float(row[column]) / scale for column in ("a", "b", "difference", "mcse")]
        table.add_row(
            LABELS[row["outcome"]].format(currency=in_force.currency()), *_cells(figures), "*" if row["clear"] else ""
        )


def _cells(figures: Sequence[float]) -> list[str]:
    """A, B, their difference and its error, rounded where the second digit of the error stands."""
    a, b, difference, mcse = figures
    smallest = mcse if mcse > 0.0 else abs(difference)
    places = max(decimals(smallest, 2), 0)
    return [
        *(fixed(value, places).replace(MINUS, HYPHEN) for value in (a, b)),
        in_a_table(difference, math.nan, places),
        fixed(mcse, places),
    ]
