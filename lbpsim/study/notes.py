"""What a study says that is allowed but looks odd: told by `lbpsim check`, by every run, and in its report."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta

from lbpsim import evidence
from lbpsim.evidence.units import format_quantity, to_canonical
from lbpsim.study.clock import day_at, in_words
from lbpsim.study.model import Policy, Study


def notes(study: Study) -> tuple[str, ...]:
    """What is allowed but looks odd, one sentence or two each, with the file or policy that it is about."""
    found = [*_sampling_notes(study), *_interval_notes(study, "study.yaml", study.assume)]
    for policy in study.policies:
        found += _policy_notes(study, policy)
        found += _interval_notes(study, policy.name, policy.assume)
    return tuple(found)


def _sampling_notes(study: Study) -> Iterator[str]:
    if study.replications == 1:
        yield "With one replication there are no Monte Carlo errors."
    elif study.people != "all" and int(study.people) < study.replications:
        yield f"With {study.people} people there can be no more than {study.people} replications."


def _policy_notes(study: Study, policy: Policy) -> Iterator[str]:
    cft = policy.cft
    ended = f"after the study's last day, {last_day(study)}"
    for key, timeline in policy.timelines.items():
        if timeline.times and timeline.times[-1] >= study.years:
            yield f"{policy.name}: `{key}` has dates {ended}."
    if cft.training_places and max(cft.training_places) > study.calendar_years[-1]:
        yield f"{policy.name}: `cft.training_places` has years {ended}."
    if cft.queues:
        if not cft.trained_at_start and cft.first_training == math.inf:
            yield f"{policy.name}: CFT is offered but nobody is trained, so nobody can start; see `training_places`."
    if policy.options and not cft.makes_offers:
        yield f"{policy.name}: its `options` change nothing, for it offers no CFT."
    if policy.first_date == math.inf and policy.name != study.comparator:
        yield f"{policy.name}: it changes nothing, and will equal the comparator."


def _interval_notes(study: Study, where: str, assume: Mapping[str, float]) -> Iterator[str]:
    for name, value in assume.items():
        parameter = evidence.parameters()[name]
        if parameter.interval is None:
            continue
        carried = parameter.at_prices_of(study.price_year) / parameter.canonical if parameter.price_year else 1.0
        low, high = (to_canonical(bound, parameter.unit) * carried for bound in parameter.interval)
        if not low <= value <= high:
            given, least, most = (format_quantity(amount, parameter.dimension) for amount in (value, low, high))
            yield f"{where}: {name} at {given} is outside its 95% interval, {least} to {most}."


def last_day(study: Study) -> str:
    """The last day of a study, in words."""
    return in_words(day_at(study.start, float(study.years)) - timedelta(days=1))
