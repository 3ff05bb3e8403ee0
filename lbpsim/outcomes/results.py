"""From the sums of each replication to figures for the country, with their Monte Carlo errors.

A replication's estimate for the country is its sum times the real people that each of its simulated ones stands for.
The figure is the mean over replications, its error their standard deviation over the square root of their number.
Policies share the random numbers of each replication, so a difference has the error of the paired differences. A ratio
is linearised (delta method), which gives it one value per replication too. What years come to together follows from the
nature of an outcome (`lbpsim.outcomes.periods`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim import door
from lbpsim.evidence import in_force
from lbpsim.evidence.currency import in_currency
from lbpsim.outcomes import payers
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.groups import COUNTRY_WIDE, GROUPS, QUINTILES
from lbpsim.outcomes.health_by_group import LABELS
from lbpsim.outcomes.lifetime import OVER_A_LIFETIME, parts_of_life
from lbpsim.outcomes.measures import COST_CATEGORIES, OUTCOME_INDEX, OUTCOMES, reported
from lbpsim.outcomes.people_treated import treated_by_year, treated_frame
from lbpsim.outcomes.per_thousand_treated import Treated, nobody
from lbpsim.outcomes.periods import FLOWS, every_outcome, lengths_of_years, of_country, over_years
from lbpsim.outcomes.waiting import waiting_table
from lbpsim.study import Study
from lbpsim.study.files.errors import named

ORDER = list(OUTCOMES)
EITHER: Sequence[object] = (False, True)  # not discounted, discounted


@dataclass(frozen=True)
class Results:
    """What a study comes to, ready to be read as tables.

    `totals`: fixed-point sums, shape (policies, replications, 2, years, groups, outcomes); `scales`: real people to
    each simulated one, shape (replications,); `national`: amounts known without sampling, shape (policies, 2, years,
    outcomes); `country_cases`: people with chronic low back pain at the start, and `in_remission`, who had it before;
    `people`: simulated for the former; `beyond`: as `totals`, without years, of
    what comes after the study's years where people are followed to death; `whole` and `part`: where these are
    some of many policies, the results of all, and a sentence that says which these are; `treated`: what treatments come
    to for people of the study, None where nobody was followed; `switches`: the headline under other readings of the
    model, as of `lbpsim.dsa.model_readings`, None where they were not simulated.
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
    in_remission: float = field(default=0.0, kw_only=True)
    beyond: npt.NDArray[np.int64] | None = field(default=None, kw_only=True)
    whole: Results | None = field(default=None, kw_only=True, repr=False, compare=False)
    part: str = field(default="", kw_only=True, compare=False)
    treated: Treated | None = field(default=None, kw_only=True, repr=False, compare=False)
    switches: pd.DataFrame | None = field(default=None, kw_only=True, repr=False, compare=False)

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

    @cached_property
    def lengths(self) -> Numbers:
        """How much of each calendar year is simulated, undiscounted and discounted; shape (2, years)."""
        return lengths_of_years(self.study)

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
        with in_force.within(self.study.country):
            door.save(self, named(folder, "folder"), overwrite=overwrite)

    def brief(self, folder: str | Path, *, policies: Sequence[str] = ()) -> tuple[Path, Path]:
        """Write `brief.html` and `brief.pdf`, one page that says what was found, and return their paths.

        `policies`: names of those that it is about, beside the comparator; none: all of the study.

        Raises LookupError for a name that no policy has, ValueError where nobody could choose any of them.
        """
        with in_force.within(self.study.country):
            return door.brief(self, named(folder, "folder"), policies)

    def _counted(self, policy: int) -> Numbers:
        """Estimates for the country under one policy, shape (1, replications, 2, years, groups, counted outcomes)."""
        estimates = of_country(self.totals[policy, None], self.scales)
        estimates[:, :, :, :, COUNTRY_WIDE, :] += self.national[policy, None, None]
        return estimates

    def _of_each(self, made: Callable[[Numbers], Numbers]) -> Numbers:
        """What is made of each policy's estimates, one after the other: all at once would fill the memory."""
        first = made(self._counted(0))
        every = np.empty((len(self.scenarios), *first.shape[1:]))
        every[:1] = first
        for policy in range(1, len(every)):
            every[policy : policy + 1] = made(self._counted(policy))
        return every

    @cached_property
    def by_replication(self) -> Numbers:
        """One value a replication for every outcome, shape (policies, replications, 2, years, outcomes)."""
        return every_outcome(self._of_each(lambda counted: counted.sum(axis=4)), self.lengths)

    @cached_property
    def horizon_by_replication(self) -> Numbers:
        """As `by_replication`, over the whole horizon; shape (policies, replications, 2, outcomes)."""
        whole = self._of_each(lambda counted: over_years(counted, 3, 4))
        return every_outcome(whole, self.lengths.sum(axis=1))

    def horizon_by_group(self, *outcomes: str) -> Numbers:
        """Outcomes that add up over years, over the whole horizon, undiscounted, by group: ages and sexes, quintiles,
        and what belongs to nobody; shape (policies, replications, groups, outcomes).
        """
        places = [ORDER.index(name) for name in outcomes]
        return self._of_each(lambda counted: self._outcomes_by_group(counted)[..., places].sum(axis=2))

    def _outcomes_by_group(self, counted: Numbers) -> Numbers:
        """Undiscounted, by year; shape (policies, replications, years, groups, outcomes)."""
        return every_outcome(_by_group(counted), self.lengths[0, :, None])

    @cached_property
    def _fifths(self) -> Numbers:
        """As `horizon_by_replication`, by quintile; shape (policies, replications, 2, quintiles, outcomes)."""
        whole = self._of_each(lambda counted: over_years(_in_groups(counted), 3, 4))
        return every_outcome(whole, self.lengths.sum(axis=1)[:, None])

    @cached_property
    def by_quintile(self) -> pd.DataFrame:
        """Over the horizon: scenario, quintile, outcome, unit, discounted, value, mcse; without what is nobody's."""
        return self._quintile_frame(self._fifths, "value")

    @cached_property
    def incremental_by_quintile(self) -> pd.DataFrame:
        """As `by_quintile`, against the comparator, paired: difference for value."""
        return self._quintile_frame(self._fifths[1:] - self._fifths[:1], "difference")

    def _quintile_frame(self, each: Numbers, name: str) -> pd.DataFrame:
        axes = {"discounted": EITHER, "quintile": QUINTILES, "outcome": ORDER}
        frame = self._over_the_horizon(axes, name, *mean_and_error(each))
        return frame[frame["outcome"].map(_belongs_to_people).astype(bool)].reset_index(drop=True)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Country over the horizon: scenario, outcome, unit, discounted, value, mcse."""
        axes = {"discounted": EITHER, "outcome": ORDER}
        return self._over_the_horizon(axes, "value", *mean_and_error(self.horizon_by_replication))

    @cached_property
    def incremental(self) -> pd.DataFrame:
        """Against the comparator, paired: scenario, outcome, unit, discounted, difference, mcse; and of draws mean, low
        and high, which are empty where none were made, and of what is not discounted.
        """
        each = self.horizon_by_replication[1:] - self.horizon_by_replication[:1]
        axes = {"discounted": EITHER, "outcome": ORDER}
        frame = self._over_the_horizon(axes, "difference", *mean_and_error(each))
        return frame.assign(mean=np.nan, low=np.nan, high=np.nan)

    @cached_property
    def _lifetimes(self) -> dict[str, Numbers]:
        """By part of life, one value a replication for every outcome; shape (policies, replications, 2, outcomes)."""
        if self.beyond is None:
            return {}
        study = self._of_each(lambda counted: over_years(counted, 3, 4))
        return parts_of_life(study, of_country(self.beyond.sum(axis=3), self.scales))

    @cached_property
    def lifetime_summary(self) -> pd.DataFrame:
        """Country within the study's years, beyond them, and over the lifetime: scenario, part, outcome, unit,
        discounted, value, mcse; without rows where people were not followed to death.
        """
        return self._lifetime_frame(self._lifetimes, "value")

    @cached_property
    def lifetime_incremental(self) -> pd.DataFrame:
        """As `lifetime_summary`, against the comparator, paired: difference for value."""
        return self._lifetime_frame({part: each[1:] - each[:1] for part, each in self._lifetimes.items()}, "difference")

    def _lifetime_frame(self, parts: Mapping[str, Numbers], name: str) -> pd.DataFrame:
        if not parts:
            return pd.DataFrame(columns=["scenario", "part", "outcome", "unit", "discounted", name, "mcse"])
        axes = {"part": list(parts), "discounted": EITHER, "outcome": ORDER}
        figures = zip(*map(mean_and_error, parts.values()), strict=True)
        frame = self._over_the_horizon(axes, name, *(np.stack(each, axis=1) for each in figures))
        return frame[frame["outcome"].isin(OVER_A_LIFETIME)].reset_index(drop=True)

    def _over_the_horizon(self, axes: Mapping[str, Sequence[object]], name: str, *figures: Numbers) -> pd.DataFrame:
        """A figure called `name` and its error, of all policies or of all but the comparator; `axes`: the others."""
        scenarios = self.scenarios[-len(figures[0]) :] if len(figures[0]) else ()
        frame = long_frame({"scenario": scenarios, **axes}, dict(zip((name, "mcse"), figures, strict=True)))
        frame["unit"] = frame["outcome"].map(self._units)
        kept = ~frame["discounted"] | frame["outcome"].isin(reported(discounted=True))
        within = [axis for axis in axes if axis not in ("discounted", "outcome")]
        columns = ["scenario", *within, "outcome", "unit", "discounted", name, "mcse"]
        return frame.loc[kept, columns].reset_index(drop=True)

    @cached_property
    def per_person(self) -> pd.DataFrame:
        """Per person in pain at the start: scenario, outcome, unit, discounted, value, mcse.

        Only flows: a mean, a share or what is there at the end is no more per person than it was.
        """
        additive = self.summary[self.summary["outcome"].isin(FLOWS)].copy()
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
        labels = [*LABELS, ("all", "all", "all")]
        each = self._of_each(lambda counted: np.stack(mean_and_error(self._outcomes_by_group(counted)), axis=1))
        mean, error = each.swapaxes(0, 1)
        axes = {"scenario": self.scenarios, "year": self.years, "group": range(len(labels)), "outcome": ORDER}
        frame = long_frame(axes, {"value": mean, "mcse": error})
        mine = np.array([_belongs_to_people(name) for name in frame["outcome"]])
        frame = frame[np.where(frame["group"] == len(labels) - 1, ~mine, mine)].reset_index(drop=True)
        for place, name in enumerate(("age_band", "sex", "quintile")):
            frame.insert(2 + place, name, frame["group"].map({n: label[place] for n, label in enumerate(labels)}))
        frame.insert(7, "unit", frame["outcome"].map(self._units))
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
        lengths = dict(zip(self.years, self.lengths[0].tolist(), strict=True))
        return waiting_table(self.yearly, self._never_reached(), lengths)

    @cached_property
    def treated_by_year(self) -> pd.DataFrame:
        """People offered CFT, treated and improved, and what that costs, by year and over the horizon: scenario, year,
        measure, unit, value, mcse; and of draws mean, low, high, interval, which are empty where none were made.
        """
        return treated_frame(self.scenarios, self.years, self._treated_by_year(), self.study.country.currency.code)

    @cached_property
    def treated_figures(self) -> dict[tuple[object, ...], dict[Hashable, Any]]:
        """The rows of `treated_by_year` by scenario, measure and year."""
        keys = self.treated_by_year[["scenario", "measure", "year"]].itertuples(index=False, name=None)
        return dict(zip(keys, self.treated_by_year.to_dict("records"), strict=True))

    def _treated_by_year(self) -> dict[str, Numbers]:
        value, error = mean_and_error(treated_by_year(self.by_replication[:, :, 0]))
        return {"value": value, "mcse": error}

    @property
    def per_thousand(self) -> pd.DataFrame:
        """Per 1,000 people treated, against the same people untreated: treatment, among, years, outcome, unit,
        discounted, untreated, difference, mcse, people; no rows where nobody was followed.
        """
        return self.treated.frame if self.treated is not None else nobody()

    def _never_reached(self) -> pd.DataFrame:
        summary = self.summary[~self.summary["discounted"]]
        return summary[summary["outcome"].isin(("cft_never_reached", "surgery_never_reached"))]

    @cached_property
    def _units(self) -> dict[str, str]:
        """Unit of each outcome, money in the currency of the country."""
        code = self.study.country.currency.code
        return {name: in_currency(outcome.unit, code) for name, outcome in OUTCOMES.items()}

    def _yearly_frame(self, each: Numbers, name: str, scenarios: tuple[str, ...]) -> pd.DataFrame:
        mean, error = mean_and_error(each)
        frame = long_frame({"scenario": scenarios, "year": self.years, "outcome": ORDER}, {name: mean, "mcse": error})
        frame.insert(3, "unit", frame["outcome"].map(self._units))
        return frame


def _in_groups(counted: Numbers) -> Numbers:
    """Of estimates those of people, shape (policies, replications, 2, years, age and sex, quintiles, outcomes)."""
    people = counted[:, :, :, :, :COUNTRY_WIDE]
    return people.reshape(*people.shape[:4], len(GROUPS), len(QUINTILES), people.shape[-1])


def _by_group(counted: Numbers) -> Numbers:
    """Undiscounted estimates by group, of what is counted."""
    people, nobody = _in_groups(counted)[:, :, 0], counted[:, :, 0, :, COUNTRY_WIDE:]
    return np.concatenate([people.sum(axis=4), people.sum(axis=3), nobody], axis=3)


def mean_and_error(each: Numbers) -> tuple[Numbers, Numbers]:
    """Mean over replications (axis 1) and its Monte Carlo standard error; the error of one replication is unknown."""
    mean = each.mean(axis=1)
    if each.shape[1] < 2:
        return mean, np.full_like(mean, np.nan)
    return mean, each.std(axis=1, ddof=1) / np.sqrt(each.shape[1])


def long_frame(axes: Mapping[str, Sequence[object]], figures: Mapping[str, Numbers]) -> pd.DataFrame:
    """Arrays with these `axes`, by name, as a table: a row a cell, a column an axis, then one for each of the figures.

    >>> long_frame({"scenario": ["a", "b"], "year": [2027]}, {"value": np.array([[1.0], [2.0]])}).to_numpy().tolist()
    [['a', 2027, 1.0], ['b', 2027, 2.0]]
    """
    index = pd.MultiIndex.from_product(list(axes.values()), names=list(axes))
    return pd.DataFrame({name: each.ravel() for name, each in figures.items()}, index=index).reset_index()


def _belongs_to_people(name: str) -> bool:
    return OUTCOMES[name].kind != "clinic" and name != "cost_training"


__all__ = ["OUTCOME_INDEX", "Results", "long_frame", "mean_and_error"]
