"""What the model shows for each target: the emulated trial, and the first years of the country under usual care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lbpsim.study import Study
from lbpsim.validation.national_targets import out_of_work
from lbpsim.validation.trial import ARMS, VISITS, WEEKS, Trial, emulate
from lbpsim.validation.trial_figures import BENEFITS, BOTH_ARMS_RMDQ, DIFFERENCES, YEAR_3_WEEK
from lbpsim.validation.usual_care_run import FIRST, UsualCareRun, usual_care

VISIT_OF = {13: WEEKS.index(13), 52: WEEKS.index(52), YEAR_3_WEEK: len(VISITS) - 1}
PERCENTILES = {"restore.baseline_rmdq_p10": 10.0, "restore.baseline_rmdq_p90": 90.0}


def simulate(study: Study, values: Mapping[str, float], work_years: int) -> dict[str, float]:
    """The model's figures by the registered names of their targets, under the parameters in `values` (canonical units).

    Money is at the study's prices. The same people and the same random numbers whatever the values.
    `work_years`: years that the country is run for. Raises TooFewError where too few people qualify for the trial.
    """
    changed = replace(study.of_comparator, assume={**study.assume, **values})
    trial = emulate(changed)
    country = usual_care(changed.with_changes(years=work_years), workers=1)
    return {**_of_the_trial(trial), **_of_the_country(country)}


def _of_the_trial(trial: Trial) -> dict[str, float]:
    """Differences, the fall of usual care, benefit by disability at the start, and who takes part."""
    start = trial.rmdq[0, :, 0]
    found = {"restore.baseline_rmdq_mean": start.mean(), "restore.baseline_pain_mean": trial.pain[0, :, 0].mean()}
    found |= {name: np.percentile(start, at) for name, at in PERCENTILES.items()}
    found["restore.baseline_rmdq_sd"] = start.std(ddof=1)
    week13, week52 = (trial.rmdq[0, :, VISIT_OF[week]] for week in (13, 52))
    found["restore.usual_care_fall_week13"] = -np.nanmean(week13 - start)
    found["restore.usual_care_change_13_to_52"] = np.nanmean(week52 - week13)
    for (what, arm, week), name in DIFFERENCES.items():
        found[name] = trial.difference(trial.scores(what), ARMS.index(arm))[VISIT_OF[week]]
    for week, name in BOTH_ARMS_RMDQ.items():
        found[name] = np.mean([found[DIFFERENCES["rmdq", arm, week]] for arm in ARMS[1:]])
    return {name: float(value) for name, value in {**found, **_benefits(trial)}.items()}


def _benefits(trial: Trial) -> dict[str, float]:
    """Benefit of both CFT arms at week 13 by disability at the start, read off a straight line as the trial's was."""
    line = np.polyfit(*trial.benefit, 1)
    return {name: float(np.polyval(line, points)) for points, name in BENEFITS.items()}


def _of_the_country(country: UsualCareRun) -> dict[str, float]:
    """Burden of the first year, and what people out of work because of pain would earn in it."""
    ylds, in_pain = country.year("ylds", FIRST)[0], country.year("in_pain_years", FIRST)[0]
    return {
        "country.low_back_pain_ylds": ylds,
        "country.yld_per_case": ylds / in_pain,
        "country.low_back_pain_cases": in_pain,
        "country.early_retirement_loss": out_of_work(country)[0],
    }
