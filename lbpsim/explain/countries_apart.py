"""The same policy in two countries, for 100,000 adults, and what makes the difference: people, care, or prices.

From the first country to the second in three steps, each of which takes something more from the second. Money stays in
the currency of the first, into which the second's prices are exchanged at purchasing power. The policy keeps its dates
and shares; its places follow the number of adults. Everything is at central inputs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from lbpsim.evidence.country import Country
from lbpsim.evidence.currency import ExchangeRate, Money, in_currency, without_code
from lbpsim.evidence.registry import Parameter
from lbpsim.evidence.units import MONEY
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.population.demography import ADULT, people_counted
from lbpsim.simulation.run import run_study
from lbpsim.study import Policy, Study
from lbpsim.study.files.errors import listed, wrong_option

Block = Literal["people", "care", "prices"]
BLOCKS: Mapping[Block, str] = {
    "people": "ages, deaths, how common pain is, who works, quality of life",
    "care": "long-term opioids, operations and their waits",
    "prices": "prices, pay and payers, at purchasing power",
}
OF_PEOPLE = (  # tables of a country
    *("counted_on", "population", "single_years", "years_since_single"),
    *("death", "prevalence", "employed", "norms"),
)
OF_CARE = ("opioids.", "surgery.")
OF_PRICES = ("payers.", "usual_care.share_counted_here")
PER = 100_000  # adults
SHOWN = ("qalys", "dalys", "cft_courses", "cost_health_system", "cost_societal")
UNDISCOUNTED = ("cft_courses",)


@dataclass(frozen=True)
class CountriesApart:
    """A policy in two countries.

    `steps`: results of the first country, with more and more of the second, and last of the second; `rate`: from the
    second's currency to the first's; `frame`: step, outcome, unit, difference, mcse (for 100,000 adults, against the
    comparator), change and change_mcse (from the step before).
    """

    here: Country
    there: Country
    policy: Policy
    rate: ExchangeRate
    steps: tuple[Results, ...]
    labels: tuple[str, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each step and outcome."""
        return pd.DataFrame(list(self._rows()))

    def _rows(self) -> Iterator[dict[str, object]]:
        figures = [_for_adults(step, self.policy.name) for step in self.steps]
        for number, (label, mine) in enumerate(zip(self.labels, figures, strict=True)):
            for outcome in SHOWN:
                value, error = mine[outcome]
                before = figures[number - 1][outcome] if number else (np.nan, np.nan)
                yield {
                    "step": label,
                    "outcome": outcome,
                    "unit": in_currency(OUTCOMES[outcome].unit, self.here.currency.code),
                    "difference": value,
                    "mcse": error,
                    "change": value - before[0],
                    "change_mcse": float(np.hypot(error, before[1])),
                }


def _for_adults(results: Results, policy: str) -> dict[str, tuple[float, float]]:
    """Differences from the comparator, and errors, for so many adults at the count."""
    adults = _adults(results.study.country) / PER
    rows = results.incremental[results.incremental["scenario"] == policy]
    found = {}
    for name in SHOWN:
        row = rows[(rows["outcome"] == name) & (rows["discounted"] == (name not in UNDISCOUNTED))].iloc[0]
        found[name] = float(row["difference"]) / adults, float(row["mcse"]) / adults
    return found


def countries_apart(
    study: Study, there: Country, policy: str, *, workers: int | None = None, tell: Callable[[str], None] | None = None
) -> CountriesApart:
    """A policy of a study in its own country and in another, step by step.

    `tell`: is called with each step before it is simulated. Raises InputErrors for a policy that the study has not, or
    that chooses regions, for those of one country are not in another.
    """
    study = _comparable(study.only([policy]))
    here = study.country
    labels, steps = [], []
    for count in range(len(BLOCKS) + 1):
        taken = list(BLOCKS)[:count]
        labels.append(_label(here, there, taken))
        if tell is not None:
            tell(labels[-1])
        steps.append(run_study(_with(study, there, taken), workers=workers))
    return CountriesApart(here, there, study.policy(policy), _rate(there, here), tuple(steps), tuple(labels))


def _comparable(study: Study) -> Study:
    """The study of its whole country, without regions."""
    chosen = {name: None for policy in study.policies for name in policy.cft.regions}
    if chosen:
        wrong = f"The policy offers CFT only in {listed(chosen, 'and')}, which other countries have not"
        raise wrong_option("policy", wrong, "Compare one without `cft.regions`")
    return dataclasses.replace(study, region=None, regions=None)


def _label(here: Country, there: Country, taken: Sequence[Block]) -> str:
    if not taken:
        return here.name
    return there.name if len(taken) == len(BLOCKS) else f"with {there.name}'s {' and '.join(taken)}"


def _with(study: Study, there: Country, taken: Sequence[Block]) -> Study:
    if not taken:
        return study
    ratio = _adults(there) / _adults(study.country)
    policies = tuple(_as_large(policy, ratio) for policy in study.policies)
    return dataclasses.replace(study, country=mixed(study.country, there, taken), policies=policies)


def _adults(country: Country) -> float:
    return float(people_counted(country)[:, ADULT:].sum())


def _as_large(policy: Policy, ratio: float) -> Policy:
    """A policy with so many times as many places of every kind."""
    limit = policy.surgery.operations_per_year
    rooms = limit and dataclasses.replace(limit, values=tuple(value * ratio for value in limit.values))
    surgery = dataclasses.replace(policy.surgery, operations_per_year=rooms)
    return dataclasses.replace(policy, cft=policy.cft.with_staff(ratio), surgery=surgery)


def block_of(parameter: Parameter) -> Block:
    """To which step a parameter of a country belongs."""
    if parameter.dimension in MONEY or parameter.name.startswith(OF_PRICES):
        return "prices"
    return "care" if parameter.name.startswith(OF_CARE) else "people"


def mixed(here: Country, there: Country, taken: Sequence[Block]) -> Country:
    """A country with some blocks taken from another, its money in the currency of the first."""
    known, rate = dict(here.registry.parameters), _rate(there, here)
    for name in here.registry.of_country & there.registry.of_country:
        theirs = there.registry.parameters[name]
        if theirs.role == "input" and block_of(theirs) in taken:
            known[name] = _exchanged(theirs, there, here, rate)
    registry = dataclasses.replace(here.registry, parameters=MappingProxyType(known))
    name = f"{here.folder} with {', '.join(taken)} of {there.folder}"
    blank = MappingProxyType({"mixed": f"{here.digest}{there.digest}{name}"})  # so that no two mixtures are the same
    found = dataclasses.replace(here, folder=name, files=blank, shipped=False, registry=registry)
    return _with_people_of(found, there) if "people" in taken else found


def _with_people_of(country: Country, there: Country) -> Country:
    return dataclasses.replace(country, **{name: getattr(there, name) for name in OF_PEOPLE})


def _exchanged(theirs: Parameter, there: Country, here: Country, rate: ExchangeRate) -> Parameter:
    """A price of the other country in the currency of the first, at the prices of its last year; others as they are."""
    if theirs.dimension not in MONEY or theirs.price_year is None:
        return theirs
    carried = there.prices.carry(theirs.value, theirs.price_year, there.price_year)
    amount = Money(carried, there.currency).exchanged(rate)
    unit = in_currency(without_code(theirs.unit), here.currency.code)
    changes = {"value": amount.amount, "unit": unit, "price_year": here.price_year}
    return theirs.model_copy(update={**changes, "distribution": None, "interval": None})


def _rate(of: Country, into: Country) -> ExchangeRate:
    """At purchasing power, by what each country says of it against the one from which both borrow."""
    power = [1.0 if each.purchasing_power is None else each.purchasing_power.value for each in (of, into)]
    return ExchangeRate(of.currency, into.currency, power[1] / power[0])
