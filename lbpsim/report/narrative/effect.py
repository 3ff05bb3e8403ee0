"""What a policy would do to health: quality-adjusted years, years of bad pain, deaths and operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lbpsim.outcomes.estimate import Estimate
from lbpsim.report.format import listed
from lbpsim.report.narrative.claim import Claim
from lbpsim.report.narrative.comparison import Comparison, first_letter_up, rate
from lbpsim.report.narrative.differences import DISCOUNTED, UNDISCOUNTED, basis, discounted, undiscounted
from lbpsim.report.narrative.phrasing import Thing, alone, counted, difference, interval
from lbpsim.study.phrasing import in_years

QALYS = Thing("QALYs")
PEOPLE_IN_A_RATE = 100_000
LINK = "severity_drives_opioids_and_surgery"
EVENTS = {
    "deaths": Thing("deaths from all causes"),
    "overdose_deaths": Thing("deaths from overdose"),
    "opioid_years": Thing("years on long-term opioids"),
    "surgeries": Thing("lumbar fusions"),
}


def effect(case: Comparison) -> Iterator[Claim]:
    """Claims of the topic "effect"."""
    qalys = discounted(case.results, case.name, "qalys")
    yield Claim("effect", health_sentence(case, qalys), basis(qalys, DISCOUNTED, "qalys"))
    pain = undiscounted(case.results, case.name, "high_impact_years")
    yield Claim("effect", pain_sentence(case, pain), basis(pain, UNDISCOUNTED, "high_impact_years"))
    events = {name: undiscounted(case.results, case.name, name) for name in EVENTS}
    yield Claim("effect", events_sentence(events), basis(events["deaths"], UNDISCOUNTED, *EVENTS))
    if case.offers_cft and any(each.clear for each in events.values()):
        yield Claim("effect", link_sentence(case), "study: severity_drives_opioids_and_surgery")
    ylds, dalys = (discounted(case.results, case.name, name) for name in ("ylds", "dalys"))
    told = disagreement(qalys, ylds, dalys)
    if told:
        yield Claim("effect", told, basis(qalys, DISCOUNTED, "qalys", "ylds", "dalys"))


def health_sentence(case: Comparison, qalys: Estimate) -> str:
    """QALYs gained or lost, and for each 100,000 people, which keeps large countries in proportion."""
    told = difference(qalys, QALYS, "gains {}", "loses {}")
    verb = "" if qalys.clear else "shows "
    opening = f"Benchmark, not a choice ({case.benchmark}): in" if case.benchmark else "In"
    return (
        f"{opening} this model {case.subject} {verb}{told} against {case.comparator} "
        f"{in_years(case.results.years)}, discounted at {rate(case)} a year.{per_rate(case, qalys)}"
    )


def per_rate(case: Comparison, qalys: Estimate) -> str:
    """The same for each 100,000 people, where the direction is clear."""
    if not qalys.clear:
        return ""
    each = alone(abs(qalys.value) / case.results.country_cases * PEOPLE_IN_A_RATE, QALYS)
    return f" That is {each} for each {PEOPLE_IN_A_RATE:,} people with chronic low back pain at the start."


def pain_sentence(case: Comparison, pain: Estimate) -> str:
    """Years in pain of high impact."""
    told = counted(pain, Thing("years in pain with high impact on daily life"))
    return f"Against {case.comparator} {'people spend' if pain.clear else 'there is'} {told}."


def events_sentence(events: Mapping[str, Estimate]) -> str:
    """Deaths, opioid use and operations: those clearly more or fewer, then those that are not."""
    clear = [name for name, each in events.items() if each.clear]
    told = [counted(events[name], EVENTS[name], full=name == clear[0]) for name in clear]
    sentences = [f"It counts {listed(told)}."] if told else []
    unclear = [name for name, each in events.items() if not each.clear and not each.none and each.source != "nothing"]
    ends = [f"{EVENTS[name].name} ({_interval(events, name, unclear, told)})" for name in unclear]
    rest = [f"no clear difference in {listed(ends)}"] if ends else []
    same = [EVENTS[name].name for name, each in events.items() if each.none]
    rest += [f"no difference seen in {listed(same)}"] if same else []
    unknown = [EVENTS[name].name for name, each in events.items() if each.source == "nothing"]
    rest += [f"without an interval no direction is stated for {listed(unknown)}"] if unknown else []
    return " ".join([*sentences, first_letter_up(f"{'; '.join(rest)}.")] if rest else sentences)


def _interval(events: Mapping[str, Estimate], name: str, unclear: Sequence[str], told: Sequence[str]) -> str:
    """The interval of an unclear difference; the first of a sentence that tells no other says what it is for."""
    return interval(events[name], EVENTS[name], full=not told and name == unclear[0])


def link_sentence(case: Comparison) -> str:
    """That no trial shows CFT to change opioid use, operations or deaths, and how the model links them."""
    chosen = case.results.study.options.get(LINK, "on")
    own = bool(case.policy.opioids.tapering_offered.times or case.policy.surgery.referral_change.times)
    besides = ", apart from the policy's own steps on opioids and surgery," if own else ""
    why = (
        "they follow from the assumption that less disabled people start opioids and are referred to surgery less"
        if chosen == "on"
        else "the study assumes that disability does not drive opioids or surgery"
    )
    return f"No trial shows that CFT changes opioid use, operations or deaths: here{besides} {why}."


def disagreement(qalys: Estimate, ylds: Estimate, dalys: Estimate) -> str:
    """A warning where measures of health clearly point in different directions; empty where they do not."""
    signs = {"QALYs": qalys.direction, "YLDs": -ylds.direction, "DALYs": -dalys.direction}
    better = [name for name, sign in signs.items() if sign > 0]
    worse = [name for name, sign in signs.items() if sign < 0]
    if not (better and worse):
        return ""
    return (
        f"Measures of health disagree: by {listed(better)} it is better, by {listed(worse)} worse. None of them should "
        "be quoted alone: YLDs count disability, DALYs early deaths with it, and QALYs quality of life and its length."
    )
