"""For whom a policy does most: QALYs for each 1,000 years that people of a group live, by age, sex and fifth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from lbpsim.outcomes.estimate import CONFIDENCE, Estimate
from lbpsim.outcomes.groups import COUNTRY_WIDE, GROUPS, QUINTILES, SEXES
from lbpsim.outcomes.measures import OUTCOME_INDEX, SUMS
from lbpsim.outcomes.periods import linearised_ratio
from lbpsim.outcomes.results import Results, mean_and_error
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.report.narrative.differences import from_replications

Numbers = npt.NDArray[np.float64]
PER = 1000  # years lived
FROM_THE_MOST_DISADVANTAGED = (
    *("the most disadvantaged", "the second most disadvantaged", "the middle"),
    *("the second least disadvantaged", "the least disadvantaged"),
)
FIFTHS = {name: f"{words} fifth" for name, words in zip(QUINTILES, FROM_THE_MOST_DISADVANTAGED, strict=True)}


@dataclass(frozen=True)
class Gains:
    """QALYs over the comparator for each 1,000 years lived: `each`, shape (replications, groups), with its labels."""

    labels: tuple[str, ...]
    each: Numbers

    @property
    def means(self) -> Numbers:
        """Mean of each group, shape (groups,)."""
        return np.asarray(self.each.mean(axis=0))

    def estimates(self) -> list[tuple[str, Estimate]]:
        """Each group with its mean and Monte Carlo interval."""
        return [(label, from_replications(each)) for label, each in zip(self.labels, self.each.T, strict=True)]

    def widest(self) -> tuple[str, str, Estimate]:
        """Labels of the groups with most and least, and the difference between them.

        Its interval allows for the pair being picked, as the widest of all pairs (Bonferroni).
        """
        most, least = int(np.nanargmax(self.means)), int(np.nanargmin(self.means))
        return self.labels[most], self.labels[least], self._apart(most, least)

    def _apart(self, most: int, least: int) -> Estimate:
        value, error = mean_and_error((self.each[:, most] - self.each[:, least])[None])
        number, groups = len(self.each), len(self.labels)
        if number < 2:
            return Estimate(float(value[0]))
        pairs = max(groups * (groups - 1) / 2, 1)
        half = float(special.stdtrit(number - 1, 1.0 - (1.0 - CONFIDENCE) / 2.0 / pairs) * error[0])
        return Estimate(float(value[0]), float(value[0]) - half, float(value[0]) + half, source="Monte Carlo")


def gains(results: Results, scenario: str) -> Mapping[str, Gains]:
    """A policy's gains by "age bands", "sexes" and "socioeconomic fifths"; groups without people are left out."""
    place = results.scenarios.index(scenario)
    qalys, years = (_by_group(results, name, (0, place)) for name in ("qalys", "life_years"))
    ages = tuple(dict.fromkeys(group.age_band for group in GROUPS))
    return {
        "age bands": _gains(qalys, years, [f"ages {band}" for band in ages], (2, 3)),
        "sexes": _gains(qalys, years, SEXES, (1, 3)),
        "socioeconomic fifths": _gains(qalys, years, list(FIFTHS.values()), (1, 2)),
    }


def _by_group(results: Results, outcome: str, places: tuple[int, int]) -> Numbers:
    """The comparator's and a policy's outcome; shape (policies, replications, ages, sexes, fifths)."""
    columns = [OUTCOME_INDEX[name] for name in (SUMS[outcome][1] if outcome in SUMS else (outcome,))]
    people = results.totals[list(places), :, 0, :, :COUNTRY_WIDE][..., columns].astype(float).sum(axis=(2, 4))
    scaled = people * (results.scales / FIXED_POINT)[None, :, None]
    return np.asarray(scaled.reshape(*people.shape[:2], -1, len(SEXES), len(QUINTILES)))


def _gains(qalys: Numbers, years: Numbers, labels: Sequence[str], summed: tuple[int, int]) -> Gains:
    gained, lived = (qalys[1] - qalys[0]).sum(axis=summed), years[0].sum(axis=summed)
    each = PER * linearised_ratio(gained[None], lived[None])[0]
    there = lived.sum(axis=0) > 0.0
    return Gains(tuple(label for label, is_there in zip(labels, there, strict=True) if is_there), each[:, there])
