"""A run of usual care, and how its figures for the country are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import OUTCOMES, adding_up
from lbpsim.outcomes.results import Results
from lbpsim.population.demography import project
from lbpsim.simulation import run
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import Study
from lbpsim.study.clock import part_of_year

Figure = tuple[float, float]  # a value and its Monte Carlo standard error
FIRST, LAST = 0, -1


def usual_care(
    study: Study, *, workers: int | None = None, tell: Callable[[run.Progress], None] | None = None
) -> UsualCareRun:
    """Run the study's comparator alone."""
    alone = study.of_comparator
    return UsualCareRun(run.run_study(alone, workers=workers, tell=tell))


@dataclass(frozen=True)
class UsualCareRun:
    """The country under usual care."""

    results: Results

    @property
    def values(self) -> dict[str, float]:
        """Every input, in canonical units."""
        return self.results.study.values(self.results.study.policies[0])

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years of the run."""
        return self.results.years

    def year(self, outcome: str, number: int) -> Figure:
        """An outcome in a calendar year, the FIRST or the LAST, undiscounted; flows as so much a year."""
        rows = self.results.yearly
        row = rows[rows["outcome"] == outcome].iloc[number]
        part = float(self.results.lengths[0, number]) if OUTCOMES[outcome].nature == "flow" else 1.0
        return float(row["value"]) / part, float(row["mcse"]) / part

    def a_year(self, outcome: str) -> Figure:
        """A flow as so much a year on average over the horizon, for what is rare."""
        rows = self.results.summary
        row = rows[(rows["outcome"] == adding_up(outcome)) & ~rows["discounted"]].iloc[0]
        return float(row["value"]) / self._length, float(row["mcse"]) / self._length

    @property
    def _length(self) -> float:
        return float(self.results.study.years)

    def of_age(self, outcome: str, bands: tuple[str, ...], number: int) -> Figure:
        """A flow among people of some age bands in a year, as `year`; errors of groups are taken as independent."""
        rows = self.results.yearly_by_group
        chosen: pd.DataFrame = rows[
            (rows["outcome"] == outcome) & (rows["year"] == self.years[number]) & rows["age_band"].isin(bands)
        ]
        part = float(self.results.lengths[0, number])
        return float(chosen["value"].sum()) / part, float(np.sqrt((chosen["mcse"] ** 2).sum())) / part

    @cached_property
    def adults(self) -> Numbers:
        """Adults of the country in the middle of each year of the study."""
        study = self.results.study
        ends = project(study.country, study.start.year + part_of_year(study.start), study.years, self.values).adults()
        return np.asarray((ends[:-1] + ends[1:]) / 2.0)

    @cached_property
    def expected_employed(self) -> float:
        """Share of working-age people with chronic low back pain who work, by the table of employment."""
        cases = PreparedStudy(self.results.study).country.cases[:, : int(self.values["work.retirement_age"])]
        shares = np.zeros_like(cases)
        for group in self.results.study.country.employed:
            shares[:, group.low : group.high + 1] = [[group.male], [group.female]]
        return float((cases * shares).sum() / cases.sum())
