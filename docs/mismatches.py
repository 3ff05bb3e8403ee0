"""Where the model and published figures disagree: runs the model and prints the tables of docs/mismatches.md.

    python docs/mismatches.py [--people 40000] [--write]

With `--write` the tables replace those of the page.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pages import DOCS, filled, table

from lbpsim import __version__
from lbpsim.evidence import Parameter, parameters, prices
from lbpsim.evidence.units import format_in_unit, number_text
from lbpsim.outcomes.accrual import FIXED_POINT
from lbpsim.outcomes.measures import COST_CATEGORIES, NUMBER, OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.pathways import life
from lbpsim.population.demography import project
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import Laboratory
from lbpsim.simulation.runs import run_study
from lbpsim.study import CftPolicy, Study, load
from lbpsim.study.clock import part_of_year
from lbpsim.validation.follow_up import enrol, follow
from lbpsim.validation.trial import ENROLMENT_YEARS, VISITS

SCENARIOS = Path(__file__).parents[1] / "scenarios"
PAGE = DOCS / "mismatches.md"
PEOPLE = 40_000
ARMS = ("usual care", "CFT", "CFT with biofeedback")
VISIT_NAMES = ("start", "week 3", "week 6", "week 13", "week 26", "week 40", "week 52", "year 3")
WEEK_13, WEEK_52, YEAR_3 = 3, 6, 7  # places among the visits
HEADER = ("Figure", "Published", "Model")
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


def country(usual: Usual, weights: dict[str, Usual]) -> str:
    """Burden, spending, deaths, operations, work beside published figures."""
    rows = [
        ("Adults with chronic low back pain at the start", "country.cases", f"{usual.results.country_cases:,.0f}"),
        *(_burden(name, run) for name, run in weights.items()),
        (
            "YLDs for each person-year in pain, curve `linear`",
            "country.yld_per_case",
            f"{usual.year('ylds', 0)[0] / usual.year('in_pain_years', 0)[0]:.4f}",
        ),
        ("DALYs in the first year", "country.back_problem_dalys", whole(usual.year("dalys", 0))),
        ("Lumbar fusions a year, average of the horizon", "country.fusions", whole(usual.a_year("surgeries"))),
        ("Lumbar fusions in the first year", "country.fusions", whole(usual.year("surgeries", 0))),
        ("Deaths from overdose a year, average", "country.opioid_deaths", whole(usual.a_year("overdose_deaths"))),
        ("Health spending in the first year", "country.health_spending", billion(usual.year("cost_health_system", 0))),
        ("Health spending in the last year", "country.health_spending", billion(usual.year("cost_health_system", -1))),
        ("Lost work in the first year", "country.early_retirement_loss", billion(usual.year("cost_lost_work", 0))),
    ]
    return table(HEADER, [(what, published(name), model) for what, name, model in rows])


def _burden(curve: str, run: Usual) -> tuple[str, str, str]:
    return (f"YLDs in the first year, curve `{curve}`", "country.low_back_pain_ylds", whole(run.year("ylds", 0)))


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


@dataclass(frozen=True)
class Arms:
    """The emulated trial: disability and pain at each visit, shape (arms, people, visits), and a year's sums.

    `age`, `women` (1 or 0) of those enrolled; `sums`: undiscounted, shape (arms, outcomes), over the first year.
    """

    rmdq: Numbers
    pain: Numbers
    age: Numbers
    women: Numbers
    sums: Numbers

    def gap(self, what: Numbers, arm: int) -> Numbers:
        """Mean difference from usual care at each visit among those alive in both."""
        return np.asarray(np.nanmean(what[arm] - what[0], axis=0))

    def error(self, what: Numbers, arm: int) -> Numbers:
        """Standard error of that difference."""
        each = what[arm] - what[0]
        return np.asarray(np.nanstd(each, axis=0, ddof=1) / np.sqrt((~np.isnan(each)).sum(axis=0)))

    def benefit_at(self, baseline: float, arm: int) -> float:
        """Fall of disability against usual care at week 13 on a line through disability at the start."""
        benefit = (self.rmdq[0] - self.rmdq[arm])[:, WEEK_13]
        known = ~np.isnan(benefit)
        slope, level = np.polyfit(self.rmdq[0, known, 0], benefit[known], 1)
        return float(level + slope * baseline)

    def a_person(self, outcome: str, arm: int) -> float:
        """Difference from usual care over the first year for each person enrolled."""
        number = NUMBER[outcome]
        return float(self.sums[arm, number] - self.sums[0, number]) / len(self.age)


def emulated(study: Study) -> Arms:
    """Enrol everyone of one large replication who qualifies, and follow each under every arm."""
    laboratory = Laboratory(replace(study, years=max(study.years, 6), replications=1))
    usual = laboratory.study.policies[0]
    policies = [usual, *(replace(usual, cft=CftPolicy(biofeedback=sensors)) for sensors in (False, True))]
    inputs = [build(laboratory.study, arm, laboratory.study.values(arm)) for arm in policies]
    people = laboratory.persons(0).copy()
    chosen = people[enrol(people, inputs[0], laboratory.blank_totals(), ENROLMENT_YEARS)]
    measured = np.full((len(ARMS), 2, len(chosen), len(VISITS)), np.nan)
    sums = np.array([_first_year(chosen, record, laboratory, arm) for arm, record in enumerate(inputs)])
    for arm, record in enumerate(inputs):
        follow(chosen.copy(), record, laboratory.blank_totals(), np.array(VISITS), int(arm > 0), measured[arm])
    return Arms(measured[:, 0], measured[:, 1], chosen["age"].astype(float), chosen["sex"].astype(float), sums)


def _first_year(chosen: npt.NDArray[Any], inputs: npt.NDArray[Any], laboratory: Laboratory, arm: int) -> Numbers:
    """Sums of every outcome over exactly a year from enrolment."""
    totals, people = laboratory.blank_totals(), chosen.copy()
    unread = np.full((2, len(people), 1), np.nan)
    follow(people, inputs, totals, np.array([1.0]), int(arm > 0), unread)
    for row in np.flatnonzero(people["present"]):
        life.live_until(people, int(row), chosen[row]["now"] + 1.0, inputs, totals)
    return np.asarray(totals[0].sum(axis=(0, 1)) / FIXED_POINT)


def participants(trial: Arms) -> str:
    """Who is enrolled, beside the trial's participants."""
    baseline = trial.rmdq[0, :, 0]
    low, high = np.percentile(baseline, [10, 90])
    rows = [
        ("Age, mean", "restore.age_mean", f"{trial.age.mean():.1f}"),
        ("Age, standard deviation", "restore.age_sd", f"{trial.age.std():.1f}"),
        ("Women", "restore.women", percent(trial.women.mean())),
        ("Disability at the start, mean", "restore.baseline_rmdq_mean", f"{baseline.mean():.1f}"),
        ("Disability at the start, standard deviation", "restore.baseline_rmdq_sd", f"{baseline.std():.1f}"),
        ("Disability at the start, 10th percentile", "restore.baseline_rmdq_p10", f"{low:.1f}"),
        ("Disability at the start, 90th percentile", "restore.baseline_rmdq_p90", f"{high:.1f}"),
        ("Pain at the start, mean", "restore.baseline_pain_mean", f"{trial.pain[0, :, 0].mean():.1f}"),
        ("Fall of disability under usual care by week 13", "restore.usual_care_fall_week13", _fall(trial)),
    ]
    return table(HEADER, [(what, published(name), model) for what, name, model in rows])


def _fall(trial: Arms) -> str:
    return f"{trial.rmdq[0, :, 0].mean() - np.nanmean(trial.rmdq[0, :, WEEK_13]):.1f}"


def course_of_arms(trial: Arms) -> str:
    """Mean disability of each arm and its difference from usual care, visit by visit."""
    means = np.nanmean(trial.rmdq, axis=1)
    alive = ~np.isnan(trial.rmdq[0])
    remitted = ((trial.rmdq[0] == 0.0) & (trial.pain[0] == 0.0)).sum(axis=0) / alive.sum(axis=0)
    rows = [
        (
            visit,
            percent(remitted[k]),
            *(f"{mean:.1f}" for mean in means[:, k]),
            *(f"{trial.gap(trial.rmdq, arm)[k]:+.2f} (±{trial.error(trial.rmdq, arm)[k]:.2f})" for arm in (1, 2)),
        )
        for k, visit in enumerate(VISIT_NAMES)
    ]
    return table(
        (
            "Disability (RMDQ)",
            "free of pain under usual care",
            *ARMS,
            "CFT less usual care",
            "with biofeedback less usual care",
        ),
        rows,
    )


def effects(trial: Arms) -> str:
    """Differences from usual care beside the published ones."""
    visits = {"week13": WEEK_13, "week52": WEEK_52, "year3": YEAR_3}
    return table(HEADER, [row for arm in (1, 2) for row in _effects_of(trial, arm, visits)])


def _effects_of(trial: Arms, arm: int, visits: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    short = ("", "cft", "biofeedback")[arm]
    for what, measured in (("rmdq", trial.rmdq), ("pain", trial.pain)):
        for visit, k in visits.items():
            name = f"restore.{short}_{what}_{visit}"
            if name in parameters():
                label = f"{ARMS[arm]}, {'disability' if what == 'rmdq' else 'pain'}, {VISIT_NAMES[k]}"
                yield label, published(name), f"{trial.gap(measured, arm)[k]:+.2f}"
    for baseline in (7, 18):
        label = f"{ARMS[arm]}, benefit at week 13 with {baseline} points at the start (both arms of CFT in the trial)"
        yield label, published(f"restore.benefit_at_{baseline}"), f"{trial.benefit_at(baseline, arm):.1f}"
    cost = trial.a_person("cost_lost_work", arm) + sum(
        trial.a_person(name, arm) for name in COST_CATEGORIES if name not in ("cost_lost_work", "cost_training")
    )
    label = f"{ARMS[arm]}, societal cost over a year (work: AUD {trial.a_person('cost_lost_work', arm):+,.0f})"
    yield label, published(f"restore.{short}_cost_difference"), f"AUD {cost:+,.0f}"
    yield f"{ARMS[arm]}, QALYs over a year", "none read", f"{trial.a_person('qalys', arm):+.3f}"


def tables(people: int) -> dict[str, str]:
    """Every generated part of the page by its name."""
    usual = usual_care(people)
    fixed = usual_care(people, incidence="fixed")
    weights = {curve: usual_care(people, years=1, disability_weights=curve) for curve in ("classes", "eq5d_chain")}
    trial = emulated(load(SCENARIOS).with_changes(people=people))
    return {
        "run": _about(usual.results, len(trial.age)),
        "stocks": stocks(usual, fixed),
        "opioids": opioids(usual),
        "opioid-balance": opioid_balance(usual),
        "country": country(usual, {"linear": usual, **weights}),
        "spending": spending(usual),
        "lost-work": lost_work(usual),
        "participants": participants(trial),
        "arms": course_of_arms(trial),
        "effects": effects(trial),
    }


def _about(results: Results, enrolled: int) -> str:
    return (
        f"These numbers come from lbpsim {__version__}: {results.people:,} simulated people, {results.replications} "
        f"replications, {results.years[0]} to {results.years[-1]}, seed {results.seed}; the emulated trial enrolled "
        f"{enrolled:,} of as many people and those who joined them, in one replication. What stands after ± is a Monte "
        f"Carlo standard error. Money is at prices of {results.study.price_year}."
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
