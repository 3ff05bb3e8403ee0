"""What was found, for a terminal: the widest swings, the structures that change the decision, and where it turns."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from lbpsim.outcomes.estimate import interval_factor
from lbpsim.report.format import known, money, money_with_error, per_qaly, percent, plain, signed_money
from lbpsim.report.rows import rows_of
from lbpsim.study.files.errors import listed

if TYPE_CHECKING:
    from lbpsim.dsa.analysis import Findings

WIDEST = 8  # rows of the one-way analysis
NAME = 60  # characters
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def in_words(found: Findings) -> str:
    """The findings as a short page, at the study's first threshold and from its perspective."""
    study, factor = found.base.study, interval_factor(found.base.replications)
    view: dict[str, object] = {"perspective": study.perspective, "threshold": study.thresholds[0]}
    costs = study.perspective.replace("_", " ")
    lines = [
        "",
        f"Net benefit of {found.policy} against {found.base.scenarios[0]} at {per_qaly(study.thresholds[0])}, "
        f"{costs} perspective (± half the 95% Monte Carlo interval)",
        *_widest(rows_of(found.one_way, figure="net_benefit", **view), factor),
        "",
        *_structures(rows_of(found.structural, **view), factor),
        "",
        *_turns(rows_of(found.thresholds, **view), factor),
    ]
    return "\n".join(lines)


def not_moved(held: Mapping[str, str]) -> str:
    """Which parameters are not moved one at a time, and whose files set them.

    >>> not_moved({"cft.uptake": "more-accept"})
    'Not moved one at a time, as its value is set under `assume`: cft.uptake (more-accept).'
    """
    whose = "its value is" if len(held) == 1 else "their values are"
    names = listed([f"{name} ({file})" for name, file in held.items()], "and")
    return f"Not moved one at a time, as {whose} set under `assume`: {names}."


def _widest(rows: pd.DataFrame, factor: float) -> Iterator[str]:
    """The base, and the parameters that swing it most."""
    if rows.empty:
        return
    first = rows.iloc[0]
    yield f"  base {money_with_error(first['base'], factor * first['base_mcse'])}"
    for row in rows.sort_values("swing", ascending=False, kind="stable").head(WIDEST).to_dict("records"):
        ends = f"{row['low_text']} to {row['high_text']}"
        unclear = "" if row["clear"] else " (no wider than Monte Carlo error)"
        label = textwrap.shorten(row["label"], NAME, placeholder=ELLIPSIS)
        yield f"  {label}, {ends}: {signed_money(row['low'])} to {signed_money(row['high'])}{unclear}"
    yield f"  {int(rows['clear'].sum())} of {len(rows)} swings are wider than two Monte Carlo errors."


def _structures(rows: pd.DataFrame, factor: float) -> Iterator[str]:
    """Choices of structure that put another policy first, or none; parameter uncertainty is not in it."""
    base = rows[rows["base"]].iloc[0].to_dict()
    yield f"Structure: {base['best']} has the highest net benefit at central inputs, {_ahead(base, factor)}."
    others = rows[~rows["base"]]
    turned = others[others["changes"]]
    for row in turned.to_dict("records"):
        yield f"  with {row['option']} {row['choice']} it is {row['best']}, {_ahead(row, factor)}"
    for option, mine in rows[rows["kept_by"] != ""].groupby("option", sort=False):
        yield f"  {option} is set in the file of {mine['kept_by'].iloc[0]}: that policy keeps its own."
    if turned.empty:
        yield f"  No other choice of structure, of {len(others)}, changes that."


def _ahead(row: dict[Any, Any], factor: float) -> str:
    lead, half = row["lead"], factor * row["lead_mcse"]
    told = f"by {money_with_error(lead, half)} over the next"
    return told if lead > half else f"{told}, which is no clear lead"


def _turns(rows: pd.DataFrame, factor: float) -> Iterator[str]:
    """Where each search changes each decision."""
    if not rows.empty:
        yield "Where the decision changes:"
    for row in rows.to_dict("records"):
        yield f"  {row['title']} ({row['decision']}): {_turn(row, factor)}"


def _turn(row: dict[Any, Any], factor: float) -> str:
    limit = row["price_limit"]
    formula = "" if math.isnan(limit) else f" (equal worth by formula: {money(limit)} a course)"
    if not row["changes"]:
        return f"{row['before']} from {row['range_text']}, no change{formula}"
    price = "" if math.isnan(row["price"]) else f", {money(row['price'])} a course"
    return f"at {row['value_text']}{_either_way(row, factor)}{price}, from {row['before']} to {row['after']}{formula}"


def _either_way(row: dict[Any, Any], factor: float) -> str:
    """Half the Monte Carlo interval of a value, in the unit in which the value is told."""
    half = factor * row["mcse"]
    if not known(half):
        return ""
    return f" ± {percent(half, 1)}" if row["unit"] == "share" else f" ± {plain(half, digits=2)}"
