"""Figures with their intervals for the tables and charts of the page; where an interval comes from is never left open.

Draws give the parameter uncertainty of a figure, replications its Monte Carlo error. A table or a chart shows one of
the two, and says which.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from lbpsim.outcomes.estimate import Estimate, from_error
from lbpsim.outcomes.results import Results
from lbpsim.report.charts import intervals
from lbpsim.report.charts.series import yearly, yearly_difference
from lbpsim.report.format import ONES, SCALES, Scale, decimals, fixed, plain, signed
from lbpsim.report.format import percent as percent_or_missing
from lbpsim.report.page.parts import Cell, Head
from lbpsim.report.rows import rows_of

Numbers = npt.NDArray[np.float64]
MONTE_CARLO = "95% Monte Carlo interval, without parameter uncertainty"
ROUNDING = 1e-9  # of a figure: an interval narrower than this is an error of the computer's arithmetic
MILLION = 1e6
NO_INTERVAL = "one replication, so no Monte Carlo interval"
number, percent = partial(plain, missing=""), partial(percent_or_missing, missing="")  # of a table: no word for none


def too_noisy(bands: Iterable[Estimate]) -> bool:
    """Whether some figure is known and its interval is not: most of the spread between draws is noise."""
    return any(bool((np.isfinite(band.value) & ~np.isfinite(band.low)).any()) for band in bands)


def monte_carlo_in_words(results: Results) -> str:
    """What an interval from replications is; with one there is none."""
    return MONTE_CARLO if results.replications > 1 else NO_INTERVAL


def by_year(results: Results, outcome: str, *, against: bool) -> dict[str, Estimate]:
    """An outcome by calendar year, undiscounted, for each policy; `against`: each less the comparator.

    With draws, the mean of draws and the interval from the parameters; without, the point estimates and their
    Monte Carlo interval.
    """
    over_draws, simulated = (intervals.differences, yearly_difference) if against else (intervals.levels, yearly)
    return over_draws(results, outcome) or simulated(results, outcome)


def differences(results: Results, outcome: str, part: str = "", *, discounted: bool = True) -> dict[str, Estimate]:
    """Each policy less the comparator over the horizon at the point estimates, with Monte Carlo error.

    `part`: of life, where people were followed to death; all within the study's years by default.
    """
    rows = rows_of(results.lifetime_incremental, part=part) if part else results.incremental
    rows = rows[(rows["outcome"] == outcome) & (rows["discounted"].astype(bool) == discounted)].set_index("scenario")
    values, errors = rows["difference"], rows["mcse"]
    return {name: from_error(values[name], errors[name], results.replications) for name in results.scenarios[1:]}


def around(value: float, half: float) -> Estimate:
    """A figure and an interval around it."""
    return Estimate(np.array(value), np.array(value - half), np.array(value + half))


def scale_of(bands: Iterable[Estimate]) -> Scale:
    """The scale in which most of the figures read well: that of the middle one in size."""
    sizes = [abs(float(np.nanmax(np.abs(band.value), initial=0.0))) for band in bands]
    middle = float(np.median(sizes)) if sizes else 0.0
    return next((scale for scale in SCALES if middle >= scale.divisor), ONES)


def band_cell(band: Estimate, scale: Scale = ONES, *, signs: bool = False) -> Cell:
    """A figure with its interval below, both rounded where the second digit of the half-width stands.

    >>> band_cell(around(-1234.5, 99.7), signs=True)
    Cell(text='−1,234', below='−1,334 to −1,135', mark='', link='', links=(), name='')
    """
    value, low, high = (float(each) / scale.divisor for each in (band.value, band.low, band.high))
    half = (high - low) / 2.0
    half = 0.0 if half <= ROUNDING * abs(value) else half
    places = decimals(half, 2) if math.isfinite(half) and half > 0.0 else decimals(value, 3)
    text = fixed(value, places)
    text = signed(text, value) if signs and text != "0" else text
    if half == 0.0:
        return Cell(text)
    if not math.isfinite(half):
        return Cell(text, below="interval not known" if math.isfinite(value) else "")
    return Cell(text, below=f"{fixed(low, places)} to {fixed(high, places)}")


def cell(value: float, half: float, scale: Scale = ONES, *, signs: bool = False) -> Cell:
    """As `band_cell`, of a figure and half its interval."""
    return band_cell(around(value, half), scale, signs=signs)


def millions(value: float, *, signs: bool = False) -> str:
    """An amount in millions, of a table."""
    text = number(float(value) / MILLION)
    return signed(text, float(value)) if signs else text


NONE_DIFFERED = Cell("none differed", below="too few simulated")


@dataclass(frozen=True)
class Column:
    """A column of differences by policy, or by another name of a row, in one scale; `unit`: of money, or none; `few`:
    whether it counts too few events for no difference in them to mean none.
    """

    label: str
    bands: dict[str, Estimate]
    unit: str = ""
    few: bool = False

    @cached_property
    def scale(self) -> Scale:
        """The scale in which most of the figures read well: that of the middle one in size."""
        return scale_of(self.bands.values())

    @property
    def head(self) -> Head:
        """The head, with scale and unit."""
        unit = self.scale.label(self.unit).strip()
        return Head(f"{self.label} ({unit})" if unit else self.label, number=True)

    def cell(self, name: str) -> Cell:
        """The figure of a row."""
        band = self.bands[name]
        return NONE_DIFFERED if self.few and band.none else band_cell(band, self.scale, signs=True)


def gains(bands: dict[str, Estimate], sign: float) -> dict[str, Estimate]:
    """Differences as gains: of an outcome of which less is better, the sign is below zero."""
    return {name: -band if sign < 0.0 else band for name, band in bands.items()}
