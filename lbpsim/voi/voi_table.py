"""The value of information as a table: of knowing everything, then of each part, grade, group and parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lbpsim.cea.decision_uncertainty import perfect_information
from lbpsim.cea.net_benefit import View, net_benefit_of, views
from lbpsim.evidence.layers import Registry
from lbpsim.evidence.output_tables import output_table
from lbpsim.voi.evppi import Evppi, evppi, known_for_sure
from lbpsim.voi.parameter_groups import EVERYTHING, ParameterGroup, parameter_groups

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import DrawResults

Tell = Callable[[int, int], None]


def information_table(
    draws: DrawResults,
    thresholds: Sequence[float],
    lifetime: float,
    *,
    together: Mapping[str, Sequence[str]] | None = None,
    known: Registry | None = None,
    tell: Tell | None = None,
) -> pd.DataFrame:
    """What it is worth to know parameters for sure, from both perspectives at each threshold (money per QALY).

    Columns: perspective, threshold; kind ("everything", "part of the model", "grade of evidence", "drawn together",
    "parameter"), name, label, parameters (how many); value and se (money, over the horizon, for the country), clear
    (more than two errors above 0), share of the value of everything; over_lifetime (money, in the years of use);
    held_out and second (money), explained (share): checks of the regression, and doubt, in words, empty where
    all are passed.

    `lifetime`: value in the years of use, to that over the horizon, as of `decision_horizon`; `together`: parameters
    drawn together, by title; `known`: the study's registry, None for the package's; `tell`:
    called with how many questions are answered, and of how many.
    """
    seen = views(thresholds)
    benefits = [net_benefit_of(draws, view) for view in seen]
    best = [perfect_information(benefit.clean) for benefit in benefits]
    asked = parameter_groups(tuple(draws.parameters.columns), together, known=known)
    everything = ParameterGroup(EVERYTHING, EVERYTHING, "All parameters", tuple(draws.parameters.columns))
    rows = [_row(view, everything, known_for_sure(*each)) for view, each in zip(seen, best, strict=True)]
    for number, question in enumerate(asked):
        inputs = draws.parameters[list(question.members)].to_numpy(dtype=float)
        found = evppi(np.stack([each.raw for each in benefits]), inputs, [value for value, _ in best])
        rows += [_row(view, question, worth) for view, worth in zip(seen, found, strict=True)]
        if tell is not None:
            tell(number + 1, len(asked))
    table = pd.DataFrame(rows)
    table["over_lifetime"] = table["value"] * lifetime
    return table[output_table("voi").names]


def _row(view: View, question: ParameterGroup, worth: Evppi) -> dict[str, object]:
    return {
        **view._asdict(),
        "kind": question.kind,
        "name": question.name,
        "label": question.label,
        "parameters": len(question.members),
        "value": worth.value,
        "se": worth.se,
        "clear": worth.clear,
        "share": worth.value / worth.everything if worth.everything > 0.0 else np.nan,
        "held_out": worth.held_out,
        "second": worth.other,
        "explained": worth.r2,
        "doubt": worth.doubt,
    }
