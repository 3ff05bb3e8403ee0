"""What drifts inside usual care, and what its figures are made of: runs the model, prints the tables of mismatches.md.

    python docs/mismatches.py [--people 40000] [--write]

With `--write` the tables replace those of the page.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pages import DOCS, filled, table

from lbpsim import __version__
from lbpsim.evidence import Parameter, parameters, prices
from lbpsim.evidence.units import format_in_unit, number_text
from lbpsim.outcomes.measures import COST_CATEGORIES, OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.population.demography import project
from lbpsim.simulation.runs import run_study
from lbpsim.study import load
from lbpsim.study.clock import part_of_year

SCENARIOS = Path(__file__).parents[1] / "scenarios"
PAGE = DOCS / "mismatches.md"
PEOPLE = 40_000
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

    def a_year(self, outcome: str) -> tuple[float, float]:
        """Average a year over the horizon, with its Monte Carlo error; for what is rare."""
        rows = self.results.summary
        row = rows[(rows["outcome"] == outcome) & ~rows["discounted"]].iloc[0]
        years = len(self.results.years)
        return float(row["value"]) / years, float(row["mcse"]) / years

    @cached_property
    def adults(self) -> Numbers:
        """Adults of the country in the middle of each year."""
        study = self.results.study
        start = study.start.year + part_of_year(study.start)
        ends = project(start, study.years, study.values(study.policies[0])).adults()
        return np.asarray((ends[:-1] + ends[1:]) / 2.0)


def usual_care(people: int, *, years: int | None = None, **options: str) -> Usual:
    """Run usual care alone, with structural options if given."""
    study = load(SCENARIOS).with_changes(people=people, years=years)
    study = replace(study, policies=study.policies[:1], options={**study.options, **options})
    return Usual(run_study(study))


def published(name: str) -> str:
    """A registered figure with its interval, price year, grade and name."""
    parameter = parameters()[name]
    value = format_in_unit(parameter.value, parameter.unit)
    between = parameter.interval and f" ({number_text(parameter.interval[0])} to {number_text(parameter.interval[1])})"
    year = f", prices of {parameter.price_year}" if parameter.price_year else ""
    return f"{value}{between or ''}{year}; {parameter.grade}; `{name}`"


def at_study_prices(parameter: Parameter) -> float:
    """Money of the registry at prices of the study, which are the latest that the index covers."""
    return parameter.at_prices_of(prices.latest_year())


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
    return table(("Year", "share of person-time", "users, average", "starts", "stops"), rows)


def opioid_balance(usual: Usual) -> str:
    """What the published rates imply in the long run, in closed form."""
    values = usual.results.study.values(usual.results.study.policies[0])
    early, late, turn = (values[f"opioids.{name}"] for name in ("stop_early", "stop_established", "early_years"))
    length = -np.expm1(-early * turn) / early + np.exp(-early * turn) / late
    starts = values["opioids.start_rate"]
    balance = starts * length / (1.0 + starts * length)
    needed = values["opioids.on_at_start"] / (1.0 - values["opioids.on_at_start"]) / length
    rows = [
        ("Mean length of a spell of use, stopping alone", f"{length:.1f} years"),
        ("Share on long-term opioids at which those starts and stops balance", percent(balance)),
        ("Starts a year that would hold use at its starting share", percent(needed)),
        ("Starts a year that are published and used", percent(starts)),
    ]
    return table(("In closed form, without death and remission", "Value"), rows)


def curves(weights: dict[str, Usual]) -> str:
    """Burden of the first year under each curve from disability to disability weight."""
    rows = [(f"`{curve}`", whole(run.year("ylds", 0))) for curve, run in weights.items()]
    rows += [("published", published("country.low_back_pain_ylds"))]
    return table(("Curve of disability weights", "YLDs in the first year"), rows)


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
    values = usual.results.study.values(usual.results.study.policies[0])
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
    weights = {curve: usual_care(people, years=1, disability_weights=curve) for curve in ("classes", "eq5d_chain")}
    return {
        "run": _about(usual.results),
        "stocks": stocks(usual, fixed),
        "opioids": opioids(usual),
        "opioid-balance": opioid_balance(usual),
        "curves": curves({"linear": usual, **weights}),
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
