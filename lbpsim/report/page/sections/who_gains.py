"""Who gains: by age and sex, and by socioeconomic fifth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lbpsim.cea.dcea import equity_table, health_table
from lbpsim.outcomes.groups import GROUPS, QUINTILES
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import mean_and_error
from lbpsim.report.charts import equity
from lbpsim.report.charts.series import interval_factor
from lbpsim.report.page.figures import Numbers, cell, luck_in_words, number, rows_of
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Head, Heading, Part, Picture, Section, Sheet, Words
from lbpsim.report.page.pictures import inlined

KEY, TITLE = "gains", "Who gains"
THOUSAND = 1e3
FIFTHS = {"1": "1, most disadvantaged", "5": "5, least disadvantaged", "all": "All"}
ASSUMED = (
    "Prevalence, access and healthy life by fifth, who bears what is displaced elsewhere, and aversion to inequality "
    "are assumptions: this part of the answer rests on judgement."
)


def section(material: Material) -> Section:
    """QALYs gained by age and sex, then net health by fifth and what it is worth to those averse to inequality."""
    if len(material.results.scenarios) == 1:
        return Section(KEY, TITLE, (Words("The study has one policy, so nobody gains or loses by another."),))
    parts: list[Part] = [Heading("gains-age", "By age and sex"), _by_age_and_sex(material)]
    parts += [Heading("gains-fifths", "By socioeconomic fifth"), Words(ASSUMED, "note"), *_fifths(material)]
    return Section(KEY, TITLE, tuple(parts))


def gains_by_group(material: Material) -> tuple[Numbers, Numbers]:
    """QALYs gained for 1,000 life years under the comparator, and Monte Carlo error; shape (policies, groups)."""
    groups, order = len(GROUPS), list(OUTCOMES)
    every = material.results.by_group[:, :, :, :groups].sum(axis=2)
    qalys, years = every[..., order.index("qalys")], every[0, :, :, order.index("life_years")]
    mean, error = mean_and_error(qalys[1:] - qalys[:1])
    lived = years.mean(axis=0) / THOUSAND
    with np.errstate(invalid="ignore", divide="ignore"):  # nobody of a group, in a small run
        return mean / lived, error / lived


def _by_age_and_sex(material: Material) -> Sheet:
    gained, error = gains_by_group(material)
    half = interval_factor(material.results.replications) * error
    places = {name: number for number, name in enumerate(material.results.scenarios[1:])}
    rows = tuple(
        (
            Cell(f"{group.sex.capitalize()}, {group.age_band}"),
            *(
                cell(gained[p, g], gained[p, g] - half[p, g], gained[p, g] + half[p, g], signs=True)
                for name in material.shown
                for p in [places[name]]
            ),
        )
        for g, group in enumerate(GROUPS)
    )
    return Sheet(
        "gains-by-age",
        f"QALYs gained against {material.comparator} for each 1,000 years that such people live in the model",
        (Head("Group"), *(Head(material.label(name), number=True) for name in material.shown)),
        rows,
        note=f"Undiscounted; age at the time. Below each figure: {luck_in_words(material.results)}.",
    )


def _fifths(material: Material) -> list[Part]:
    results, decision = material.results, material.decision
    threshold = min(results.study.thresholds)
    health = decision.health if decision is not None else health_table(results, threshold)
    worth = decision.equity if decision is not None else equity_table(results, threshold)
    sheet, title = _health(material, health), "Who gains, by socioeconomic fifth"
    markup = inlined("equity", title, lambda: equity.draw(results, decision)) if decision is not None else None
    if markup is None:
        return [sheet, _equity(material, worth)]
    caption = "Health gained, forgone and net in each fifth; efficiency against equity; and worth by aversion."
    return [Picture("equity", title, markup, caption, sheet), _equity(material, worth)]


def _health(material: Material, health: pd.DataFrame) -> Sheet:
    threshold = float(health["threshold"].iloc[0])
    factor = interval_factor(material.results.replications)
    columns = (*QUINTILES, "all")
    rows = []
    for name in material.shown:
        mine = rows_of(health, scenario=name).set_index("quintile").loc[list(columns)]
        net, half = mine["net"].to_numpy(dtype=float), np.nan_to_num(factor * mine["mcse"].to_numpy(dtype=float))
        rows.append((material.cell(name), *map(cell, net, net - half, net + half)))
    return Sheet(
        "net-health",
        "Net health by socioeconomic fifth (QALYs, discounted)",
        (Head("Policy"), *(Head(FIFTHS.get(fifth, fifth), number=True) for fifth in columns)),
        tuple(rows),
        note=f"QALYs gained, less those forgone because health care costs AUD {threshold:,.0f} for each QALY that it "
        "could buy elsewhere. Below each: 95% Monte Carlo interval of what is gained.",
    )


def _equity(material: Material, worth: pd.DataFrame) -> Sheet:
    chosen = worth[worth["registered"]]
    kinds = list(dict.fromkeys(chosen["aversion"]))
    columns = ["Net health"] + [
        f"{what}, {kind} {number(_strength(chosen, kind))}" for kind in kinds for what in ("Equity gain", "Worth")
    ]
    rows = []
    for name in material.shown:
        mine = rows_of(chosen, scenario=name).set_index("aversion")
        values = [mine.loc[kind, what] for kind in kinds for what in ("equity_gain", "worth")]
        rows.append((material.cell(name), *(Cell(number(float(v))) for v in (mine["net_health"].iloc[0], *values))))
    return Sheet(
        "equity-worth",
        "Efficiency and equity at the registered strength of aversion (QALYs)",
        (Head("Policy"), *(Head(column, number=True) for column in columns)),
        tuple(rows),
        note="Worth: QALYs that, equally shared, would be as good; net health and the gain in equity add up to it. "
        "Atkinson: averse to relative inequality; Kolm: to absolute inequality.",
    )


def _strength(worth: pd.DataFrame, kind: str) -> float:
    return float(worth.loc[worth["aversion"] == kind, "strength"].iloc[0])
