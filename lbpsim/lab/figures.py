"""The figures that the lab shows of each policy, in words: what it changes against usual care, with its interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lbpsim.cea.net_benefit import View, benefit
from lbpsim.outcomes.estimate import Estimate, from_error
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.people_treated import WHOLE_HORIZON
from lbpsim.outcomes.results import Results, mean_and_error
from lbpsim.report.format import count_with_error, known, money_with_error, per_qaly, signed
from lbpsim.report.narrative.people import counted

ORDER = tuple(OUTCOMES)
TREATED = "cft_first_courses"
PEOPLE = {
    # measure: head of its column
    "people_offered": "Offered CFT",
    "people_treated": "Treated",
    "people_improved": "Improved",
    "people_improved_by_cft": "Improved by CFT itself",
}
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """One line of the table: its label, and a cell for each policy beside the comparator."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class _Measure:
    """A measure: what it is called, how it is made of the results of all policies, and how it is written.

    `of`: one value a replication for each policy and for the comparator, shape (policies, replications) each.
    """

    label: str
    of: Callable[[Results, Numbers], Numbers]
    money: bool = False
    change: bool = True


def _difference(outcome: str, sign: float = 1.0, *, discounted: bool = True) -> Callable[[Results, Numbers], Numbers]:
    def of(_: Results, each: Numbers) -> Numbers:
        values = each[:, :, int(discounted), ORDER.index(outcome)]
        return sign * (values[1:] - values[:1])

    return of


def _per_person_treated(_: Results, each: Numbers) -> Numbers:
    """Change in the cost of health care for each person treated: a ratio of means, linearised."""
    costs = each[1:, :, 1, ORDER.index("cost_health_system")] - each[:1, :, 1, ORDER.index("cost_health_system")]
    return _ratio(costs, each[1:, :, 0, ORDER.index(TREATED)])


def _ratio(above: Numbers, below: Numbers) -> Numbers:
    """One value a replication whose mean is the ratio of means (delta method); no numbers where nobody is below."""
    middle = below.mean(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = above.mean(axis=1, keepdims=True) / middle
        return np.asarray(ratio + (above - ratio * below) / middle)


def _worth(results: Results, each: Numbers) -> Numbers:
    study = results.study
    worth = benefit(each[:, :, 1], View(study.perspective, study.thresholds[-1]))
    return worth[1:] - worth[:1]


def _measures(results: Results) -> tuple[_Measure, ...]:
    study = results.study
    whose = "society" if study.perspective == "societal" else "the health system"
    return (
        _Measure("People treated with CFT", _difference(TREATED, discounted=False), change=False),
        _Measure("Years lived with disability averted", _difference("ylds", -1.0, discounted=False)),
        _Measure("QALYs gained", _difference("qalys")),
        _Measure("Cost of health care", _difference("cost_health_system"), money=True),
        _Measure("Cost to society, lost work included", _difference("cost_societal"), money=True),
        _Measure("Cost of health care per person treated", _per_person_treated, money=True),
        _Measure(f"Net benefit to {whose}, {per_qaly(study.thresholds[-1])}", _worth, money=True),
        _Measure("Times CFT was never reached", _difference("cft_never_reached", discounted=False), change=False),
        _Measure("New long-term opioid users", _difference("opioid_starts", discounted=False)),
        _Measure("Lumbar fusions", _difference("surgeries", discounted=False)),
    )


def lines(results: Results) -> tuple[Line, ...]:
    """The table: every measure for every policy beside the comparator, differences paired, with 95% intervals."""
    each = results.horizon_by_replication
    return tuple(_line(measure, measure.of(results, each)) for measure in _measures(results))


def people_by_year(results: Results) -> dict[str, tuple[Line, ...]]:
    """By the title of each policy that treats with CFT: a line for each year and for all, with a cell for each of
    `PEOPLE`.
    """
    periods = {**{str(year): str(year) for year in results.years}, WHOLE_HORIZON: "All years"}
    return {
        policy.title: tuple(
            Line(label, tuple(_people(counted(results, policy.name, name, year)) for name in PEOPLE))
            for year, label in periods.items()
        )
        for policy in results.study.policies[1:]
        if policy.cft.delivers
    }


def _people(found: Estimate) -> str:
    half = float(found.half_width)
    return count_with_error(float(found.value), half if known(half) else 0.0)


def _line(measure: _Measure, by_replication: Numbers) -> Line:
    mean, error = mean_and_error(by_replication)
    replications = by_replication.shape[1]
    cells = (from_error(value, mcse, replications) for value, mcse in zip(mean, error, strict=True))
    return Line(measure.label, tuple(_cell(measure, estimate) for estimate in cells))


def _cell(measure: _Measure, estimate: Estimate) -> str:
    if not np.isfinite(estimate.value):
        return "nobody treated"
    write = money_with_error if measure.money else count_with_error
    half = float(estimate.half_width)
    text = write(float(estimate.value), half if known(half) else 0.0)
    return signed(text, float(estimate.value)) if measure.change else text
