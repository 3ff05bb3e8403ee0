"""A study in plain words: what is asked, what each policy changes against today's care, and what looks odd."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise

from lbpsim import evidence
from lbpsim.evidence.units import format_quantity, number_text
from lbpsim.study.clock import day_at, in_words
from lbpsim.study.files.declarations import OPTIONS
from lbpsim.study.files.errors import WIDTH
from lbpsim.study.model import CftPolicy, Policy, Study, Timeline
from lbpsim.study.notes import notes
from lbpsim.study.phrasing import in_years, number_of

TO_DEATH = "After the last day nothing new begins, and everyone alive then is followed to death."
INSTEAD = {"opioids": "long-term opioids", "surgery": "referral to lumbar fusion"}


def describe(study: Study) -> str:
    """The study and each of its policies in words, then notes on what looks odd."""
    blocks = [_paragraphs(study.title, _setting(study))]
    for policy in study.policies:
        role = ", the comparator" if policy.name == study.comparator else ""
        blocks.append(_paragraphs(f"{policy.name}: {policy.title}{role}", changes(study, policy)))
    odd = notes(study)
    if odd:
        blocks.append(_paragraphs("Notes", [str(note) for note in odd]))
    return "\n\n".join(blocks) + "\n"


def _paragraphs(heading: str, lines: list[str]) -> str:
    wrapped = (textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ") for line in lines)
    return "\n".join([heading, *wrapped])


def _setting(study: Study) -> list[str]:
    people = "Every one" if study.people == "all" else f"{study.people:,} people"
    view = (
        "the health system's costs" if study.perspective == "health_system" else "society's costs, lost work included"
    )
    thresholds = " and ".join(f"AUD {number_text(value)}" for value in study.thresholds)
    base = {name: choices[0] for name, (choices, _) in OPTIONS.items()}
    return [
        f"{study.country}, {in_words(study.start)} to {in_words(study.last_day)}.",
        f"{people} with chronic low back pain at the start simulated, and those in remission beside them, in "
        f"{number_of(study.replications, 'replication')}, seed {study.seed}.",
        *([TO_DEATH] if study.to_death else []),
        f"Headline: {view}, at prices of {study.price_year}, costs and health discounted at "
        f"{number_text(100 * study.discount_rate)}% per year; a QALY may cost {thresholds}.",
        *_options(study.options, base),
        _structure(study.structure_weights),
        *_assumptions(study.assume, evidence.base_values(study.price_year)),
    ]


def _structure(weights: Mapping[str, Mapping[str, float]]) -> str:
    """Which choices of structure the draws of a study make beside those of parameters."""
    if not weights:
        return "Draws vary parameters, and keep the structure of the study."
    drawn = "; ".join(f"{name.replace('_', ' ')}: {_weighed(each)}" for name, each in weights.items())
    return f"Draws vary parameters and, for averages over structures, also draw {drawn}."


def _weighed(weights: Mapping[str, float]) -> str:
    """Choices with their shares, or by themselves where they are alike."""
    drawn = {name.replace("_", " "): weight for name, weight in weights.items() if weight > 0.0}
    if len(set(drawn.values())) == 1:
        return ", ".join(drawn)
    whole = sum(drawn.values())
    return ", ".join(f"{name} ({number_text(100 * weight / whole)}%)" for name, weight in drawn.items())


def changes(study: Study, policy: Policy) -> list[str]:
    """What a policy changes against the base, one sentence or two each."""
    base = evidence.base_values(study.price_year) | dict(study.assume)
    found = [
        *_cft(study, policy),
        *_opioids(study, policy),
        *_surgery(study, policy),
        *_options(policy.options, study.options),
        *_assumptions(policy.assume, base),
    ]
    return found or ["Today's care goes on; nothing changes."]


def _cft(study: Study, policy: Policy) -> Iterator[str]:
    cft = policy.cft
    if not cft.makes_offers:
        return
    if cft.replaced_by is not None:
        yield _replaced(cft)
    what = "is offered" if cft.replaced_by is None else "would be offered"
    sensors = " with movement-sensor biofeedback" if cft.biofeedback else ""
    yield _line(study, cft.offered, f"CFT{sensors} {what} at", "of eligible consultations")
    if cft.replaced_by is None or cft.capacity_limited:
        yield from _places(policy)


def _replaced(cft: CftPolicy) -> str:
    assert cft.replaced_by is not None
    instead = INSTEAD[cft.replaced_by]
    if cft.capacity_limited:
        return f"When a place in CFT comes up, the person called gets {instead} instead."
    return f"The people who would be offered CFT are offered {instead} instead."


def _places(policy: Policy) -> Iterator[str]:
    cft = policy.cft
    if cft.trained_at_start:
        yield f"{number_text(cft.trained_at_start)} physiotherapists are trained as the study starts."
    if cft.trains:
        yield f"Physiotherapists who can enter training: {_by_year(cft)}."
    if not cft.capacity_limited:
        yield "Nobody waits for a place."
    else:
        order = "the most disabled first" if cft.by_severity else "first come, first served"
        starts = "Courses start" if cft.replaced_by is None else "They are called"
        yield f"{starts} as trained physiotherapists have places, {order}."
    if cft.referral_stops_at < math.inf:
        longest = format_quantity(cft.referral_stops_at, "duration")
        yield f"Nobody new is referred while the expected wait is {longest} or longer."


def _by_year(cft: CftPolicy) -> str:
    """Numbers by year, runs of years with the same number together: 400 in 2027, 1,200 a year from 2028 to 2035."""
    begins = sorted(cft.training_from)
    ends = [*(f"to {year - 1}" for year in begins[1:]), "on"]
    since = [
        f"{number_text(cft.training_from[year])} a year from {year} {end}"
        for year, end in zip(begins, ends, strict=False)
    ]
    return ", ".join([*_single_years(cft.training_places), *since])


def _single_years(places: Mapping[int, float]) -> Iterator[str]:
    years = sorted(places)
    runs = groupby(enumerate(years), key=lambda pair: (places[pair[1]], pair[1] - pair[0]))
    for (number, _), pairs in runs:
        run = [year for _, year in pairs]
        when = in_years(run) if len(run) == 1 else f"a year {in_years(run)}"
        yield f"{number_text(number)} {when}"


def _opioids(study: Study, policy: Policy) -> Iterator[str]:
    opioids = policy.opioids
    yield from _growth(study, opioids.growth, "the number of people who start long-term opioids")
    yield from _steps(study, opioids.initiation_change, "people start long-term opioids")
    if opioids.tapering_offered.times:
        yield _line(
            study, opioids.tapering_offered, "supported tapering is offered at", "of long-term users' consultations"
        )


def _surgery(study: Study, policy: Policy) -> Iterator[str]:
    surgery = policy.surgery
    yield from _growth(study, surgery.growth, "the number of people referred to lumbar fusion")
    yield from _steps(study, surgery.referral_change, "people are referred to lumbar fusion")
    for time, number in _knots(surgery.operations_per_year or Timeline()):
        yield f"From {_day(study, time)} at most {number_text(number)} people a year have a first lumbar fusion."


def _knots(timeline: Timeline) -> Iterator[tuple[float, float]]:
    return zip(timeline.times, timeline.values, strict=True)


def _day(study: Study, time: float) -> str:
    return in_words(day_at(study.start, time))


def _percent(share: float) -> str:
    return f"{number_text(100.0 * share)}%"


def _line(study: Study, timeline: Timeline, before: str, after: str) -> str:
    """A share that moves along lines: "From 1 January 2027 ... 10% of ..., rising to 60% by 1 January 2031"."""
    text = f"From {_day(study, timeline.first)} {before} {_percent(timeline.values[0])} {after}"
    for (_, old), (time, new) in pairwise(_knots(timeline)):
        move = f"rising to {_percent(new)} by" if new > old else f"falling to {_percent(new)} by"
        text += f", {'unchanged until' if new == old else move} {_day(study, time)}"
    return f"{text}, and then held there." if len(timeline.times) > 1 else f"{text}."


def _growth(study: Study, timeline: Timeline, what: str) -> Iterator[str]:
    for time, rate in _knots(timeline):
        move = "grows" if rate >= 0.0 else "falls"
        yield f"From {_day(study, time)} {what} {move} by {_percent(abs(rate))} per year, stepwise at each anniversary."


def _steps(study: Study, timeline: Timeline, what: str) -> Iterator[str]:
    for time, change in _knots(timeline):
        how_many = f"{_percent(abs(change))} {'fewer' if change < 0.0 else 'more'}"
        yield f"From {_day(study, time)} {how_many} {what} than otherwise."


def _options(options: Mapping[str, str], base: Mapping[str, str]) -> Iterator[str]:
    for name, choice in options.items():
        if choice != base[name]:
            yield f"{name}: {base[name]} -> {choice}, which decides {OPTIONS[name][1]}."


def _assumptions(assume: Mapping[str, float], base: Mapping[str, float]) -> Iterator[str]:
    for name, value in assume.items():
        parameter = evidence.parameters()[name]
        old, new = (format_quantity(amount, parameter.dimension) for amount in (base[name], value))
        yield f"{name}: {old} -> {new} ({parameter.grade}), throughout the study."
