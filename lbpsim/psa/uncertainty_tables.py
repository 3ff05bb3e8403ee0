"""What the draws say, as tables: the uncertainty of each figure, how far probabilities have settled, what was drawn.

In every table the parameters' uncertainty and the Monte Carlo error stand in columns of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lbpsim.cea.net_benefit import View, benefit, net_benefit_of, views
from lbpsim.evidence.units import DIMENSIONS, told
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.draws import DECISIVE, TAIL, DrawResults, Spread, spread
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import long_frame
from lbpsim.psa.parameter_sampling import DEPENDENT_GROUPS
from lbpsim.psa.sample_size import Probabilities, probabilities, wilson
from lbpsim.study import Study

BASE, AVERAGED = "base", "averaged"
MEASURES = ("mean", "mcse", "sd", "low", "high", "noise_share")


def uncertainty(draws: DrawResults) -> pd.DataFrame:
    """Totals over the horizon, discounted: scenario, outcome, unit, then `MEASURES`."""
    return _frame(spread(draws.values, draws.noise), {"scenario": draws.scenarios, "outcome": draws.outcomes})


def uncertainty_incremental(draws: DrawResults) -> pd.DataFrame:
    """As `uncertainty`, each policy less the comparator."""
    differences = draws.values[:, 1:] - draws.values[:, :1]
    found = spread(differences, draws.mcse[:, 1:])
    return _frame(found, {"scenario": draws.scenarios[1:], "outcome": draws.outcomes})


def uncertainty_yearly(draws: DrawResults) -> pd.DataFrame:
    """By calendar year, undiscounted: scenario, year, outcome, unit, then `MEASURES`."""
    return _yearly(spread(draws.yearly, draws.yearly_noise), draws, draws.scenarios)


def uncertainty_yearly_incremental(draws: DrawResults) -> pd.DataFrame:
    """As `uncertainty_yearly`, each policy less the comparator."""
    differences = draws.yearly[:, 1:] - draws.yearly[:, :1]
    return _yearly(spread(differences, draws.yearly_mcse[:, 1:]), draws, draws.scenarios[1:])


def _yearly(found: Spread, draws: DrawResults, scenarios: tuple[str, ...]) -> pd.DataFrame:
    return _frame(found, {"scenario": scenarios, "year": draws.years, "outcome": draws.yearly_outcomes})


def _frame(found: Spread, axes: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    frame = long_frame(axes, {name: getattr(found, name) for name in MEASURES})
    frame.insert(len(axes), "unit", frame["outcome"].map(lambda name: told(OUTCOMES[name].unit)))
    return frame


def convergence(draws: DrawResults, thresholds: Sequence[float]) -> pd.DataFrame:
    """After how many draws what was found: draws, scenario, perspective, threshold, net_benefit, net_benefit_mcse,
    better, better_error, best, best_error.

    `net_benefit`: mean increment against the comparator in money; `better`, `best`: probabilities of being worth more
    than the comparator, and the most of all; each with the half-width of its 95% Monte Carlo interval.
    """
    found = probabilities(draws, thresholds)
    return pd.concat(
        [
            _looked_at(draws, found, look, place, view)
            for place, view in enumerate(views(thresholds))
            for look in range(len(found.draws))
        ],
        ignore_index=True,
    )


def probabilities_by_structure(draws: DrawResults, thresholds: Sequence[float]) -> pd.DataFrame:
    """How likely each policy is worth more than the comparator, noise taken out, with and without structure drawn:
    structure, scenario, perspective, threshold, net_benefit, better, better_error.
    """
    each = {BASE: draws, **({} if draws.structures.columns.empty else {AVERAGED: draws.averaged})}
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "structure": name,
                    "scenario": found.scenarios[1:],
                    **view._asdict(),
                    "net_benefit": clean.mean(axis=0),
                    "better": (clean > 0.0).mean(axis=0),
                    "better_error": wilson((clean > 0.0).mean(axis=0), len(clean)),
                }
            )
            for name, found in each.items()
            for view in views(thresholds)
            for clean in [net_benefit_of(found, view).clean[:, 1:]]
        ],
        ignore_index=True,
    )


def _looked_at(draws: DrawResults, found: Probabilities, look: int, place: int, view: View) -> pd.DataFrame:
    number = found.draws[look]
    each = benefit(draws.replicates[:number].mean(axis=2), view, DECISIVE)
    increments = each - each[:, :1]
    better, best = found.better[look, :, place], found.best[look, :, place]
    return pd.DataFrame(
        {
            "draws": number,
            "scenario": draws.scenarios,
            **view._asdict(),
            "net_benefit": increments.mean(axis=0),
            "net_benefit_mcse": _error_of_mean(increments),
            "better": better,
            "better_error": wilson(better, number),
            "best": best,
            "best_error": wilson(best, number),
        }
    )


def _error_of_mean(values: Numbers) -> Numbers:
    if len(values) < 2:
        return np.full(values.shape[1], np.nan)
    return np.asarray(values.std(axis=0, ddof=1) / np.sqrt(len(values)))


def parameters_drawn(draws: DrawResults, study: Study) -> pd.DataFrame:
    """What was drawn, in canonical units: parameter, unit, base, mean, sd, low, high, drawn_with."""
    base, known = study.values(study.policies[0]), study.registry.parameters
    rows = []
    for name in draws.parameters.columns:
        values = draws.parameters[name].to_numpy(dtype=float)
        low, high = np.quantile(values, [TAIL, 1.0 - TAIL])
        unit = told(DIMENSIONS[known[name].dimension].canonical)
        sd = float(values.std(ddof=1)) if len(values) > 1 else np.nan
        rows.append((name, unit, base[name], float(values.mean()), sd, low, high, drawn_with(name, study)))
    columns = ["parameter", "unit", "base", "mean", "sd", "low", "high", "drawn_with"]
    return pd.DataFrame(rows, columns=columns)


def drawn_with(name: str, study: Study) -> str:
    """Title of the group with which a parameter is drawn, "" where it is drawn alone."""
    if name in study.registry.fitted:
        return "Fitted to targets"
    return next((group.title for group in DEPENDENT_GROUPS if name in group.members), "")
