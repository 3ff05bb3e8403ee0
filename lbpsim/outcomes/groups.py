"""Groups in which outcomes are kept: age band and sex, and within each the socioeconomic quintile."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

BAND_STARTS = (18, 35, 45, 55, 65, 75)
OLDEST = 110
SEXES = ("men", "women")


@dataclass(frozen=True)
class Group:
    """People of one age band ("18-34") and sex ("men", "women")."""

    age_band: str
    sex: str


def _labels() -> list[str]:
    return [f"{low}-{high - 1}" for low, high in pairwise(BAND_STARTS)] + [f"{BAND_STARTS[-1]}+"]


GROUPS: tuple[Group, ...] = tuple(Group(band, sex) for band in _labels() for sex in SEXES)


QUINTILES = ("1", "2", "3", "4", "5")  # fifths of all people, the most disadvantaged first
COUNTRY_WIDE = len(GROUPS) * len(QUINTILES)  # what belongs to no person: places at clinics


def age_bands() -> npt.NDArray[np.int64]:
    """Number of the band for each age 0 to 110; those under 18 count with the youngest."""
    return np.maximum(np.searchsorted(BAND_STARTS, np.arange(OLDEST + 1), side="right") - 1, 0)
