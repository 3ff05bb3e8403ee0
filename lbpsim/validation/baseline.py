"""Who takes part in the emulated trial, beside the real participants and beside all who would have qualified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.evidence import parameters
from lbpsim.evidence.output_tables import frame_of
from lbpsim.outcomes.arrays import Numbers
from lbpsim.pathways.person import WORKING
from lbpsim.validation.treatment_effects import mean_and_error
from lbpsim.validation.trial import Enrolment, scores
from lbpsim.validation.verdicts import NOTHING, Limits, Published, beside, ends

Statistic = Callable[[Numbers], tuple[float, float]]


def spread(each: Numbers) -> tuple[float, float]:
    """Standard deviation and its standard error, whatever the law."""
    centred = each - each.mean()
    deviation = float(each.std(ddof=1))
    return deviation, float(np.sqrt(((centred**4).mean() - deviation**4) / len(each)) / (2.0 * deviation))


def percentile(share: float) -> Statistic:
    """A percentile and its standard error, from the order statistics a standard error of ranks away."""
    reach = np.sqrt(share * (1.0 - share))

    def statistic(each: Numbers) -> tuple[float, float]:
        ranks = np.clip(share + reach / np.sqrt(len(each)) * np.array([-1.0, 0.0, 1.0]), 0.0, 1.0)
        low, middle, high = np.quantile(each, ranks)
        return float(middle), float((high - low) / 2.0)

    return statistic


FIGURES: tuple[tuple[str, str, str, str, Statistic, bool], ...] = (
    # characteristic, unit, what it is of, registered name, statistic, whether the command fails where it misses
    ("age, mean", "years", "age", "restore.age_mean", mean_and_error, True),
    ("age, standard deviation", "years", "age", "restore.age_sd", spread, True),
    ("women", "share", "sex", "restore.women", mean_and_error, True),
    ("RMDQ, 10th percentile", "RMDQ points", "rmdq", "restore.baseline_rmdq_p10", percentile(0.1), True),
    ("RMDQ, 90th percentile", "RMDQ points", "rmdq", "restore.baseline_rmdq_p90", percentile(0.9), True),
    ("RMDQ, mean", "RMDQ points", "rmdq", "restore.baseline_rmdq_mean", mean_and_error, False),
    ("RMDQ, standard deviation", "RMDQ points", "rmdq", "restore.baseline_rmdq_sd", spread, False),
    ("pain, mean", "NRS points", "pain", "restore.baseline_pain_mean", mean_and_error, False),
)
WHOLE_POINTS = (
    # Scores are whole points in a trial: what its percentiles would be if the model's were rounded, too. Not judged.
    ("RMDQ, 10th percentile of whole points", "restore.baseline_rmdq_p10", percentile(0.1)),
    ("RMDQ, 90th percentile of whole points", "restore.baseline_rmdq_p90", percentile(0.9)),
)
UNPUBLISHED: tuple[tuple[str, str, str, Statistic], ...] = (
    ("pain, standard deviation", "NRS points", "pain", spread),
    ("in work", "share", "works", mean_and_error),
    ("on long-term opioids", "share", "on_opioids", mean_and_error),
)


def baseline(enrolment: Enrolment) -> pd.DataFrame:
    """Characteristics at the start; `unselected` is of all who qualify, volunteers or not."""
    traits, chosen = characteristics(enrolment), enrolment.takes_part
    tolerance = parameters()["restore.tolerance_baseline"].value
    rows = [
        _row(name, unit, traits[of], chosen, statistic, _published(target, tolerance), gate)
        for name, unit, of, target, statistic, gate in FIGURES
    ]
    rounded = np.rint(traits["rmdq"])
    rows += [
        _row(name, "RMDQ points", rounded, chosen, statistic, replace(beside(parameters()[of]), limits=Limits()), False)
        for name, of, statistic in WHOLE_POINTS
    ]
    rows += [
        _row(name, unit, traits[of], chosen, statistic, NOTHING, False) for name, unit, of, statistic in UNPUBLISHED
    ]
    return frame_of("restore_baseline", rows)


def characteristics(enrolment: Enrolment) -> dict[str, Numbers]:
    """What is known of all who qualify, when they do: one value a person."""
    people = enrolment.qualified
    rmdq, pain = scores(people)
    known = {name: people[name].astype(float) for name in ("age", "sex", "on_opioids")}
    return {**known, "works": (people["work"] == WORKING).astype(float), "rmdq": rmdq, "pain": pain}


def _published(name: str, tolerance: float) -> Published:
    target = parameters()[name]
    return beside(target, tolerance=tolerance * abs(target.value))


def _row(
    name: str,
    unit: str,
    each: Numbers,
    chosen: npt.NDArray[np.bool_],
    statistic: Statistic,
    published: Published,
    gate: bool,
) -> tuple[object, ...]:
    value, error = statistic(each[chosen])
    verdict = published.limits.verdict(value, error)
    return (
        *(name, unit, published.value, *ends(published.interval), value, error, statistic(each)[0]),
        *(*ends(published.limits), verdict, published.role, gate, published.parameter),
    )
