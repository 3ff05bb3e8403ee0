"""Charts by year: an outcome under some policies, or what they change, as lines with the figures one click away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lbpsim.outcomes.estimate import Estimate
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.report.charts.series import FEW
from lbpsim.report.format import Scale, scale_for
from lbpsim.report.page.figures import band_cell, by_year, gains, too_noisy
from lbpsim.report.page.lines import Axis, Line, line_chart
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Curve, Head, Row, numbers
from lbpsim.study.notes import part_years, parts_of_years

NEAR_ZERO = 0.5  # of the largest figure
LEAST = 0.5  # of a person, an event or a QALY in any year: less is rounding, and shown as nothing
NOISY = "A line without a band: most of its spread is Monte Carlo error."
AT_CENTRAL = "At central inputs; bands of Monte Carlo error."


@dataclass(frozen=True)
class YearlyChart:
    """What a chart is about: an outcome, its title, the unit of its figures, and the sign that makes a gain of it.

    `against`: each policy less the comparator, else the level under each; `people`: person-time is shown as people on
    average over each year.
    """

    outcome: str
    title: str
    unit: str
    sign: float = 1.0
    against: bool = True
    people: bool = False
    note: str = ""

    @property
    def rate(self) -> bool:
        """Whether figures are so much a year."""
        return OUTCOMES[self.outcome].nature == "flow" and not self.people


def choices(material: Material, subject: YearlyChart, title: str = "") -> list[Curve]:
    """A chart of the policies that could be chosen; none where there are none. `title`: in place of the subject's."""
    return _group(material, replace(subject, title=title or subject.title), material.shown_choices, "")


def apart(material: Material, subject: YearlyChart) -> list[Curve]:
    """The same of the benchmarks, which are never among the lines of the choices."""
    titled = replace(subject, title=f"{subject.title or subject.unit}, benchmarks")
    return _group(material, titled, material.benchmarks, "benchmarks")


def _group(material: Material, subject: YearlyChart, names: Sequence[str], word: str) -> list[Curve]:
    bands = gains(_bands(material, subject), subject.sign)
    chosen = {name: bands[name] for name in names}
    return [_curve(material, subject, chosen, word)] if chosen else []


def curve(material: Material, subject: YearlyChart, chosen: Sequence[str]) -> Curve:
    """A chart of the chosen policies."""
    bands = _bands(material, subject)
    return _curve(material, subject, {name: bands[name] for name in chosen}, "")


def _bands(material: Material, subject: YearlyChart) -> dict[str, Estimate]:
    results = material.results
    bands = by_year(results, subject.outcome, against=subject.against)
    if subject.people:
        bands = {name: band.over(results.lengths[0]) for name, band in bands.items()}
    counted = OUTCOMES[subject.outcome].nature != "ratio"
    return {name: _nothing(band) if counted and _largest(band) < LEAST else band for name, band in bands.items()}


def _nothing(band: Estimate) -> Estimate:
    zeros = np.where(np.isnan(band.value), np.nan, 0.0)
    return replace(band, value=zeros, low=zeros, high=zeros)


def _curve(material: Material, subject: YearlyChart, bands: dict[str, Estimate], word: str) -> Curve:
    key = f"{subject.outcome.replace('_', '-')}-{'change' if subject.against else 'level'}{'-' + word if word else ''}"
    scale = scale_for(max(_largest(band) for band in bands.values()))
    title = subject.title
    unit = f"{scale.label(subject.unit)}{' a year' if subject.rate else ''}"
    drawn = bands if subject.against or len(bands) <= FEW else _of_comparator(material, bands)
    lines = [Line(name, material.label(name), material.looks[name], band) for name, band in drawn.items()]
    zero = subject.against or _reaches_down(bands)
    axis = Axis(scale.divisor, from_zero=zero, signs=subject.against, unit=unit)
    name = f"{title}, {unit}, {material.years}. The figures are in the table below the chart."
    markup = line_chart(key, name, material.results.years, lines, axis)
    heads = (Head("Year"), *numbers(map(material.label, bands)))
    caption = _caption(material, subject, unit, bands, zero=zero)
    return Curve(key, title, markup, caption, unit, heads, _rows(material, bands, scale))


def _largest(band: Estimate) -> float:
    return float(np.nanmax(np.abs(np.concatenate([band.value, band.low, band.high])), initial=0.0))


def _of_comparator(material: Material, bands: dict[str, Estimate]) -> dict[str, Estimate]:
    """Levels of many policies, whose bands would cover each other: only the comparator keeps its own."""
    first = material.results.scenarios[0]
    unknown = np.full(len(material.results.years), np.nan)
    return {name: band if name == first else Estimate(band.value, unknown, unknown) for name, band in bands.items()}


def _reaches_down(bands: dict[str, Estimate]) -> bool:
    """Whether levels go so far down that the axis may as well start at zero."""
    return min(float(np.nanmin(band.value, initial=np.inf)) for band in bands.values()) < NEAR_ZERO * max(
        _largest(band) for band in bands.values()
    )


def _caption(material: Material, subject: YearlyChart, unit: str, bands: dict[str, Estimate], *, zero: bool) -> str:
    what = f"Difference from {material.comparator}" if subject.against else "Level"
    parts = part_years(material.results.study)
    lower = ", with the amounts of the part" if subject.rate else ""
    remarks = (
        f"{what}, {unit}.",
        "" if zero else "The axis does not start at zero.",
        subject.note,
        f"Parts of years{lower}: {parts}." if parts else "",
        NOISY if too_noisy(bands.values()) else "",
        AT_CENTRAL if material.drawn and all(band.source != "parameters" for band in bands.values()) else "",
    )
    return " ".join(filter(None, remarks))


def _rows(material: Material, bands: dict[str, Estimate], scale: Scale) -> tuple[Row, ...]:
    parts = parts_of_years(material.results.study)
    return tuple(
        (Cell(str(year), below=parts.get(year, "")), *(band_cell(band.at(place), scale) for band in bands.values()))
        for place, year in enumerate(material.results.years)
    )
