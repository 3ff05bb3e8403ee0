"""Who gains and who pays in health: each fifth's net gain, and what the whole distribution is worth to the averse.

Health forgone elsewhere is shared out by a registered gradient, equal parts in the base case. A distribution of
healthy life is summed up in the level which, equally shared, would be as good, for aversions from none upwards; a
policy is worth the rise in that level, and what this exceeds its net health by is gained in equity (Cookson et al.
2020, ISBN 9780198838197).

Every figure is at central inputs; where draws of the parameters kept health by fifth, its mean over them and their 95%
interval stand beside it. The gradient of what is forgone, healthy years and aversion are assumptions, and not drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lbpsim.cea.inequality import atkinson_ede, atkinson_edes, kolm_ede, kolm_edes
from lbpsim.cea.subgroups import draws_of_groups
from lbpsim.evidence import parameters
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.draws import DECISIVE, interval
from lbpsim.outcomes.estimate import interval_factor
from lbpsim.outcomes.groups import QUINTILES
from lbpsim.outcomes.health_by_group import FIFTHS, HEALTH
from lbpsim.outcomes.people_treated import OF_PARAMETERS, WITH_NOISE
from lbpsim.outcomes.results import long_frame, mean_and_error
from lbpsim.population.demography import people_counted
from lbpsim.population.quintiles import gradient

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import DrawResults
    from lbpsim.outcomes.results import Results

STEPS = 20  # of aversion, from none to twice the registered
EVEN = np.ones(len(QUINTILES))
ALL = "all"  # fifths
EQUITY_OVER_DRAWS = ("expected_equity_gain", "equity_gain_low", "equity_gain_high", "equity_gain_interval")
NET_HEALTH, EQUITY_GAIN, WORTH = (  # figures to show, with their ends, and what moves them within these
    (name, f"{name}_low", f"{name}_high", f"{name}_interval") for name in ("net_health", "equity_gain", "worth")
)
OVER_DRAWS = ("mean", "low", "high", "interval")


@dataclass(frozen=True)
class Aversion:
    """A kind of aversion to inequality: how it finds the equal level, that of fifths in many distributions at once, and
    its registered strength.
    """

    name: str
    equal_level: Callable[[Numbers, Numbers, float], float]
    equal_levels: Callable[[Numbers, float], Numbers]
    parameter: str

    def range(self) -> Numbers:
        """Strengths to show: from none to twice the registered one, which is among them."""
        return np.linspace(0.0, 2.0 * parameters()[self.parameter].value, STEPS + 1)


AVERSIONS = (
    Aversion("Atkinson", atkinson_ede, atkinson_edes, "decision.aversion_relative"),
    Aversion("Kolm", kolm_ede, kolm_edes, "decision.aversion_absolute"),
)


def healthy_years() -> Numbers:
    """Quality-adjusted life expectancy in each fifth without any policy, in years, the most disadvantaged first."""
    known = parameters()
    most = known["decision.healthy_years_most_disadvantaged"].canonical
    least = known["decision.healthy_years_least_disadvantaged"].canonical
    return np.linspace(most, least, len(QUINTILES))


def forgone_shares() -> Numbers:
    """Share of the health forgone elsewhere that each fifth bears; sums to 1."""
    return np.asarray(gradient(parameters()["decision.opportunity_cost_ratio"].value) / len(QUINTILES))


def health_table(results: Results, threshold: float) -> pd.DataFrame:
    """Discounted QALYs by fifth: threshold, scenario, quintile, gained, forgone, net, mcse (of gained); and of draws
    expected_gained, expected_forgone, and mean, low, high, interval (of net), which are empty where none were made.

    `threshold`: money of health care for which a QALY could be had elsewhere; lost work displaces no health care and is
    left out. Training, which belongs to no person, is in what is forgone. Quintile "all" has each policy's sum.
    """
    fifths, country = results.incremental_by_quintile, results.incremental
    gained = fifths[(fifths["outcome"] == "qalys") & fifths["discounted"]].reset_index(drop=True)
    spent = country[(country["outcome"] == "cost_health_system") & country["discounted"]]
    forgone = gained["scenario"].map(spent.set_index("scenario")["difference"] / threshold).astype(float)
    share = dict(zip(QUINTILES, forgone_shares().tolist(), strict=True))
    table = gained[["scenario", "quintile", "mcse"]].assign(
        gained=gained["difference"], forgone=forgone * gained["quintile"].map(share).astype(float)
    )
    table["net"] = table["gained"] - table["forgone"]
    table = pd.concat([table, _sums(results, table)], ignore_index=True).assign(threshold=threshold)
    columns = ["threshold", "scenario", "quintile", "gained", "forgone", "net", "mcse"]
    return _beside(table[columns], _health_over_draws(results, threshold), ["expected_gained", "expected_forgone"])


def equity_table(results: Results, threshold: float) -> pd.DataFrame:
    """What each policy is worth to the averse, in QALYs for the country.

    Columns: threshold, aversion ("Atkinson", "Kolm"), strength, registered (whether it is the registered strength),
    scenario, net_health, equity_gain, worth: the rise in the equal level times people, which is the sum of the two; and
    of draws expected_equity_gain, equity_gain_low, equity_gain_high, equity_gain_interval, and mean, low, high,
    interval (of worth).
    """
    people = float(people_counted(results.study.country, results.study.region).sum())
    rows = [
        (threshold, aversion.name, strength, 2 * place == STEPS, scenario, net.sum(), gain, worth)
        for scenario, net in _net_by_policy(health_table(results, threshold)).items()
        for aversion in AVERSIONS
        for place, strength in enumerate(aversion.range().tolist())
        for worth in [worth_of(net, aversion, strength, people)]
        for gain in [worth - net.sum() if strength > 0.0 else 0.0]  # without aversion, nothing but rounding
    ]
    columns = ["threshold", "aversion", "strength", "registered", "scenario", "net_health", "equity_gain", "worth"]
    over_draws = _worth_over_draws(results, threshold, people)
    return _beside(pd.DataFrame(rows, columns=columns), over_draws, list(EQUITY_OVER_DRAWS))


def known_over_draws(table: pd.DataFrame) -> bool:
    """Whether a table of net health, or of its worth, has intervals over draws, beside means to be shown."""
    return bool(table["low"].notna().any())


def best_health(health: pd.DataFrame, replications: int) -> pd.DataFrame:
    """Of a table of net health the figures to show as gained, forgone and net, with the ends of its interval: over
    draws where these tell, else at central inputs, with the Monte Carlo interval of what is gained.
    """
    if known_over_draws(health):
        return health.assign(gained=health["expected_gained"], forgone=health["expected_forgone"], net=health["mean"])
    half = interval_factor(replications) * health["mcse"].astype(float).fillna(0.0)
    return health.assign(low=health["net"] - half, high=health["net"] + half)


def best_worth(equity: pd.DataFrame, health: pd.DataFrame) -> pd.DataFrame:
    """Of a table of worth the figures to show as net_health, equity_gain and worth, with the ends of their intervals
    (net_health_low and so on) and what moves them within it (net_health_interval): over draws where these tell; else at
    central inputs, where the ends are the figures.
    """
    if not known_over_draws(equity):
        ends = {end: equity[name] for name, *both, _ in (NET_HEALTH, EQUITY_GAIN, WORTH) for end in both}
        return equity.assign(**ends, net_health_interval="", equity_gain_interval="", worth_interval="")
    whole = health[health["quintile"] == ALL].set_index("scenario").loc[equity["scenario"]]
    told = {name: whole[of].to_numpy() for name, of in zip(NET_HEALTH, OVER_DRAWS, strict=True)}
    worth = {name: equity[of] for name, of in zip(WORTH, OVER_DRAWS, strict=True)}
    return equity.assign(**told, equity_gain=equity["expected_equity_gain"], **worth)


def _sums(results: Results, table: pd.DataFrame) -> pd.DataFrame:
    """The row of all fifths of each policy; its error is that of the whole country, as fifths share random numbers."""
    sums = table.groupby("scenario", sort=False)[["gained", "forgone", "net"]].sum().reset_index()
    rows = results.incremental
    errors = rows[(rows["outcome"] == "qalys") & rows["discounted"]].set_index("scenario")["mcse"]
    return sums.assign(quintile=ALL, mcse=sums["scenario"].map(errors))


def _by_draw(draws: DrawResults, threshold: float) -> tuple[Numbers, Numbers]:
    """QALYs gained, and those forgone, in each fifth of every draw; shape (draws, replications, policies, 5) each.

    What a policy costs is spent for all people, so that fifths of a replication share its noise.
    """
    qalys = draws.by_group[..., FIFTHS, HEALTH.index("qalys_discounted")]
    cost = draws.replicates[..., DECISIVE.index("cost_health_system")]
    gained, spent = (each[:, 1:] - each[:, :1] for each in (qalys, cost))
    forgone = (spent / threshold)[..., None] * forgone_shares()
    return gained.swapaxes(1, 2), forgone.swapaxes(1, 2)


def _health_over_draws(results: Results, threshold: float) -> pd.DataFrame | None:
    """Means over draws of what is gained, forgone and net in each fifth and in all, and the interval of net."""
    draws = draws_of_groups(results)
    if draws is None:
        return None
    parts = (np.concatenate([each, each.sum(axis=-1, keepdims=True)], axis=-1) for each in _by_draw(draws, threshold))
    gained, forgone = parts
    figures = {
        "expected_gained": gained.mean(axis=(0, 1)),
        "expected_forgone": forgone.mean(axis=(0, 1)),
        **_interval(*mean_and_error(gained - forgone)),
    }
    return _frame({"scenario": draws.scenarios[1:], "quintile": (*QUINTILES, ALL)}, figures)


def _worth_over_draws(results: Results, threshold: float, people: float) -> pd.DataFrame | None:
    """What each policy's net health is worth over draws, and what its distribution adds, at every strength."""
    draws = draws_of_groups(results)
    if draws is None:
        return None
    gained, forgone = _by_draw(draws, threshold)
    net = gained - forgone
    parts = []
    for aversion in AVERSIONS:
        strengths = aversion.range()
        worth = np.stack([_worth_of_each(net, aversion, strength, people) for strength in strengths], axis=2)
        averse = (strengths > 0.0)[:, None]  # without aversion a gain is nothing but rounding
        gain = np.where(averse, worth - net.sum(axis=-1)[:, :, None], 0.0)
        axes = {"aversion": [aversion.name], "strength": strengths.tolist(), "scenario": draws.scenarios[1:]}
        gains, table = (_frame(axes, _interval(*mean_and_error(each))) for each in (gain, worth))
        named = zip(EQUITY_OVER_DRAWS, OVER_DRAWS, strict=True)
        parts.append(table.assign(**{name: gains[of] for name, of in named}))
    return pd.concat(parts, ignore_index=True)


def _interval(values: Numbers, noise: Numbers) -> dict[str, Numbers]:
    found = interval(values, noise)
    return {name: np.asarray(each, dtype=float) for name, each in found._asdict().items()}


def _frame(axes: Mapping[str, Sequence[object]], figures: Mapping[str, Numbers]) -> pd.DataFrame:
    """Figures over draws as a table, with what moves them within their interval in words."""
    frame = long_frame(axes, figures)
    clean = np.where(frame.pop("of_parameters") == 1.0, OF_PARAMETERS, WITH_NOISE)
    return frame.assign(interval=np.where(frame["low"].isna(), "", clean))


def _beside(table: pd.DataFrame, over_draws: pd.DataFrame | None, more: list[str]) -> pd.DataFrame:
    """A table with `more` columns and `OVER_DRAWS` of draws beside it, which are empty where there are none."""
    if over_draws is None or over_draws.empty:  # a comparator alone has no rows
        return table.reindex(columns=[*table, *more, *OVER_DRAWS]).assign(
            **{name: "" for name in (*more, *OVER_DRAWS) if name.endswith("interval")}
        )
    keys = [name for name in over_draws if name in table]
    return table.merge(over_draws, how="left", on=keys)[[*table, *more, *OVER_DRAWS]]


def _net_by_policy(health: pd.DataFrame) -> dict[str, Numbers]:
    """Net gains of the fifths in their order, by policy."""
    fifths = health[health["quintile"] != ALL].sort_values("quintile", kind="stable")
    return {str(name): net.to_numpy(dtype=float) for name, net in fifths.groupby("scenario", sort=False)["net"]}


def worth_of(net: Numbers, aversion: Aversion, strength: float, people: float) -> float:
    """QALYs that, shared equally, are as good as the net gains `net` of the fifths, of so many `people` in all."""
    levels = healthy_years()
    after = levels + net * len(QUINTILES) / people
    return people * (aversion.equal_level(after, EVEN, strength) - aversion.equal_level(levels, EVEN, strength))


def _worth_of_each(net: Numbers, aversion: Aversion, strength: float, people: float) -> Numbers:
    """As `worth_of`, of many net gains at once; fifths on the last axis."""
    levels = healthy_years()
    after = levels + net * len(QUINTILES) / people
    return np.asarray(people * (aversion.equal_levels(after, strength) - aversion.equal_levels(levels, strength)))
