"""Other evidence beside the emulated trial: other trials of CFT, and what conservative care gained in another model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.evidence import parameters
from lbpsim.evidence.output_tables import frame_of
from lbpsim.evidence.units import WEEK
from lbpsim.validation.participant_outcomes import IMPACT_YEARS, ParticipantOutcomes
from lbpsim.validation.treatment_effects import mean_and_error
from lbpsim.validation.trial import VISITS, Trial
from lbpsim.validation.verdicts import Limits, ends, published_interval

Numbers = npt.NDArray[np.float64]
SF6D = ("economics.sf6d_none", "economics.sf6d_low", "economics.sf6d_moderate", "economics.sf6d_high")  # by impact
CFT = 1  # the arm that other trials compare with


@dataclass(frozen=True)
class OtherTrial:
    """A published difference of another trial: its registered name, who it was, against what, and after how long."""

    parameter: str
    trial: str
    comparator: str
    week: int


ACTIVE, CARE = "manual therapy and exercise", "core exercise and manual therapy"
OTHER_TRIALS = (
    OtherTrial("trials.delira_odi_week6", "de Lira 2025, Brazil", "sham", 6),
    OtherTrial("trials.castro_odi_week8", "Castro 2022, Brazil", CARE, 8),
    OtherTrial("trials.okeeffe_odi_month6", "O'Keeffe 2020, Ireland", "group exercise and education", 26),
    OtherTrial("trials.okeeffe_odi_month12", "O'Keeffe 2020, Ireland", "group exercise and education", 52),
    OtherTrial("trials.vibefersum_odi", "Vibe Fersum 2013, Norway", ACTIVE, 52),
    OtherTrial("trials.miki_odi_long", "Miki 2022, pool of two", "various", 52),
    OtherTrial("trials.delira_pain_week6", "de Lira 2025, Brazil", "sham", 6),
    OtherTrial("trials.castro_pain_week8", "Castro 2022, Brazil", CARE, 8),
    OtherTrial("trials.avila_pain_week10", "Avila 2024, after surgery", CARE, 10),
    OtherTrial("trials.avila_pain_week22", "Avila 2024, after surgery", CARE, 22),
    OtherTrial("trials.okeeffe_pain_month6", "O'Keeffe 2020, Ireland", "group exercise and education", 26),
    OtherTrial("trials.okeeffe_pain_month12", "O'Keeffe 2020, Ireland", "group exercise and education", 52),
    OtherTrial("trials.vibefersum_pain", "Vibe Fersum 2013, Norway", ACTIVE, 52),
    OtherTrial("trials.miki_pain_intermediate", "Miki 2022, pool", "various", 26),
    OtherTrial("trials.miki_pain_long", "Miki 2022, pool", "various", 52),
)


def other_trials(trial: Trial) -> pd.DataFrame:
    """Other trials of CFT; the emulated effect is CFT's against usual care at that week.

    Oswestry points of other trials are converted by surgery.rmdq_per_odi, which is crude. Nothing here is judged: other
    trials compared with other care.
    """
    return frame_of("other_trials", [_other(trial, other) for other in OTHER_TRIALS])


def _other(trial: Trial, other: OtherTrial) -> tuple[object, ...]:
    published = parameters()[other.parameter]
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
    scores = trial.rmdq if what == "rmdq" else trial.pain
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
