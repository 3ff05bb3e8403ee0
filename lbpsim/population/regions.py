"""Which region people live in, where a study knows of which regions the whole is made up; and where CFT is offered.

A region is drawn once, as a person enters, by the shares of the regions among people of one sex and age as they were
counted; nobody moves. It says to whom a policy offers CFT, and nothing else depends on it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lbpsim.evidence.country import Country
from lbpsim.population.demography import AGES, people_counted
from lbpsim.study.limits import MOST_REGIONS
from lbpsim.study.regions import Regions

Bounds = npt.NDArray[np.float64]


def upper_bounds(country: Country, regions: Regions) -> Bounds:
    """Shares of people of each sex and single year of age who live in a region or one before it; shape (regions, 2,
    AGES). At ages at which nobody was counted, the shares of all people of that sex hold.
    """
    counted = np.array([people_counted(country, part) for part in regions.parts])
    of_all = np.broadcast_to(counted.sum(axis=2, keepdims=True), counted.shape)
    known = np.where(counted.sum(axis=0) > 0.0, counted, of_all)
    sums = np.cumsum(known, axis=0)
    return np.asarray(sums / sums[-1])


def regions_of(
    bounds: Bounds, sex: npt.NDArray[np.integer], age: npt.NDArray[np.integer], shares: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """The number of the region in which each person lives, given a number in (0, 1) for each."""
    mine = bounds[:-1, sex, np.minimum(age, AGES - 1)]
    return np.asarray((shares >= mine).sum(axis=0))


def offered_in(chosen: Sequence[str], names: Sequence[str]) -> npt.NDArray[np.int64]:
    """For each of the regions of these `names`, by its number, whether CFT is offered there (1); everywhere where none
    is chosen.

    Raises ValueError for a region that the study has not.
    """
    if not chosen:
        return np.ones(MOST_REGIONS, np.int64)
    if unknown := [name for name in chosen if name not in names]:
        raise ValueError(f"the study has no region {', '.join(unknown)}")
    offered = np.zeros(MOST_REGIONS, np.int64)
    offered[[names.index(name) for name in chosen]] = 1
    return offered
