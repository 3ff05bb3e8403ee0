"""From the sums of each replication to figures for the country, with their Monte Carlo errors.

A replication's estimate for the country is its sum times the real people that each of its simulated ones stands for.
The figure is the mean over replications, its error their standard deviation over the square root of their number.
Replications share luck between policies, so a difference has the error of the paired differences. A ratio is
linearised (delta method), which gives it one value a replication too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.outcomes import payers
from lbpsim.outcomes.accrual import FIXED_POINT
from lbpsim.outcomes.groups import COUNTRY_WIDE, GROUPS, QUINTILES
from lbpsim.outcomes.measures import COST_CATEGORIES, COUNTED, NUMBER, OUTCOMES, RATIOS, SUMS
from lbpsim.outcomes.waiting import waiting_table
from lbpsim.study import Study
from lbpsim.study.problems import named

WEEKS_A_YEAR = 365.25 / 7.0
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Results:
    """What a study comes to, ready to be read as tables.

    `totals`: fixed-point sums, shape (policies, replications, 2, years, groups, outcomes); `scales`: real people to
    each simulated one, shape (replications,); `national`: amounts known without sampling, shape (policies, 2, years,
    outcomes); `country_cases`: people with chronic low back pain at the start; `whole` and `part`: where these are
    some of many policies, the results of all, and a sentence that says which these are.
    """

    study: Study
    totals: npt.NDArray[np.int64]
    scales: Numbers
    national: Numbers
    people: int
    country_cases: float
    engine: str
    events: int
    seconds: float
    whole: Results | None = field(default=None, kw_only=True, repr=False, compare=False)
    part: str = field(default="", kw_only=True, compare=False)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the policies, the comparator first."""
        return tuple(policy.name for policy in self.study.policies)

    @property
    def titles(self) -> dict[str, str]:
        """Title of each policy by its name."""
        return {policy.name: policy.title for policy in self.study.policies}

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years of the study."""
        return tuple(self.study.calendar_years)

    @property
    def seed(self) -> int:
        """Seed of the random numbers."""
        return self.study.seed

    @property
    def replications(self) -> int:
        """Number of independent replications."""
        return int(self.totals.shape[1])

    def save(self, folder: str | Path, *, overwrite: bool = False) -> None:
        """Write tables, charts and provenance into a folder, as `lbpsim run` does.

        Raises InputErrors where the folder holds results of other inputs and `overwrite` does not say that they may go,
        or where its name is empty; FolderInUseError where a run writes there.
        """
        from lbpsim.report.outputs import save  # noqa: PLC0415 - results know nothing of reports but this door

        save(self, named(folder, "folder"), overwrite=overwrite)

    def _counted(self, policy: int) -> Numbers:
        """Estimates for the country under one policy, shape (1, replications, 2, years, groups, counted outcomes)."""
        estimates = self.totals[policy, None] * (self.scales / FIXED_POINT)[None, :, None, None, None, None]
        estimates[:, :, :, :, COUNTRY_WIDE, :] += self.national[policy, None, None]
        return estimates

    def _of_each(self, made: Callable[[Numbers], Numbers]) -> Numbers:
        """What is made of each policy's estimates, one after the other: all at once would fill the memory."""
        return np.concatenate([made(self._counted(policy)) for policy in range(len(self.scenarios))])

    @cached_property
    def by_replication(self) -> Numbers:
        """One value a replication for every outcome, shape (policies, replications, 2, years, outcomes)."""
        return every_outcome(self._of_each(lambda counted: counted.sum(axis=4)))

    @cached_property
    def horizon_by_replication(self) -> Numbers:
        """As `by_replication`, over the whole horizon; shape (policies, replications, 2, outcomes)."""
        return every_outcome(self._of_each(lambda counted: counted.sum(axis=(3, 4))))

    @cached_property
    def by_group(self) -> Numbers:
        """As `by_replication`, undiscounted, by group: ages and sexes, quintiles, and what belongs to nobody; shape
        (policies, replications, years, groups, outcomes).
        """
        return self._of_each(_by_group)

    @cached_property
    def _fifths(self) -> Numbers:
        """As `horizon_by_replication`, by quintile; shape (policies, replications, 2, quintiles, outcomes)."""
        return every_outcome(self._of_each(lambda counted: _in_groups(counted).sum(axis=(3, 4))))

    @cached_property
    def by_quintile(self) -> pd.DataFrame:
        """Over the horizon: scenario, quintile, outcome, unit, discounted, value, mcse; without what is nobody's."""
        return self._quintile_frame(self._fifths, "value", self.scenarios)

    @cached_property
    def incremental_by_quintile(self) -> pd.DataFrame:
        """As `by_quintile`, against the comparator, paired: difference for value."""
        return self._quintile_frame(self._fifths[1:] - self._fifths[:1], "difference", self.scenarios[1:])

    def _quintile_frame(self, each: Numbers, name: str, scenarios: tuple[str, ...]) -> pd.DataFrame:
        mean, error = mean_and_error(each)
        index = pd.MultiIndex.from_product(
            [scenarios, [False, True], QUINTILES, list(OUTCOMES)],
            names=["scenario", "discounted", "quintile", "outcome"],
        )
        frame = pd.DataFrame({name: mean.ravel(), "mcse": error.ravel()}, index=index).reset_index()
        frame["unit"] = frame["outcome"].map(_units())
        mine = frame["outcome"].map(_belongs_to_people).astype(bool)
        columns = ["scenario", "quintile", "outcome", "unit", "discounted", name, "mcse"]
        return frame.loc[mine, columns].reset_index(drop=True)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Country over the horizon: scenario, outcome, unit, discounted, value, mcse."""
        mean, error = mean_and_error(self.horizon_by_replication)
        return _frame(self._both(mean, error), ("value", "mcse"))

    @cached_property
    def incremental(self) -> pd.DataFrame:
        """Against the comparator, paired: scenario, outcome, unit, discounted, difference, mcse."""
        mean, error = mean_and_error(self.horizon_by_replication[1:] - self.horizon_by_replication[:1])
        return _frame(self._both(mean, error, self.scenarios[1:]), ("difference", "mcse"))

    @cached_property
    def per_person(self) -> pd.DataFrame:
        """Per person in pain at the start: scenario, outcome, unit, discounted, value, mcse.

        Only outcomes that add up: a mean or a share is no more per person than it was.
        """
        additive = self.summary[~self.summary["outcome"].isin(RATIOS)].copy()
        additive[["value", "mcse"]] /= self.country_cases
        additive["unit"] = additive["unit"] + " per person"
        return additive.reset_index(drop=True)

    @cached_property
    def yearly(self) -> pd.DataFrame:
        """Country by calendar year, undiscounted: scenario, year, outcome, unit, value, mcse."""
        return self._yearly_frame(self.by_replication[:, :, 0], "value", self.scenarios)

    @cached_property
    def yearly_incremental(self) -> pd.DataFrame:
        """As `yearly`, against the comparator, paired: scenario, year, outcome, unit, difference, mcse."""
        each = self.by_replication[:, :, 0]
        return self._yearly_frame(each[1:] - each[:1], "difference", self.scenarios[1:])

    @cached_property
    def yearly_by_group(self) -> pd.DataFrame:
        """By calendar year, and by age band and sex, or quintile: scenario, year, age_band, sex, quintile, outcome,
        unit, value, mcse.

        What belongs to no person (places, physiotherapists, training) stands under "all".
        """
        labels = [
            *((group.age_band, group.sex, "all") for group in GROUPS),
            *(("all", "all", quintile) for quintile in QUINTILES),
            ("all", "all", "all"),
        ]
        mean, error = self._of_each(lambda counted: np.stack(mean_and_error(_by_group(counted)), axis=1)).swapaxes(0, 1)
        index = pd.MultiIndex.from_product(
            [self.scenarios, self.years, range(len(labels)), list(OUTCOMES)],
            names=["scenario", "year", "group", "outcome"],
        )
        frame = pd.DataFrame({"value": mean.ravel(), "mcse": error.ravel()}, index=index).reset_index()
        mine = np.array([_belongs_to_people(name) for name in frame["outcome"]])
        frame = frame[np.where(frame["group"] == len(labels) - 1, ~mine, mine)].reset_index(drop=True)
        for place, name in enumerate(("age_band", "sex", "quintile")):
            frame.insert(2 + place, name, frame["group"].map({n: label[place] for n, label in enumerate(labels)}))
        frame.insert(7, "unit", frame["outcome"].map(_units()))
        return frame.drop(columns="group")

    @cached_property
    def costs(self) -> pd.DataFrame:
        """By year, category and payer, undiscounted: scenario, year, category, payer, cost."""
        mean = self.by_replication[:, :, 0].mean(axis=1)
        columns = [list(OUTCOMES).index(name) for name in COST_CATEGORIES]
        shares = [payers.shares(self.study.values(policy)) for policy in self.study.policies]
        rows = [
            (scenario, year, category.removeprefix("cost_"), payer, part)
            for p, scenario in enumerate(self.scenarios)
            for y, year in enumerate(self.years)
            for category, cost in zip(COST_CATEGORIES, mean[p, y, columns], strict=True)
            for payer, part in payers.split(float(cost), shares[p][category.removeprefix("cost_")])
        ]
        return pd.DataFrame(rows, columns=["scenario", "year", "category", "payer", "cost"])

    @cached_property
    def waiting(self) -> pd.DataFrame:
        """The waiting lists by year: scenario, year, list, measure, unit, value, mcse."""
        return waiting_table(self.yearly, self._never_reached())

    def _never_reached(self) -> pd.DataFrame:
        summary = self.summary[~self.summary["discounted"]]
        return summary[summary["outcome"].isin(("cft_never_reached", "surgery_never_reached"))]

    def _both(self, mean: Numbers, error: Numbers, scenarios: tuple[str, ...] | None = None) -> Iterator[Any]:
        for p, scenario in enumerate(scenarios if scenarios is not None else self.scenarios):
            for discounted in (False, True):
                for k, outcome in enumerate(OUTCOMES.values()):
                    yield (
                        scenario,
                        outcome.name,
                        outcome.unit,
                        discounted,
                        mean[p, int(discounted), k],
                        error[p, int(discounted), k],
                    )

    def _yearly_frame(self, each: Numbers, name: str, scenarios: tuple[str, ...]) -> pd.DataFrame:
        mean, error = mean_and_error(each)
        index = pd.MultiIndex.from_product(
            [scenarios, self.years, list(OUTCOMES)], names=["scenario", "year", "outcome"]
        )
        frame = pd.DataFrame({name: mean.ravel(), "mcse": error.ravel()}, index=index).reset_index()
        frame.insert(3, "unit", frame["outcome"].map(_units()))
        return frame


def every_outcome(counted: Numbers) -> Numbers:
    """Values of all outcomes, in their order, from those that are counted; replications on axis 1, outcomes last."""
    known = dict(zip((outcome.name for outcome in COUNTED), np.moveaxis(counted, -1, 0), strict=True))
    for name, (_, parts) in SUMS.items():
        known[name] = sum(known[part] for part in parts[1:]) + known[parts[0]]
    for name, (_, top, bottom, unit) in RATIOS.items():
        known[name] = linearised_ratio(known[top], known[bottom]) * (WEEKS_A_YEAR if unit == "weeks" else 1.0)
    return np.stack([known[name] for name in OUTCOMES], axis=-1)


def _in_groups(counted: Numbers) -> Numbers:
    """Of estimates those of people, shape (policies, replications, 2, years, age and sex, quintiles, outcomes)."""
    people = counted[:, :, :, :, :COUNTRY_WIDE]
    return people.reshape(*people.shape[:4], len(GROUPS), len(QUINTILES), people.shape[-1])


def _by_group(counted: Numbers) -> Numbers:
    """Outcomes by group, as `Results.by_group`."""
    people, nobody = _in_groups(counted)[:, :, 0], counted[:, :, 0, :, COUNTRY_WIDE:]
    return every_outcome(np.concatenate([people.sum(axis=4), people.sum(axis=3), nobody], axis=3))


def linearised_ratio(top: Numbers, bottom: Numbers) -> Numbers:
    """One value a replication (axis 1) whose mean is the ratio of means, and whose spread is the ratio's.

    Not a number where the denominator is zero.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        below = bottom.mean(axis=1, keepdims=True)
        ratio = top.mean(axis=1, keepdims=True) / below
        return np.where(below == 0.0, np.nan, ratio + (top - ratio * bottom) / below)


def mean_and_error(each: Numbers) -> tuple[Numbers, Numbers]:
    """Mean over replications (axis 1) and its Monte Carlo standard error; the error of one replication is unknown."""
    mean = each.mean(axis=1)
    if each.shape[1] < 2:
        return mean, np.full_like(mean, np.nan)
    return mean, each.std(axis=1, ddof=1) / np.sqrt(each.shape[1])


def _belongs_to_people(name: str) -> bool:
    return OUTCOMES[name].kind != "clinic" and name != "cost_training"


def _units() -> dict[str, str]:
    return {name: outcome.unit for name, outcome in OUTCOMES.items()}


def _frame(rows: Iterator[Any], last: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["scenario", "outcome", "unit", "discounted", *last])


__all__ = ["NUMBER", "Results", "every_outcome", "linearised_ratio", "mean_and_error"]
