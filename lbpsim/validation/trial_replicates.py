"""The emulated trial at its real size, many times: how far chance alone moves a trial of 492 people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lbpsim.engine.random_numbers import uniforms
from lbpsim.evidence import parameters
from lbpsim.outcomes.arrays import Numbers
from lbpsim.validation import trial_figures
from lbpsim.validation.participant_outcomes import ParticipantOutcomes
from lbpsim.validation.trial import ARMS, VISITS, WEEKS, Enrolment, Trial
from lbpsim.validation.trial_selection import VOLUNTEERS, TooFewError

RANDOMISED = VOLUNTEERS + 1  # kind of draw: the order in which participants are randomised
TRIALS = 200
OUTCOMES = ("rmdq", "pain")
MODERATED_AT = tuple(trial_figures.BENEFITS)  # disability at the start for which the trial's benefit was published
WEEK_13 = WEEKS.index(13)
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ReplicateTrials:
    """What emulated trials of the real size found; arms are CFT and CFT with biofeedback, both against usual care.

    `differences`: shape (trials, outcomes, arms, visits), as in OUTCOMES and VISITS; `benefits`: at week 13 of both
    arms together, at each disability in MODERATED_AT, shape (trials, 2); `costs`: societal, of a year, at the
    study's prices, shape (trials, arms).
    """

    differences: Numbers
    benefits: Numbers
    costs: Numbers

    @property
    def standard_errors(self) -> Numbers:
        """Spread of the trials' findings, shape (outcomes, arms, visits): the standard error of one trial."""
        return np.asarray(self.differences.std(axis=0, ddof=1))


def sizes() -> tuple[int, ...]:
    """People randomised to each arm of the real trial, in the order of ARMS."""
    return tuple(int(parameters()[name].value) for name in trial_figures.RANDOMISED)


def replicate_trials(
    enrolment: Enrolment, trial: Trial, sums: ParticipantOutcomes, *, trials: int = TRIALS
) -> ReplicateTrials:
    """Draw trials of the real size from the participants, each with its own people in every arm.

    Differences in scores are adjusted for the score at the start; at year 3 only the share that was followed is
    measured. Raises TooFewError where there are fewer participants than the real trial had.
    """
    prepared_study, ids = enrolment.prepared_study, enrolment.participants["id"]
    if len(ids) < sum(sizes()):
        raise TooFewError(
            f"{len(ids)} people take part in the emulated trial, fewer than the {sum(sizes())} of the real one: "
            "simulate more people"
        )
    found: list[tuple[Numbers, Numbers, Numbers]] = []
    for number in range(trials):
        order = np.argsort(
            uniforms(prepared_study.study.seed, prepared_study.draw, ids, RANDOMISED, number), kind="stable"
        )
        groups = np.split(order[: sum(sizes())], np.cumsum(sizes())[:-1])
        found.append((_differences(trial, groups), _benefits(trial.rmdq, groups), _costs(sums, groups)))
    return ReplicateTrials(*(np.array(each) for each in zip(*found, strict=True)))


def _differences(trial: Trial, groups: list[Rows]) -> Numbers:
    """Shape (outcomes, arms, visits); `groups` are the rows of each arm's people."""
    return np.array(
        [
            [_adjusted(what[0, groups[0]], what[arm, groups[arm]]) for arm in range(1, len(ARMS))]
            for what in (trial.rmdq, trial.pain)
        ]
    )


def _benefits(rmdq: Numbers, groups: list[Rows]) -> Numbers:
    """Benefit of both CFT arms together by disability at the start: between two lines, one for each group."""
    treated = np.concatenate([rmdq[arm, groups[arm]] for arm in range(1, len(ARMS))])
    lines = [_line(people[:, [0, WEEK_13]]) for people in (rmdq[0, groups[0]], treated)]
    return np.array([np.polyval(lines[0], at) - np.polyval(lines[1], at) for at in MODERATED_AT])


def _line(pair: Numbers) -> Numbers:
    start, later = pair[~np.isnan(pair[:, 1])].T
    return np.polyfit(start, later, 1)


def _costs(sums: ParticipantOutcomes, groups: list[Rows]) -> Numbers:
    """Shape (arms,)."""
    means = [each[rows, 0].mean() for each, rows in zip(sums.of("cost_societal"), groups, strict=True)]
    return np.array(means[1:]) - means[0]


def _adjusted(control: Numbers, treated: Numbers) -> Numbers:
    """Difference at each visit between two groups (people, visits), at equal scores at the start."""
    return np.array([_at_visit(control, treated, visit) for visit in range(len(VISITS))])


def _at_visit(control: Numbers, treated: Numbers, visit: int) -> float:
    followed = parameters()["restore.followed_share"].value if visit == len(VISITS) - 1 else 1.0
    pairs = [_followed(group[:, [0, visit]], followed) for group in (control, treated)]
    centred = np.concatenate([pair - pair.mean(axis=0) for pair in pairs])
    start, later = centred.T
    slope = (start @ later) / (start @ start)
    gap = pairs[1].mean(axis=0) - pairs[0].mean(axis=0)
    return float(gap[1] - slope * gap[0]) if visit else 0.0


def _followed(pair: Numbers, share: float) -> Numbers:
    """Scores at the start and at a visit of those who are alive and followed; the order of people is one of chance."""
    seen = pair[: round(share * len(pair))]
    return seen[~np.isnan(seen[:, 1])]
