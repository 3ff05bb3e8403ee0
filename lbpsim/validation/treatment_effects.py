"""The emulated trial's effects beside the published ones: one row for each arm, visit and outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lbpsim.evidence import Parameter, in_force, parameters
from lbpsim.evidence.currency import MONEY
from lbpsim.evidence.output_tables import frame_of
from lbpsim.evidence.units import told
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.estimate import SURE
from lbpsim.validation.disability_persistence import as_scored, slope
from lbpsim.validation.participant_outcomes import COSTS, MARKS, ParticipantOutcomes
from lbpsim.validation.trial import ARMS, WEEKS, Enrolment, Trial
from lbpsim.validation.trial_figures import BENEFITS, BETWEEN_ARMS, DIFFERENCES, TOLERANCES, YEAR_3_WEEK
from lbpsim.validation.trial_figures import COSTS as COST_DIFFERENCES
from lbpsim.validation.trial_replicates import MODERATED_AT, OUTCOMES, ReplicateTrials
from lbpsim.validation.verdicts import NOTHING, Limits, Published, beside, ends

VISIT_WEEKS = (*WEEKS, YEAR_3_WEEK)
MARK_WEEKS = (52, YEAR_3_WEEK)
UNITS = {"rmdq": "RMDQ points", "pain": "NRS points"}
BOTH_ARMS = "both"
STILL = {"course.remission_first_year": 0.0, "course.remission_established": 0.0}


@dataclass(frozen=True)
class Effect:
    """One emulated figure and what is published; `gate`: whether the command fails where it does not pass."""

    arm: str
    week: int
    outcome: str
    unit: str
    emulated: float
    mcse: float
    published: Published = NOTHING
    gate: bool = False

    def row(self) -> tuple[Any, ...]:
        """The figure as a row of the table."""
        theirs, interval = self.published, self.published.interval
        within = "" if interval == Limits() else "yes" if interval.hold(self.emulated) else "no"
        return (
            *(self.arm, self.week, self.outcome, self.unit, self.emulated, self.mcse),
            *(theirs.value, *ends(interval), within, *ends(theirs.limits)),
            *(theirs.limits.verdict(self.emulated, self.mcse), theirs.role, self.gate, theirs.parameter),
        )


def effects(enrolment: Enrolment, trial: Trial, sums: ParticipantOutcomes, cloud: ReplicateTrials) -> pd.DataFrame:
    """Every figure of the emulated trial; week 156 stands for year 3, money is undiscounted and the trial's."""
    with in_force.within(enrolment.prepared_study.study.country):
        found = [
            *_levels(trial),
            *_falls(enrolment, trial),
            *_course(enrolment, trial),
            *_differences(trial),
            *_between_arms(trial),
            *_benefits(trial),
            *_sums(enrolment, sums),
            *_spreads(cloud),
        ]
    return frame_of("restore", [effect.row() for effect in found])


def mean_and_error(each: Numbers) -> tuple[float, float]:
    """Mean over people, of those alive, and its standard error."""
    alive = each[~np.isnan(each)]
    return float(alive.mean()), float(alive.std(ddof=1) / np.sqrt(len(alive)))


def _levels(trial: Trial) -> Iterator[Effect]:
    for what in OUTCOMES:
        for number, arm in enumerate(ARMS):
            for visit, week in enumerate(VISIT_WEEKS):
                yield Effect(arm, week, what, UNITS[what], *mean_and_error(trial.scores(what)[number, :, visit]))


def _falls(enrolment: Enrolment, trial: Trial) -> Iterator[Effect]:
    """Usual care's fall, as it is and as it would be if nobody's pain remitted: regression to the mean alone."""
    still = enrolment.measure(0, STILL)[0]
    published = parameters()["restore.usual_care_fall_week13"]
    tolerance = parameters()["restore.tolerance_rmdq"].value
    for outcome, scores in (("rmdq_fall", trial.rmdq[0]), ("rmdq_fall_without_remission", still)):
        for visit, week in list(enumerate(VISIT_WEEKS))[1:]:
            fall = mean_and_error(scores[:, 0] - scores[:, visit])
            target = published if (outcome, week) == ("rmdq_fall", 13) else None
            yield Effect(ARMS[0], week, outcome, UNITS["rmdq"], *fall, beside(target, tolerance=tolerance))


def _course(enrolment: Enrolment, trial: Trial) -> Iterator[Effect]:
    """How usual care goes on after week 13, and how scores of week 52 depend on those at the start."""
    start, week13, week52 = (trial.rmdq[0, :, VISIT_WEEKS.index(week)] for week in (0, 13, 52))
    change = beside(parameters()["restore.usual_care_change_13_to_52"])
    yield Effect(ARMS[0], 52, "rmdq_change_from_13", UNITS["rmdq"], *mean_and_error(week52 - week13), change)
    alive = ~np.isnan(week52)
    seed = enrolment.prepared_study.study.seed
    first, later = (as_scored(points[alive], seed, visit) for visit, points in enumerate((start, week52)))
    published = beside(parameters()["course.slope_on_baseline_52_weeks"])
    yield Effect(ARMS[0], 52, "rmdq_slope_on_start", "ratio", *slope(first, later), published)


def _differences(trial: Trial) -> Iterator[Effect]:
    known = parameters()
    for what in OUTCOMES:
        tolerance = known[TOLERANCES[what]].value
        scores = trial.scores(what)
        for number, arm in list(enumerate(ARMS))[1:]:
            for visit, week in list(enumerate(VISIT_WEEKS))[1:]:
                target = _published(what, arm, week)
                gap = mean_and_error(scores[number, :, visit] - scores[0, :, visit])
                published = beside(target, tolerance=tolerance)
                yield Effect(arm, week, f"{what}_difference", UNITS[what], *gap, published, gate=target is not None)


def _between_arms(trial: Trial) -> Iterator[Effect]:
    """CFT with biofeedback against CFT."""
    for what in OUTCOMES:
        scores, published = trial.scores(what), beside(parameters()[BETWEEN_ARMS[what]])
        gap = mean_and_error(scores[2, :, -1] - scores[1, :, -1])
        yield Effect(ARMS[2], YEAR_3_WEEK, f"{what}_against_cft", UNITS[what], *gap, published)


def _benefits(trial: Trial) -> Iterator[Effect]:
    """Benefit at week 13 of both CFT arms by disability at the start, read off a straight line, as the trial's was."""
    for baseline in MODERATED_AT:
        published = beside(parameters()[BENEFITS[baseline]])
        found = on_a_line(*trial.benefit, float(baseline))
        yield Effect(BOTH_ARMS, 13, f"benefit_at_{baseline}", UNITS["rmdq"], *found, published, gate=True)


def on_a_line(x: Numbers, y: Numbers, at: float) -> tuple[float, float]:
    """Height of the straight line through (x, y) at `at`, and its standard error."""
    slope, level = np.polyfit(x, y, 1)
    spread = np.sqrt(((y - level - slope * x) ** 2).sum() / (len(x) - 2))
    leverage = 1.0 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()
    return float(level + slope * at), float(spread * np.sqrt(leverage))


def _sums(enrolment: Enrolment, sums: ParticipantOutcomes) -> Iterator[Effect]:
    """Sessions, quality of life and money after one and three years, against usual care."""
    study = enrolment.prepared_study.study
    names = ("cft_sessions", "qalys", *COSTS, "cost_health_system", "cost_societal")
    for name in names:
        each = sums.of(name)
        for number, arm in list(enumerate(ARMS))[1:]:
            for mark, week in enumerate(MARK_WEEKS):
                gap = mean_and_error(each[number, :, mark] - each[0, :, mark])
                target = parameters()[COST_DIFFERENCES[arm]]
                scale = target.at_prices_of(study.price_year, study.registry.prices) / target.value
                compared = (name, MARKS[mark]) == ("cost_societal", 1.0)
                published = beside(target, scale=scale) if compared else NOTHING
                yield Effect(arm, week, f"{name}_difference", _unit(name), *gap, published)


def _unit(name: str) -> str:
    return {"cft_sessions": "sessions", "qalys": "QALYs"}.get(name, told(MONEY))


def _spreads(cloud: ReplicateTrials) -> Iterator[Effect]:
    """Standard error of a trial of the real size, beside the one that the published interval implies."""
    trials = len(cloud.differences)
    for o, what in enumerate(OUTCOMES):
        for a, arm in enumerate(ARMS[1:]):
            for visit, week in list(enumerate(VISIT_WEEKS))[1:]:
                spread = float(cloud.standard_errors[o, a, visit])
                published = Published(standard_error(_published(what, arm, week)))
                error = spread / np.sqrt(2 * trials - 2)
                yield Effect(arm, week, f"{what}_standard_error", UNITS[what], spread, error, published)


def _published(what: str, arm: str, week: int) -> Parameter | None:
    """The trial's difference from usual care, where it measured one."""
    name = DIFFERENCES.get((what, arm, week))
    return parameters()[name] if name else None


def standard_error(parameter: Parameter | None) -> float:
    """Standard error behind a published 95% interval; not a number without one."""
    if parameter is None or parameter.interval is None:
        return float("nan")
    low, high = parameter.interval
    return (high - low) / (2.0 * SURE)
