"""What each participant of the emulated trial comes to: sessions, quality of life, costs by category, after years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import COST_CATEGORIES, OUTCOME_INDEX, SUMS
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.simulation.cohort_follow_up import accumulated_outcomes
from lbpsim.validation.trial import ARMS, Enrolment

MARKS = (1.0, 3.0)  # years after enrolment
COSTS = tuple(name for name in COST_CATEGORIES if name != "cost_training")  # training belongs to no participant
IMPACT_YEARS = ("pain_free_years", "low_impact_years", "moderate_impact_years", "high_impact_years")
KEPT = ("cft_sessions", "qalys", *COSTS, *IMPACT_YEARS)


@dataclass(frozen=True)
class ParticipantOutcomes:
    """Undiscounted sums of the outcomes in KEPT for each participant; shape (arms, people, MARKS, KEPT)."""

    sums: Numbers

    def of(self, outcome: str) -> Numbers:
        """One outcome, shape (arms, people, marks); money at the study's prices."""
        if outcome in KEPT:
            return np.asarray(self.sums[..., KEPT.index(outcome)])
        parts = [KEPT.index(name) for name in SUMS[outcome][1] if name in KEPT]
        return np.asarray(self.sums[..., parts].sum(axis=-1))


def participant_outcomes(enrolment: Enrolment) -> ParticipantOutcomes:
    """Live the trial again in every arm, and add up for each participant; the same random numbers as at its visits."""
    return ParticipantOutcomes(np.array([_of_arm(enrolment, arm) for arm in range(len(ARMS))]))


def _of_arm(enrolment: Enrolment, arm: int) -> Numbers:
    people = enrolment.participants.copy()
    sums = np.zeros((len(people), len(MARKS), 2, len(KEPT)))
    numbers = np.array([OUTCOME_INDEX[name] for name in KEPT])
    totals = enrolment.prepared_study.blank_totals()
    accumulated_outcomes(people, enrolment.inputs(arm), totals, np.array(MARKS), int(arm > 0), numbers, sums)
    return sums[:, :, 0] / FIXED_POINT
