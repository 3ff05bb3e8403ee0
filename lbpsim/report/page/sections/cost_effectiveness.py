"""Value for money and how sure the choice is: frontier, plane, acceptability, value of information."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lbpsim.cea.choice_set import choosable
from lbpsim.cea.frontier import PERSPECTIVES, frontier, frontier_table, threshold_column
from lbpsim.psa.sample_size import Z, wilson
from lbpsim.report.charts import ce_plane, ceac, voi
from lbpsim.report.charts.policy_selection import marked
from lbpsim.report.format import known, listed, money, plain
from lbpsim.report.page.figures import number, percent, rows_of
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Folded, Further, Head, Heading, Part, Picture, Section, Sheet, Words
from lbpsim.report.page.pictures import inlined
from lbpsim.study.phrasing import number_of

if TYPE_CHECKING:
    from lbpsim.voi.decision_analysis import Decision

KEY, TITLE = "choosing", "Value for money, and how sure the choice is"
VIEWS = {"health_system": "health system", "societal": "society, lost work included"}
MOST = 15  # single parameters in the table of what it is worth to know them
LEFT_OUT = "A policy that assumes capacity away is no choice; with it, no other would seem to be on the frontier."
WITHOUT_DRAWS = (
    "How likely each policy is to be the best, and what it would be worth to know more before choosing, needs draws of "
    "all uncertain inputs."
)
COMMAND = "lbpsim run scenarios/ --precision 2%"
AFTERWARDS = "This runs the study again, and writes this page with what was found."


def section(material: Material) -> Section:
    """Point estimates first; then, with draws, how sure they are."""
    if len(material.results.scenarios) == 1:
        return Section(KEY, TITLE, (Words("The study has one policy, so there is nothing to choose between."),))
    parts: list[Part] = [Heading("choosing-frontier", "The frontier"), *_frontier(material)]
    parts.append(Heading("choosing-sure", "Which policy is best, and how likely"))
    decision = material.decision
    if decision is None or decision.ceac is None or decision.voi is None:
        return Section(KEY, TITLE, (*parts, Further(WITHOUT_DRAWS, COMMAND, AFTERWARDS)))
    parts += _acceptability(material, decision, decision.ceac)
    parts += [Heading("choosing-know", "What it would be worth to know more")]
    parts += _information(material, decision, decision.voi)
    return Section(KEY, TITLE, tuple(parts))


def _frontier(material: Material) -> list[Part]:
    told = (
        "At the best estimates, discounted. A policy is dominated when another costs no more and does no less; "
        "extendedly dominated when a mix of two others beats it. The frontier says nothing about how sure its order "
        "is."
    )
    table = frontier_table(material.whole)
    sheets = [_frontier_sheet(material, table, perspective) for perspective in PERSPECTIVES]
    title = "Costs and effects of each policy"
    markup = inlined("plane", title, lambda: ce_plane.draw(material.results))
    caption = "QALYs gained and change in cost against the comparator. The figures are in the tables below."
    chart = [Picture("plane", title, markup, caption)] if markup is not None else []
    if len(choosable(material.whole.study)) == len(material.whole.scenarios):
        return [Words(told), *chart, *sheets]
    real = [_among_choices(material, table, perspective) for perspective in PERSPECTIVES]
    folded = Folded("The frontier with policies that assume capacity away", tuple(sheets))
    return [Words(f"{told} {LEFT_OUT}"), *chart, *real, folded]


def _among_choices(material: Material, table: pd.DataFrame, perspective: str) -> Sheet:
    """The frontier of the policies that could be chosen, worked out without the others."""
    choices = choosable(material.whole.study)
    rows = rows_of(table, perspective=perspective).set_index("scenario").loc[list(choices)]
    options = frontier(choices, rows["cost"].tolist(), rows["qalys"].tolist())
    rows["status"] = [option.status for option in options]
    rows["icer"] = [math.nan if option.icer is None else option.icer for option in options]
    return _frontier_sheet(material, rows.reset_index(), perspective, ", among policies that could be chosen")


def _frontier_sheet(material: Material, table: pd.DataFrame, perspective: str, among: str = "") -> Sheet:
    rows = _of_shown(material, rows_of(table, perspective=perspective)).sort_values("cost", kind="stable")
    first = rows.set_index("scenario").loc[material.results.scenarios[0]]
    thresholds = [threshold_column(at) for at in material.results.study.thresholds]
    worth = tuple(Head(f"Net benefit at AUD {_threshold(column)} a QALY (AUD m)", number=True) for column in thresholds)
    body = tuple(
        (
            _name(material, str(row["scenario"])),
            Cell(money(float(row["cost"] - first["cost"]))),
            Cell(number(float(row["qalys"] - first["qalys"]))),
            Cell(str(row["status"])),
            Cell("" if math.isnan(row["icer"]) else number(float(row["icer"]))),
            *(Cell(number(float(row[column] - first[column]) / 1e6)) for column in thresholds),
        )
        for _, row in rows.iterrows()
    )
    return Sheet(
        f"frontier-{perspective.replace('_', '-')}{'-choices' if among else ''}",
        f"Frontier: {VIEWS[perspective]}{among}",
        (
            *(Head("Policy"), Head("Extra cost", number=True), Head("QALYs gained", number=True), Head("Status")),
            Head("AUD per QALY against the next", number=True),
            *worth,
        ),
        body,
        note="Cheapest first; costs, QALYs and net benefit are against the comparator. No figure per QALY stands "
        "beside the cheapest policy and those not on the frontier.",
    )


def _of_shown(material: Material, table: pd.DataFrame) -> pd.DataFrame:
    return table[table["scenario"].isin(material.results.scenarios)]


def _name(material: Material, scenario: str) -> Cell:
    if scenario == material.results.scenarios[0]:
        return Cell(material.label(scenario), below="comparator")
    return material.cell(scenario)


def _threshold(column: str) -> str:
    return f"{float(column.removeprefix('net_benefit_')):,.0f}"


def _acceptability(material: Material, decision: Decision, table: pd.DataFrame) -> list[Part]:
    title = "Which policy is best, by what a QALY is worth"
    markup = inlined("ceac", title, lambda: ceac.draw(material.results, decision))
    caption = f"Curves from {number_of(decision.draws, 'draw')}. The table behind it has every threshold."
    every = _every_threshold(material, table)
    chart: list[Part] = [Picture("ceac", title, markup, caption, every)] if markup is not None else [every]
    sheets = (_at_threshold(material, table, each, decision.draws) for each in VIEWS)
    return [Words(_choices(material, decision)), *chart, *sheets]


def _choices(material: Material, decision: Decision) -> str:
    left = [material.label(name) for name in material.whole.scenarios if name not in decision.choices]
    told = "Probabilities are those of having the highest net benefit of all policies that could be chosen."
    return f"{told} Not among the choices, because it assumes capacity away: {listed(left)}." if left else told


def _at_threshold(material: Material, table: pd.DataFrame, perspective: str, draws: int) -> Sheet:
    """At the study's thresholds: probability of being best, net benefit and its loss."""
    rows = _of_shown(material, rows_of(table, perspective=perspective))
    at = [threshold for threshold in material.results.study.thresholds if (rows["threshold"] == threshold).any()]
    heads = [
        Head(f"{what} at AUD {threshold:,.0f} a QALY", number=True)
        for threshold in at
        for what in ("Probability of being best", "Expected loss (AUD m)")
    ]
    body = tuple(
        (
            _name(material, name),
            *(each for threshold in at for each in _chance(rows_of(rows, threshold=threshold, scenario=name), draws)),
        )
        for name in dict.fromkeys(rows["scenario"])
    )
    return Sheet(
        f"best-{perspective.replace('_', '-')}",
        f"How likely each policy is to be the best: {VIEWS[perspective]}",
        (Head("Policy"), *heads),
        body,
        note="Below each probability: 95% Monte Carlo interval from the number of draws. Expected loss: what is lost "
        "on average by choosing the policy while unsure. The policy to choose has the least.",
    )


def _chance(rows: pd.DataFrame, draws: int) -> tuple[Cell, Cell]:
    """How likely a policy is to be the best, and what is lost by choosing it, from its one row."""
    row = rows.iloc[0]
    probability = float(row["probability"])
    low, high = likely(probability, draws)
    chosen = "to choose: the highest expectation" if bool(row["best"]) else ""
    return (
        Cell(percent(probability, 1), below=f"{percent(low, 1)} to {percent(high, 1)}"),
        Cell(number(float(row["expected_loss"]) / 1e6), below=chosen),
    )


def likely(probability: float, draws: int) -> tuple[float, float]:
    """Wilson's 95% interval of a probability found in so many draws: never has a rare event none."""
    half, square = float(wilson(np.array(probability), draws)), Z**2 / draws
    middle = (probability + square / 2.0) / (1.0 + square)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _every_threshold(material: Material, table: pd.DataFrame) -> Sheet:
    names = list(dict.fromkeys(_of_shown(material, table)["scenario"]))
    body = []
    for (perspective, threshold), rows in table.groupby(["perspective", "threshold"], sort=False):
        chances = rows.set_index("scenario")["probability"]
        best = rows.loc[rows["best"], "scenario"].iloc[0]
        loss = float(rows.loc[rows["best"], "expected_loss"].iloc[0])
        body.append(
            (
                Cell(f"{float(str(threshold)):,.0f}"),
                Cell(VIEWS[str(perspective)]),
                *(Cell(percent(float(chances[name]), 1)) for name in names),
                Cell(material.label(str(best))),
                Cell(number(loss / 1e6)),
            )
        )
    columns = tuple(Head(material.label(name), number=True) for name in names)
    return Sheet(
        "ceac-table",
        "Probability of being best by threshold (AUD per QALY)",
        (
            Head("Threshold"),
            Head("Costs"),
            *columns,
            Head("To choose"),
            Head("Value of perfect information (AUD m)", number=True),
        ),
        tuple(body),
    )


def _information(material: Material, decision: Decision, worth: pd.DataFrame) -> list[Part]:
    results = material.results
    title = "What it would be worth to know more before choosing"
    markup = inlined("voi", title, lambda: voi.draw(results, decision))
    caption = "Expected value of perfect information on groups of inputs, and on single ones (EVPPI)."
    table = rows_of(worth, perspective=results.study.perspective)
    table = table[table["threshold"].isin(marked(tuple(table["threshold"].unique())))]
    groups = _worth(table[~table["kind"].isin(["parameter"])], "voi-groups", "By part of the model and grade", 1000)
    single = _worth(table[table["kind"] == "parameter"], "voi-single", f"Single inputs: the {MOST} worth most", MOST)
    told = (
        f"For the whole country over the horizon, perspective: {VIEWS[results.study.perspective]}. An upper bound on "
        "what research could be worth: no study teaches a figure exactly. Groups overlap, so values do not add up."
    )
    if not (table["value"] > 0.0).any():
        told = "The same policy is best in every draw, so nothing could be learnt that would change the choice."
    chart = [Picture("voi", title, markup, caption)] if markup is not None else []
    return [Words(told), *chart, Folded("Tables of the value of information", (groups, single))]


def _worth(table: pd.DataFrame, key: str, caption: str, most: int) -> Sheet:
    order = table.groupby("name", sort=False)["value"].max().sort_values(ascending=False, kind="stable").index[:most]
    thresholds = sorted(set(table["threshold"]))
    body = tuple(
        (
            Cell(str(rows["label"].iloc[0]), below=_of_what(rows.iloc[0])),
            *(_value(rows_of(rows, threshold=threshold).iloc[0]) for threshold in thresholds),
        )
        for name in order
        for rows in [table[table["name"] == name]]
    )
    columns = tuple(Head(f"At AUD {threshold:,.0f} a QALY (AUD m)", number=True) for threshold in thresholds)
    return Sheet(key, caption, (Head("Known exactly"), *columns), body, note="Below each value: its standard error.")


def _of_what(row: pd.Series[float]) -> str:
    many = int(row["parameters"])
    return f"{row['kind']}, {plain(many)} inputs" if many > 1 else str(row["name"])


def _value(row: pd.Series[float]) -> Cell:
    error = f"± {number(float(row['se']) / 1e6, digits=2)}" if known(float(row["se"])) else ""
    doubt = f"doubtful: {row['doubt']}" if row["doubt"] else ""
    return Cell(number(float(row["value"]) / 1e6), below="; ".join(filter(None, (error, doubt))))
