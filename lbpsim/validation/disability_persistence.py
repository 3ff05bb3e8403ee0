"""How far people keep their disability: scores of the same people, years apart, as a questionnaire would give them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy import special

from lbpsim.engine.random_numbers import uniforms
from lbpsim.evidence import parameters
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.groups import SEXES
from lbpsim.pathways.disability import RMDQ_MAX
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import Study
from lbpsim.validation.trial_replicates import RANDOMISED
from lbpsim.validation.trial_visits import observe

WOMEN = SEXES.index("women")  # as `sex` of a person
MEASURED = RANDOMISED + 1  # kind of draw: the error of a score
YEARS_APART, LONG_ENOUGH = 2.0, 3
FROM_THE_START = 2  # kind of the errors of measurement of the country's people; lower ones are a trial's visits


def as_scored(points: Numbers, seed: int, visit: int) -> Numbers:
    """RMDQ points as measured: with an error, drawn anew for each `visit`; who is free of disability scores 0."""
    uniform = np.asarray(uniforms(seed, 0, np.arange(len(points)), MEASURED, visit))
    error = parameters()["course.score_error_sd"].value * special.ndtri(uniform)
    return np.asarray(np.where(points > 0.0, np.clip(points + error, 0.0, RMDQ_MAX), 0.0))


def slope(first: Numbers, later: Numbers) -> tuple[float, float]:
    """Slope of later scores on the first, and its standard error."""
    from scipy import stats  # noqa: PLC0415 - half a second, which a report that judges nothing need not wait

    line = stats.linregress(first, later)
    return float(line.slope), float(line.stderr)


def rank_correlation(first: Numbers, later: Numbers) -> tuple[float, float]:
    """Spearman's correlation, and its standard error."""
    from scipy import stats  # noqa: PLC0415 - as in `slope`

    tie = float(stats.spearmanr(first, later).statistic)
    return tie, (1.0 - tie**2) * math.sqrt((1.0 + tie**2 / 2.0) / (len(first) - 3))


def of_women_in_established_pain(study: Study) -> tuple[float, float]:
    """Rank correlation of RMDQ with itself two years later, in women whose pain is established as the study starts.

    Under usual care, of one replication; those who die are left out.
    """
    prepared_study, policy = PreparedStudy(replace(study, years=LONG_ENOUGH)), study.policies[0]
    people = prepared_study.persons(0)
    chosen = (people["now"] == 0.0) & (people["in_pain"] == 1) & (people["first_year"] == 0)
    women = people[chosen & (people["sex"] == WOMEN)].copy()
    record = build(prepared_study.study, policy, study.values(policy), draw=prepared_study.draw)
    visits = np.array([0.0, YEARS_APART])
    measured = np.full((2, len(women), len(visits)), np.nan)
    observe(women, record, prepared_study.blank_totals(), visits, measured)
    first, later = measured[0][~np.isnan(measured[0, :, 1])].T
    return rank_correlation(*(as_scored(each, study.seed, FROM_THE_START + i) for i, each in enumerate((first, later))))
