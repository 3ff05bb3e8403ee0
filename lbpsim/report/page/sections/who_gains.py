"""Who gains: by age and sex, and by socioeconomic fifth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from lbpsim.cea.dcea import EQUITY_GAIN, NET_HEALTH, WORTH, best_health, best_worth, equity_table, health_table
from lbpsim.cea.subgroups import Gains, by_age_and_sex, draws_of_groups, gains
from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.groups import GROUPS, QUINTILES
from lbpsim.outcomes.people_treated import WITH_NOISE
from lbpsim.report.charts import equity
from lbpsim.report.narrative import titles
from lbpsim.report.narrative.comparison import Comparison, first_letter_up
from lbpsim.report.narrative.finding import with_enough_draws
from lbpsim.report.narrative.phrasing import INTERVAL, intervals_over_draws
from lbpsim.report.page.figures import band_cell, monte_carlo_in_words, number
from lbpsim.report.page.forest import Forest, ForestRow
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.report.page.pictures import inlined
from lbpsim.report.rows import rows_of

KEY, TITLE = "gains", "Who gains"
CHART = "Who gains, by socioeconomic fifth"
NET = ("net", "low", "high", "interval")
CENTRAL = "At central inputs"
UNCLEAR = "not clear"  # of a gain that noise could explain
UNTOLD = f" A gain in equity that is mostly noise has no direction: {UNCLEAR}."
PER_YEARS = "QALYs gained for 1,000 years lived"
OTHER_WAY = (
    " Years lived are those of people with chronic low back pain in the model; more of these are in the most "
    "disadvantaged fifth, which is why sums by fifth can run the other way."
)
KINDS = {"fifths": "socioeconomic fifths", "ages": "age bands"}
FIFTHS = {"1": "1, most disadvantaged", "5": "5, least disadvantaged", "all": "All"}


def section(material: Material) -> Section | None:
    """The best choice by fifth and by age; folded, every policy, net health and its worth to those averse to
    inequality.
    """
    if (case := material.case) is None:
        return None
    results, decision = material.results, material.decision
    threshold = min(results.study.thresholds)
    health = decision.health if decision is not None else health_table(results, threshold)
    worth = decision.equity if decision is not None else equity_table(results, threshold)
    chosen = best_worth(worth[worth["registered"]], health)
    of_worth = pd.concat([chosen[columns[-1]] for columns in (NET_HEALTH, EQUITY_GAIN, WORTH)])
    kinds = dict(chosen.groupby("aversion", sort=False)["strength"].first())
    found, net = gains(case.results, case.name), best_health(health, results.replications)
    values = {
        "forests": [_forest(case, key, found[kind], net) for key, kind in KINDS.items()],
        "by_age_and_sex": _by_age_and_sex(material),
        "interval": _of_groups(material),
        "of_net": _of(health["interval"], f"{CENTRAL}. Below each: 95% Monte Carlo interval of what is gained."),
        "of_worth": _of(of_worth, f"{CENTRAL}.") + (UNTOLD if WITH_NOISE in set(chosen[EQUITY_GAIN[-1]]) else ""),
        "chart": inlined("equity", CHART, lambda: equity.draw(results, decision)) if decision is not None else None,
        "chart_title": CHART,
        "fifths": [FIFTHS.get(fifth, fifth) for fifth in (*QUINTILES, "all")],
        "health": material.rows(lambda name: _cells(rows_of(net, scenario=name), NET)),
        "threshold": float(health["threshold"].iloc[0]),
        "kinds": [f"{kind} {number(float(strength))}" for kind, strength in kinds.items()],
        "worth": material.rows(lambda name: _worth(rows_of(chosen, scenario=name))),
    }
    return Section(KEY, TITLE, "who_gains.html", values)


def _forest(case: Comparison, key: str, found: Gains, health: pd.DataFrame) -> Forest:
    """QALYs gained under the best choice by fifth or by age, for the years that people of each group live; `health`: of
    fifths, all years together.
    """
    kind, told = KINDS[key], found.estimates()
    rows = [ForestRow(first_letter_up(label), each, leads=True) for label, each in told]
    gained = rows_of(health, scenario=case.name).set_index("quintile")["gained"]
    turned = key == "fifths" and found.means[0] < found.means[-1] and gained[QUINTILES[0]] > gained[QUINTILES[-1]]
    caption = _caption(found, [each for _, each in told]) + (OTHER_WAY if turned else "")
    title = titles.gainers(case, found, kind)
    return Forest(f"gains-{key}", title, first_letter_up(kind), PER_YEARS, "", rows, caption=caption)


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


def _of(moved_by: pd.Series[str], otherwise: str) -> str:
    """What stands in and below figures over draws, given what moves each within its interval; `otherwise`: at central
    inputs alone.
    """
    if not any(moved_by):
        return otherwise
    return f"Means over draws; below each: {intervals_over_draws(moved_by)}."


def _worth(worth: pd.DataFrame) -> list[Cell]:
    """Net health of a policy, and by kind of aversion what its equity adds and what both are worth."""
    return [*_cells(worth[:1], NET_HEALTH), *_cells(worth, EQUITY_GAIN, WORTH)]


def _cells(rows: pd.DataFrame, *figures: Sequence[str]) -> list[Cell]:
    """Figures of each row with the ends of their intervals, and whether these are mostly noise, from these columns."""
    return [_cell(columns[0], *row[list(columns)]) for _, row in rows.iterrows() for columns in figures]


def _cell(figure: str, value: float, low: float, high: float, source: str) -> Cell:
    """A figure with its interval; a gain in equity has a direction only where it is not mostly noise."""
    cell = band_cell(Estimate(value, low, high))
    if not (source == WITH_NOISE and cell.below):
        return cell
    return replace(cell, text=UNCLEAR if figure == EQUITY_GAIN[0] else cell.text, below=f"{cell.below}, mostly noise")
