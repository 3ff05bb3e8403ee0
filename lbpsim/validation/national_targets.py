"""National targets: the country under usual care beside published figures, on a stated common denominator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot, nan

import pandas as pd

from lbpsim.evidence import Parameter, parameters
from lbpsim.evidence.bibliography import bibliography
from lbpsim.evidence.output_tables import frame_of
from lbpsim.evidence.units import DAYS_A_WEEK, DAYS_A_YEAR
from lbpsim.validation.disability_persistence import of_women_in_established_pain
from lbpsim.validation.usual_care_run import FIRST, LAST, Country, Figure
from lbpsim.validation.verdicts import Limits, Role, around, ends, published_interval, role_of

BACK_PROBLEMS = "people of all ages with a long-term back problem at any spinal level, 2022"
ANY_PAIN = "people of all ages with low back pain of a day or longer, 2019"
IN_PAIN = "adults in chronic low back pain"
ADULTS = "adults of the country"
YEARS_OF_GROWTH = 2050 - 2020  # of country.case_growth_2050
NOT_COMPARED = {
    "country.hospitalisations": "the model has operations, not hospital stays",
    "country.emergency_visits": "visits to emergency departments are not told from other consultations",
    "country.emergency_cost": "as country.emergency_visits",
    "country.employment_restriction": "a restriction of employment is not absence from work",
    "country.severe_limitation": "core-activity limitation is not measured on the Roland-Morris scale",
    "country.any_recurrence": "the model follows activity-limiting recurrence, by a rate of the same cohort",
    "country.back_problem_people": "the denominator of spending and of the burden of back problems",
}
NO_DENOMINATOR = "No common denominator: patients seen for muscles and joints are not people in chronic low back pain."
NEAR_RETIREMENT = ("45-54", "55-64")  # age bands
OF_WORKING_AGE = ("18-34", "35-44", *NEAR_RETIREMENT)


@dataclass(frozen=True)
class Denominator:
    """Who a published figure is of and who the model's is of, with how many of each."""

    published_of: str = ""
    published_people: float = nan
    model_of: str = ""
    model_people: float = nan


@dataclass(frozen=True)
class Target:
    """One national figure beside the published one, in the same unit.

    `published`: at prices of the study; `base`: where both are carried to the model's number of people before they are
    compared; `share`: of the published figure that is the model's subject; `limits`: where they differ from the
    published interval; `role`: where it is not the registry's; `explained`: the gap, in words.
    """

    parameter: str
    figure: str
    period: str
    unit: str
    emulated: Figure
    published: float
    explained: str
    base: Denominator = Denominator("", nan, "", nan)
    per_head: bool = False
    share: float = 1.0
    limits: Limits | None = None
    gate: bool = False
    role: Role | None = None

    @property
    def comparable(self) -> float:
        """The published figure for as many people as the model has, and for the model's subject."""
        return self.published * self._ratio

    @property
    def _ratio(self) -> float:
        return self.share * (self.base.model_people / self.base.published_people if self.per_head else 1.0)

    @property
    def _known(self) -> Parameter:
        return parameters()[self.parameter]

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

    def row(self) -> tuple[object, ...]:
        """The target as a row of the table."""
        known, scale = self._known, self._scale
        value, error = self.emulated
        people = self.comparable - self.published if self.per_head else nan
        base, least_and_most = self.base, ends(self.must_lie)
        return (
            *(self.figure, self.period, self.unit, self.published, *ends(published_interval(known, scale))),
            *(base.published_of, base.published_people, base.model_of, base.model_people, self.comparable),
            *(*least_and_most, value, error, self.must_lie.verdict(value, error)),
            *(self.role or role_of(known), self.gate, people, value - self.comparable, self.explained),
            *(known.grade, "; ".join(bibliography()[key].citation for key in known.sources), known.name),
        )


def targets(country: Country) -> pd.DataFrame:
    """National targets; `gap_people` and `gap_level` sum to emulated less published."""
    found = [
        *(*_people(country), *_persistence(country), *_burden(country), *_care(country)),
        *(*_opioids(country), *_work(country), *_years_lost(country)),
    ]
    return frame_of("targets", [target.row() for target in found])


def _value(name: str) -> float:
    return parameters()[name].value


def _at_study_prices(name: str, country: Country) -> float:
    return parameters()[name].at_prices_of(country.results.study.price_year)


def _people(country: Country) -> Iterator[Target]:
    first, last = country.years[FIRST], country.years[LAST]
    yield Target(
        "country.cases", "Adults with chronic low back pain", f"start of {first}", "people",
        (country.results.country_cases, 0.0), _value("country.cases"),
        "The population is built to 13% of adults; it has grown since 2024.", gate=True,
    )  # fmt: skip
    yield Target(
        "country.low_back_pain_cases", "Cases: people in low back pain", f"{first}", "people",
        country.year("in_pain_years", FIRST), _value("country.low_back_pain_cases"),
        "Two differences that nearly cancel out: the study counts briefer pain and children, in 2019; the model only "
        "chronic pain of adults, some years and some population growth later.",
        Denominator(ANY_PAIN, _value("country.low_back_pain_cases"), IN_PAIN, country.year("in_pain_years", FIRST)[0]),
        gate=True,
    )  # fmt: skip
    if last > first:
        yield _growth(country)


def _growth(country: Country) -> Target:
    first, last = country.years[FIRST], country.years[LAST]
    (start, start_error), (end, end_error) = (country.year("in_pain_years", which) for which in (FIRST, LAST))
    growth = end / start - 1.0
    error = (growth + 1.0) * hypot(start_error / start, end_error / end)
    yearly = (1.0 + _value("country.case_growth_2050")) ** (1.0 / YEARS_OF_GROWTH)
    adults = country.adults[len(country.years) - 1] / country.adults[0] - 1.0
    return Target(
        "country.case_growth_2050", "Growth of cases", f"{first} to {last}", "share", (growth, error),
        yearly ** (last - first) - 1.0,
        "The published growth is the world's over 2020 to 2050, taken for as many years at its yearly rate. Cases here "
        f"follow the country's adults, who grow by {adults:.1%} with migration, and grow older.",
        Denominator("people of the world", nan, IN_PAIN, nan),
    )  # fmt: skip


def _persistence(country: Country) -> Iterator[Target]:
    yield Target(
        "course.rank_correlation_2_years", "Rank correlation of disability with itself two years later",
        f"{country.years[FIRST]} to {country.years[FIRST] + 2}", "correlation",
        of_women_in_established_pain(country.results.study.of_comparator),
        _value("course.rank_correlation_2_years"),
        "Scores as measured, with an error of measurement on each; who is free of pain by then scores 0. The published "
        "women sought care and may be alike in ways that the model's are not.",
        Denominator("women with chronic low back pain in Swedish primary care", nan, "women in established pain", nan),
    )  # fmt: skip


def _burden(country: Country) -> Iterator[Target]:
    in_pain = country.year("in_pain_years", FIRST)[0]
    ylds, first = country.year("ylds", FIRST), f"{country.years[FIRST]}"
    cases = _value("country.low_back_pain_cases")
    yield Target(
        "country.low_back_pain_ylds", "Years lived with disability", first, "YLDs", ylds,
        _value("country.low_back_pain_ylds"),
        "More people than in 2019. Weights are scaled to the published mean of a case, so this follows the cases.",
        Denominator(ANY_PAIN, cases, IN_PAIN, in_pain), gate=True,
    )  # fmt: skip
    yield Target(
        "country.yld_per_case", "Years lived with disability for each case", first, "YLDs per case",
        (ylds[0] / in_pain, ylds[1] / in_pain), _value("country.yld_per_case"),
        "Disability weights are scaled to it over the people at the start.",
    )  # fmt: skip
    yield Target(
        "country.back_problem_dalys", "Burden of back problems", first, "DALYs", country.year("dalys", FIRST),
        _value("country.back_problem_dalys"),
        "Two published studies disagree: the national one gives each person with back problems about half the burden "
        "that the global one gives a case of low back pain. The model follows the global one.",
        _back_problems(in_pain), per_head=True,
    )  # fmt: skip


def _back_problems(in_pain: float) -> Denominator:
    return Denominator(BACK_PROBLEMS, _value("country.back_problem_people"), IN_PAIN, in_pain)


def _care(country: Country) -> Iterator[Target]:
    share = _value("country.fusions_for_low_back_pain")
    in_pain, years = country.year("in_pain_years", FIRST)[0], f"{country.years[FIRST]} to {country.years[LAST]}, a year"
    yield Target(
        "country.health_spending", "Health spending", f"{country.years[FIRST]}", "AUD",
        country.year("cost_health_system", FIRST), _at_study_prices("country.health_spending", country),
        "The published total is for people with back problems at any spinal level, more than have chronic low back "
        "pain. For each person both nearly agree, mostly because usual care is scaled from it.",
        _back_problems(in_pain), per_head=True,
    )  # fmt: skip
    yield Target(
        "country.fusions", "Lumbar fusions", years, "operations per year", country.a_year("surgeries"),
        _value("country.fusions"),
        f"The published rate counts all reasons, of which {share:.0%} are taken to be low back pain. The model is set "
        f"to it: {_of_referrals(country)}",
        Denominator(ADULTS, _value("population.adults_2024"), ADULTS, float(country.adults.mean())), per_head=True,
        share=share,
    )  # fmt: skip


def _of_referrals(country: Country) -> str:
    if _chosen(country, "surgery_rate") == "of_operations":
        return "more are referred than are operated on, for some remit or die before their date."
    return "its rate is taken as one of referrals, and some of those referred remit or die before their date."


def _chosen(country: Country, option: str) -> str:
    return country.results.study.options[option]


def _opioids(country: Country) -> Iterator[Target]:
    first, last = country.years[FIRST], country.years[LAST]
    share = _value("country.long_term_opioid_share")
    patients = Denominator("musculoskeletal patients of general practice, 2018", nan, IN_PAIN, nan)
    yield Target(
        "country.long_term_opioid_share", "Share on long-term opioids", f"{first}", "share",
        country.year("opioid_use_share", FIRST), share,
        f"The start is set to it. {NO_DENOMINATOR}", patients,
    )  # fmt: skip
    if last > first:
        yield Target(
            "country.long_term_opioid_share", "Share on long-term opioids", f"{last}", "share",
            country.year("opioid_use_share", LAST), share,
            f"{_of_stopping(country)} {NO_DENOMINATOR}",
            patients, role="drift from its start",
        )  # fmt: skip
    (users, users_error), (ill, ill_error) = country.a_year("opioid_years"), country.a_year("disorder_years")
    yield Target(
        "opioids.disorder_at_start",
        "Share of long-term users with opioid use disorder",
        f"{first} to {last}",
        "share",
        (ill / users, ill / users * hypot(ill_error / ill, users_error / users) if ill else 0.0),
        _value("opioids.disorder_at_start"),
        "Follows from how often disorder begins, which is an assumption, and from how long use lasts.",
        Denominator(
            "long-term users with chronic pain of any kind", nan, "long-term users with chronic low back pain", nan
        ),
    )
    bound = _value("country.opioid_deaths")
    dispensed = bound / _value("opioids.deaths_per_dispensed")
    yield Target(
        "country.opioid_deaths",
        "Deaths from overdose",
        f"{first} to {last}, a year",
        "deaths",
        country.a_year("overdose_deaths"),
        bound,
        "A bound to stay below, and far away: deaths of all people, whatever the reason for the prescription and "
        "whether or not it was theirs. Carried to as many people as use opioids long in the model it is below the "
        "model's figure; but long use is more dangerous than one prescription, so that is no fair comparison either.",
        Denominator(
            "people dispensed an opioid in a year", dispensed, "long-term users with chronic low back pain", users
        ),
        per_head=True,
        limits=Limits(0.0, bound),
        role="upper bound",
    )


def _of_stopping(country: Country) -> str:
    if _chosen(country, "opioid_stopping") == "in_balance":
        return "The rate of stopping established use is solved so that the share stays, so a steady level says nothing."
    return "Published starts and stops, from different groups of patients, do not balance at the published share."


def _work(country: Country) -> Iterator[Target]:
    expected = country.expected_employed
    tolerance = _value("country.tolerance") * expected
    moments: tuple[tuple[int, Role, str], ...] = (
        (FIRST, "calibrated to", "At the start people work as it has it."),
        (LAST, "drift from its start", _of_employment(country)),
    )
    for which, role, explained in moments:
        yield Target(
            "country.not_in_labour_force",
            "Share of working age in work",
            f"{country.years[which]}",
            "share",
            country.year("employed_share", which),
            expected,
            "The published ratio is that of being out of the labour force with back problems; the share expected "
            f"follows from it by an assumed table of ages. {explained}",
            Denominator(
                "people aged 15 to 64 with back problems, 2009", nan, "adults below 67 who have had the pain", nan
            ),
            limits=around(expected, within=tolerance),
            role=role,
        )
        if country.years[FIRST] == country.years[LAST]:
            return
    yield Target(
        "country.early_retirement_loss", "Earnings lost out of work, ages 45 to 64", f"{country.years[FIRST]}", "AUD",
        out_of_work(country), _at_study_prices("country.early_retirement_loss", country),
        "The model values every year out of work because of pain at average earnings; leaving and returning are "
        "assumptions. The published figure is of 2009, carried by prices and not by earnings or population.",
    )  # fmt: skip


def _of_employment(country: Country) -> str:
    if _chosen(country, "employment") == "by_age":
        return "But for pain people begin and end work by that table, so the share moves with their ages and with pain."
    return "Nobody begins or ends work with age; returns after pain and exits because of it do not balance."


def _years_lost(country: Country) -> Iterator[Target]:
    yield Target(
        "country.working_years_lost", "Working years lost for each year in pain of a person of 18 to 64",
        f"{country.years[FIRST]}", "years", working_years_lost(country), _value("country.working_years_lost"),
        "Out of work because of pain, and absence and reduced effectiveness in years of full-time work. The published "
        "figure is of back problems of any kind, more people and milder, so agreement would be partly accidental.",
        Denominator("people aged 15 to 64 with long-term back problems", nan, IN_PAIN, nan),
    )  # fmt: skip


def working_years_lost(country: Country) -> Figure:
    """Years of work lost in the first year for each year in pain at ages 18 to 64, and the Monte Carlo error."""
    lost, error = out_of_work(country, OF_WORKING_AGE)
    in_pain = country.of_age("in_pain_years", OF_WORKING_AGE, FIRST)[0]
    yearly = country.values["work.weekly_earnings"] * DAYS_A_YEAR / DAYS_A_WEEK
    full_time = _value("work.full_time_hours") * DAYS_A_YEAR / DAYS_A_WEEK
    years = lost / yearly + _hours_lost(country, OF_WORKING_AGE) / full_time
    return years / in_pain, error / yearly / in_pain


def out_of_work(country: Country, ages: tuple[str, ...] = NEAR_RETIREMENT) -> Figure:
    """Earnings lost in the first year at these ages by those out of work (AUD), and the Monte Carlo error.

    Without absence and reduced effectiveness of those in work.
    """
    lost, error = country.of_age("cost_lost_work", ages, FIRST)
    return lost - _hours_lost(country, ages) * country.values["work.hourly_earnings"], error


def _hours_lost(country: Country, ages: tuple[str, ...]) -> float:
    """Hours of absence and reduced effectiveness in the first year at these ages."""
    return country.of_age("absence_hours", ages, FIRST)[0] * (1.0 + country.values["work.reduced_effectiveness"])
