"""Does the model hold? The emulated trial and the country beside what was published, with one verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from lbpsim.evidence import parameters
from lbpsim.evidence.output_tables import output_table
from lbpsim.simulation import run
from lbpsim.study import Study
from lbpsim.validation.baseline import baseline
from lbpsim.validation.external_evidence import gains, other_trials
from lbpsim.validation.national_targets import targets
from lbpsim.validation.participant_outcomes import participant_outcomes
from lbpsim.validation.participant_table import people
from lbpsim.validation.treatment_effects import BOTH_ARMS, effects
from lbpsim.validation.trial import measured_trial, recruit
from lbpsim.validation.trial_figures import YEAR_3_WEEK
from lbpsim.validation.trial_replicates import ReplicateTrials, replicate_trials
from lbpsim.validation.usual_care_run import usual_care
from lbpsim.validation.verdicts import Verdict, overall

Tell = Callable[[str, float], None]
ARM_NAMES = {
    "usual_care": "usual care",
    "cft": "CFT",
    "biofeedback": "CFT with biofeedback",
    BOTH_ARMS: "both CFT arms",
}
SHORT = {"biofeedback": "biofeedback"}
FIGURES = {
    "rmdq_fall": "RMDQ fall",
    "rmdq_change_from_13": "RMDQ change from week 13",
    "rmdq_slope_on_start": "Slope of RMDQ on that at the start",
    "rmdq_difference": "RMDQ difference",
    "pain_difference": "Pain difference",
    "rmdq_against_cft": "RMDQ difference from CFT",
    "pain_against_cft": "Pain difference from CFT",
    "benefit_at_7": "RMDQ benefit from 7 points",
    "benefit_at_18": "RMDQ benefit from 18 points",
    "cost_societal_difference": "Societal cost difference",
}
MOST_PEOPLE = 200_000  # at the start; some 85,000 then take part, and errors are about a hundredth of a point
# Shares of the whole work, roughly, for those who wait.
RECRUITING, FOLLOWING = ("recruiting", 0.06), ("following the arms", 0.08)
ADDING_UP, REPLICATING = ("adding up each person", 0.36), ("trials of the real size", 0.42)


@dataclass(frozen=True)
class Assessment:
    """Everything that validation finds, as tables, whose columns tables.yaml declares.

    `restore`: the emulated trial; `people`: its participants; `baseline`: who they are; `targets`: the country;
    `other_trials`, `gains`: other evidence; `cloud`: emulated trials of the real size; `qualified`: people who could
    have taken part.
    """

    study: Study
    restore: pd.DataFrame
    people: pd.DataFrame
    baseline: pd.DataFrame
    targets: pd.DataFrame
    other_trials: pd.DataFrame
    gains: pd.DataFrame
    cloud: ReplicateTrials
    qualified: int

    @property
    def participants(self) -> int:
        """People in each arm."""
        return int(self.people["person"].nunique())

    @cached_property
    def checks(self) -> pd.DataFrame:
        """Every figure that is judged or should be; those that gate first in each part."""
        parts = (
            ("emulated trial", self.restore.assign(figure=_told(self.restore))),
            ("participants", self.baseline.assign(figure=_sentences(self.baseline["characteristic"]))),
            ("country", self.targets.assign(figure=self.targets["figure"] + ", " + self.targets["period"])),
        )
        graded = [frame.assign(part=name, grade=_grades(frame["parameter"])) for name, frame in parts]
        every = pd.concat([frame[output_table("checks").names] for frame in graded], ignore_index=True)
        judged = every[(every["verdict"] != "not judged") | every["gate"].astype(bool)]
        return judged.sort_values(["part", "gate"], ascending=[True, False], kind="stable").reset_index(drop=True)

    @property
    def gates(self) -> pd.DataFrame:
        """The checks that decide the exit status."""
        return self.checks[self.checks["gate"].astype(bool)]

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the checks that gate."""
        return overall(self.gates["verdict"])

    @property
    def passed(self) -> bool:
        """Whether every check that gates passes; what is inconclusive has not passed."""
        return self.verdict == "pass"


def assess(study: Study, *, workers: int | None = None, tell: Tell | None = None) -> Assessment:
    """Emulate the trial and run the country under the study's comparator, and set both beside what was published.

    Of a study of a part of the country it is the whole country that is run: what is published is of the country.

    `tell` is called with what is being done and the share of all work that is done. Raises TooFewError where the
    study's people are too few for a trial.
    """
    tell, study = tell or (lambda *_: None), study.of_the_country
    tell(*RECRUITING)
    enrolment = recruit(of_the_trial(study))
    tell(*FOLLOWING)
    trial = measured_trial(enrolment)
    tell(*ADDING_UP)
    sums = participant_outcomes(enrolment)
    tell(*REPLICATING)
    cloud = replicate_trials(enrolment, trial, sums)
    country = usual_care(study, workers=workers, tell=_country_progress(tell))
    return Assessment(
        study=study,
        restore=effects(enrolment, trial, sums, cloud),
        people=people(enrolment, trial, sums),
        baseline=baseline(enrolment),
        targets=targets(country),
        other_trials=other_trials(trial),
        gains=gains(trial, sums),
        cloud=cloud,
        qualified=len(enrolment.qualified),
    )


def of_the_trial(study: Study) -> Study:
    """The study for the emulated trial: it holds everybody in memory at once, and more people would add nothing."""
    whole = study.people == "all" or int(study.people) > MOST_PEOPLE
    return study.with_changes(people=MOST_PEOPLE) if whole else study


def _country_progress(tell: Tell) -> Callable[[run.Progress], None]:
    start = REPLICATING[1]
    return lambda now: tell("the country under usual care", start + (1.0 - start) * now.done / now.pieces)


def _told(restore: pd.DataFrame) -> list[str]:
    """What a row of the emulated trial shows, in words."""
    return [
        f"{FIGURES.get(outcome, outcome)}, {SHORT.get(arm, ARM_NAMES[arm])}, {when(week)}"
        for outcome, arm, week in zip(restore["outcome"], restore["arm"], restore["week"], strict=True)
    ]


def _grades(names: pd.Series) -> list[str]:
    """Evidence grade of the published figure behind each row; "" where none is."""
    known = parameters()
    return [known[name].grade if name in known else "" for name in names]


def _sentences(texts: pd.Series) -> list[str]:
    """Each text with a capital letter first."""
    return [text[:1].upper() + text[1:] for text in texts]


def when(week: int) -> str:
    """A visit in words."""
    return "year 3" if week == YEAR_3_WEEK else f"week {week}"
