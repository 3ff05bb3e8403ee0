"""Every key of a study file and of a policy file. **A new key is declared here, and read in `build`.**"""

from __future__ import annotations

from functools import cache

from lbpsim import evidence
from lbpsim.evidence import prices
from lbpsim.evidence.bounds import bounds
from lbpsim.evidence.units import DAY
from lbpsim.study import limits
from lbpsim.study.files.dated_fields import ByYear, Dated, Day, Yearly
from lbpsim.study.files.plain_fields import Amount, Choice, ListOf, Name, People, Text, WholeNumber, YesNo
from lbpsim.study.files.quantity_fields import Growth, Quantity, Threshold
from lbpsim.study.files.sections import Assumptions, Key, Section
from lbpsim.study.files.structure_weights import StructureWeights
from lbpsim.study.limits import Whole

# Structural choices, the base case first, and what each decides.
OPTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "after_year_three": (
        ("waning", "sustained", "gone_by_year_five", "gone_at_year_three"),
        "what becomes of the effect of CFT after the three years that the trial observed",
    ),
    "waning": (
        ("pooled", "by_arm"),
        "whether CFT wanes after year three at the rate of both arms of the trial together, or each at its own",
    ),
    "disability_weights": (("linear", "classes", "eq5d_chain"), "how disability becomes a disability weight"),
    "disability_weight_level": (
        ("rescaled", "as_published"),
        "whether disability weights are scaled to the published mean of a case, or stand as their curve was published",
    ),
    "utility_slope": (
        ("within_person", "cross_sectional", "with_pain"),
        "whether quality of life moves as within people over time, as between people, or with disability and pain",
    ),
    "productivity": (
        ("by_impact", "trial_anchored"),
        "whether lost work in the first year after CFT follows the impact of pain, or the trial's own cost difference",
    ),
    "lost_work": (("human_capital", "friction"), "whether lost work is valued in full, or until a worker is replaced"),
    "severity_drives_opioids_and_surgery": (
        ("on", "off"),
        "whether the start of opioids and referral to surgery rise with current disability",
    ),
    "severe_mortality": (("off", "on"), "whether severe disability itself raises mortality"),
    "start": (
        ("in_balance", "in_pain_only"),
        "whether people in remission are in the model from the start, or come back into it as if they were new",
    ),
    "remission": (("by_disability", "uniform"), "whether remission is less likely the more disabled people are"),
    "opioid_stopping": (
        ("in_balance", "published", "weibull"),
        "how the rate of stopping long-term opioids falls with time on them, from the start of the study on",
    ),
    "employment": (
        ("by_age", "only_by_pain"),
        "whether people begin and end work with age as the table has it, or leave and return because of pain alone",
    ),
    "return_to_work": (("by_disability", "constant"), "whether disability keeps people from returning to work"),
    "surgery_rate": (
        ("of_operations", "of_referrals"),
        "whether the registered rate of surgery is that of operations, or of referrals",
    ),
    "acceptance": (
        ("of_the_person", "at_each_offer"),
        "whether people make up their minds about an offer once, or anew each time it is made",
    ),
    "at_the_place": (
        ("assessed_again", "as_referred"),
        "whether those for whom a place comes up still have to meet the criteria",
    ),
    "population": (("projected", "still"), "whether the population moves as projected, or is held still"),
    "years_of_life_lost": (
        ("within_the_study", "life_expectancy"),
        "whether deaths cost the years of life that lie within the study, or all that a person may expect",
    ),
    "incidence": (("balanced", "fixed"), "whether new cases keep prevalence as surveyed, or come at the fixed rate"),
}
# By key, the registered parameter that says what growth there has been.
GROWTH_SEEN = {"opioids.growth": "opioids.growth_2004_2014", "surgery.growth": "surgery.growth_private"}
# Structural choices that nothing known decides: draws of the inputs make them too.
DRAWN = ("after_year_three", "opioid_stopping", "severity_drives_opioids_and_surgery", "utility_slope",
         "disability_weights")  # fmt: skip
WEIGHTS = StructureWeights({name: OPTIONS[name][0] for name in DRAWN})
OF_A_POLICY = ("after_year_three",)


def _option(name: str, *, with_default: bool) -> Key:
    choices, means = OPTIONS[name]
    return Key(name, Choice(choices), means, default=choices[0] if with_default else None)


SHARE, CHANGE = Quantity("share", "10%", bare=True), Quantity("change", "-20%", high=1.0)

CFT = Section(
    (
        Key(
            "offered",
            Dated(SHARE, "2027-01-01: 10%, 2031-01-01: 60%"),
            "the share of eligible consultations at which CFT is offered, on a line between dates",
            required=True,
        ),
        Key(
            "training_places",
            ByYear(Amount("training places", "workforce.registered"), "2027: 400, from 2028: 800"),
            "how many physiotherapists can enter training in CFT in each calendar year",
            default=Yearly(),
        ),
        Key(
            "trained_at_start",
            Amount("physiotherapists", "workforce.registered"),
            "how many physiotherapists are trained in CFT as the study starts",
            default=0.0,
        ),
        Key(
            "capacity",
            Choice(("limited", "unlimited")),
            "whether courses, or what is offered instead, wait for trained physiotherapists",
            default="limited",
        ),
        Key(
            "referral_stops_at",
            Quantity("duration", "26 weeks", low=DAY, within="1 day on; at none nobody could ever be referred"),
            "the expected wait, list over places a week, from which nobody new is referred",
        ),
        Key(
            "priority",
            Choice(("first_come", "severity")),
            "who on the waiting list comes first: who waits longest, or who is most disabled",
            default="first_come",
        ),
        Key("biofeedback", YesNo(), "whether courses use movement-sensor biofeedback", default=False),
        Key(
            "replaced_by",
            Choice(("opioids", "surgery")),
            "what people get instead of CFT, place for place: long-term opioids, or a date for surgery",
        ),
    )
)


OPIOIDS = Section(
    (
        Key(
            "growth",
            Dated(Growth(GROWTH_SEEN["opioids.growth"]), "2027-01-01: 6% per year"),
            "how the start of long-term opioids grows from each date, again at each anniversary",
        ),
        Key(
            "initiation_change",
            Dated(CHANGE, "2027-01-01: -20%"),
            "how much more or fewer people start long-term opioids from each date than otherwise",
        ),
        Key(
            "tapering_offered",
            Dated(SHARE, "2027-01-01: 50%"),
            "the share of users' consultations at which supported tapering is offered, on a line between dates",
        ),
    )
)


SURGERY = Section(
    (
        Key(
            "growth",
            Dated(Growth(GROWTH_SEEN["surgery.growth"]), "2027-01-01: 6% per year"),
            "how referral to lumbar fusion grows from each date, again at each anniversary",
        ),
        Key(
            "referral_change",
            Dated(CHANGE, "2027-01-01: -20%"),
            "how much more or fewer people are referred to lumbar fusion from each date than otherwise",
        ),
        Key(
            "operations_per_year",
            Dated(Amount("operations a year"), "2027-01-01: 3000"),
            "how many first lumbar fusions the country can do a year, from each date",
        ),
    )
)


@cache
def policy_file() -> Section:
    """The keys of a policy file."""
    return Section(
        (
            Key("title", Text(limits.LONGEST_TITLE), "the policy's name in tables and charts", required=True),
            Key("description", Text(), "the policy in plain words", default=""),
            Key("cft", CFT, "how Cognitive Functional Therapy (CFT) is offered"),
            Key("opioids", OPIOIDS, "changes to long-term opioids"),
            Key("surgery", SURGERY, "changes to lumbar fusion"),
            Key("assume", Assumptions(), "registered parameters that this policy sets, by name", default={}),
            Key(
                "options",
                Section(tuple(_option(name, with_default=False) for name in OF_A_POLICY)),
                "structural choices that this policy makes",
                default={},
            ),
        )
    )


@cache
def study_file() -> Section:
    """The keys of the study file."""
    return Section((*_question(), *_size(), *_economics(), *_structure()))


def _question() -> tuple[Key, ...]:
    return (
        Key("name", Name(), "the study's name, which names its folder of results", required=True),
        Key("title", Text(limits.LONGEST_TITLE), "the study's title in reports", required=True),
        Key("description", Text(), "the question in plain words", default=""),
        Key("country", Choice(("Australia",)), "the country", default="Australia"),
        Key("comparator", Name(), "the policy with which the others are compared, today's care", required=True),
    )


def _size() -> tuple[Key, ...]:
    first_day = Day(limits.EARLIEST_START, limits.LATEST_START)
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
    price_years = Whole(min(prices.index()), prices.latest_year())
    return (
        Key(
            "perspective",
            Choice(("health_system", "societal")),
            "whose costs the headline results count: the health system's, or society's with lost work",
            required=True,
        ),
        Key(
            "discount_rate",
            Quantity("rate", "5% per year", low=0.0, high=discounting.canonical[1], within=str(discounting)),
            "the yearly rate at which future costs and health are discounted",
            required=True,
        ),
        Key("thresholds", ListOf(Threshold(), limits.MOST_THRESHOLDS), "what a QALY may cost", required=True),
        Key("price_year", WholeNumber(price_years), "the year whose prices all money is in", required=True),
    )


def _structure() -> tuple[Key, ...]:
    options = Section(tuple(_option(name, with_default=True) for name in OPTIONS))
    base = {name: choices[0] for name, (choices, _) in OPTIONS.items()}
    return (
        Key("options", options, "structural choices for every policy", default=base),
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
        for name, path in section.paths():
            places.setdefault(name, []).append(f"{file} as `{path}`")
    return found | {name: " or ".join(paths) for name, paths in places.items()}
