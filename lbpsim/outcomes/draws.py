"""What the draws of a probabilistic analysis come to: one value a draw, policy and outcome, with its noise beside it.

Two kinds of error are kept apart. Draws differ because their parameters do: that is parameter uncertainty. And each
draw is a simulation of few people, so its value has Monte Carlo noise: that is how far the computer went. The noise of
a draw is known from its replications; `spread` takes it out of the differences between draws (analysis of variance).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.budget import Shares, paid, periods
from lbpsim.outcomes.groups import COUNTRY_WIDE
from lbpsim.outcomes.health_by_group import HEALTH, LABELS, health_by_group
from lbpsim.outcomes.measures import OUTCOME_INDEX, OUTCOMES
from lbpsim.outcomes.people_treated import MEASURES, WHOLE_HORIZON, treated_by_year
from lbpsim.outcomes.periods import every_outcome, of_country, over_years
from lbpsim.outcomes.results import Results, long_frame, mean_and_error

Terms = tuple[int, float, bool, int | None]  # draws, or the most; precision; until settled; people, None: to find
DECISIVE = ("qalys", "dalys", "cost_health_system", "cost_societal")
BANDED = (
    *("ylds", "dalys", "qalys", "high_impact_years", "rmdq_mean", "pain_mean"),
    *("opioid_years", "deaths", "overdose_deaths", "surgeries"),
    *("cft_courses", "cft_waiting_years", "cft_wait_mean", "cost_health_system", "cost_societal"),
    "physiotherapists_trained",
)
TAIL = 0.025
FEWEST_DRAWS = math.ceil(1.0 / TAIL)  # of fewer, not one would lie beyond either end of an interval
MOST_NOISE = 0.5  # of the variance between draws; of more, too little is left to tell the parameters' part
ORDER = list(OUTCOMES)
STOCKS = [place for place, outcome in enumerate(OUTCOMES.values()) if outcome.nature == "stock"]


class UnsoundDrawError(ArithmeticError):
    """A draw broke an identity that holds in every simulation."""


def _not_kept() -> Numbers:
    return np.empty(0)


@dataclass(frozen=True)
class DrawArrays:
    """National figures of every policy, the comparator first, in one draw.

    `values`: discounted totals over the horizon (stocks: those of the end), shape (scenarios, outcomes); `noise`: their
    Monte Carlo standard errors; `mcse`: those of the paired differences from the comparator (0 for itself);
    `replicates`: the values of the outcomes `DECISIVE` in each replication, shape (scenarios, replications, 4);
    `structured`: as `replicates`, with the same parameters and random numbers, under the structure that the draw
    picked; `yearly`: outcomes `BANDED` by calendar year, undiscounted, shape (scenarios, years, banded);
    `yearly_noise`, `yearly_mcse`: as above; `treated`: people treated and improved and what that costs, by year and
    over all of them, shape (scenarios, years + 1, measures), with their Monte Carlo standard errors (`treated_noise`);
    `paid`: what each payer pays for health care, shape (scenarios, payers, periods), with the errors of the paired
    differences (`paid_mcse`); `by_group`: health of people by group in each replication, as of `health_by_group`,
    shape (scenarios, replications, groups, 3).
    """

    values: Numbers
    noise: Numbers
    mcse: Numbers
    replicates: Numbers
    yearly: Numbers
    yearly_noise: Numbers
    yearly_mcse: Numbers
    structured: Numbers = field(default_factory=_not_kept)
    treated: Numbers = field(default_factory=_not_kept)
    treated_noise: Numbers = field(default_factory=_not_kept)
    paid: Numbers = field(default_factory=_not_kept)
    paid_mcse: Numbers = field(default_factory=_not_kept)
    by_group: Numbers = field(default_factory=_not_kept)


ARRAYS = tuple(each.name for each in fields(DrawArrays))


@dataclass(frozen=True)
class Draw(DrawArrays):
    """One draw; `cut`: whether a balance of rates asked for one below 0, and got 0."""

    cut: bool = False

    @classmethod
    def of(
        cls,
        totals: npt.NDArray[np.int64],
        scales: Numbers,
        national: Numbers,
        lengths: Numbers,
        shares: Sequence[Shares],
    ) -> Draw:
        """From sums as in `Results`: `totals` of shape (policies, replications, 2, years, groups, outcomes), `lengths`
        of the years, shape (2, years), and the `shares` of payers under each policy.

        Raises UnsoundDrawError where the sums contradict each other.
        """
        check_sums(totals)
        counted = of_country(totals.sum(axis=4), scales) + national[:, None]
        whole = every_outcome(over_years(counted[:, :, 1], 2), lengths[1].sum())
        by_year = every_outcome(counted[:, :, 0], lengths[0])
        whole[..., STOCKS] = by_year[:, :, -1, STOCKS]
        yearly = by_year[..., [ORDER.index(name) for name in BANDED]]
        values, noise = mean_and_error(whole)
        replicates = whole[..., [ORDER.index(name) for name in DECISIVE]]
        yearly_mean, yearly_noise = mean_and_error(yearly)
        by_payer = paid(by_year, shares)
        return cls(
            values,
            noise,
            mean_and_error(whole - whole[:1])[1],
            replicates,
            yearly_mean,
            yearly_noise,
            mean_and_error(yearly - yearly[:1])[1],
            replicates,
            *mean_and_error(treated_by_year(by_year)),
            by_payer.mean(axis=1),
            mean_and_error(by_payer - by_payer[:1])[1],
            health_by_group(totals, scales),
        )


def check_sums(totals: npt.NDArray[np.int64], whose: str = "") -> None:
    """Raise UnsoundDrawError unless nothing is negative and everybody who joined a list left it or is still on it;
    `whose` sums these are stands at the head of its message.
    """
    plain = totals[:, :, 0].sum(axis=(2, 3))
    healths = [OUTCOME_INDEX[name] for name in ("qalys", "qalys_beyond", "ylds")]
    gross = np.delete(totals.sum(axis=(3, 4)), healths, axis=-1)
    if (gross < 0).any():
        raise UnsoundDrawError(f"{whose}a count, a time or a cost is below zero")
    joined = plain[..., OUTCOME_INDEX["cft_joined"]]
    ways = ("cft_courses", "cft_turned_away", "cft_places_given_up", "cft_left_list", "cft_still_waiting")
    instead = joined - sum(plain[..., OUTCOME_INDEX[name]] for name in ways)  # served with what is put in CFT's place
    if (instead < 0).any() or ((instead > 0) & (plain[..., OUTCOME_INDEX["cft_courses"]] > 0)).any():
        what = "those who joined the CFT list are not those treated, refused, gone or still waiting"
        raise UnsoundDrawError(f"{whose}{what}")
    if (totals[:, :, :, :, COUNTRY_WIDE, OUTCOME_INDEX["deaths"]] != 0).any():
        raise UnsoundDrawError(f"{whose}deaths stand where only places belong")


@dataclass(frozen=True)
class DrawPlan:
    """How large a probabilistic analysis is, and why.

    `people`: simulated at the start of each draw; `draws`: how many, or the most where `until_settled`; `precision`: of
    probabilities, as a share; `pilot`: draws made first, to find the people; `reason`: for that number, in words.
    """

    people: int
    draws: int
    precision: float
    until_settled: bool
    pilot: int
    reason: str

    @property
    def terms(self) -> Terms:
        """What was asked for, whatever was found for it."""
        return self.draws, self.precision, self.until_settled, None if self.pilot else self.people


@dataclass(frozen=True, kw_only=True)
class DrawResults(DrawArrays):
    """All draws of a study; arrays as in `DrawArrays`, with the draws on the first axis.

    `scenarios`: names of the policies, the comparator first; `years`: calendar years; `numbers`: of the draws, from 1;
    `parameters`: what was drawn, in canonical units, one row a draw; `structures`: the structural choices of each draw,
    no column where structure was not drawn; `seconds`: what it took; `treated`, `paid`, `by_group`: not a number where
    not kept; `payers`: of health care, on the axis of `paid`; `cut`: in how many draws a balance of rates asked for one
    below 0.
    """

    scenarios: tuple[str, ...]
    years: tuple[int, ...]
    numbers: tuple[int, ...]
    plan: DrawPlan
    parameters: pd.DataFrame
    seconds: float = 0.0
    structures: pd.DataFrame = field(default_factory=pd.DataFrame)
    payers: tuple[str, ...] = ()
    cut: int = 0

    def __post_init__(self) -> None:
        if not self.structured.size:  # no structure was drawn
            object.__setattr__(self, "structured", self.replicates)
        by_payer = len(self.payers), len(periods(self.years))
        kept = {"treated": (len(self.years) + 1, len(MEASURES)), "paid": by_payer}  # of every draw and policy
        for name, beside in (("treated", "treated_noise"), ("paid", "paid_mcse")):
            if not getattr(self, name).size:
                unknown = np.full((*self.yearly.shape[:2], *kept[name]), np.nan)
                object.__setattr__(self, name, unknown)
                object.__setattr__(self, beside, unknown)
        if not self.by_group.size:
            unknown = np.full((*self.replicates.shape[:3], len(LABELS), len(HEALTH)), np.nan)
            object.__setattr__(self, "by_group", unknown)

    @property
    def averaged(self) -> DrawResults:
        """The same draws, each under the structure that it picked: over them, an average over structures.

        Only what follows from `replicates` is so.
        """
        return dataclasses.replace(self, replicates=self.structured)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes on the last axis of `values`."""
        return tuple(OUTCOMES)

    def tells(self, outcome: str) -> frozenset[str]:
        """The policies whose difference from the comparator in an outcome can be told over draws: Monte Carlo error is
        not most of how draws differ. Of others the outcome is too rare for the people of a draw; none where all that
        differ in any draw are such.
        """
        change = self.of(outcome)[:, 1:] - self.of(outcome)[:, :1]
        clear = spread(change, self.mcse[:, 1:, self.outcomes.index(outcome)]).noise_share <= MOST_NOISE
        some = bool(np.any(clear & np.any(change != 0.0, axis=0)))
        return frozenset(name for name, told in zip(self.scenarios[1:], clear, strict=True) if told and some)

    @property
    def knows_groups(self) -> bool:
        """Whether these draws kept health by group."""
        return bool(np.isfinite(self.by_group).any())

    @property
    def yearly_outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes on the last axis of `yearly`."""
        return BANDED

    def of(self, outcome: str) -> Numbers:
        """One outcome, shape (draws, scenarios); raises ValueError for a name that is not one."""
        return np.asarray(self.values[:, :, self.outcomes.index(outcome)])

    @property
    def frame(self) -> pd.DataFrame:
        """Long form: draw, scenario, outcome, value, noise, mcse."""
        figures = {"value": self.values, "noise": self.noise, "mcse": self.mcse}
        return long_frame({**self._first_axes, "outcome": self.outcomes}, figures)

    @property
    def yearly_frame(self) -> pd.DataFrame:
        """Long form by calendar year, undiscounted: draw, scenario, year, outcome, value, noise, mcse."""
        figures = {"value": self.yearly, "noise": self.yearly_noise, "mcse": self.yearly_mcse}
        return long_frame({**self._first_axes, "year": self.years, "outcome": self.yearly_outcomes}, figures)

    @property
    def paid_frame(self) -> pd.DataFrame:
        """What each payer pays, undiscounted, long: draw, scenario, payer, period, value, mcse."""
        axes = {**self._first_axes, "payer": self.payers, "period": list(periods(self.years))}
        return long_frame(axes, {"value": self.paid, "mcse": self.paid_mcse})

    @property
    def treated_frame(self) -> pd.DataFrame:
        """People treated and improved, by year and over all, long: draw, scenario, year, measure, value, noise."""
        axes = {**self._first_axes, "year": [*map(str, self.years), WHOLE_HORIZON], "measure": MEASURES}
        return long_frame(axes, {"value": self.treated, "noise": self.treated_noise})

    @property
    def by_group_frame(self) -> pd.DataFrame:
        """Health of people by age and sex, and by fifth, over the horizon: draw, scenario, replication, age_band, sex,
        quintile, then `HEALTH`.
        """
        axes = {**self._first_axes, "replication": range(self.by_group.shape[2]), "group": range(len(LABELS))}
        frame = long_frame(axes, {name: self.by_group[..., place] for place, name in enumerate(HEALTH)})
        group = frame.pop("group").to_numpy()
        for place, name in enumerate(("age_band", "sex", "quintile")):
            frame.insert(3 + place, name, np.array([label[place] for label in LABELS], dtype=object)[group])
        return frame

    @property
    def _first_axes(self) -> dict[str, Sequence[object]]:
        return {"draw": self.numbers, "scenario": self.scenarios}


def stack(draws: Sequence[Draw]) -> dict[str, Numbers]:
    """Arrays of all draws by name, the draws on the first axis."""
    return {name: np.stack([getattr(draw, name) for draw in draws]) for name in ARRAYS}


@dataclass(frozen=True)
class Spread:
    """How draws vary, their Monte Carlo noise taken out; all of the shape of one draw.

    `mean` over draws; `mcse`: its Monte Carlo standard error, from the number of draws and of people alike; `sd` and
    `low` to `high` (95%): parameter uncertainty alone; `noise_share`: what part of the variance between draws is noise.
    Where that is more than half, `sd`, `low` and `high` are not known (not a number): it takes more people a draw.
    """

    mean: Numbers
    mcse: Numbers
    sd: Numbers
    low: Numbers
    high: Numbers
    noise_share: Numbers


def spread(values: Numbers, noise: Numbers) -> Spread:
    """Analysis of variance of draws (axis 0) with their standard errors `noise`, of the same shape.

    The variance between draws is the parameters' plus the mean square of the noise. The draws are drawn towards their
    mean until the parameters' variance is left, and the interval read from those. Not a number where a value is none.
    """
    number, mean = len(values), values.mean(axis=0)
    total = values.var(axis=0, ddof=1) if number > 1 else np.full_like(mean, np.nan)
    sampled = np.minimum(np.mean(noise**2, axis=0), total)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total > 0.0, sampled / total, np.where(np.isnan(total), np.nan, 0.0))
    kept = np.sqrt(np.where(share > MOST_NOISE, np.nan, 1.0 - share))
    low, high = np.quantile(mean + (values - mean) * kept, [TAIL, 1.0 - TAIL], axis=0)
    return Spread(mean, np.sqrt(total / number), np.sqrt(total) * kept, low, high, share)


class Interval(NamedTuple):
    """`mean` over draws, and the ends of a 95% interval; all of the shape of one draw.

    `of_parameters`: whether Monte Carlo noise is taken out of it. Where that is not known, or most of the variance, it
    stays in the interval, which is then too wide rather than too narrow.
    """

    mean: Numbers
    low: Numbers
    high: Numbers
    of_parameters: npt.NDArray[np.bool_]


def interval(values: Numbers, noise: Numbers) -> Interval:
    """The interval that draws (axis 0) leave, by their standard errors `noise`, of the same shape; not a number for
    fewer than `FEWEST_DRAWS`, and where a value is none.
    """
    found = spread(values, noise)
    if len(values) < FEWEST_DRAWS:
        unknown = np.full_like(found.mean, np.nan)
        return Interval(found.mean, unknown, unknown, np.zeros(unknown.shape, bool))
    low, high = np.quantile(values, [TAIL, 1.0 - TAIL], axis=0)
    clean = np.isfinite(found.low)
    return Interval(found.mean, np.where(clean, found.low, low), np.where(clean, found.high, high), clean)


@dataclass(frozen=True)
class ProbabilisticResults(Results):
    """Results of a study at its point estimates, with the `draws` of its parameters beside them."""

    draws: DrawResults

    @cached_property
    def incremental(self) -> pd.DataFrame:
        """As of `Results`, with the mean over draws and its 95% interval of discounted differences."""
        frame, draws = super().incremental, self.draws
        found = spread(draws.values[:, 1:] - draws.values[:, :1], draws.mcse[:, 1:])
        index = pd.MultiIndex.from_product([draws.scenarios[1:], draws.outcomes])
        known = frame["discounted"].to_numpy(dtype=bool)
        rows = index.get_indexer(pd.MultiIndex.from_frame(frame.loc[known, ["scenario", "outcome"]]))
        for name in ("mean", "low", "high"):
            frame.loc[known, name] = getattr(found, name).ravel()[rows]
        return frame

    @cached_property
    def at_central_inputs(self) -> Results:
        """The results at the central values of the inputs alone."""
        return Results(**{each.name: getattr(self, each.name) for each in fields(Results)})

    def _treated_by_year(self) -> dict[str, Numbers]:
        found = interval(self.draws.treated, self.draws.treated_noise)
        return {**super()._treated_by_year(), **found._asdict()}

    @classmethod
    def join(cls, base: Results, draws: DrawResults) -> ProbabilisticResults:
        """Both parts of a probabilistic analysis."""
        return cls(**{name: getattr(base, name) for name in Results.__dataclass_fields__}, draws=draws)
