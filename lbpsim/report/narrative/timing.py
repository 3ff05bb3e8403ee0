"""By when a policy shows: the first year with a clear difference, the largest, and how fast treatment grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lbpsim.outcomes.estimate import Estimate
from lbpsim.report.narrative.claim import Claim
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.differences import YEARLY, basis, by_year
from lbpsim.report.narrative.effect import QALYS
from lbpsim.report.narrative.phrasing import Thing, counted, difference

STARTS = {
    "cft_courses": Thing("CFT courses"),
    "opioid_starts": Thing("new long-term opioid users"),
    "surgeries": Thing("lumbar fusions"),
}


def by_when(case: Comparison) -> Iterator[Claim]:
    """Claims of the topic "by when"."""
    years = case.results.years
    yearly = by_year(case.results, case.name, "qalys")
    yield Claim("by when", health_sentence(years, yearly), basis(yearly[0], YEARLY, "qalys"))
    outcome = started(case)
    starts = by_year(case.results, case.name, outcome) if outcome else ()
    told = growth_sentence(years, starts, STARTS[outcome], case.comparator) if outcome else ""
    if told:
        yield Claim("by when", told, basis(starts[0], YEARLY, outcome))


def health_sentence(years: Sequence[int], yearly: Sequence[Estimate]) -> str:
    """When the yearly difference in QALYs is first clear, in either direction, and when it is largest."""
    known = [(year, each) for year, each in zip(years, yearly, strict=True) if each.clear]
    if not known:
        return "In no single year is the difference in QALYs clear."
    (first, start), (peak, most) = known[0], max(known, key=lambda pair: abs(pair[1].value))
    sentence = f"Year by year the difference in QALYs is first clear in {first}: {_change(start)}."
    turned = next(((year, each) for year, each in known if each.direction != start.direction), None)
    if turned:
        sentence += f" It turns round in {turned[0]}: {_change(turned[1], full=False)}."
    if known[-1][0] != years[-1]:
        sentence += f" In {years[-1]}, at the end of the study, it is not clear."
    if peak == first or (turned and peak == turned[0]):
        return sentence
    last = ", the last year of the study" if peak == years[-1] else ""
    return f"{sentence} It is largest in {peak}{last}: {_change(most, full=False)}."


def growth_sentence(years: Sequence[int], yearly: Sequence[Estimate], thing: Thing, comparator: str) -> str:
    """How many more or fewer start in the first year in which that is clear, and in the year with the most."""
    known = [(year, each) for year, each in zip(years, yearly, strict=True) if each.clear]
    if not known:
        return ""
    (first, start), (peak, most) = known[0], max(known, key=lambda pair: abs(pair[1].value))
    sentence = f"Against {comparator}, {first} brings {counted(start, thing)}"
    later = f"; {peak}, the year that differs most, brings {counted(most, thing, full=False)}"
    return f"{sentence}{later if peak != first else ''}."


def started(case: Comparison) -> str:
    """What a policy makes start, the outcome that shows its pace; empty where it changes inputs alone."""
    policy = case.policy
    if case.offers_cft:
        return "cft_courses"
    if policy.cft.replaced_by == "surgery" or policy.surgery.growth.times or policy.surgery.referral_change.times:
        return "surgeries"
    opioids = (policy.opioids.growth, policy.opioids.initiation_change, policy.opioids.tapering_offered)
    return "opioid_starts" if policy.cft.replaced_by or any(timeline.times for timeline in opioids) else ""


def _change(contrast: Estimate, *, full: bool = True) -> str:
    return difference(contrast, QALYS, "a gain of {}", "a loss of {}", full=full)
