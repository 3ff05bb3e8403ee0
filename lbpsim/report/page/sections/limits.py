"""Limits: what the model cannot say, in general and in this run."""

from __future__ import annotations

from collections.abc import Iterator

from lbpsim.evidence import parameters
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Heading, Points, Section
from lbpsim.study.notes import held_in_draws
from lbpsim.study.options import OPTIONS
from lbpsim.study.phrasing import number_of

KEY, TITLE = "limits", "Limits"
LONG_OFFERED = "cft.repeat_after"
MODEL = (
    "This is a model. What it says follows from its inputs and its rules; it has observed nothing. Say \u201cthe model "
    "projects\u201d, not \u201cthe policy does\u201d.",
    "The effect of CFT comes from one Australian trial, RESTORE, followed for three years. What remains of it "
    "afterwards, and how much of it ordinary clinics would achieve, is assumed.",
    "No randomised evidence says that CFT lowers opioid use or surgery. In the model they are linked only because "
    "their rates rise with disability; an option turns that off.",
    "Opioids and operations are tied to chronic low back pain by rates from different groups of patients. Under usual "
    "care long-term opioid use drifts upwards, because published starts and stops do not balance. Read differences, "
    "not levels.",
    "How fast clinicians can be trained and how many people accept an offer are choices of policy and assumptions. "
    "They decide most of what a roll-out achieves.",
    "Deaths from overdose and from operations are few, so their figures move most with luck.",
    "QALYs and DALYs are two measures of the same gain and are not to be added.",
)


def section(material: Material) -> Section:
    """General limits, then those of this run."""
    of_run = tuple(_of_run(material))
    return Section(
        KEY,
        TITLE,
        (
            *(Heading("limits-model", "Of the model"), Points(MODEL)),
            *(Heading("limits-run", "Of this run"), Points(of_run)),
        ),
    )


def _of_run(material: Material) -> Iterator[str]:
    results, study = material.results, material.results.study
    inputs = [each for each in parameters().values() if each.role == "input"]
    judged = sum(each.grade == "assumption" for each in inputs) / len(inputs)
    unverified = sum(each.grade == "unverified" for each in inputs)
    yield (
        f"{judged:.0%} of the inputs are assumptions, and {unverified} more were quoted without their source at hand "
        "and should be checked before anything that rests on them is published."
    )
    yield from _uncertainty(material)
    if results.replications == 1:
        yield "There is one replication, so no Monte Carlo error is known: luck and effect cannot be told apart."
    else:
        yield (
            f"Monte Carlo intervals come from {number_of(results.replications, 'replication')} of "
            f"{number_of(results.people, 'simulated person')} in all. They say how far a figure would move with "
            "other luck, never how sure the inputs are."
        )
    if not study.to_death:
        yield (
            "Beyond the horizon only deaths are counted, and apart: later effects and later costs of what is done "
            "within it are left out."
        )
    changed = [name for name, (choices, _) in OPTIONS.items() if study.options.get(name, choices[0]) != choices[0]]
    if changed:
        yield f"This study departs from the base case of the model in: {', '.join(changed)}."
    if study.assume or any(policy.assume for policy in material.whole.study.policies):
        yield "Some inputs have values that this study assumes in place of the registered ones; they are listed above."


def _uncertainty(material: Material) -> Iterator[str]:
    results = material.results
    if not isinstance(results, ProbabilisticResults):
        yield "Parameter uncertainty was not run: nothing here says how unsure the inputs make the answer."
        return
    draws = results.draws
    yield (
        f"In {number_of(len(draws.numbers), 'draw')}, {number_of(draws.parameters.shape[1], 'input')} vary. "
        "Choices of structure are not drawn, so "
        "the intervals are too narrow by what those choices are worth."
    )
    yield from map(material.said, held_in_draws(results.study))
