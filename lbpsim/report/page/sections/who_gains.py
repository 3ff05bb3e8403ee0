"""Who gains: by age and sex, and by socioeconomic fifth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from lbpsim.cea.dcea import equity_table, health_table, known_over_draws
from lbpsim.outcomes.estimate import Estimate, interval_factor
from lbpsim.outcomes.groups import GROUPS, QUINTILES
from lbpsim.report.charts import equity
from lbpsim.report.narrative import titles
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.finding import with_enough_draws
from lbpsim.report.narrative.phrasing import INTERVAL, intervals_over_draws
from lbpsim.report.narrative.subgroups import Gains, by_age_and_sex, draws_of_groups, gains
from lbpsim.report.page.figures import band_cell, cell, monte_carlo_in_words, number
from lbpsim.report.page.forest import Forest, ForestRow
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.report.page.pictures import inlined
from lbpsim.report.rows import rows_of

KEY, TITLE = "gains", "Who gains"
CHART = "Who gains, by socioeconomic fifth"
CENTRAL = "At central inputs"
KINDS = {"fifths": "socioeconomic fifths", "ages": "age bands"}
FIFTHS = {"1": "1, most disadvantaged", "5": "5, least disadvantaged", "all": "All"}


def section(material: Material) -> Section | None:
    """The best choice by fifth and by age; folded, every policy, net health and its worth to those averse to
    inequality.
    """
    if material.case is None:
        return None
    results, decision = material.results, material.decision
    threshold = min(results.study.thresholds)
    health = decision.health if decision is not None else health_table(results, threshold)
    worth = decision.equity if decision is not None else equity_table(results, threshold)
    chosen = worth[worth["registered"]]
    kinds = dict(chosen.groupby("aversion", sort=False)["strength"].first())
    values = {
        "forests": _forests(material.case),
        "by_age_and_sex": _by_age_and_sex(material),
        "interval": _of_groups(material),
        "of_net": _of_net(health),
        "of_worth": _over_draws(worth) or f"{CENTRAL}.",
        "chart": inlined("equity", CHART, lambda: equity.draw(results, decision)) if decision is not None else None,
        "chart_title": CHART,
        "fifths": [FIFTHS.get(fifth, fifth) for fifth in (*QUINTILES, "all")],
        "health": material.rows(lambda name: _net(material, rows_of(health, scenario=name))),
        "threshold": float(health["threshold"].iloc[0]),
        "kinds": [f"{kind} {number(float(strength))}" for kind, strength in kinds.items()],
        "worth": material.rows(
            lambda name: _worth(
                rows_of(chosen, scenario=name), rows_of(health, scenario=name, quintile="all"), list(kinds)
            )
        ),
    }
    return Section(KEY, TITLE, "who_gains.html", values)


def _forests(case: Comparison) -> list[Forest]:
    """QALYs gained under the best choice by fifth and by age, for the years that people of each group live."""
    found = gains(case.results, case.name)
    told = {kind: each.estimates() for kind, each in found.items()}
    return [
        Forest(
            f"gains-{key}",
            titles.gainers(case, found[kind], kind),
            kind[:1].upper() + kind[1:],
            "QALYs gained for 1,000 years lived",
            "",
            [ForestRow(label[:1].upper() + label[1:], each, leads=True) for label, each in told[kind]],
            caption=_caption(found[kind], [each for _, each in told[kind]]),
        )
        for key, kind in KINDS.items()
    ]


def _caption(found: Gains, told: list[Estimate]) -> str:
    if not found.over_draws:
        return f"{CENTRAL}, undiscounted; intervals of Monte Carlo error."
    return f"Means over draws, undiscounted; {intervals_over_draws(each.source for each in told)}."


def _by_age_and_sex(material: Material) -> list[Row]:
    gained = by_age_and_sex(with_enough_draws(material.results))
    places = [material.results.scenarios.index(name) - 1 for name in material.shown]
    return [
        (f"{group.sex.capitalize()}, {group.age_band}", *(band_cell(gained.at(p, g), signs=True) for p in places))
        for g, group in enumerate(GROUPS)
    ]


def _of_groups(material: Material) -> str:
    """What stands in and below the figures by age and sex."""
    results = with_enough_draws(material.results)
    if draws_of_groups(results) is None:
        return f"{CENTRAL}; below each figure: {monte_carlo_in_words(results)}."
    return (
        f"Means over draws; below each: {INTERVAL['parameters']}, or with Monte Carlo error where that is most of it."
    )


def _of_net(health: pd.DataFrame) -> str:
    return _over_draws(health) or f"{CENTRAL}. Below each: 95% Monte Carlo interval of what is gained."


def _over_draws(table: pd.DataFrame) -> str:
    """What stands in and below the figures of a table over draws; empty where it is known at central inputs alone."""
    if not known_over_draws(table):
        return ""
    return f"Means over draws; below each: {intervals_over_draws(table['interval'])}."


def _net(material: Material, health: pd.DataFrame) -> list[Cell]:
    """Net health of a policy in each fifth and in all."""
    mine = health.set_index("quintile").loc[[*QUINTILES, "all"]]
    if known_over_draws(health):
        return [_cell(row.mean, row.low, row.high) for row in mine.itertuples()]
    half = np.nan_to_num(interval_factor(material.results.replications) * mine["mcse"].to_numpy(dtype=float))
    return list(map(cell, mine["net"].to_numpy(dtype=float), half))


def _worth(worth: pd.DataFrame, whole: pd.DataFrame, kinds: list[str]) -> list[Cell | str]:
    """Net health of a policy (`whole`), and by kind of aversion what its equity adds and what both are worth."""
    mine = worth.set_index("aversion").loc[kinds]
    if known_over_draws(worth):
        return [_cell(*whole[["mean", "low", "high"]].iloc[0]), *_worth_over_draws(mine)]
    pairs = mine[["equity_gain", "worth"]].to_numpy(dtype=float)
    return [number(float(each)) for each in (mine["net_health"].iloc[0], *pairs.ravel())]


def _worth_over_draws(mine: pd.DataFrame) -> Iterator[Cell]:
    for row in mine.itertuples():
        yield _cell(row.expected_equity_gain, row.equity_gain_low, row.equity_gain_high)
        yield _cell(row.mean, row.low, row.high)


def _cell(mean: Any, low: Any, high: Any) -> Cell:
    return band_cell(Estimate(float(mean), float(low), float(high)))
