"""What treatments come to, made up: plausible in size and sign, growing with the years, without following anybody."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lbpsim.outcomes.per_thousand_treated import COMPARISONS, MARKS, MEASURES, Treated

# By measure: untreated, then differences of CFT, opioids and fusion, for a person over ten years.
TEN_YEARS: Mapping[str, tuple[float, float, float, float]] = {
    "rmdq_years": (78.0, -20.0, -1.4, -6.1), "qalys": (6.2, 0.42, -0.08, 0.07),
    "cost_health_system": (10_200.0, -1_300.0, 6_600.0, 68_000.0),
    "cost_lost_work": (70_000.0, -11_000.0, -600.0, 7_200.0),
    "cost_societal": (80_200.0, -12_300.0, 6_000.0, 75_200.0),
    "deaths": (0.136, -0.001, 0.018, 0.003), "overdoses": (0.004, -0.0006, 0.0125, 0.0003),
    "overdose_deaths": (0.0007, 0.0, 0.002, 0.0), "disorders": (0.023, -0.004, 0.075, 0.004),
    "opioid_fractures": (0.009, -0.001, 0.033, 0.0), "surgery_complications": (0.003, -0.002, 0.0, 0.197),
    "reoperations": (0.002, -0.001, 0.0, 0.24), "days_off_work": (464.0, -20.0, -2.4, 34.0),
}  # fmt: skip
OF = {"opioids": 2, "fusion": 3}


def made_up() -> Treated:
    """The same every time; delivered as in the trial CFT does a third more, with biofeedback a fifth more."""
    shape = (len(COMPARISONS), len(MARKS), 2, len(MEASURES))
    untreated, difference = np.zeros(shape), np.zeros(shape)
    for place, (treatment, _) in enumerate(COMPARISONS):
        more = (1.0 + 0.33 * treatment.endswith("trial")) * (1.0 + 0.2 * ("biofeedback" in treatment))
        for mark, years in enumerate(MARKS):
            for when in range(2):
                share = years / 10.0 * (0.8 if when else 1.0)
                for measure, name in enumerate(MEASURES):
                    figures = TEN_YEARS[name]
                    untreated[place, mark, when, measure] = figures[0] * share
                    difference[place, mark, when, measure] = figures[OF.get(treatment, 1)] * share * more
    return Treated(np.full(len(COMPARISONS), 5000), untreated, difference, 0.02 * np.abs(difference) + 1e-5)
