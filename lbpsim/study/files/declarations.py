"""The keys of a study file; those of a policy file, which `policies` declares; and where each key belongs."""

from __future__ import annotations

from functools import cache

from lbpsim import evidence
from lbpsim.evidence import in_force
from lbpsim.evidence.bounds import bounds
from lbpsim.evidence.country import Country
from lbpsim.evidence.shipped_countries import reference
from lbpsim.study import limits
from lbpsim.study.files.country_field import CountryField
from lbpsim.study.files.dated_fields import Day
from lbpsim.study.files.plain_fields import Choice, ListOf, Name, People, Text, WholeNumber
from lbpsim.study.files.policy_keys import PolicySection, section_of
from lbpsim.study.files.quantity_fields import DiscountRate, Quantity, Threshold
from lbpsim.study.files.region_field import RegionField
from lbpsim.study.files.regions_field import RegionsField
from lbpsim.study.files.sections import Assumptions, Key, Section
from lbpsim.study.files.structure_weights import StructureWeights
from lbpsim.study.limits import Whole
from lbpsim.study.options import BASE, DRAWN, OPTIONS
from lbpsim.study.policies import Policy

WEIGHTS = StructureWeights({name: OPTIONS[name][0] for name in DRAWN})


@cache
def policy_file() -> PolicySection:
    """The keys of a policy file."""
    return section_of(Policy)


def study_file() -> Section:
    """The keys of the study file, in the country in force."""
    return _study_file(in_force.country())


@cache
def _study_file(_: Country) -> Section:
    return Section((*_question(), *_size(), *_economics(), *_structure()))


def _question() -> tuple[Key, ...]:
    return (
        Key("name", Name(), "the study's name, which names its folder of results", required=True),
        Key("title", Text(limits.LONGEST_TITLE), "the study's title in reports", required=True),
        Key("description", Text(), "the question in plain words", default=""),
        Key("country", CountryField(), "the country: one that ships, or the folder of a pack", default=reference()),
        Key("region", RegionField(), "the part of the country that the study is of; none: the whole of it"),
        Key("regions", RegionsField(), "the parts that make up the country, or the `region`; policies can choose some"),
        Key("comparator", Name(), "the policy with which the others are compared, today's care", required=True),
    )


def _size() -> tuple[Key, ...]:
    first_day = Day(limits.earliest_start(), limits.LATEST_START)
    return (
        Key("start", first_day, "the first day of the study", required=True),
        Key("years", WholeNumber(limits.YEARS), "how many years the study lasts", required=True),
        Key(
            "follow",
            Choice(limits.FOLLOW),
            "how long people are followed: to the end of the study, or, with nothing new begun after it, to death",
            default=limits.FOLLOW[0],
        ),
        Key("people", People(), "how many people are simulated at the start, or `all`", required=True),
        Key(
            "replications",
            WholeNumber(limits.REPLICATIONS),
            "over how many independent replications the people are divided, from which Monte Carlo errors are taken",
            default=20,
        ),
        Key("seed", WholeNumber(limits.SEED), "the number from which all random numbers follow", required=True),
    )


def _economics() -> tuple[Key, ...]:
    discounting = bounds(evidence.parameters()["economics.discount_rate"])
    rate = Quantity("rate", "5% per year", low=0.0, high=discounting.canonical[1], within=str(discounting))
    known = in_force.registry().prices
    price_years = Whole(min(known.by_year), known.latest)
    return (
        Key(
            "perspective",
            Choice(("health_system", "societal")),
            "whose costs the headline results count: the health system's, or society's with lost work",
            required=True,
        ),
        Key(
            "discount_rate",
            DiscountRate(rate),
            "the yearly rate at which future costs and health are discounted, or one for `costs` and one for `health`",
            required=True,
        ),
        Key("thresholds", ListOf(Threshold(), limits.MOST_THRESHOLDS), "what a QALY may cost", required=True),
        Key("price_year", WholeNumber(price_years), "the year whose prices all money is in", required=True),
    )


def _structure() -> tuple[Key, ...]:
    options = Section(
        tuple(Key(name, Choice(choices), means, choices[0]) for name, (choices, means) in OPTIONS.items())
    )
    return (
        Key("options", options, "structural choices for every policy", default=BASE),
        Key(
            "structure_weights",
            WEIGHTS,
            "how often draws make each structural choice, or `off`; of an option not given, all choices alike",
            default=WEIGHTS.equal,
        ),
        Key("assume", Assumptions(), "registered parameters set for every policy, by name", default={}),
    )


@cache
def homes() -> dict[str, str]:
    """For every key there is, and every parameter, where it belongs."""
    found = {
        name: f"under `assume` as `{name}`"
        for name, parameter in evidence.parameters().items()
        if parameter.role == "input"
    }
    places: dict[str, list[str]] = {}
    for file, section in (("in study.yaml", study_file()), ("in a policy file", policy_file())):
        for path, key in section.paths():
            places.setdefault(key.name, []).append(f"{file} as `{path}`")
    return found | {name: " or ".join(paths) for name, paths in places.items()}
