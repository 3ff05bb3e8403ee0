"""Times to event: hazards that hold, change and compete, and every law of durations and sizes in the model."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from scipy import stats

from lbpsim.engine.quantile_tables import gamma, quantile_table
from lbpsim.engine.random_numbers import quantiles, uniforms
from lbpsim.evidence import base_values
from lbpsim.outcomes.arrays import Numbers
from lbpsim.verification.check import Check, CheckedFigure, close, described, deviation, exactly, probability
from lbpsim.verification.check_figures import BAND, EXPECTED, OBSERVED, cumulative, panels
from lbpsim.verification.models.first_event import first_events

CONSTANT = (0.002, 0.7, 30.0)  # hazards per year
CHANGING = ((0.3, 0.9), (1.0, 0.1), (1.5, 0.0), (math.inf, 3.0))  # until when, and the hazard that holds
COMPETING = (0.5, 0.2, 1.3)
SEED = 11
VARIANCE_LOST = 0.02


def checks(*, fast: bool) -> Iterator[Check]:
    """Everything about laws."""
    number = 10_000 if fast else 100_000
    yield hazards(number)
    yield competing(number)
    yield durations(number)


def of_law(name: str, sample: Numbers, law: Any) -> tuple[CheckedFigure, ...]:
    """Mean, variance and shape of a sample against a scipy law."""
    mean, variance, excess = (float(moment) for moment in law.stats("mvk"))
    error = math.sqrt(variance / len(sample))
    error_of_variance = variance * math.sqrt((excess + 2.0) / len(sample))
    return (
        deviation(f"{name}: mean", (float(sample.mean()) - mean) / error),
        deviation(f"{name}: variance", (float(sample.var()) - variance) / error_of_variance),
        probability(f"{name}: Kolmogorov-Smirnov", _fit(sample, law)),
    )


def hazards(number: int) -> Check:
    """Constant hazards give exponential times; a hazard that changes gives the law of its integral."""
    samples, laws = {}, {}
    for seed, hazard in enumerate(CONSTANT, SEED + 2):  # seeds of their own, or all would be one sample, stretched
        name = f"{hazard:g} a year"
        samples[name], _ = first_events([math.inf], [[0.0, hazard, 0.0]], people=number, seed=seed)
        laws[name] = stats.expon(scale=1.0 / hazard)
    ends, levels = [end for end, _ in CHANGING], [level for _, level in CHANGING]
    times, _ = first_events(ends, [[0.0, 0.0, level] for level in levels], people=number, seed=SEED)
    spent = integral(times)
    samples["changing, hazard spent"], laws["changing, hazard spent"] = spent, stats.expon()
    between = int(((times > CHANGING[1][0]) & (times < CHANGING[2][0])).sum())
    found = [one for name, sample in samples.items() for one in of_law(name, sample, laws[name])]
    return described(
        "hazards",
        (*found, exactly("events while the hazard was 0", "people", 0, between)),
        partial(_draw_laws, samples, laws),
    )


def integral(times: Numbers) -> Numbers:
    """The changing hazard, summed from 0 to each time."""
    ends = np.array([end for end, _ in CHANGING])
    starts = np.r_[0.0, ends[:-1]]
    within = np.clip(np.minimum(times[:, None], ends) - starts, 0.0, None)
    return np.asarray(within @ np.array([level for _, level in CHANGING]))


def competing(number: int) -> Check:
    """Of competing hazards each comes first in proportion to its size, whenever that is."""
    times, kinds = first_events([math.inf], [list(COMPETING)], people=number, seed=SEED + 1)
    rates = np.array(COMPETING)
    shares = rates / rates.sum()
    counts = np.bincount(kinds, minlength=len(rates))
    law = stats.expon(scale=1.0 / rates.sum())
    found = [probability("which comes first, chi-square", float(stats.chisquare(counts, number * shares).pvalue))]
    found += [
        probability(f"time of the first, where it is number {kind + 1}", _fit(times[kinds == kind], law))
        for kind in range(len(rates))
    ]
    return described("competing-risks", found, partial(_draw_shares, counts / number, shares, number))


def _fit(sample: Numbers, law: Any) -> float:
    """p-value of the Kolmogorov-Smirnov test."""
    return float(stats.kstest(sample, law.cdf).pvalue)


def model_laws(values: Mapping[str, float]) -> dict[str, Any]:
    """Every law of a duration or size in the model, at the registered values, as scipy knows it."""
    size, cv = values["flares.size_shape"], values["cft.response_cv"]
    return {
        "flare, points": stats.gamma(size, scale=values["flares.size_mean"] / size),
        "flare, years": stats.lognorm(values["flares.duration_sigma"], scale=values["flares.duration_median"]),
        "response to CFT": stats.gamma(1.0 / cv**2, scale=cv**2),
        "wait for surgery, years": stats.lognorm(values["surgery.wait_sigma"], scale=values["surgery.wait_median"]),
        "time off work, years": stats.lognorm(
            values["surgery.off_work_sigma"], scale=values["surgery.off_work_median"]
        ),
        "gamma of shape 1": stats.expon(scale=2.0),
    }


def kept_variance(table: Numbers, law: Any) -> float:
    """Variance of what is read off a table, along lines between its quantiles, as a share of its law's."""
    low, high = table[:-1], table[1:]
    mean = float((low + high).mean()) / 2.0
    square = float((low * low + low * high + high * high).mean()) / 3.0
    return (square - mean * mean) / float(law.var())


def durations(number: int) -> Check:
    """The tables of quantiles from which durations and sizes are read keep their laws."""
    laws = model_laws(base_values(2024))
    tables = {name: quantile_table(law) for name, law in laws.items()}
    tables["gamma of shape 1"] = quantile_table(gamma(2.0, 1.0))
    samples = {
        name: np.asarray(quantiles(table, uniforms(SEED, 0, np.arange(number), kind, 0)))
        for kind, (name, table) in enumerate(tables.items())
    }
    found = [one for name, sample in samples.items() for one in of_law(name, sample, laws[name])]
    found += [
        close(f"{name}: variance kept", "share", 1.0, kept_variance(tables[name], laws[name]), within=VARIANCE_LOST)
        for name in laws
    ]
    return described("durations", found, partial(_draw_laws, samples, laws), variance_lost=VARIANCE_LOST)


def _draw_laws(samples: dict[str, Numbers], laws: dict[str, Any], figure: Figure) -> None:
    rows = -(-len(samples) // 4)
    for axes, name in zip(panels(figure, rows, -(-len(samples) // rows), sharey=True), samples, strict=True):
        cumulative(axes, samples[name], laws[name], name)
    figure.axes[-1].legend(loc="lower right")
    figure.supylabel("Share below", fontsize=9)
    figure.supxlabel("Time (years), size or hazard spent", fontsize=9)


def _draw_shares(observed: Numbers, expected: Numbers, number: int, figure: Figure) -> None:
    (axes,) = panels(figure)
    reach = 4.0 * np.sqrt(expected * (1.0 - expected) / number)
    for place, (share, far) in enumerate(zip(expected, reach, strict=True)):
        axes.fill_between([place - 0.3, place + 0.3], share - far, share + far, color=BAND, linewidth=0)
        axes.plot([place - 0.3, place + 0.3], [share, share], color=EXPECTED, linewidth=1.2)
    axes.plot(range(len(observed)), observed, "o", color=OBSERVED)
    axes.set_xticks(range(len(observed)), [f"{rate:g} a year" for rate in COMPETING])
    axes.set(ylim=(0.0, 1.0), xlabel="Hazard", ylabel="Share of first events")
