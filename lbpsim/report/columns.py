"""Every column of every table: its type, its unit, what it means. From here come the files and their description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lbpsim.cea.frontier import threshold_column
from lbpsim.outcomes.lifetime import BEYOND, LIFETIME, WITHIN
from lbpsim.outcomes.per_thousand_treated import AMONG, TREATMENTS

Kind = Literal["string", "integer", "number", "boolean"]
ColumnNature = Literal["", "flow", "ratio", "row", "statistic", "input"]


@dataclass(frozen=True)
class Column:
    """One column: `name`, `kind`, `meaning` in a sentence, and `unit` ("" where another column says it).

    `nature`, of numbers: what may be done with them. A flow may be added over the rows that it is split by, a ratio may
    not; "row": as the outcome of the same row (its `nature` in outcomes.csv); a statistic (an error, an end of an
    interval, a probability) is neither added nor averaged; an input was given and is no result.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    nature: ColumnNature = ""

    def __post_init__(self) -> None:
        if (self.kind in ("integer", "number")) != bool(self.nature):
            raise ValueError(f"column {self.name}: a number has a nature, and nothing else has one")


@dataclass(frozen=True)
class Table:
    """One table: file name without ending, title, a description, its columns, and the columns that identify a row."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


def _listed(names: Mapping[str, str]) -> str:
    return "; ".join(
        f"{name}, {words[:1].lower() if words[1:2].islower() else words[:1]}{words[1:]}"
        for name, words in names.items()
    )


SCENARIO = Column("scenario", "string", "Policy, by the name of its file; the comparator stands first.")
OUTCOME = Column("outcome", "string", "What is counted; labels are in outcomes.csv.")
UNIT = Column("unit", "string", "Unit of the figure in the same row.")
DISCOUNTED = Column("discounted", "boolean", "Whether later years count for less, at the study's discount rate.")
PART = Column("part", "string", f"Part of life: {WITHIN}, {BEYOND} (after them), or {LIFETIME} (both).")
YEAR = Column("year", "integer", "Calendar year.", nature="input")
QUINTILE = Column("quintile", "string", "Socioeconomic fifth of people, 1 the most disadvantaged, or all.")
VALUE = Column("value", "number", "The figure for the country, in the unit of its row.", nature="row")
DIFFERENCE = Column(
    "difference", "number", "Policy less comparator for the country, in the unit of its row.", nature="row"
)
NO_SPREAD = (
    "empty where one replication leaves it unknown; 0 where all replications come to the same, as where nothing "
    "happened in any: no spread was seen, which does not make the figure certain."
)
MCSE = Column(
    "mcse",
    "number",
    f"Monte Carlo standard error of the figure, in the unit of its row; {NO_SPREAD}",
    nature="statistic",
)
PAIRED = Column(
    "mcse",
    "number",
    f"Monte Carlo standard error of the paired difference, in the unit of its row; {NO_SPREAD}",
    nature="statistic",
)


PER_THOUSAND = Table(
    "per_thousand",
    "Per 1,000 people treated",
    "What a treatment that begins at once does to 1,000 people, against the same people untreated, with the same luck, "
    "under the comparator's care. All qualify for CFT at a consultation. Nobody waits.",
    (
        Column(
            "treatment",
            "string",
            f"What they get, delivered as the study has it or as in the trial: {_listed(TREATMENTS)}.",
        ),
        Column("among", "string", f"Who they are: {_listed(AMONG)}."),
        Column("years", "integer", "Years from the day of treatment.", nature="input"),
        OUTCOME,
        UNIT,
        Column("discounted", "boolean", "Whether later years count for less, back to the day of treatment."),
        Column("untreated", "number", "What 1,000 of these people come to untreated.", nature="flow"),
        Column("difference", "number", "How much more it is for 1,000 treated.", nature="flow"),
        Column(
            "mcse",
            "number",
            "Monte Carlo standard error of the difference, from the spread between people; empty for a single person; "
            "0 where it is the same for everybody, as where nothing happened to anybody, which does not make the "
            "figure certain.",
            nature="statistic",
        ),
        Column(
            "people",
            "integer",
            "People who were followed, under each treatment and untreated; figures are empty where there are none.",
            nature="input",
        ),
    ),
    ("treatment", "among", "years", "outcome", "discounted"),
)


def tables(thresholds: Sequence[float]) -> tuple[Table, ...]:
    """The tables of a study with these thresholds (AUD per QALY), in the order in which they are written."""
    by_policy = (*_totals(), _frontier(thresholds), *_by_year(), *_by_quintile(), _waiting())
    return (*_dictionaries(), *by_policy, PER_THOUSAND)


def lifetime_tables(thresholds: Sequence[float]) -> tuple[Table, ...]:
    """As `tables`, those that a run has beside them when it follows people to death."""
    key = ("scenario", "part", "outcome", "discounted")
    closed = (
        "Only with `follow: lifetime`: after the study's last year nothing new begins, and everyone alive is followed "
        "to death. QALYs and costs beyond are lived through; years of life lost beyond hold those that deaths within "
        "the study lose there."
    )
    return (
        Table(
            "lifetime_summary",
            "Totals within the study's years, beyond them, and over the lifetime",
            f"Each outcome for the country, by part of life. {closed}",
            (SCENARIO, PART, OUTCOME, UNIT, DISCOUNTED, VALUE, MCSE),
            key,
        ),
        Table(
            "lifetime_incremental",
            "Differences from the comparator within the study's years, beyond them, and over the lifetime",
            f"Each policy less the comparator, paired, by part of life. {closed}",
            (SCENARIO, PART, OUTCOME, UNIT, DISCOUNTED, DIFFERENCE, PAIRED),
            key,
        ),
        replace(
            _frontier(thresholds),
            name="lifetime_frontier",
            title="Efficiency frontier over the lifetime",
            description="Only with `follow: lifetime`: as frontier.csv, with costs and QALYs over the lifetime.",
        ),
    )


def _dictionaries() -> tuple[Table, ...]:
    return (
        Table(
            "scenarios",
            "Policies",
            "What each policy is called and what it does.",
            (
                SCENARIO,
                Column("title", "string", "Title of the policy."),
                Column("description", "string", "What the policy does, in plain language."),
                Column("comparator", "boolean", "Whether the other policies are compared with this one."),
            ),
            ("scenario",),
        ),
        Table(
            "outcomes",
            "Outcomes",
            "What each outcome means.",
            (
                OUTCOME,
                Column("label", "string", "The outcome in words."),
                Column("unit", "string", "Unit in which the outcome is reported."),
                Column("kind", "string", "Person-time, event, health, cost, clinic, or derived from others."),
                Column(
                    "nature",
                    "string",
                    "flow: years add up; level: mean over time; stock: what is there at the end; ratio: of sums.",
                ),
            ),
            ("outcome",),
        ),
    )


def _totals() -> tuple[Table, ...]:
    key = ("scenario", "outcome", "discounted")
    return (
        Table(
            "summary",
            "Totals over the horizon",
            "Each outcome for the country over the whole horizon.",
            (SCENARIO, OUTCOME, UNIT, DISCOUNTED, VALUE, MCSE),
            key,
        ),
        Table(
            "incremental",
            "Differences from the comparator over the horizon",
            "Each policy less the comparator, for the country over the whole horizon. The same simulated people have "
            "the same luck under both, so the error is that of the paired difference.",
            (SCENARIO, OUTCOME, UNIT, DISCOUNTED, DIFFERENCE, PAIRED),
            key,
        ),
        Table(
            "per_person",
            "Totals per person",
            "Each outcome over the horizon divided by the people with chronic low back pain at the start.",
            (
                SCENARIO,
                OUTCOME,
                UNIT,
                DISCOUNTED,
                Column("value", "number", "The figure per person, in the unit of its row.", nature="row"),
                MCSE,
            ),
            key,
        ),
    )


def _by_quintile() -> tuple[Table, ...]:
    key = ("scenario", "quintile", "outcome", "discounted")
    return (
        Table(
            "by_quintile",
            "Totals by socioeconomic quintile",
            "Each outcome of a fifth of people over the whole horizon, without what belongs to no person.",
            (SCENARIO, QUINTILE, OUTCOME, UNIT, DISCOUNTED, VALUE, MCSE),
            key,
        ),
        Table(
            "incremental_by_quintile",
            "Differences from the comparator by socioeconomic quintile",
            "Each policy less the comparator, for people of a fifth of the country over the whole horizon, paired.",
            (SCENARIO, QUINTILE, OUTCOME, UNIT, DISCOUNTED, DIFFERENCE, PAIRED),
            key,
        ),
    )


def _frontier(thresholds: Sequence[float]) -> Table:
    benefits = tuple(
        Column(
            threshold_column(threshold),
            "number",
            f"Net monetary benefit: QALYs valued at AUD {threshold:,.0f} each, less cost. Compare between policies.",
            "AUD",
            nature="flow",
        )
        for threshold in thresholds
    )
    return Table(
        "frontier",
        "Efficiency frontier",
        "Discounted national cost and QALYs of each policy over the horizon, and which policies no other policy, or "
        "mix of two, beats.",
        (
            SCENARIO,
            Column("perspective", "string", "Whose costs count: health_system, or societal (with lost work)."),
            Column("cost", "number", "Discounted cost for the country.", "AUD", nature="flow"),
            Column("qalys", "number", "Discounted quality-adjusted life years.", "QALYs", nature="flow"),
            Column("status", "string", "One of: on frontier, dominated, extendedly dominated."),
            Column(
                "icer",
                "number",
                "Extra cost for each QALY gained against the next cheaper policy on the frontier; empty for the "
                "cheapest policy and for those not on the frontier.",
                "AUD per QALY",
                nature="ratio",
            ),
            *benefits,
        ),
        ("perspective", "scenario"),
    )


def _by_year() -> tuple[Table, ...]:
    return (
        Table(
            "yearly",
            "Outcomes by year",
            "Each outcome for the country by calendar year, undiscounted.",
            (SCENARIO, YEAR, OUTCOME, UNIT, VALUE, MCSE),
            ("scenario", "year", "outcome"),
        ),
        Table(
            "yearly_incremental",
            "Differences from the comparator by year",
            "Each policy less the comparator by calendar year, paired, undiscounted.",
            (SCENARIO, YEAR, OUTCOME, UNIT, DIFFERENCE, PAIRED),
            ("scenario", "year", "outcome"),
        ),
        Table(
            "yearly_by_group",
            "Outcomes by year, age and sex, and by year and quintile",
            "Each outcome for the country by calendar year, undiscounted: by age band and sex with quintile all, and "
            "by quintile with age band and sex all. What belongs to no person (places, training) stands under all.",
            (
                SCENARIO,
                YEAR,
                Column("age_band", "string", "Age band in whole years, or all."),
                Column("sex", "string", "men, women, or all."),
                QUINTILE,
                OUTCOME,
                UNIT,
                VALUE,
                MCSE,
            ),
            ("scenario", "year", "age_band", "sex", "quintile", "outcome"),
        ),
        Table(
            "costs",
            "Costs by year, category and payer",
            "Undiscounted cost for the country; the rows of a policy and year add up to its societal cost.",
            (
                SCENARIO,
                YEAR,
                Column("category", "string", "What the money is spent on, or lost work."),
                Column("payer", "string", "Who bears the cost."),
                Column("cost", "number", "Cost at the prices of the study's price year.", "AUD", nature="flow"),
            ),
            ("scenario", "year", "category", "payer"),
        ),
    )


def _waiting() -> Table:
    return Table(
        "waiting",
        "Waiting lists by year",
        "How long the lists are, how long people wait, how many places there are, and who is never reached.",
        (
            SCENARIO,
            Column("year", "string", "Calendar year, or all for the whole horizon."),
            Column("list", "string", "The list: CFT or surgery."),
            Column("measure", "string", "What is measured about the list."),
            UNIT,
            VALUE,
            MCSE,
        ),
        ("scenario", "list", "measure", "year"),
    )
