"""The model of back pain where something about it is known without it: life table, discounting, size of effects."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lbpsim.evidence.shipped_countries import reference
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import OUTCOME_INDEX, SUMS
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways.person import BIRTHDAY
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.verification import small_country as country
from lbpsim.verification.check import Check, below, between, close, described, sampled
from lbpsim.verification.check_figures import BAND, EXPECTED, OBSERVED, panels
from lbpsim.verification.small_country import live, study

NO_EXCESS: Mapping[str, float] = {
    **dict.fromkeys(("opioids.mortality_rr", "opioids.disorder_mortality_rr", "opioids.treatment_mortality_rr"), 1.0),
    **{"mortality.back_pain_rr": 1.0, "opioids.overdose_fatal": 0.0, "surgery.death": 0.0},
}
STRENGTHS = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0)


def checks(*, fast: bool) -> Iterator[Check]:
    """Everything about the model."""
    yield life_table(people=3_000 if fast else 40_000, years=20, margin=0.4 if fast else 0.1)
    yield discounting(people=300, years=8)
    yield strength(people=1_500 if fast else 10_000)


def life_table(*, people: int, years: int, margin: float) -> Check:
    """With every multiplier at 1 people die as the life table says."""
    asked = study(country.USUAL_CARE, people=people, years=years, assume=NO_EXCESS)
    drawn = PreparedStudy(asked).persons(0)
    start = drawn[drawn["now"] == 0.0]
    lives = live(asked, people=start)
    deaths = lives.totals[0, :, :, OUTCOME_INDEX["deaths"]].sum(axis=1) / FIXED_POINT
    expected, variance = expected_deaths(start, years)
    died, wanted, error = float(deaths.sum()), float(expected.sum()), math.sqrt(float(variance.sum()))
    total = sampled(f"deaths in {years} years", "people", wanted, died, error, margin=margin)
    z = (deaths - expected) / np.sqrt(variance)
    return described(
        "life-table",
        (total, below("largest deviation of a year", "errors", 4.0, float(np.abs(z).max()))),
        partial(_draw_years, deaths, expected, np.sqrt(variance)),
    )


def expected_deaths(start: npt.NDArray[Any], years: int) -> tuple[Numbers, Numbers]:
    """Expected deaths in each year of people alive at time 0, and their variance if lives are independent."""
    q = np.array([(group.male, group.female) for group in reference().death]).T
    first = start["next_time"][:, BIRTHDAY]  # hazards of a year of age hold from birthday to birthday
    spent = np.zeros(len(start))
    alive = [np.ones(len(start))]
    for year in range(years):
        age = np.minimum(start["age"] + year, q.shape[1] - 1)
        older = np.minimum(age + 1, q.shape[1] - 1)
        spent = spent - np.log1p(-q[start["sex"], age]) * first - np.log1p(-q[start["sex"], older]) * (1.0 - first)
        alive.append(np.exp(-spent))
    chances = -np.diff(np.array(alive), axis=0)
    return chances.sum(axis=1), (chances * (1.0 - chances)).sum(axis=1)


def discounting(*, people: int, years: int) -> Check:
    """Life years of people who cannot die are worth the integral of the discount factor."""
    rate = 0.05
    asked = study(country.USUAL_CARE, people=people, years=years, assume=NO_EXCESS, discount_rate=rate)
    drawn = PreparedStudy(asked).persons(0)
    start = drawn[drawn["now"] == 0.0]
    lives = live(asked, people=start, death_hazard=0.0)
    parts = [OUTCOME_INDEX[name] for name in SUMS["life_years"][1]]
    yearly = lives.totals[1][..., parts].sum(axis=(1, 2)) / FIXED_POINT
    force = math.log1p(rate)
    ends = np.arange(years + 1.0)
    exact = len(start) * -np.diff(np.exp(-force * ends)) / force
    rounding = len(lives.log) * 4.0 / FIXED_POINT
    return described(
        "discounting",
        tuple(
            close(f"year {year + 1}", "life years", float(exact[year]), float(yearly[year]), within=rounding)
            for year in (0, years // 2, years - 1)
        ),
        partial(_draw_worth, yearly / len(start), exact / len(start)),
    )


def strength(people: int) -> Check:
    """CFT delivered at half and at twice its strength averts about half and twice the disability."""
    averted = np.array([_averted(people, fidelity) for fidelity in STRENGTHS])
    half, whole, double = (float(averted[STRENGTHS.index(at)]) for at in (0.5, 1.0, 2.0))
    slopes = np.diff(averted) / np.diff(STRENGTHS)
    return described(
        "strength",
        (
            close("averted at no strength", "RMDQ years", 0.0, float(averted[0]), within=1e-6 * whole),
            between("kept at half strength", "share", 0.5, 0.65, half / whole),
            between("at twice the strength", "ratio", 1.3, 2.0, double / whole),
            below("largest rise from one slope to the next", "share", 0.0, float(np.diff(slopes).max() / slopes[0])),
        ),
        partial(_draw_strength, averted / whole),
    )


STILL = {"opioids.rmdq": 0.0, "opioids.pain": 0.0, "surgery.odi_late": -6.0, "surgery.odi_structured": -6.0}


def _averted(people: int, fidelity: float) -> float:
    usual, treated = (
        live(study(policy, people=people, years=4, assume={**STILL, "cft.fidelity": fidelity})).total("rmdq_years")
        for policy in (country.USUAL_CARE, country.UNLIMITED)
    )
    return usual - treated


def _draw_years(observed: Numbers, expected: Numbers, error: Numbers, figure: Figure) -> None:
    (axes,) = panels(figure)
    years = np.arange(len(expected)) + 1
    axes.fill_between(years, expected - 4.0 * error, expected + 4.0 * error, color=BAND, alpha=0.6, linewidth=0)
    axes.plot(years, expected, color=EXPECTED, linewidth=1.2, label="Life table")
    axes.plot(years, observed, "o", color=OBSERVED, label="Simulated")
    axes.set(xlabel="Year of the study", ylabel="Deaths", ylim=(0.0, None))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="lower right")


def _draw_worth(observed: Numbers, exact: Numbers, figure: Figure) -> None:
    (axes,) = panels(figure)
    years = np.arange(len(exact)) + 1
    axes.plot(years, exact, color=EXPECTED, linewidth=1.2, label="Integral of the discount factor")
    axes.plot(years, observed, "o", color=OBSERVED, label="Simulated")
    axes.set(ylim=(0.0, 1.05), xlabel="Year of the study", ylabel="Discounted life years a person")
    axes.legend(loc="lower left")


def _draw_strength(averted: Numbers, figure: Figure) -> None:
    (axes,) = panels(figure)
    axes.plot([0.0, 2.0], [0.0, 2.0], color=EXPECTED, linewidth=1.0, linestyle="--", label="In proportion")
    axes.plot(STRENGTHS, averted, "o-", color=OBSERVED, label="Simulated")
    axes.set(xlabel="Strength of the effect (cft.fidelity)", ylabel="Disability averted (1: at full strength)")
    axes.legend(loc="upper left")
