"""For whom a policy does most: QALYs for each 1,000 years that people of a group live, by age, sex and fifth.

From draws that kept health by group, otherwise at central inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from lbpsim.outcomes.draws import DrawResults, ProbabilisticResults, interval
from lbpsim.outcomes.estimate import CONFIDENCE, Estimate, from_draws, from_error
from lbpsim.outcomes.groups import GROUPS, QUINTILES
from lbpsim.outcomes.health_by_group import HEALTH, LABELS, health_by_group
from lbpsim.outcomes.periods import linearised_ratio
from lbpsim.outcomes.results import Results, mean_and_error

Numbers = npt.NDArray[np.float64]
PER = 1000  # years lived
FROM_THE_MOST_DISADVANTAGED = (
    *("the most disadvantaged", "the second most disadvantaged", "the middle"),
    *("the second least disadvantaged", "the least disadvantaged"),
)
FIFTHS = {name: f"{words} fifth" for name, words in zip(QUINTILES, FROM_THE_MOST_DISADVANTAGED, strict=True)}
KINDS = {"age bands": 0, "sexes": 1, "socioeconomic fifths": 2}  # where it stands in `LABELS`


@dataclass(frozen=True)
class Gains:
    """QALYs over the comparator for each 1,000 years lived: `each`, of groups with their labels, shape (replications,
    groups) at central inputs, and (draws, replications, groups) over draws.
    """

    labels: tuple[str, ...]
    each: Numbers

    @property
    def over_draws(self) -> bool:
        """Whether these are of draws."""
        return self.each.ndim > 2

    @property
    def means(self) -> Numbers:
        """Mean of each group, shape (groups,)."""
        return np.asarray(self.each.mean(axis=tuple(range(self.each.ndim - 1))))

    def estimates(self) -> list[tuple[str, Estimate]]:
        """Each group with its mean and interval: over draws, or of Monte Carlo error."""
        told = [self._of(self.each[..., place]) for place in range(len(self.labels))]
        return list(zip(self.labels, told, strict=True))

    def widest(self) -> tuple[str, str, Estimate]:
        """Labels of the groups with most and least, and the difference between them, within each draw.

        Its interval of Monte Carlo error allows for the pair being picked, as the widest of all pairs (Bonferroni).
        That over draws need not: draws vary by far more than the means by which the pair is picked.
        """
        most, least = int(np.nanargmax(self.means)), int(np.nanargmin(self.means))
        between = self.each[..., most] - self.each[..., least]
        apart = self._of(between) if self.over_draws else _picked(between, len(self.labels))
        return self.labels[most], self.labels[least], apart

    def _of(self, each: Numbers) -> Estimate:
        if self.over_draws:
            return from_draws(*mean_and_error(each))
        mean, error = mean_and_error(each[None])
        return from_error(float(mean[0]), float(error[0]), len(each))


def _picked(each: Numbers, groups: int) -> Estimate:
    """The mean of a difference over replications, with the interval of the widest of so many groups."""
    value, error = mean_and_error(each[None])
    number = len(each)
    if number < 2:
        return Estimate(float(value[0]))
    pairs = max(groups * (groups - 1) / 2, 1)
    half = float(special.stdtrit(number - 1, 1.0 - (1.0 - CONFIDENCE) / 2.0 / pairs) * error[0])
    return Estimate(float(value[0]), float(value[0]) - half, float(value[0]) + half, source="Monte Carlo")


def gains(results: Results, scenario: str) -> Mapping[str, Gains]:
    """A policy's gains by "age bands", "sexes" and "socioeconomic fifths"; groups without people are left out."""
    places = [0, results.scenarios.index(scenario)]
    draws = draws_of_groups(results)
    if draws is None:
        found = health_by_group(results.totals[places], results.scales)[None]
    else:
        found = draws.by_group[:, [0, draws.scenarios.index(scenario)]]
    return {kind: _gains(*_in_bands(found, place), drawn=draws is not None) for kind, place in KINDS.items()}


def by_age_and_sex(results: Results) -> Estimate:
    """Gains of every policy but the comparator; shape (policies, ages and sexes). Not a number for a group without
    people.
    """
    draws = draws_of_groups(results)
    found = health_by_group(results.totals, results.scales)[None] if draws is None else draws.by_group
    of_groups = found[:, :, :, : len(GROUPS)].swapaxes(1, 2)  # replications before policies
    qalys, years = of_groups[..., HEALTH.index("qalys")], of_groups[:, :, :1, :, HEALTH.index("life_years")]
    means, noise = mean_and_error(PER * linearised_ratio(qalys[:, :, 1:] - qalys[:, :, :1], years))
    if draws is None:
        return from_error(means[0], noise[0], results.replications)
    mean, low, high, _ = interval(means, noise)
    return Estimate(mean, low, high)


def draws_of_groups(results: Results) -> DrawResults | None:
    """The draws of a probabilistic analysis, where they kept health by group."""
    draws = results.draws if isinstance(results, ProbabilisticResults) else None
    return draws if draws is not None and draws.knows_groups else None


def _in_bands(found: Numbers, kind: int) -> tuple[list[str], Numbers]:
    """Labels of bands of one kind, and health in them; shape (draws, policies, replications, bands, 3)."""
    bands = dict.fromkeys(label[kind] for label in LABELS if label[kind] != "all")
    members = [[place for place, label in enumerate(LABELS) if label[kind] == band] for band in bands]
    named = [FIFTHS.get(band, f"ages {band}" if kind == KINDS["age bands"] else band) for band in bands]
    return named, np.stack([found[:, :, :, places].sum(axis=3) for places in members], axis=3)


def _gains(labels: list[str], found: Numbers, *, drawn: bool) -> Gains:
    qalys, years = found[..., HEALTH.index("qalys")], found[:, 0, ..., HEALTH.index("life_years")]
    each = PER * linearised_ratio(qalys[:, 1] - qalys[:, 0], years)
    there = (years.sum(axis=1) > 0.0).all(axis=0)
    kept = tuple(label for label, is_there in zip(labels, there, strict=True) if is_there)
    return Gains(kept, each[..., there] if drawn else each[0][:, there])
