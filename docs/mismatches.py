"""What does not fit inside usual care, and what its figures are made of: prints the tables of mismatches.md.

    python docs/mismatches.py [--people 40000] [--write]

With `--write` the tables replace those of the page.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pages import DOCS, filled, table

from lbpsim import __version__
from lbpsim.evidence import Parameter, in_force, parameters
from lbpsim.outcomes.measures import COST_CATEGORIES, OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.population.balance import balance
from lbpsim.population.demography import ADULT, AGES, people_counted, project
from lbpsim.population.opioid_balance import share_using, stop_established
from lbpsim.population.prevalence import prevalence
from lbpsim.simulation.run import run_study
from lbpsim.study import load
from lbpsim.study.clock import part_of_year

SCENARIOS = Path(__file__).parents[1] / "scenarios"
PAGE = DOCS / "mismatches.md"
PEOPLE = 40_000
AGES_SHOWN = (ADULT, 30, 40, 50, 60, 70, 80, 90, AGES)
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Usual:
    """A run of usual care, and how its figures are read."""

    results: Results

    def year(self, outcome: str, number: int) -> tuple[float, float]:
        """Value and Monte Carlo error of an outcome in a year, counted from 0, or from the end where negative."""
        rows = self.results.yearly
        rows = rows[rows["outcome"] == outcome]
        return float(rows["value"].iloc[number]), float(rows["mcse"].iloc[number])

    @cached_property
    def values(self) -> dict[str, float]:
        """Every parameter under usual care, in canonical units."""
        return dict(self.results.study.values(self.results.study.policies[0]))

    @cached_property
    def adults(self) -> Numbers:
        """Adults of the country in the middle of each year."""
        study = self.results.study
        start = study.start.year + part_of_year(study.start)
        ends = project(study.country, start, study.years, self.values).adults()
        return np.asarray((ends[:-1] + ends[1:]) / 2.0)


def usual_care(people: int, *, years: int | None = None, **options: str) -> Usual:
    """Run usual care alone, with structural options if given."""
    study = load(SCENARIOS).with_changes(people=people, years=years)
    study = replace(study, policies=study.policies[:1], options={**study.options, **options})
    return Usual(run_study(study))


def at_study_prices(parameter: Parameter) -> float:
    """Money of the registry at prices of the study, which are the latest that the index covers."""
    prices = in_force.registry().prices
    return parameter.at_prices_of(prices.latest, prices)


def whole(value_and_error: tuple[float, float]) -> str:
    """A count with its Monte Carlo error, rounded to what the error allows."""
    value, error = value_and_error
    digits = -max(int(np.floor(np.log10(error))) if error > 0.0 else 0, 0)
    return f"{round(value, digits):,.0f} (±{round(error, digits):,.0f})"


def billion(value_and_error: tuple[float, float]) -> str:
    """Money in AUD billion with its Monte Carlo error."""
    value, error = value_and_error
    return f"AUD {value / 1e9:.2f} bn (±{error / 1e9:.2f})"


def percent(value: float) -> str:
    """A share in per cent."""
    return f"{100.0 * value:.1f}%"


def stocks(balanced: Usual, fixed: Usual) -> str:
    """Cases and new cases by year under both rules of inflow."""
    years = balanced.results.years
    rows = [
        (
            str(year),
            *(
                text
                for run in (balanced, fixed)
                for text in (
                    whole(run.year("new_cases", k)),
                    f"{run.year('in_pain_years', k)[0] / 1e6:.2f} million",
                    percent(run.year("in_pain_years", k)[0] / run.adults[k]),
                )
            ),
        )
        for k, year in enumerate(years)
    ]
    kinds = ("new cases", "in pain", "share of adults")
    header = ("Year", *(f"{name}: {kind}" for name in ("balanced", "fixed") for kind in kinds))
    return table(header, rows)


def old_age(usual: Usual) -> str:
    """Prevalence by age: of the survey, and of the balance that the course of pain allows."""
    values, people = usual.values, people_counted(usual.results.study.country)
    shape = balance(usual.results.study.country, values, values["course.remission_severity"])
    rows = []
    for low, high in pairwise(AGES_SHOWN):
        cells = slice(low, high)
        alive = people[:, cells].sum()
        kinds = (
            prevalence(usual.results.study.country, values),
            shape.in_pain,
            shape.resting,
            shape.onsets.sum(axis=2),
        )
        *shares, onsets = (float((each * people)[:, cells].sum() / alive) for each in kinds)
        rows.append((f"{low} to {high - 1}", *map(percent, shares), f"{1000.0 * onsets:.1f}"))
    header = ("Age", "in pain, survey", "in pain, model", "in remission, model", "first onsets per 1,000 people a year")
    return table(header, rows)


def opioids(usual: Usual) -> str:
    """Long-term opioid use by year: where it starts and where it goes."""
    rows = [
        (
            str(year),
            percent(usual.year("opioid_use_share", k)[0]),
            whole(usual.year("opioid_years", k)),
            whole(usual.year("opioid_starts", k)),
            whole(usual.year("opioid_stops", k)),
        )
        for k, year in enumerate(usual.results.years)
    ]
    return table(("Year", "users in pain, of people in pain", "users, average", "starts", "stops"), rows)


def opioid_balance(usual: Usual) -> str:
    """The solved rate of stopping, and how it and the share of users hang on what nobody knows."""
    values, starts = usual.values, parameters()["opioids.start_rate"]
    low, high = starts.interval or (starts.canonical, starts.canonical)
    asked = [("as registered", {}, None)]
    for words, end in (("remission never ends use", 0.0), ("remission always ends use", 1.0)):
        asked += [(words, {"opioids.end_at_remission": end}, None)]
    asked += [(f"starts of {percent(rate)} a year", {"opioids.start_rate": rate}, None) for rate in (low, high)]
    asked += [("later stopping as published for established users", {}, values["opioids.stop_established"])]
    asked += [("later stopping as worked out without death and remission", {}, _without_remission(values))]
    country = usual.results.study.country
    steepness = values["course.remission_severity"]
    rows = []
    for words, changes, rate in asked:
        changed = {**values, **changes}
        solved = stop_established(country, changed, steepness) if rate is None else rate
        rows.append((words, f"{solved:.3f} per year", percent(share_using(country, changed, steepness, solved))))
    return table(("In balance", "Stopping from the third year of use on", "Users in pain, of people in pain"), rows)


def _without_remission(values: Mapping[str, float]) -> float:
    """The rate from the third year on at which starts would hold the share of users if nobody died or recovered."""
    first, second = values["opioids.stop_first_year"], values["opioids.stop_second_year"]
    early = -np.expm1(-first) / first - np.exp(-first) * np.expm1(-second) / second
    share = values["opioids.on_at_start"]
    length = share / (1.0 - share) / values["opioids.start_rate"]
    return float(np.exp(-first - second) / (length - early))


def spending(usual: Usual) -> str:
    """What the first year's spending is made of, and for whom."""
    target = parameters()["country.health_spending"]
    carried = at_study_prices(target)
    in_pain = usual.year("in_pain_years", 0)[0]
    per_person = usual.year("cost_health_system", 0)[0] / in_pain
    rows = [
        (OUTCOMES[name].label, billion(usual.year(name, 0)))
        for name in COST_CATEGORIES
        if name not in ("cost_cft", "cost_training", "cost_lost_work")
    ]
    rows += [
        ("Published health spending at prices of the study", f"AUD {carried / 1e9:.2f} bn"),
        ("Published, for each person with back problems", f"AUD {carried / _people():,.0f}"),
        ("Model, health care for each person-year in chronic low back pain", f"AUD {per_person:,.0f}"),
    ]
    return table(("First year", "AUD"), rows)


def _people() -> float:
    return parameters()["country.back_problem_people"].value


def lost_work(usual: Usual) -> str:
    """What lost work is made of in the first year."""
    values = usual.values
    hours, total = usual.year("absence_hours", 0)[0], usual.year("cost_lost_work", 0)[0]
    absent = hours * values["work.hourly_earnings"]
    reduced = absent * values["work.reduced_effectiveness"]
    rows = [("Hours absent", absent), ("Reduced effectiveness at work", reduced)]
    rows += [("Out of work because of pain, or off after an operation", total - absent - reduced), ("Total", total)]
    money = [(what, f"AUD {value / 1e9:.1f} bn") for what, value in rows]
    shares = [
        (f"Share of working-age person-time employed, {year}", percent(usual.year("employed_share", number)[0]))
        for year, number in ((usual.results.years[0], 0), (usual.results.years[-1], -1))
    ]
    return table(("Usual care, first year", "Value"), money + shares)


def tables(people: int) -> dict[str, str]:
    """Every generated part of the page by its name."""
    usual = usual_care(people)
    fixed = usual_care(people, incidence="fixed")
    return {
        "run": _about(usual.results),
        "stocks": stocks(usual, fixed),
        "old-age": old_age(usual),
        "opioids": opioids(usual),
        "opioid-balance": opioid_balance(usual),
        "spending": spending(usual),
        "lost-work": lost_work(usual),
    }


def _about(results: Results) -> str:
    return (
        f"These numbers come from lbpsim {__version__}: {results.people:,} simulated people, {results.replications} "
        f"replications, {results.years[0]} to {results.years[-1]}, seed {results.seed}, usual care. What stands after "
        f"± is a Monte Carlo standard error. Money is at prices of {results.study.price_year}."
    )


def main() -> None:
    """Print the tables, or write them into the page."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, default=PEOPLE, help="people simulated at the start")
    options.add_argument("--write", action="store_true", help="put the tables into docs/mismatches.md")
    chosen = options.parse_args()
    parts = tables(chosen.people)
    if chosen.write:
        PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), parts), encoding="utf-8")
    else:
        print("\n\n".join(parts.values()))


if __name__ == "__main__":
    main()
