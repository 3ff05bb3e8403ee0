"""What a brief says: one object from which the page and the printed sheet are both made.

Sentences, numbers and doubts are those of `lbpsim.report.narrative.finding`; here they are put in their places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import lbpsim
from lbpsim.outcomes.results import Results
from lbpsim.report.brief.chart import how_to_read
from lbpsim.report.brief.choosing import narrowed, shown
from lbpsim.report.charts.page import source_line
from lbpsim.report.charts.policy_styles import comparator
from lbpsim.report.earlier_analysis import read_analysis
from lbpsim.report.format import count, listed, money, per_qaly
from lbpsim.report.narrative.comparison import Comparison, at_central, called, first_letter_up
from lbpsim.report.narrative.differences import discounted, net_benefit
from lbpsim.report.narrative.finding import Finding, Headline, finding, view_of, with_enough_draws
from lbpsim.report.narrative.phrasing import INTERVAL, Thing, alone, quantity
from lbpsim.report.provenance import command
from lbpsim.report.rows import rows_of
from lbpsim.study.borrowed import of_country
from lbpsim.study.phrasing import in_years, number_of
from lbpsim.study.where_offered import where_offered
from lbpsim.voi.parameter_groups import EVERYTHING

AUTHORS, SOFTWARE, RELEASED = "The lbpsim developers", "the policy laboratory for chronic low back pain", 2026
WHOLE_RECORD = "(run.json, beside the results, holds every input)"
FOOT = "A projection by a model, not an observation."


@dataclass(frozen=True)
class Passage:
    """A few words under a `title` of their own."""

    title: str
    text: str


@dataclass(frozen=True)
class Brief:
    """Everything on the sheet, from top to bottom.

    `study` and `title`: what was asked, and the message; `lead`: who, where and when; `numbers`: four, with intervals,
    and their `terms`; `results`: of the policies in the chart, of which `best` is the one that the numbers are of;
    `chart`: its title, and how to read it; `doubts`: in numbers; `quote`: a sentence that holds by itself; `feet`: how
    to cite, how to repeat it, and, where known, what is worth finding out and what is best within limits; `foot`: the
    last line.
    """

    study: str
    title: str
    lead: str
    numbers: tuple[Headline, ...]
    terms: str
    results: Results
    best: str
    chart: Passage
    doubts: tuple[Passage, ...]
    quote: Passage
    feet: tuple[Passage, ...]
    foot: str


NO_DOUBT = Passage(
    "Doubts",
    "No other reading of the model and no input was looked at that clearly changes this; see limits in the report.",
)


def brief_of(
    results: Results,
    policies: tuple[str, ...] = (),
    information: pd.DataFrame | None = None,
    folder: Path | None = None,
) -> Brief:
    """The brief of a study, or of some of its policies beside the comparator.

    `information`: the table voi.csv of the whole study, where there is one; from it comes what is worth finding out.
    `folder`: of the outputs, where `lbpsim optimise` and `lbpsim research` may have left what they found.

    Raises PolicyNotInStudyError for a name that no policy of the study has, NothingToChooseError where nobody could
    choose any of them.
    """
    seen = with_enough_draws(narrowed(results, policies))
    found = finding(seen)
    chosen = shown(seen, found)
    assert found is not None
    case = Comparison(seen, seen.study.policy(found.policy))
    return Brief(
        study=results.study.title,
        title=message(case, found),
        lead=" ".join((compared(seen), *of_country(results.study.country))).replace("`", ""),
        numbers=found.headlines,
        terms=f"{found.terms} {found.intervals}",
        results=chosen,
        best=found.policy,
        chart=Passage(f"YLDs averted each year against {comparator(seen)}", f"{how_to_read(chosen)} {chosen.part}"),
        doubts=tuple(Passage(doubt.subject, doubt.sentence) for doubt in found.doubts) or (NO_DOUBT,),
        quote=Passage("To quote", quote(case, found)),
        feet=(
            Passage("How to cite", citation(results)),
            Passage("How to repeat", f"{command(results)} {WHOLE_RECORD}"),
            *finding_out(results, information),
            *analysed(results, folder),
        ),
        foot=f"{FOOT} {source_line(results, drawn=True)}",
    )


def compared(results: Results) -> str:
    """What the study compares, for whom, where and when."""
    others = results.study.policies[1:]
    aside = [called(policy) for policy in others if policy.cft.only_compares]
    what = "is a benchmark, not a choice" if len(aside) == 1 else "are benchmarks, not choices"
    return (
        f"A simulation compares {number_of(len(others), 'policy')} with {comparator(results)} for the "
        f"{alone(results.country_cases, Thing('adults'))} with chronic low back pain in "
        f"{results.study.place_in_a_sentence}, and those who join them, {in_years(results.years)}."
        + (f" {first_letter_up(listed(aside))} {what}." if aside else "")
    )


def message(case: Comparison, found: Finding) -> str:
    """The finding in the fewest words; a gain is named only where it is clear, and without draws as one of the model
    at the central values of its inputs.
    """
    qalys = discounted(case.results, case.name, "qalys")
    worth = net_benefit(case.results, case.name, *view_of(case.results))
    by = f"by {case.results.years[-1]}"
    if not found.is_best:
        told = f"no policy is expected to be worth more than {case.comparator}"
    elif not worth.clear:
        told = f"no policy is clearly worth more than {case.comparator}"
    elif qalys.direction > 0:
        told = f"{case.subject} gains {quantity(qalys, Thing('QALYs'))} {by} against {case.comparator}"
    else:
        told = f"{case.subject} is worth more than {case.comparator} {by}"
    return first_letter_up(f"{at_central(case.results)}{told}")


def quote(case: Comparison, found: Finding) -> str:
    """The finding as one sentence that holds by itself: a model's, of whom, with the kind of its intervals."""
    cases, place = count(case.results.country_cases), case.results.study.place_in_a_sentence
    told = found.sentence if found.sentence.startswith("“") else f"{found.sentence[:1].lower()}{found.sentence[1:]}"
    return (
        f"In a simulation of the {cases} adults with chronic low back pain in {place}, "
        f"{told.removesuffix('.')}{_brackets(case, found)}. "
        f"{where_offered([case.policy], case.results.study.regions)}"
    ).rstrip()


def _brackets(case: Comparison, found: Finding) -> str:
    """What stands between the brackets of the finding: intervals of effects, or of a probability, or neither."""
    if found.is_best and net_benefit(case.results, case.name, *view_of(case.results)).clear:
        return f"; in brackets: {INTERVAL[discounted(case.results, case.name, 'qalys').source]}"
    return "; in brackets: 95% interval from the number of draws" if found.is_best and case.draws else ""


def finding_out(results: Results, information: pd.DataFrame | None) -> Iterator[Passage]:
    """What it would be most worth to know for sure before choosing, in a line; nothing without draws."""
    if information is None:
        return
    view = view_of(results)
    rows = rows_of(information, **view._asdict())
    everything = money(float(rows_of(rows, kind=EVERYTHING)["value"].iloc[0]))
    alone = rows[rows["kind"].isin(("parameter", "drawn together")) & rows["clear"] & (rows["doubt"] == "")]
    of_all = f"to know everything for sure would be worth {everything} at {per_qaly(view.threshold)}"
    told = f"{first_letter_up(of_all)}; no single input is clearly worth knowing by itself."
    for row in alone.nlargest(1, "value").to_dict("records"):
        told = f"{row['label']}: worth {money(row['value'])} to know for sure; {of_all}."
    yield Passage("Most worth finding out", told)


def analysed(results: Results, folder: Path | None) -> Iterator[Passage]:
    """What other commands found, where they left it beside the results of the same study: the best policy within
    limits, and what is worth studying, in a sentence each: it has to fit on a page.

    Raises DamagedError where it is not as it was written.
    """
    if folder is None:
        return
    for name, title in {"optimum": "Best within limits", "research": "Worth a study"}.items():
        found = read_analysis(folder, name, results.study)
        if found is not None and not found.other:
            yield Passage(title, found.sentences[0])


def citation(results: Results) -> str:
    """How to cite the figures, with the software they come from."""
    return (
        f"{AUTHORS} ({RELEASED}). lbpsim: {SOFTWARE}, version {lbpsim.__version__}. Study “{results.study.title}” "
        f"({results.study.name}), seed {results.seed}."
    )
