"""Do the parameters of a study make sense together? Each alone is checked where it is read; here, what they share."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.evidence import in_force, shipped_countries
from lbpsim.evidence.units import format_in_unit, to_canonical
from lbpsim.outcomes import payers
from lbpsim.pathways.cft import MOST_SESSIONS, WEEK_13, WEEK_52
from lbpsim.pathways.disability import PAIN_MAX, RMDQ_MAX
from lbpsim.population.prevalence import prevalence
from lbpsim.simulation.cft_effect import PAIN, RMDQ, Names
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import InputErrors, Place, Policy, Problem, Study
from lbpsim.study.files.sections import Assumed
from lbpsim.study.limits import IN_ORDER

STUDY_FILE = "study.yaml"
TOO_LARGE = "the assumptions lead to numbers too large or too small to work with"
FEW = 64  # people drawn to see whether they can be
WHO_PEOPLE_ARE = ("population.", "disability.", "course.incidence", "course.remission_severity", "opioids.on_at_start")

Values = Mapping[str, float]
Records = npt.NDArray[Any]


@dataclass(frozen=True)
class Condition:
    """What must hold between parameters, and how to say that it does not."""

    names: tuple[str, ...]
    holds: Callable[[Values], bool]
    right: str


def _positive(name: str) -> Condition:
    return Condition((name,), lambda values: values[name] > 0.0, "It has to be above zero")


def _below_one(name: str) -> Condition:
    return Condition((name,), lambda values: values[name] < 1.0, "It has to be below 100%, for its rate to be finite")


def _between(low: float, name: str, high: float, right: str) -> Condition:
    return Condition((name,), lambda values: low <= values[name] <= high, right)


def _in_order(early: str, late: str, *, strictly: bool = False) -> Condition:
    def holds(values: Values) -> bool:
        return values[early] < values[late] if strictly else values[early] <= values[late]

    return Condition((early, late), holds, f"{early} has to {'come before' if strictly else 'be no more than'} {late}")


def _from_week_13(names: Names) -> Condition:
    """Later effects are shares of that at week 13, so without it there are none."""
    first, *later = names

    def holds(values: Values) -> bool:
        return values[first] != 0.0 or not any(values[name] for name in later)

    return Condition((first, *later), holds, f"Without an effect at week 13 set {' and '.join(later)} to 0 too")


def _spread(mean: str, sd: str, top: float) -> Condition:
    """A law on 0 to `top` has its mean between the ends, and only so much spread about it."""

    def holds(values: Values) -> bool:
        share, spread = values[mean] / top, values[sd] / top
        return 0.0 < share < 1.0 and 0.0 < spread**2 < share * (1.0 - share)

    right = f"{mean} lies between 0 and {top:g}, and {sd} between 0 and the square root of mean x ({top:g} - mean)"
    return Condition((mean, sd), holds, right)


CONDITIONS = (
    _spread("disability.trait_mean", "disability.trait_sd", RMDQ_MAX),
    _spread("disability.pain_mean", "disability.pain_sd", PAIN_MAX),
    Condition(
        ("population.adult_prevalence",),
        lambda values: float(prevalence(in_force.country(), values).max()) <= 1.0,
        "At some age more people would be in pain than there are; the survey's curve by age is scaled to it",
    ),
    *map(_from_week_13, (*RMDQ.values(), *PAIN.values())),
    *map(_positive, ("flares.size_shape", "opioids.taper_length", "cft.telehealth_places", "cft.group_places")),
    *map(_positive, ("quality.utility_at_zero", "population.adult_prevalence")),
    *map(_below_one, ("opioids.taper_control_stopped", "surgery.reoperation_2y", "surgery.reoperation_10y")),
    _between(-1.0, "disability.pain_correlation", 1.0, "A correlation lies between -1 and 1"),
    Condition(
        ("cft.sessions",),
        lambda values: values["cft.sessions"].is_integer() and 1.0 <= values["cft.sessions"] <= MOST_SESSIONS - 2,
        f"A course has a whole number of sessions, 1 to {MOST_SESSIONS - 2}",
    ),
    Condition(
        ("cft.sessions", "cft.session_interval"),
        lambda values: (values["cft.sessions"] - 1.0) * values["cft.session_interval"] <= WEEK_13,
        "The last session has to come by week 13",
    ),
    _between(WEEK_13, "cft.booster_week", WEEK_52, "The booster comes between week 13 and week 52"),
    _in_order("opioids.effect_flat", "opioids.effect_late_from", strictly=True),
    _in_order("surgery.flat_until", "surgery.late_from", strictly=True),
    *(_in_order(*pair) for pair in IN_ORDER),
)


def check(study: Study, prepared_study: PreparedStudy | None = None, *, when: str = "") -> Study:
    """The study, if its parameters make sense together under every policy. `prepared_study`: the same made ready to
    run, where it is already; what is worked out here then need not be again. `when`: said before each problem, of a
    study that is made from another, such as "In draw 3".

    Raises InputErrors with all problems, those of the study's own assumptions first and once; EvidenceError where the
    evidence itself is wrong.
    """
    with in_force.within(study.country):
        try:
            return _checked(study, prepared_study)
        except InputErrors as errors:
            if not when:
                raise
            raise InputErrors(
                dataclasses.replace(each, wrong=f"{when}: {each.wrong}") for each in errors.problems
            ) from None


def _checked(study: Study, prepared_study: PreparedStudy | None) -> Study:
    shipped_countries.check(study.country)
    usual = study.policies[0]
    ready = prepared_study or PreparedStudy(dataclasses.replace(study, people=FEW, replications=1))
    problems = list(_of(ready, usual, study.assume, STUDY_FILE)) or list(_of_people(study, ready))
    if not problems:
        for policy in study.policies:
            file = policy.file.name if policy.file is not None else policy.name
            problems += [*_misplaced(policy, file), *_of(ready, policy, {**study.assume, **policy.assume}, file)]
    if problems:
        raise InputErrors(problems)
    return study


def _misplaced(policy: Policy, file: str) -> Iterator[Problem]:
    for name in policy.assume:
        if name.startswith(WHO_PEOPLE_ARE):
            wrong = "it decides who the people are, and those are the same under every policy"
            yield Problem(
                _place(policy.assume, name, file), f"assume.{name}", wrong, f"Write it under `assume` in {STUDY_FILE}"
            )


def _of(ready: PreparedStudy, policy: Policy, assumed: Mapping[str, float], file: str) -> Iterator[Problem]:
    study, values = ready.study, ready.study.values(policy)
    broken = _broken(tuple(values.items()))
    for condition in broken:
        named = [name for name in condition.names if name in assumed] or list(condition.names)
        stands = " and ".join(f"{name} is {_in_units(study, name, values[name])}" for name in condition.names)
        setter = policy.assume if named[0] in policy.assume else study.assume
        wrong = f"{stands}; that makes no sense"
        yield Problem(_place(setter, named[0], file), f"assume.{named[0]}", wrong, condition.right)
    if not broken:
        yield from _calculation(ready, policy, values, assumed, file)


@lru_cache(maxsize=8)
def _broken(values: tuple[tuple[str, float], ...]) -> tuple[Condition, ...]:
    """The conditions that do not hold; most policies of a study have the same values."""
    known = dict(values)
    return tuple(condition for condition in CONDITIONS if not condition.holds(known))


def _place(assumed: Mapping[str, float], name: str, file: str) -> Place:
    """Where an assumption stands, as far as it was read from a file."""
    return assumed.places.get(name, Place(file)) if isinstance(assumed, Assumed) else Place(file)


def _in_units(study: Study, name: str, value: float) -> str:
    unit = study.registry.parameters[name].unit
    return format_in_unit(value / to_canonical(1.0, unit), unit)


def _of_people(study: Study, ready: PreparedStudy) -> Iterator[Problem]:
    """What shows only when people are drawn, as in a run."""
    if what := _wrong_with(lambda: ready.persons(0), " of some people"):
        yield Problem(Place(STUDY_FILE), "assume", what, f"Look at {', '.join(study.assume)}")


def _calculation(
    ready: PreparedStudy, policy: Policy, values: Values, assumed: Mapping[str, float], file: str
) -> Iterator[Problem]:
    """What shows only when the inputs are worked out."""

    def inputs() -> Records:
        with np.errstate(all="raise", under="ignore"):
            record = ready.inputs(policy)
        payers.shares(values)
        return record

    if what := _wrong_with(inputs):
        names = ", ".join(assumed)
        yield Problem(Place(file), "assume", what, f"Look at {names}" if names else "Look at its dates")


def _wrong_with(made: Callable[[], Records], whose: str = "") -> str:
    """Why records cannot be made of the assumptions, or which of their fields have no number; "" where all is well."""
    try:
        records = made()
    except ValueError as wrong:
        return str(wrong)
    except ArithmeticError:
        return TOO_LARGE
    if not np.isnan(records.view(np.float64)).any():  # all fields at once, those that hold other things too
        return ""
    odd = [name for name in records.dtype.names or () if np.isnan(records[name]).any()]
    return f"the assumptions give no number for {', '.join(odd)}{whose}" if odd else ""
