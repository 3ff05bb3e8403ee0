"""National targets: the country under usual care beside published figures, on a stated common denominator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import hypot, nan

import pandas as pd

from lbpsim.evidence import Parameter, in_force, parameters
from lbpsim.evidence.output_tables import declared, frame_of
from lbpsim.evidence.reading import Declared
from lbpsim.evidence.units import DAYS_A_WEEK, DAYS_A_YEAR
from lbpsim.study import Study
from lbpsim.validation.disability_persistence import of_women_in_established_pain
from lbpsim.validation.usual_care_run import FIRST, LAST, Figure, UsualCareRun
from lbpsim.validation.verdicts import Limits, Role, around, ends, published_interval, role_of

FILE = "national_targets.yaml"
YEARS_OF_GROWTH = 2050 - 2020  # of country.case_growth_2050
NEAR_RETIREMENT = ("45-54", "55-64")  # age bands
OF_WORKING_AGE = ("18-34", "35-44", *NEAR_RETIREMENT)


class TargetText(Declared):
    """What is told of a target; fields as national_targets.yaml explains them."""

    parameter: str
    figure: str
    unit: str
    explained: str
    option: str = ""
    chosen: Mapping[str, str] = {}
    published_of: str = ""
    model_of: str = ""
    per_head: bool = False
    gate: bool = False


class TargetTexts(Declared):
    """The file: the targets by name, and registered figures that are not compared, with the reason."""

    no_denominator: str
    not_compared: Mapping[str, str]
    targets: Mapping[str, TargetText]


@cache
def texts() -> TargetTexts:
    """What is told of all targets; raises EvidenceError, with everything that is wrong in the file."""
    return declared(TargetTexts, files(__package__) / FILE)


@dataclass(frozen=True)
class Target:
    """One national figure beside the published one, in the same unit; `name`: that of its text.

    `stated`: the published figure, where it is not the registered one as it stands; `published_people`, `model_people`:
    how many each is of; `share`: of the published figure that is the model's subject; `limits`: where they differ from
    the published interval; `role`: where it is not the registry's; `figures`: those that its text names in braces.
    """

    name: str
    period: str
    emulated: Figure
    stated: float | None = None
    published_people: float = nan
    model_people: float = nan
    share: float = 1.0
    limits: Limits | None = None
    role: Role | None = None
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> TargetText:
        """What is told of it."""
        return texts().targets[self.name]

    @property
    def published(self) -> float:
        """The published figure, at prices of the study."""
        return self._known.value if self.stated is None else self.stated

    @property
    def comparable(self) -> float:
        """The published figure for as many people as the model has, and for the model's subject."""
        return self.published * self._ratio

    @property
    def _ratio(self) -> float:
        return self.share * (self.model_people / self.published_people if self.text.per_head else 1.0)

    @property
    def _known(self) -> Parameter:
        return parameters()[self.text.parameter]

    @property
    def _scale(self) -> float:
        """Carries the registered figure to the published one at prices of the study."""
        return self.published / self._known.value

    @property
    def must_lie(self) -> Limits:
        """Limits: those given, else the published interval, else the pass mark around the comparable figure."""
        if self.limits is not None:
            return self.limits
        interval = published_interval(self._known, self._scale * self._ratio)
        within = parameters()["country.tolerance"].value * abs(self.comparable)
        return interval if interval != Limits() else around(self.comparable, within=within)

    def explained(self, study: Study) -> str:
        """The gap between the two figures, in words."""
        chosen = self.text.chosen[study.options[self.text.option]] if self.text.option else ""
        words = {"chosen": chosen, "no_denominator": texts().no_denominator}
        return self.text.explained.format(**words, **self.figures)

    def row(self, study: Study) -> tuple[object, ...]:
        """The target as a row of the table."""
        known, text = self._known, self.text
        value, error = self.emulated
        people = self.comparable - self.published if text.per_head else nan
        return (
            *(text.figure, self.period, text.unit, self.published, *ends(published_interval(known, self._scale))),
            *(text.published_of, self.published_people, text.model_of, self.model_people, self.comparable),
            *(*ends(self.must_lie), value, error, self.must_lie.verdict(value, error)),
            *(self.role or role_of(known), text.gate, people, value - self.comparable, self.explained(study)),
            *(
                known.grade,
                "; ".join(in_force.registry().references[key].citation for key in known.sources),
                known.name,
            ),
        )


def targets(country: UsualCareRun) -> pd.DataFrame:
    """National targets; `gap_people` and `gap_level` sum to emulated less published."""
    found = [*_people(country), *_burden(country), *_care(country), *_opioids(country), *_work(country)]
    known = parameters()
    compared = [target for target in found if target.text.parameter in known]  # a country pack may lack figures
    return frame_of("targets", [target.row(country.results.study) for target in compared])


def _value(name: str) -> float:
    known = parameters().get(name)
    return nan if known is None else known.value


def _at_study_prices(name: str, country: UsualCareRun) -> float:
    known, study = parameters().get(name), country.results.study
    return nan if known is None else known.at_prices_of(study.price_year, study.registry.prices)


def _people(country: UsualCareRun) -> Iterator[Target]:
    first, last = country.years[FIRST], country.years[LAST]
    in_pain = country.year("in_pain_years", FIRST)
    built = {
        "level": 100.0 * country.values["population.adult_prevalence"],
        "counted": country.results.study.country.counted_on.year,
    }
    yield Target("cases", f"start of {first}", (country.results.country_cases, 0.0), figures=built)
    cases = _value("country.low_back_pain_cases")
    yield Target("in pain", f"{first}", in_pain, published_people=cases, model_people=in_pain[0])
    if last > first:
        yield _growth(country)
    kept = of_women_in_established_pain(country.results.study.of_comparator)
    yield Target("persistence", f"{first} to {first + 2}", kept)


def _growth(country: UsualCareRun) -> Target:
    first, last = country.years[FIRST], country.years[LAST]
    (start, start_error), (end, end_error) = (country.year("in_pain_years", which) for which in (FIRST, LAST))
    growth = end / start - 1.0
    error = (growth + 1.0) * hypot(start_error / start, end_error / end)
    yearly = (1.0 + _value("country.case_growth_2050")) ** (1.0 / YEARS_OF_GROWTH)
    adults = country.adults[len(country.years) - 1] / country.adults[0] - 1.0
    published = yearly ** (last - first) - 1.0
    return Target("growth", f"{first} to {last}", (growth, error), published, figures={"adults": adults})


def _burden(country: UsualCareRun) -> Iterator[Target]:
    in_pain = country.year("in_pain_years", FIRST)[0]
    ylds, first = country.year("ylds", FIRST), f"{country.years[FIRST]}"
    cases, people = _value("country.low_back_pain_cases"), _value("country.back_problem_people")
    yield Target("ylds", first, ylds, published_people=cases, model_people=in_pain)
    yield Target("ylds per case", first, (ylds[0] / in_pain, ylds[1] / in_pain))
    yield Target("dalys", first, country.year("dalys", FIRST), published_people=people, model_people=in_pain)


def _care(country: UsualCareRun) -> Iterator[Target]:
    share, people = _value("country.fusions_for_low_back_pain"), _value("country.back_problem_people")
    in_pain, years = country.year("in_pain_years", FIRST)[0], f"{country.years[FIRST]} to {country.years[LAST]}, a year"
    spent, published = country.year("cost_health_system", FIRST), _at_study_prices("country.health_spending", country)
    yield Target("spending", f"{country.years[FIRST]}", spent, published, people, in_pain)
    yield Target(
        "fusions",
        years,
        country.a_year("surgeries"),
        published_people=_value("population.adults_2024"),
        model_people=float(country.adults.mean()),
        share=share,
        figures={"share": share},
    )


def _opioids(country: UsualCareRun) -> Iterator[Target]:
    first, last = country.years[FIRST], country.years[LAST]
    yield Target("opioids at first", f"{first}", country.year("opioid_use_share", FIRST))
    if last > first:
        share = country.year("opioid_use_share", LAST)
        yield Target("opioids at last", f"{last}", share, role="drift from its start")
    (users, users_error), (ill, ill_error) = country.a_year("opioid_years"), country.a_year("disorder_years")
    error = ill / users * hypot(ill_error / ill, users_error / users) if ill else 0.0
    yield Target("disorder", f"{first} to {last}", (ill / users, error))
    bound = _value("country.opioid_deaths")
    yield Target(
        "overdoses",
        f"{first} to {last}, a year",
        country.a_year("overdose_deaths"),
        published_people=bound / _value("opioids.deaths_per_dispensed"),
        model_people=users,
        limits=Limits(0.0, bound),
        role="upper bound",
    )


def _work(country: UsualCareRun) -> Iterator[Target]:
    first, last = (f"{country.years[which]}" for which in (FIRST, LAST))
    expected = country.expected_employed
    limits = around(expected, within=_value("country.tolerance") * expected)
    start, end = (country.year("employed_share", which) for which in (FIRST, LAST))
    yield Target("work at first", first, start, expected, limits=limits, role="calibrated to")
    if first != last:
        yield Target("work at last", last, end, expected, limits=limits, role="drift from its start")
        earnings = _at_study_prices("country.early_retirement_loss", country)
        yield Target("early retirement", first, out_of_work(country), earnings)
    yield Target("working years", first, working_years_lost(country))


def working_years_lost(country: UsualCareRun) -> Figure:
    """Years of work lost in the first year for each year in pain at ages 18 to 64, and the Monte Carlo error."""
    lost, error = out_of_work(country, OF_WORKING_AGE)
    in_pain = country.of_age("in_pain_years", OF_WORKING_AGE, FIRST)[0]
    yearly = country.values["work.weekly_earnings"] * DAYS_A_YEAR / DAYS_A_WEEK
    full_time = _value("work.full_time_hours") * DAYS_A_YEAR / DAYS_A_WEEK
    years = lost / yearly + _hours_lost(country, OF_WORKING_AGE) / full_time
    return years / in_pain, error / yearly / in_pain


def out_of_work(country: UsualCareRun, ages: tuple[str, ...] = NEAR_RETIREMENT) -> Figure:
    """Earnings lost in the first year at these ages by those out of work, and the Monte Carlo error.

    Without absence and reduced effectiveness of those in work.
    """
    lost, error = country.of_age("cost_lost_work", ages, FIRST)
    return lost - _hours_lost(country, ages) * country.values["work.hourly_earnings"], error


def _hours_lost(country: UsualCareRun, ages: tuple[str, ...]) -> float:
    """Hours of absence and reduced effectiveness in the first year at these ages."""
    return country.of_age("absence_hours", ages, FIRST)[0] * (1.0 + country.values["work.reduced_effectiveness"])
