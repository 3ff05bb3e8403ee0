"""RESTORE emulated inside the population: the same people with and without Cognitive Functional Therapy (CFT).

People live under usual care until a consultation at which they meet the trial's entry criteria and their pain has been
chronic for a year or longer, as the trial's people had sought help for years; some of them take part.
There each life goes on once without and once with a course that begins at once. Nothing makes usual care improve:
people who enter in a bad week regress to their own mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.evidence import parameters
from lbpsim.evidence.layers import Layer
from lbpsim.evidence.shipped_countries import reference
from lbpsim.evidence.units import WEEK
from lbpsim.outcomes.arrays import Numbers
from lbpsim.pathways.cft import YEAR_3
from lbpsim.pathways.disability import pain, rmdq
from lbpsim.simulation.cohort_follow_up import enrol
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import CftPolicy, Policy, Study
from lbpsim.validation.trial_selection import volunteer
from lbpsim.validation.trial_visits import follow

WEEKS = (0, 3, 6, 13, 26, 40, 52)
VISITS = (*(week * WEEK for week in WEEKS), YEAR_3)
ARMS = ("usual_care", "cft", "biofeedback")
ENROLMENT_YEARS = 2.0
ESTABLISHED_ONLY = 1  # the trial's people had sought help for years
FOLLOWED_YEARS = 3
People = npt.NDArray[Any]


@dataclass(frozen=True)
class Trial:
    """What was measured: RMDQ and pain, shape (arms, people, visits); ages and share of women of those enrolled.

    Arms: usual care, CFT, CFT with biofeedback; visits at the times in VISITS (years).
    """

    rmdq: Numbers
    pain: Numbers
    age: Numbers
    women: float

    def scores(self, what: str) -> Numbers:
        """RMDQ ("rmdq") or pain ("pain"), shape (arms, people, visits)."""
        return self.rmdq if what == "rmdq" else self.pain

    @property
    def benefit(self) -> tuple[Numbers, Numbers]:
        """Of those alive at week 13: RMDQ at the start, and how much lower both CFT arms leave it than usual care."""
        visit = WEEKS.index(13)
        benefit = self.rmdq[0, :, visit] - self.rmdq[1:, :, visit].mean(axis=0)
        alive = ~np.isnan(benefit)
        return self.rmdq[0, alive, 0], benefit[alive]

    def difference(self, what: Numbers, arm: int) -> Numbers:
        """Mean difference from usual care at each visit over those alive in both, shape (visits,)."""
        return np.asarray(np.nanmean(what[arm] - what[0], axis=0))


@dataclass(frozen=True)
class Enrolment:
    """The trial before it starts: `qualified`, records of all who meet the criteria at the consultation where they do;
    `takes_part`, whether each of them does; `arms`, the policy of each arm.
    """

    prepared_study: PreparedStudy
    arms: tuple[Policy, ...]
    qualified: People
    takes_part: npt.NDArray[np.bool_]

    @property
    def participants(self) -> People:
        """Records of those who take part, at their enrolment; not to be changed."""
        return self.qualified[self.takes_part]

    def inputs(self, arm: int, changes: Mapping[str, float] | None = None) -> npt.NDArray[Any]:
        """Inputs of an arm, with `changes` to parameters if given."""
        return _inputs(self.prepared_study, self.arms[arm], changes or {})

    def measure(self, arm: int, changes: Mapping[str, float] | None = None) -> Numbers:
        """RMDQ and pain of participants at each visit, shape (2, people, visits); not a number once dead."""
        people = self.participants
        measured = np.full((2, len(people), len(VISITS)), np.nan)
        totals = self.prepared_study.blank_totals()
        follow(people.copy(), self.inputs(arm, changes), totals, np.array(VISITS), int(arm > 0), measured)
        return measured


def recruit(study: Study) -> Enrolment:
    """Let people live under usual care and enrol all who qualify within two years and take part.

    Nobody waits, so one replication is enough. Raises TooFewError where hardly anybody qualifies.
    """
    trial = replace(where_it_was(study), years=int(ENROLMENT_YEARS) + FOLLOWED_YEARS + 1, replications=1)
    usual = _as_in_the_trial(study.policies[0])
    arms = (usual, *(replace(usual, cft=CftPolicy(biofeedback=biofeedback)) for biofeedback in (False, True)))
    qualified = _qualified(PreparedStudy(trial))
    prepared_study = PreparedStudy(trial)  # another one: the first holds everybody, and is gone by now
    return Enrolment(prepared_study, arms, qualified, volunteer(qualified, study.seed, prepared_study.draw))


def where_it_was(study: Study) -> Study:
    """The study in the country of the trial, whose people, care and prices it had, whatever country is asked about."""
    there = reference()
    if study.country == there:
        return study
    return replace(study, country=there, region=None, regions=None, evidence=Layer(), price_year=there.price_year)


def _as_in_the_trial(policy: Policy) -> Policy:
    """The policy with CFT as strong as in the trial, whatever strength the study takes it to be delivered with."""
    fidelity = {"cft.fidelity": parameters()["restore.fidelity"].canonical}
    return replace(policy, assume={**policy.assume, **fidelity})


def _qualified(prepared_study: PreparedStudy) -> People:
    """Records of all who qualify, at the consultation at which they do."""
    known = parameters()
    entry = {"cft.eligible_rmdq": known["restore.entry_rmdq"].canonical}  # of the trial, not of a policy
    criteria = _inputs(prepared_study, prepared_study.study.policies[0], entry)
    no_surgery_within = known["restore.no_surgery_within"].canonical
    people = prepared_study.persons(0).copy()
    totals = prepared_study.blank_totals()
    enrolled = enrol(people, criteria, totals, ENROLMENT_YEARS, no_surgery_within, ESTABLISHED_ONLY)
    return people[enrolled]


def emulate(study: Study) -> Trial:
    """The emulated trial, all participants followed in every arm."""
    return measured_trial(recruit(study))


def measured_trial(enrolment: Enrolment) -> Trial:
    """Follow the participants of an enrolment in every arm."""
    rmdqs, pains = (np.array(each) for each in zip(*(enrolment.measure(arm) for arm in range(len(ARMS))), strict=True))
    people = enrolment.participants
    return Trial(rmdqs, pains, people["age"].astype(float), float(people["sex"].mean()))


def scores(people: People) -> tuple[Numbers, Numbers]:
    """RMDQ and pain of person records at their present moment, shape (people,) each."""
    now = people["now"]
    both = [(rmdq(person, time), pain(person, time)) for person, time in zip(people, now, strict=True)]
    return np.array([one for one, _ in both]), np.array([other for _, other in both])


def _inputs(prepared_study: PreparedStudy, arm: Policy, changes: Mapping[str, float]) -> npt.NDArray[Any]:
    values = {**prepared_study.study.values(arm), **changes}
    return build(prepared_study.study, arm, values, draw=prepared_study.draw)
