"""Set the same policy in two countries side by side, for 100,000 adults, and write one table and one chart."""

from __future__ import annotations

from rich.table import Table

from lbpsim.commands.session import Session
from lbpsim.evidence.country import Country
from lbpsim.explain.countries_apart import BLOCKS, PER, SHOWN, CountriesApart, countries_apart
from lbpsim.outcomes.estimate import interval_factor
from lbpsim.report.charts import countries, files_of
from lbpsim.report.files import plain_csv, write_all
from lbpsim.report.format import decimals, exact_money, in_a_table
from lbpsim.study import Study, shipped
from lbpsim.study.borrowed import of_country
from lbpsim.study.files.errors import InputErrors, Place, Problem
from lbpsim.study.files.reader import STUDY, load

NAME = "countries"
HEADS = {
    "qalys": "QALYs\ngained",
    "dalys": "DALYs\naverted",
    "cft_courses": "Courses\nof CFT",
    "cost_health_system": "Health care\n{code} thousand",
    "cost_societal": "Society\n{code} thousand",
}
THOUSANDS = 1e3
AVERTED = ("dalys",)
WHAT_IS_TAKEN = " ".join(f"{name.capitalize()}: {words}." for name, words in BLOCKS.items())


def study_of(country: Country | Study) -> Study:
    """The study with which a country is compared: itself, or the one that ships with the country.

    Raises InputErrors for a country with which none ships.
    """
    return country if isinstance(country, Study) else load(shipped.of_country(country))


def offered(study: Study, name: str | None) -> str:
    """The policy that is compared: that of the name, or the plainest offer of CFT.

    Raises InputErrors where the study has none.
    """
    if name is not None:
        return study.only([name]).policies[-1].name
    plainest = study.plainest_offer
    if plainest is None:
        wrong = "The study has no policy that offers CFT"
        raise InputErrors([Problem(Place(STUDY), "", wrong, "Name another policy with --policy")])
    return plainest.name


def compare_and_write(
    study: Study, there: Country, policy: str, session: Session, *, workers: int | None
) -> CountriesApart:
    """Simulate, show the table, and write countries.csv, countries.svg and countries.png into the session's folder."""
    found = countries_apart(study, there, policy, workers=workers, tell=lambda step: session.say(f"Simulating {step}"))
    session.say(table(found))
    for country in (found.here, found.there):
        session.say(*of_country(country), wrapped=True)
    write_all(session.folder, {f"{NAME}.csv": plain_csv(found.frame), **files_of(NAME, countries.draw(found))})
    session.say(f"Table and chart are in {session.folder}")
    return found


def table(found: CountriesApart) -> Table:
    """A row for each step; differences from usual care, with half of their Monte Carlo intervals."""
    results, code = found.steps[0], found.here.currency.code
    shown = Table(
        title=f"{found.policy.title}, for {PER:,} adults in {found.here} and {found.there}",
        caption=f"Against {results.scenarios[0]}; ± is Monte Carlo error (95%) at central inputs. Money of "
        f"{results.study.price_year}; {found.rate.of} 1 = {exact_money(round(found.rate.each, 3))} at purchasing power."
        f" {WHAT_IS_TAKEN}",
    )
    shown.add_column("Country")
    for outcome in SHOWN:
        shown.add_column(HEADS[outcome].format(code=code), justify="right")
    frame = found.frame.set_index(["step", "outcome"])
    factor = interval_factor(results.replications)
    for label in found.labels:
        shown.add_row(label, *(_cell(frame, label, outcome, factor) for outcome in SHOWN))
    return shown


def _cell(frame: object, label: str, outcome: str, factor: float) -> str:
    row = frame.loc[(label, outcome)]  # type: ignore[attr-defined]
    scale = THOUSANDS if outcome.startswith("cost") else 1.0
    sign = -1.0 if outcome in AVERTED else 1.0
    value, half = sign * float(row["difference"]) / scale, factor * float(row["mcse"]) / scale
    return in_a_table(value, half, max(decimals(half or value, 2), 0))
