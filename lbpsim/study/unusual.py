"""What is far from what is customary or known, with the figure that says so and its source; refused beyond limits.

Values of parameters are judged beside their intervals, in `notes`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from lbpsim import evidence
from lbpsim.evidence.units import MONEY_FOR_ONE, format_in_unit, number_text
from lbpsim.study.clock import Timeline, in_words
from lbpsim.study.files.dated_fields import FROM, Dated
from lbpsim.study.files.quantity_fields import Growth
from lbpsim.study.model import Study
from lbpsim.study.phrasing import number_of
from lbpsim.study.policies import Policy

TWICE = 2.0  # what is further off than this is told
LONG_AGO = 10  # years


def settings(study: Study) -> Iterator[str]:
    """Settings of the study, one sentence each."""
    counted_on = study.country.counted_on
    counted = study.start.year - counted_on.year
    if counted > LONG_AGO:
        yield (
            f"The study starts {counted} years after the population was counted ({in_words(counted_on)}); "
            "who lives then is projected without new evidence."
        )
    customary = evidence.parameters()["economics.discount_rate"]
    if max(study.discount_rate, study.discount_rate_of_costs) > TWICE * customary.canonical:
        yield (
            f"`discount_rate` is over twice the {number_text(100 * customary.canonical)}% per year that is customary "
            f"({_whose(customary)})."
        )
    yield from _thresholds(study)


def _thresholds(study: Study) -> Iterator[str]:
    known = evidence.parameters()
    convention = known["economics.threshold_convention"]
    supply = known.get("economics.threshold_supply", convention)  # what care forgoes is not known of every country
    least, most = (supply.interval or (0.0,))[0], TWICE * convention.canonical
    lowest, highest = (format_in_unit(each, MONEY_FOR_ONE) for each in (least, most))
    usual = f"{lowest} ({_whose(supply)}) to {highest} (twice the customary threshold)"
    for threshold in study.thresholds:
        if not least <= threshold <= most:
            yield f"A QALY at {format_in_unit(threshold, MONEY_FOR_ONE)} is outside what is usual, {usual}."


def dated_changes(study: Study, policy: Policy) -> Iterator[str]:
    """What a policy changes, one sentence each: growth, and training that ends or trains more than there are."""
    for path, key, timeline, _ in policy.settings():
        if not (isinstance(key.kind, Dated) and isinstance(key.kind.value, Growth)):
            continue
        known = evidence.parameters()[key.kind.value.seen]
        fastest = max((abs(rate) for rate in timeline.values), default=0.0)
        if fastest > TWICE * known.canonical:
            yield (
                f"`{path}` moves by {number_text(100 * fastest)}% per year; {known.label[0].lower()}{known.label[1:]}, "
                f"was {number_text(100 * known.canonical)}% ({_whose(known)})."
            )
    yield from _training(study, policy)
    yield from _operations(policy)
    stops = policy.cft.referral_stops_at
    if study.years < stops < math.inf:
        length = number_of(study.years, "year")
        yield f"`cft.referral_stops_at` is longer than the study, {length}, so that it stops nobody."


def _operations(policy: Policy) -> Iterator[str]:
    """More room for operations than there have been operations."""
    done = evidence.parameters().get("country.fusions")
    most = max((policy.surgery.operations_per_year or Timeline()).values, default=0.0)
    if done is not None and most > TWICE * done.value:
        yield (
            f"`surgery.operations_per_year` gives room for {number_text(most)} operations a year; "
            f"{done.label[0].lower()}{done.label[1:]}: {number_text(done.value)} ({_whose(done)})."
        )


def _training(study: Study, policy: Policy) -> Iterator[str]:
    cft, end = policy.cft, study.calendar_years[-1]
    last = max(cft.training_places, default=end)
    if not cft.training_from and last < end and cft.training_places[last]:
        yield (
            f"Training ends in {last}; from {last + 1} nobody enters it. To go on, write "
            f"`{FROM}{last}: {cft.training_places[last]:.0f}`."
        )
    entering = cft.trained_at_start + sum(cft.places_in(year) for year in study.calendar_years)
    registered = evidence.parameters()["workforce.registered"]
    if entering > registered.value:
        yield (
            f"{number_text(entering)} physiotherapists are trained in all; {number_text(registered.value)} are "
            f"registered in the country ({_whose(registered)})."
        )


def _whose(parameter: evidence.Parameter) -> str:
    return " and ".join(parameter.sources)
