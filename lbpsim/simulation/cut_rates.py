"""Rates that would come out below 0, and are 0 instead: what is cut is told, never passed over.

A balance of rates, or a ratio that is to add to a rate, can ask for what no rate can be. The model goes on with 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lbpsim.evidence.units import number_text
from lbpsim.population.opioid_balance import stop_established
from lbpsim.simulation.inputs import remission_steepness, treatment_end
from lbpsim.study import Study
from lbpsim.study.notes import Note

EXCESS = {  # ratios of which the part above 1 is a rate, and what is lost where they are below
    "opioids.fracture_rr": "opioids then prevent no fractures",
    "opioids.mortality_rr": "opioids then prevent no deaths",
}
TREATMENT = (
    "more people would leave treatment of opioid use disorder by stopping opioids than begin it "
    "(`opioids.treatment_rate` beside `opioids.treatment_at_start`)"
)


def cut_rates(study: Study) -> tuple[Note, ...]:
    """What is cut to 0 under the study's own values, and under those of policies that set others."""
    found = [Note(f"{text}.") for text in _cut(study, study.values(study.policies[0]))]
    for policy in study.policies[1:]:
        if policy.assume.keys() & EXCESS.keys():
            found += [Note(f"{text}.", policy.name) for text in _excess(study.values(policy))]
    return tuple(found)


def is_cut(study: Study) -> bool:
    """Whether the balance of treatment of opioid use disorder asks for a rate below 0."""
    return _end_of_treatment(study, study.values(study.policies[0])) < 0.0


def _cut(study: Study, values: Mapping[str, float]) -> Iterator[str]:
    end = _end_of_treatment(study, values)
    if end < 0.0:
        yield (
            f"For the share in treatment to hold, treatment would have to end at {number_text(round(end, 3))} per "
            f"year: {TREATMENT}. No treatment ends for that reason, and the share falls"
        )
    yield from _excess(values)


def _excess(values: Mapping[str, float]) -> Iterator[str]:
    for name, instead in EXCESS.items():
        if values[name] < 1.0:
            yield f"`{name}` at {number_text(values[name])} is below 1, and counts as 1: {instead}"


def _end_of_treatment(study: Study, values: Mapping[str, float]) -> float:
    return treatment_end(values, stop_established(study.country, values, remission_steepness(study, values)))
