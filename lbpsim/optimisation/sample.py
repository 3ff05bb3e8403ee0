"""What policies come to over draws of the parameters: the same people and random numbers for every policy of a draw.

Each draw has two replications, which tell how much of what differs between draws is chance. A difference between two
policies is taken within replications; its error is that of the mean over draws, its interval that of the parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lbpsim.optimisation.plan import Size
from lbpsim.outcomes import payers
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.budget import paid
from lbpsim.outcomes.draws import Interval, check_sums, interval
from lbpsim.outcomes.groups import COUNTRY_WIDE, GROUPS, QUINTILES
from lbpsim.outcomes.measures import OUTCOME_INDEX, OUTCOMES
from lbpsim.outcomes.periods import every_outcome, lengths_of_years, of_country, over_years
from lbpsim.psa.parameter_sampling import FIRST_DRAW, study_of_draw
from lbpsim.psa.run import with_people
from lbpsim.simulation.consistency import check
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.run import Sums, WorkUnit
from lbpsim.simulation.workers import completed
from lbpsim.study import Policy, Study

ORDER = {name: place for place, name in enumerate(OUTCOMES)}
Tell = Callable[[int], None]


@dataclass(frozen=True)
class Figures:
    """What a policy comes to for the country, in every draw and replication, shape (draws, replications, ...).

    `whole`: discounted, over the horizon, by outcome; `yearly`: undiscounted, by calendar year and outcome; ratios are
    linearised, so that their mean is the ratio of means. `qalys`: discounted, by socioeconomic fifth; `paid`:
    undiscounted, by payer as of `outcomes.budget.paying`, and year.
    """

    whole: Numbers
    yearly: Numbers
    qalys: Numbers
    paid: Numbers

    def of(self, outcome: str) -> Numbers:
        """One outcome over the horizon, shape (draws, replications)."""
        return np.asarray(self.whole[..., ORDER[outcome]])

    def by_year(self, outcome: str) -> Numbers:
        """One outcome by year, shape (draws, replications, years)."""
        return np.asarray(self.yearly[..., ORDER[outcome]])


DrawSums = dict[str, Numbers]  # of one policy in one draw, as in `Figures` without its first axis


class Sample:
    """So many draws of a study, of so many people each, in which policies are tried; `pool` does the work.

    `first`: number of the first draw; samples that share no draw share no luck.
    """

    def __init__(self, study: Study, size: Size, pool: Executor, first: int = FIRST_DRAW) -> None:
        self.study, self.size, self.pool, self.first = study, size, pool, first
        self._prepared: dict[int, PreparedStudy] = {}

    def of(self, policies: Sequence[Policy], tell: Tell | None = None) -> list[Figures]:
        """The figures of each policy.

        Raises InputErrors where what was drawn makes no sense together; UnsoundDrawError where it breaks an identity.
        """
        draws = range(self.first, self.first + self.size.draws)
        found: dict[int, list[DrawSums]] = {}
        for draw, sums in completed(self.pool, self._simulate, policies, draws):
            found[draw] = sums
            if tell is not None:
                tell(len(found))
        return [self._figures([found[draw][place] for draw in draws]) for place in range(len(policies))]

    def _simulate(self, policies: Sequence[Policy], draw: int) -> list[DrawSums]:
        prepared = self._of_draw(draw).anew()
        sums = Sums(len(policies), prepared.replications)
        for number in range(prepared.replications):
            sums.take(WorkUnit(number), prepared.simulate_all(policies, number))
        check_sums(sums.totals, f"draw {draw} (seed {self.study.seed}): ")
        return [_sums(prepared, policy, totals) for policy, totals in zip(policies, sums.totals, strict=True)]

    def _of_draw(self, draw: int) -> PreparedStudy:
        known = self._prepared.get(draw)
        if known is None:
            small = study_of_draw(with_people(self.study, self.size.people), draw)
            known = self._prepared[draw] = PreparedStudy(small, draw=draw)
            check(small, known)
        return known

    def _figures(self, draws: Sequence[DrawSums]) -> Figures:
        lengths = lengths_of_years(self.study)
        whole, yearly = (np.concatenate([each[name] for each in draws])[None] for name in ("whole", "yearly"))
        outcomes = every_outcome(whole, lengths[1].sum()), every_outcome(yearly, lengths[0])
        whole, yearly = (each[0].reshape(len(draws), -1, *each.shape[2:]) for each in outcomes)
        return Figures(
            np.nan_to_num(whole),  # nobody waits where nobody starts
            np.nan_to_num(yearly),
            np.stack([each["qalys"] for each in draws]),
            np.stack([each["paid"] for each in draws]),
        )


def _sums(prepared: PreparedStudy, policy: Policy, totals: npt.NDArray[np.int64]) -> DrawSums:
    """One draw of one policy: outcomes that are counted in place of all; `totals`: of its replications, shape
    (replications, 2, years, groups, outcomes).
    """
    study, scales = prepared.study, np.array([prepared.scale(number) for number in range(len(totals))])
    counted = of_country(totals.sum(axis=3)[None], scales)[0] + prepared.national(policy)
    qalys = of_country(totals[None, :, 1, :, :COUNTRY_WIDE, OUTCOME_INDEX["qalys"]], scales)[0].sum(axis=1)
    by_year = every_outcome(counted[None, :, 0], lengths_of_years(study)[0])
    return {
        "whole": over_years(counted[:, 1], 1),
        "yearly": counted[:, 0],
        "qalys": qalys.reshape(len(totals), len(GROUPS), len(QUINTILES)).sum(axis=1),
        "paid": paid(by_year, [payers.shares(study.values(policy))])[0][:, :, : by_year.shape[2]],
    }


def by_draw(each: Numbers) -> Numbers:
    """The mean over the replications (axis 1) of every draw."""
    return np.asarray(each.mean(axis=1))


def mean_and_error(each: Numbers) -> tuple[Numbers, Numbers]:
    """Mean over draws and replications, and its standard error, from the draws."""
    draws = by_draw(each)
    return draws.mean(axis=0), draws.std(axis=0, ddof=1) / np.sqrt(len(draws))


def interval_of(each: Numbers) -> Interval:
    """Mean over draws, and the interval that the parameters leave, chance taken out where it is known."""
    return interval(by_draw(each), each.std(axis=1, ddof=1) / np.sqrt(each.shape[1]))
