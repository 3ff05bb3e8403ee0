"""One small judgement for all tests of validation: 4,000 people, of whom some 1,700 take part in the trial."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from lbpsim.study import Study, load
from lbpsim.validation.participant_outcomes import ParticipantOutcomes, participant_outcomes
from lbpsim.validation.summary import Assessment, assess
from lbpsim.validation.trial import Enrolment, Trial, measured_trial, recruit
from lbpsim.validation.trial_replicates import ReplicateTrials, replicate_trials
from lbpsim.validation.usual_care_run import UsualCareRun, usual_care

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@cache
def study(people: int = 4000) -> Study:
    return load(SCENARIOS).with_changes(people=people, replications=4)


def assuming(**changes: float) -> Study:
    return replace(study(), assume={name.replace("__", "."): value for name, value in changes.items()})


@cache
def enrolment() -> Enrolment:
    return recruit(study())


@cache
def trial() -> Trial:
    return measured_trial(enrolment())


@cache
def sums() -> ParticipantOutcomes:
    return participant_outcomes(enrolment())


@cache
def cloud() -> ReplicateTrials:
    return replicate_trials(enrolment(), trial(), sums(), trials=40)


@cache
def country() -> UsualCareRun:
    return usual_care(study(), workers=1)


@cache
def judged() -> Assessment:
    return assess(study(), workers=1)
