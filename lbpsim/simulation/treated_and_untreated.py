"""People as they are when they qualify for CFT, each lived on once untreated and once under every treatment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from lbpsim.evidence import parameters
from lbpsim.outcomes import per_thousand_treated as per_thousand
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.measures import COUNTED
from lbpsim.outcomes.results import Results
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.pathways.person import NO_SURGERY
from lbpsim.simulation import cohort_follow_up
from lbpsim.simulation.cost_items import add_cost_items
from lbpsim.simulation.discounting import discounted_as_costs, take_costs
from lbpsim.simulation.inputs import build
from lbpsim.simulation.replication import People, PreparedStudy
from lbpsim.study import CftPolicy, Policy, Study

ENROLMENT_YEARS = 2  # within which people qualify
MOST_PEOPLE = 20_000  # from whom those who qualify are taken: more are no surer than the model, and take longer
COURSES = {  # whether with biofeedback, and whether as in the trial, or as the study has it
    per_thousand.CFT: (False, False),
    per_thousand.BIOFEEDBACK: (True, False),
    per_thousand.CFT_IN_TRIAL: (False, True),
    per_thousand.BIOFEEDBACK_IN_TRIAL: (True, True),
}


def treat_a_thousand(study: Study) -> per_thousand.Treated:
    """What treatments come to for people of a study, under the care of its comparator but for the treatment.

    As many people as the study simulates, up to MOST_PEOPLE, live until they qualify, within ENROLMENT_YEARS. Nobody
    waits: CFT, opioids or the operation begins on that day, and operations are not limited. Whoever is on opioids
    already is not begun on them, and whoever is not disabled enough for a fusion, has had one or waits for one, is not
    operated: such people count neither among the treated nor among the untreated of that comparison.
    """
    treated_cohort = TreatedCohort(study)
    among = _among(treated_cohort.people, study)
    untreated = treated_cohort.followed(cohort_follow_up.UNTREATED)
    sums = {
        name: treated_cohort.course(biofeedback, in_trial=in_trial) for name, (biofeedback, in_trial) in COURSES.items()
    }
    sums[per_thousand.OPIOIDS] = treated_cohort.followed(cohort_follow_up.OPIOIDS, among[per_thousand.NOT_ON_OPIOIDS])
    sums[per_thousand.FUSION] = treated_cohort.followed(cohort_follow_up.FUSION, among[per_thousand.FIT_FOR_FUSION])
    return per_thousand.Treated.of(sums, untreated, among)


def with_treated(results: Results) -> Results:
    """Results with what treatments come to for people of their study."""
    return replace(results, treated=treat_a_thousand(results.study))


def _among(people: People, study: Study) -> dict[str, npt.NDArray[np.bool_]]:
    least = study.values(study.policies[0])["surgery.min_rmdq"]
    fit = (people["surgery"] == NO_SURGERY) & (cohort_follow_up.disability(people) >= least)
    return {
        per_thousand.ALL_PEOPLE: np.ones(len(people), bool),
        per_thousand.NOT_ON_OPIOIDS: people["on_opioids"] == 0,
        per_thousand.FIT_FOR_FUSION: fit,
    }


class TreatedCohort:
    """The people of a study who qualify, or those given, at the moment of treatment; and what becomes of them."""

    def __init__(self, study: Study, people: People | None = None) -> None:
        usual = study.policies[0]
        unlimited = replace(usual.surgery, operations_per_year=None)
        self.usual = replace(usual, cft=CftPolicy(), surgery=unlimited)
        self.study = replace(
            study.to_the_horizon,
            policies=(self.usual,),
            years=ENROLMENT_YEARS + per_thousand.MARKS[-1] + 1,
            people=MOST_PEOPLE if study.people == "all" else min(int(study.people), MOST_PEOPLE),
            replications=1,
        )
        self.people = self._enrolled() if people is None else people
        self.blank = PreparedStudy(self.study).blank_totals()

    def _enrolled(self) -> People:
        prepared_study = PreparedStudy(self.study)
        people = prepared_study.persons(0).copy()
        inputs, totals = prepared_study.base_inputs, prepared_study.blank_totals()
        enrolled: People = people[cohort_follow_up.enrol(people, inputs, totals, float(ENROLMENT_YEARS))]
        return enrolled

    def course(self, biofeedback: bool, *, in_trial: bool) -> Numbers:
        """What everybody comes to with a course of CFT, shape as `followed`."""
        assumed = {"cft.fidelity": parameters()["restore.fidelity"].canonical} if in_trial else {}
        arm = replace(self.usual, cft=CftPolicy(biofeedback=biofeedback), assume={**self.usual.assume, **assumed})
        return self.followed(cohort_follow_up.CFT, arm=arm)

    def followed(
        self, treatment: int, treated: npt.NDArray[np.bool_] | None = None, arm: Policy | None = None
    ) -> Numbers:
        """What each person comes to, shape (people, MARKS, 2, MEASURES); not a number for whom it is not for."""
        mine = np.ones(len(self.people), bool) if treated is None else treated
        policy = arm or self.usual
        sums = self._sums(self.study, policy, treatment, mine)
        if (alike := discounted_as_costs(self.study)) is not None:
            take_costs(sums, self._sums(alike, policy, treatment, mine), axis=2)
        everyone = np.full((len(self.people), len(per_thousand.MARKS), 2, len(per_thousand.MEASURES)), np.nan)
        everyone[mine] = sums @ per_thousand.weights() / FIXED_POINT
        return everyone

    def _sums(self, study: Study, policy: Policy, treatment: int, mine: npt.NDArray[np.bool_]) -> Numbers:
        """What is counted of these people, discounted to the day of treatment; shape (people, MARKS, 2, outcomes)."""
        people = self.people[mine]
        begun = people["now"].copy()
        if study is not self.study:  # they have lived until that day at the study's own rate
            people["discount_factor"] = (1.0 + study.discount_rate) ** -begun
        sums = np.zeros((len(people), len(per_thousand.MARKS), 2, len(COUNTED)))
        inputs = build(study, policy, study.values(policy))
        marks, outcomes = np.array(per_thousand.MARKS, float), np.arange(len(COUNTED))
        cohort_follow_up.accumulated_outcomes(people, inputs, self.blank, marks, treatment, outcomes, sums)
        sums[:, :, 1] *= (1.0 + study.discount_rate) ** begun[:, None, None]
        add_cost_items(sums, study, study.values(policy))
        return sums
