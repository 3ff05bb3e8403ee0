"""Who gains: by age and sex, and by socioeconomic fifth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lbpsim.cea.dcea import equity_table, health_table
from lbpsim.outcomes.estimate import interval_factor
from lbpsim.outcomes.groups import GROUPS, QUINTILES
from lbpsim.outcomes.results import mean_and_error
from lbpsim.report.charts import equity
from lbpsim.report.narrative import titles
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.subgroups import gains
from lbpsim.report.page.figures import Numbers, cell, monte_carlo_in_words, number
from lbpsim.report.page.forest import Forest, ForestRow
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.report.page.pictures import inlined
from lbpsim.report.rows import rows_of

KEY, TITLE = "gains", "Who gains"
CHART = "Who gains, by socioeconomic fifth"
THOUSAND = 1e3
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
        "interval": monte_carlo_in_words(results),
        "chart": inlined("equity", CHART, lambda: equity.draw(results, decision)) if decision is not None else None,
        "chart_title": CHART,
        "fifths": [FIFTHS.get(fifth, fifth) for fifth in (*QUINTILES, "all")],
        "health": material.rows(lambda name: _net(material, rows_of(health, scenario=name))),
        "threshold": float(health["threshold"].iloc[0]),
        "kinds": [f"{kind} {number(float(strength))}" for kind, strength in kinds.items()],
        "worth": material.rows(lambda name: _worth(rows_of(chosen, scenario=name), list(kinds))),
    }
    return Section(KEY, TITLE, "who_gains.html", values)


def _forests(case: Comparison) -> list[Forest]:
    """QALYs gained under the best choice by fifth and by age, for the years that people of each group live."""
    found = gains(case.results, case.name)
    return [
        Forest(
            f"gains-{key}",
            titles.gainers(case, found[kind], kind),
            kind[:1].upper() + kind[1:],
            "QALYs gained for 1,000 years lived",
            "",
            [ForestRow(label[:1].upper() + label[1:], each, leads=True) for label, each in found[kind].estimates()],
            caption="At central inputs, undiscounted; intervals of Monte Carlo error.",
        )
        for key, kind in KINDS.items()
    ]


def gains_by_group(material: Material) -> tuple[Numbers, Numbers]:
    """QALYs gained for 1,000 life years under the comparator, and Monte Carlo error; shape (policies, groups)."""
    every = material.results.horizon_by_group("qalys", "life_years")[:, :, : len(GROUPS)]
    qalys, years = every[..., 0], every[0, :, :, 1]
    mean, error = mean_and_error(qalys[1:] - qalys[:1])
    lived = years.mean(axis=0) / THOUSAND
    with np.errstate(invalid="ignore", divide="ignore"):  # nobody of a group, in a small run
        return mean / lived, error / lived


def _by_age_and_sex(material: Material) -> list[Row]:
    gained, error = gains_by_group(material)
    half = interval_factor(material.results.replications) * error
    places = [material.results.scenarios.index(name) - 1 for name in material.shown]
    return [
        (f"{group.sex.capitalize()}, {group.age_band}", *(cell(gained[p, g], half[p, g], signs=True) for p in places))
        for g, group in enumerate(GROUPS)
    ]


def _net(material: Material, health: pd.DataFrame) -> list[Cell]:
    """Net health of a policy in each fifth and in all."""
    mine = health.set_index("quintile").loc[[*QUINTILES, "all"]].astype({"net": float, "mcse": float})
    half = np.nan_to_num(interval_factor(material.results.replications) * mine["mcse"].to_numpy())
    return list(map(cell, mine["net"].to_numpy(), half))


def _worth(worth: pd.DataFrame, kinds: list[str]) -> list[str]:
    """Net health of a policy, and by kind of aversion what its equity adds and what both are worth."""
    mine = worth.set_index("aversion").loc[kinds]
    pairs = mine[["equity_gain", "worth"]].to_numpy(dtype=float)
    return [number(float(each)) for each in (mine["net_health"].iloc[0], *pairs.ravel())]
