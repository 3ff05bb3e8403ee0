"""The answers first: what each policy would do, for whom, by when, at what cost to whom, how sure, limited by what."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.report.charts.series import interval_factor
from lbpsim.report.format import Scale, exact_percent
from lbpsim.report.narrative import answers, headline
from lbpsim.report.page.figures import (
    FROM_DRAWS,
    Band,
    cell,
    differences,
    drawn_differences,
    luck_in_words,
    scale_of,
    too_noisy,
)
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cards, Cell, Folded, Further, Head, Heading, Part, Points, Section, Sheet, Words
from lbpsim.report.provenance import notes_on
from lbpsim.report.which_years import which_years
from lbpsim.study.phrasing import number_of, span

SUBJECTS = {
    # outcome: head of the column, sign that makes a gain of it
    "qalys": ("QALYs gained", 1.0),
    "dalys": ("DALYs averted", -1.0),
    "cost_health_system": ("Health care costs", 1.0),
    "cost_societal": ("Health care and lost work", 1.0),
}
KEY, TITLE = "answers", "The answers"
NOTES = "Notes on what was asked"
READINGS = "The same under other readings of the model"
WITHOUT_READINGS = "The headline under other readings of the model comes with every run."
ALONE = "This study has one policy, {policy}, and nothing to compare it with: the page shows what the model projects."


def section(material: Material) -> Section:
    """Headline sentences, one table of all policies, and a card of sentences for each."""
    results, decision = material.results, material.decision
    if len(results.scenarios) == 1:
        return Section(KEY, TITLE, (Words(ALONE.format(policy=material.comparator)), *_notes(material)))
    first = Points(headline(material.whole, decision))
    return Section(
        KEY,
        TITLE,
        (first, *_notes(material), *_tables(material), *_readings(material), Cards(answers(results, decision))),
    )


def _notes(material: Material) -> list[Part]:
    """What looks odd in what was asked: answers may not be to the question that was meant."""
    found = tuple(map(material.said, notes_on(material.results)))
    return [Heading(f"{KEY}-notes", NOTES), Points(found)] if found else []


def _tables(material: Material) -> list[Part]:
    results = material.results
    lucky = {name: differences(results, name) for name in SUBJECTS}
    base = _sheet(material, "answers-base", "At the best estimates of all inputs", lucky, luck_in_words(results))
    said = _benchmarks(material)
    if not isinstance(results, ProbabilisticResults):
        return [base, *said]
    number = f"{FROM_DRAWS}, over {number_of(len(results.draws.numbers), 'draw')}"
    drawn = _sheet(material, "answers-drawn", "With all inputs as unsure as they are", _drawn(results), number)
    return [drawn, *said, Folded("The same at the best estimates of all inputs, with Monte Carlo error", (base,))]


def _readings(material: Material) -> list[Part]:
    """The headline with one choice of structure, or of strength, made otherwise at a time."""
    heading, found = Heading(f"{KEY}-readings", READINGS), material.results.switches
    if found is None:
        return [heading, Further(WITHOUT_READINGS, "lbpsim run scenarios/", "")]
    (name,) = set(found["scenario"])
    bands = {outcome: _bands_of(found, outcome, material.results.replications) for outcome in SUBJECTS}
    scales = {outcome: scale_of(each.values()) for outcome, each in bands.items()}
    notes = dict(zip(found["title"], found["note"], strict=True))
    rows = tuple(
        (Cell(title, below=note), *(_cell(bands[outcome][title], outcome, scales[outcome]) for outcome in SUBJECTS))
        for title, note in notes.items()
    )
    columns = (Head(_head(outcome, scales[outcome]), number=True) for outcome in SUBJECTS)
    sheet = Sheet(
        "readings",
        f"{material.label(name)} against {material.comparator}, {span(material.results.years)}, at central inputs",
        (Head("Reading"), *columns),
        rows,
        note="One choice is made otherwise in each row; the same people live through all with the same luck. Below "
        "each figure: the error of the simulation (95%), not how sure the answer is.",
    )
    return [heading, sheet]


def _bands_of(found: pd.DataFrame, outcome: str, replications: int) -> dict[str, Band]:
    mine, factor = found[found["outcome"] == outcome], interval_factor(replications)
    half = factor * mine["mcse"]
    ends = zip(mine["title"], mine["difference"], mine["difference"] - half, mine["difference"] + half, strict=True)
    return {title: Band(*(np.array(each) for each in band)) for title, *band in ends}


def _benchmarks(material: Material) -> list[Part]:
    if not any(policy.cft.only_compares for policy in material.results.study.policies):
        return []
    text = (
        "A benchmark is not a proposal. It shows what an offer would do if nobody had to wait, or if the same people "
        "were given something else."
    )
    return [Words(text, "small")]


def _drawn(results: ProbabilisticResults) -> dict[str, dict[str, Band]]:
    found, order = drawn_differences(results), list(OUTCOMES)
    return {
        outcome: {
            name: Band(found.mean[place, at], found.low[place, at], found.high[place, at])
            for place, name in enumerate(results.scenarios[1:])
            for at in [order.index(outcome)]
        }
        for outcome in SUBJECTS
    }


def _sheet(material: Material, key: str, caption: str, found: dict[str, dict[str, Band]], interval: str) -> Sheet:
    study = material.results.study
    scales = {outcome: scale_of(bands.values()) for outcome, bands in found.items()}
    rows = tuple(
        (material.cell(name), *(_cell(found[outcome][name], outcome, scales[outcome]) for outcome in SUBJECTS))
        for name in material.shown
    )
    columns = tuple(Head(_head(outcome, scales[outcome]), number=True) for outcome in SUBJECTS)
    return Sheet(
        key,
        f"{caption}: each policy against {material.comparator}, {span(material.results.years)}",
        (Head("Policy"), *columns),
        rows,
        note=f"{_noisy(found)}Costs and health are discounted at {exact_percent(study.discount_rate)} a year; "
        f"dollars are those of {study.price_year}. Below each figure: {interval}. {which_years(study)} They measure "
        "the same gain in two ways; never add them.",
    )


def _noisy(found: dict[str, dict[str, Band]]) -> str:
    noisy = too_noisy(band for bands in found.values() for band in bands.values())
    return "Interval not known: most of the spread between draws is luck. " if noisy else ""


def _cell(band: Band, outcome: str, scale: Scale) -> Cell:
    shown = -band if SUBJECTS[outcome][1] < 0.0 else band
    return cell(float(shown.values), float(shown.low), float(shown.high), scale, signs=True)


def _head(outcome: str, scale: Scale) -> str:
    unit = scale.label("AUD") if OUTCOMES[outcome].unit == "AUD" else scale.word
    return f"{SUBJECTS[outcome][0]} ({unit})" if unit else SUBJECTS[outcome][0]
