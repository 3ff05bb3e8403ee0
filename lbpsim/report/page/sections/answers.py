"""The answers first: what each policy would do, for whom, by when, at what cost, how certain, limited by what."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.estimate import Estimate, interval_factor
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.report.narrative import answers, headline
from lbpsim.report.page.figures import (
    FROM_DRAWS,
    Column,
    around,
    differences,
    drawn_differences,
    gains,
    monte_carlo_in_words,
    too_noisy,
)
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Row, Section
from lbpsim.report.provenance import notes_on
from lbpsim.report.which_years import which_years

SUBJECTS = {
    # outcome: head of the column, sign that makes a gain of it
    "qalys": ("QALYs gained", 1.0),
    "dalys": ("DALYs averted", -1.0),
    "cost_health_system": ("Health care costs", 1.0),
    "cost_societal": ("Health care and lost work", 1.0),
}
KEY, TITLE = "answers", "The answers"


def section(material: Material) -> Section:
    """Headline sentences, one table of all policies, and a card of sentences for each.

    Notes come first: what looks odd in what was asked, since answers may not be to the question that was meant.
    """
    results, study = material.results, material.results.study
    notes = list(map(material.said, notes_on(results)))
    if material.alone:
        return Section(KEY, TITLE, "answers.html", {"notes": notes})
    drawn = _columns(_drawn(results)) if isinstance(results, ProbabilisticResults) else []
    values = {
        "notes": notes,
        "headline": headline(material.whole, material.decision),
        "base": _columns(lambda outcome: differences(results, outcome)),
        "drawn": drawn,
        "draws": len(results.draws.numbers) if isinstance(results, ProbabilisticResults) else 0,
        "noisy": too_noisy(band for column in drawn for band in column.bands.values()),
        "intervals": {"base": monte_carlo_in_words(results), "drawn": FROM_DRAWS},
        "which_years": which_years(study),
        "benchmarks": any(policy.cft.only_compares for policy in study.policies),
        "readings": _readings(material, results.switches) if results.switches is not None else None,
        "cards": answers(results, material.decision),
    }
    return Section(KEY, TITLE, "answers.html", values)


def _columns(bands_of: Callable[[str], dict[str, Estimate]]) -> list[Column]:
    return [
        Column(label, gains(bands_of(outcome), sign), "AUD" if OUTCOMES[outcome].unit == "AUD" else "")
        for outcome, (label, sign) in SUBJECTS.items()
    ]


def _drawn(results: ProbabilisticResults) -> Callable[[str], dict[str, Estimate]]:
    found, order = drawn_differences(results), list(OUTCOMES)
    every = Estimate(found.mean, found.low, found.high)
    return lambda outcome: {
        name: every.at(place, order.index(outcome)) for place, name in enumerate(results.scenarios[1:])
    }


def _readings(material: Material, found: pd.DataFrame) -> tuple[str, list[Column], list[Row]]:
    """The headline of a policy with one choice of structure, or of strength, made otherwise at a time."""
    (name,) = set(found["scenario"])
    factor = interval_factor(material.results.replications)
    titled = found.set_index(["outcome", "title"])
    columns = _columns(
        lambda outcome: {
            str(title): around(row["difference"], factor * row["mcse"]) for title, row in titled.loc[outcome].iterrows()
        }
    )
    notes = dict(zip(found["title"], found["note"], strict=True))
    rows: list[Row] = [
        (Cell(title, below=note), *(column.cell(title) for column in columns)) for title, note in notes.items()
    ]
    return material.label(name), columns, rows
