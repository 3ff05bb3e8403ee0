"""Other evidence beside the emulated trial: other trials of CFT, and what conservative care gained in another model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.evidence import parameters
from lbpsim.evidence.output_tables import declared, frame_of
from lbpsim.evidence.reading import Declared
from lbpsim.evidence.units import WEEK
from lbpsim.outcomes.arrays import Numbers
from lbpsim.validation.participant_outcomes import IMPACT_YEARS, ParticipantOutcomes
from lbpsim.validation.treatment_effects import mean_and_error
from lbpsim.validation.trial import VISITS, Trial
from lbpsim.validation.verdicts import Limits, ends, published_interval

FILE = "other_trials.yaml"
SF6D = ("economics.sf6d_none", "economics.sf6d_low", "economics.sf6d_moderate", "economics.sf6d_high")  # by impact
CFT = 1  # the arm that other trials compare with


class OtherTrial(Declared):
    """A published difference of another trial: who it was, against what, and after how long."""

    trial: str
    comparator: str
    week: int


class OtherTrials(Declared):
    """The file: published differences by registered name."""

    trials: Mapping[str, OtherTrial]


@cache
def published_elsewhere() -> Mapping[str, OtherTrial]:
    """Published differences of other trials; raises EvidenceError, with everything that is wrong in the file."""
    return declared(OtherTrials, files(__package__) / FILE).trials


def other_trials(trial: Trial) -> pd.DataFrame:
    """Other trials of CFT; the emulated effect is CFT's against usual care at that week.

    Oswestry points of other trials are converted by surgery.rmdq_per_odi, which is crude. Nothing here is judged: other
    trials compared with other care.
    """
    return frame_of("other_trials", [_other(trial, name, other) for name, other in published_elsewhere().items()])


def _other(trial: Trial, name: str, other: OtherTrial) -> tuple[object, ...]:
    published = parameters()[name]
    on_odi = published.unit == "ODI points"
    scale = parameters()["surgery.rmdq_per_odi"].value if on_odi else 1.0
    interval = published_interval(published, scale)
    value, error = emulated_at(trial, "rmdq" if on_odi else "pain", other.week)
    within = "" if interval == Limits() else "yes" if interval.hold(value) else "no"
    return (
        *(other.trial, other.comparator, other.week, "rmdq" if on_odi else "pain"),
        *("RMDQ points" if on_odi else "NRS points", published.value * scale, *ends(interval)),
        *(value, error, within, published.grade, published.name),
    )


def emulated_at(trial: Trial, what: str, week: int) -> tuple[float, float]:
    """Difference of CFT from usual care at a week between visits, along the line between them, and its error."""
    scores = trial.scores(what)
    found = np.array([mean_and_error(scores[CFT, :, visit] - scores[0, :, visit]) for visit in range(len(VISITS))])
    value, error = (float(np.interp(week * WEEK, VISITS, each)) for each in found.T)
    return value, error


def gains(trial: Trial, sums: ParticipantOutcomes) -> pd.DataFrame:
    """QALYs that CFT gains in the first year beside the corridor of Herman 2019.

    On two scales: the model's utilities, and the SF-6D of that model's states of impact, which brings the two together.
    """
    severe = trial.rmdq[0, :, 0] >= parameters()["impact.high_from"].value
    groups = (
        ("all participants", np.ones(len(severe), np.bool_), "economics.herman_gain_high"),
        ("high impact at the start", severe, "economics.herman_gain_high_impact"),
    )
    scales = (("model", _own(sums)), ("SF-6D by impact", _sf6d(sums)))
    rows = [_gain(who, chosen, most, scale, each) for who, chosen, most in groups for scale, each in scales]
    return frame_of("qaly_gains", rows)


def _gain(who: str, chosen: npt.NDArray[np.bool_], most: str, scale: str, each: Numbers) -> tuple[object, ...]:
    low, high = parameters()["economics.herman_gain_low"].value, parameters()[most].value
    value, error = mean_and_error(each[chosen])
    return who, scale, int(chosen.sum()), value, error, low, high, "yes" if low <= value <= high else "no", most


def _own(sums: ParticipantOutcomes) -> Numbers:
    qalys = sums.of("qalys")
    return np.asarray(qalys[CFT, :, 0] - qalys[0, :, 0])


def _sf6d(sums: ParticipantOutcomes) -> Numbers:
    """The same year in other units: time at each level of impact at that level's SF-6D."""
    utilities = [parameters()[name].value for name in SF6D]
    years = np.array([sums.of(name)[:, :, 0] for name in IMPACT_YEARS])
    return np.asarray(np.tensordot(utilities, years[:, CFT] - years[:, 0], axes=1))
