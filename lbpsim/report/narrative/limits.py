"""What limits an answer: places and lists, operations without end, the years after the trial, guessed inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.outcomes.estimate import Estimate, from_draws
from lbpsim.outcomes.waiting import WHOLE_HORIZON
from lbpsim.report.format import listed, percent_in_words
from lbpsim.report.narrative.claim import Claim
from lbpsim.report.narrative.comparison import Comparison, called, first_letter_up
from lbpsim.report.narrative.differences import country, discounted, from_replications, undiscounted
from lbpsim.report.narrative.effect import QALYS
from lbpsim.report.narrative.phrasing import Thing, alone, counted, difference, graded
from lbpsim.study import Policy

Numbers = npt.NDArray[np.float64]
TRIAL_ENDS = {False: "cft.rmdq_year3", True: "biofeedback.rmdq_year3"}  # without and with biofeedback
AFTER_TRIAL = "cft.gone_by"
AFTERWARDS = {
    "waning": "it is assumed to fade at the rate seen between one and three years",
    "sustained": "it is assumed to last",
    "gone_by_year_five": "it is assumed to be gone by year five",
    "gone_at_year_three": "it is assumed to be gone at once",
}

UNTREATED = ("cft_never_reached", "cft_turned_away")  # referrals that end without a course for want of a place
AS_PLANNED = (
    "Nothing in the model limits how fast this policy takes hold: what its file sets is carried out in full, and on "
    "its dates."
)
HELD_BACK = {
    1: "places limit this policy more than its offer",
    -1: "the offer limits this policy more than places",
    0: "whether places or the offer limit this policy more is not clear",
}


def limited_by(case: Comparison) -> Iterator[Claim]:
    """Claims of the topic "limited by": of every limit that the policy has."""
    for tell, basis in LIMITS:
        text = tell(case)
        if text:
            yield Claim("limited by", text, basis)


def waiting_sentence(case: Comparison) -> str:
    """How often people are referred to the list, how many courses start, and how long list and wait become."""
    if not case.queues:
        return ""
    names = ("cft_joined", "cft_turned_away", "cft_courses", "cft_never_reached")
    referred, away, courses, untreated = (float(level(case, name).mean()) for name in names)
    if referred == 0.0:
        return "Nobody is referred to the list for CFT under this policy."
    listed_times = referred - away
    told = f"People are referred to CFT {alone(referred, Thing('times'))} (one person can be referred more than once)"
    if away:
        told = f"{told}; {percent_in_words(away / referred)} of referrals are turned away, as the list is too long"
    told = f"{told}. {first_letter_up(alone(courses, Thing('courses')))} start"
    if listed_times > 0.0:
        share = percent_in_words(untreated / listed_times)
        told = f"{told}; {share} of waits end untreated or last to the end of the study"
    return f"{told}. {first_letter_up(_longest(case))}."


def _longest(case: Comparison) -> str:
    """The longest list, and the mean wait of those who start in that year."""
    rows = case.results.waiting
    mine = rows[(rows["scenario"] == case.name) & (rows["list"] == "CFT") & (rows["year"] != WHOLE_HORIZON)]
    lists, waits = _by_year(mine, "list_length_mean"), _by_year(mine, "wait_mean")
    year, most = max(lists.items(), key=lambda pair: pair[1])
    told = f"the list is longest in {year}, with {alone(most, Thing('people'))} on average"
    wait = waits.get(year, math.nan)
    return f"{told}, when those who start have waited {alone(wait, Thing('weeks'))}" if math.isfinite(wait) else told


def _by_year(rows: pd.DataFrame, measure: str) -> dict[int, float]:
    """A measure of the waiting list by calendar year."""
    mine = rows[rows["measure"] == measure]
    return {int(year): float(value) for year, value in zip(mine["year"], mine["value"], strict=True)}


def shortage(case: Comparison) -> Estimate:
    """Referrals that end without a course, less places left unused: above zero where places are short, not people."""
    draws, place = case.draws, case.results.scenarios.index(case.name)
    if draws is not None:
        untreated = sum(draws.of(name)[:, place] for name in UNTREATED)
        return from_draws(untreated - draws.of("cft_places_unused")[:, place], None)
    return from_replications(sum(level(case, name) for name in UNTREATED) - level(case, "cft_places_unused"))


def level(case: Comparison, outcome: str) -> Numbers:
    """An outcome of the policy itself over the horizon, at central inputs; shape (replications,)."""
    place = case.results.scenarios.index(case.name)
    return np.asarray(country(case.results, outcome)[place].sum(axis=-1))


def places_sentence(case: Comparison, short: Estimate) -> str:
    """Whether places or the offer held the policy back."""
    places, unused = (float(level(case, name).mean()) for name in ("cft_places", "cft_places_unused"))
    untreated = sum(float(level(case, name).mean()) for name in UNTREATED)
    if places == 0.0:
        return "No physiotherapist is trained in time to start a course under this policy."
    return (
        f"Clinics leave {percent_in_words(unused / places)} of their places unused, and "
        f"{alone(untreated, Thing('referrals'))} end without a course: {HELD_BACK[short.direction]}."
    )


def ceiling_sentence(case: Comparison) -> str:
    """What the same offer would do if clinics had room for everybody, where the study has such a benchmark."""
    twin = next((policy for policy in case.results.study.policies if _lifts_capacity(policy, case.policy)), None)
    if not case.queues or twin is None:
        return ""
    own, lifted = (discounted(case.results, name, "qalys") for name in (case.name, twin.name))
    if own.direction <= 0 or lifted.direction <= 0 or own.value >= lifted.value:
        return ""
    return (
        f"The same offer with room for everybody, the benchmark {called(twin)}, gains "
        f"{difference(lifted, QALYS, '{}', '{}')}; with the places there are, "
        f"{percent_in_words(own.value / lifted.value)} of that is reached."
    )


def _lifts_capacity(other: Policy, policy: Policy) -> bool:
    """Whether a policy makes the same offer without a limit of capacity, and changes nothing else."""
    alike = ("biofeedback", "replaced_by", "offered")
    same = all(getattr(other.cft, name) == getattr(policy.cft, name) for name in alike)
    rest = (other.opioids, other.surgery, other.assume, other.options)
    return not other.cft.capacity_limited and same and rest == (
        policy.opioids, policy.surgery, policy.assume, policy.options
    )  # fmt: skip


def room_sentence(case: Comparison) -> str:
    """That a benchmark leaves capacity out."""
    if not case.offers_cft or case.policy.cft.capacity_limited:
        return ""
    return "Nothing limits how many courses can start: this is a ceiling for the offer, and no plan could carry it out."


def operations_sentence(case: Comparison) -> str:
    """That nothing limits operations, and how many more that makes; empty where it does not matter."""
    surgery = case.policy.surgery
    more = undiscounted(case.results, case.name, "surgeries")
    limited = surgery.operations_per_year is not None
    if limited or not (case.policy.cft.replaced_by == "surgery" or surgery.growth.times) or more.direction <= 0:
        return ""
    usual = float(country(case.results, "surgeries")[0].sum(axis=-1).mean())
    return (
        f"No limit of theatres or surgeons is set: the study counts {counted(more, Thing('lumbar fusions'))} than the "
        f"{alone(usual, Thing(''))} under {case.comparator}, whether or not they could be done."
    )


def after_trial_sentence(case: Comparison) -> str:
    """What is assumed of CFT's effect after the trial, and how certain that is."""
    if not case.offers_cft:
        return ""
    chosen = case.policy.options.get("after_year_three", case.results.study.options.get("after_year_three", "waning"))
    known = case.results.study.registry
    trial, later = graded(known, TRIAL_ENDS[case.policy.cft.biofeedback]), graded(known, AFTER_TRIAL)
    after = f"{AFTERWARDS[chosen]}, which is {later}"
    return f"CFT's effect to year three is {trial}; after that nothing is observed, and {after}."


def guessed_sentence(case: Comparison) -> str:
    """Which inputs that decide the reach of a policy no source gives."""
    if not case.policy.cft.makes_offers:
        return ""
    names = ["cft.uptake", *(["cft.impatience", "cft.attrition"] if case.queues else [])]
    known = case.results.study.registry
    by_grade: dict[str, list[str]] = {}
    for name in names:
        label = known.parameters[name].label
        by_grade.setdefault(graded(known, name), []).append(label[:1].lower() + label[1:])
    told = [f"{listed(labels)} ({grade})" for grade, labels in by_grade.items()]
    return (
        f"How many are reached rests on inputs such as {listed(told)}; the dates and sizes of the offer are the "
        "policy's own."
    )


def assumed_sentence(case: Comparison) -> str:
    """Which registered inputs the policy sets to values of its own."""
    known = case.results.study.registry.parameters
    labels = [known[name].label if name in known else name for name in sorted(case.policy.assume)]
    return f"This policy sets inputs of its own: {listed(labels)}." if labels else ""


def as_planned_sentence(case: Comparison) -> str:
    """That nothing in the model limits the policy."""
    return "" if case.policy.cft.makes_offers or case.policy.surgery.operations_per_year else AS_PLANNED


LIMITS: tuple[tuple[Callable[[Comparison], str], str], ...] = (
    (waiting_sentence, "waiting: CFT, joined, turned_away, started, list_length_mean, wait_mean"),
    (
        lambda case: places_sentence(case, shortage(case)) if case.queues else "",
        "waiting: CFT, never_reached, turned_away, places_unused",
    ),
    (ceiling_sentence, "incremental, or uncertainty_incremental with draws: qalys of both policies, discounted"),
    (room_sentence, "study: policy file; summary: surgeries, undiscounted"),
    (operations_sentence, "study: policy file; summary: surgeries, undiscounted"),
    (after_trial_sentence, f"study: after_year_three; parameters: {AFTER_TRIAL}"),
    (guessed_sentence, "parameters: grade"),
    (assumed_sentence, "study: assume"),
    (as_planned_sentence, "study: policy file"),
)
