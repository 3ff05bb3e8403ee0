"""What a proposed study is worth, by its size: the expected value of sample information (EVSI), less what it costs.

By regression on simulated reports (Strong and others 2015, doi 10.1177/0272989X15575286): the study's report is
simulated in each draw of the parameters, and net benefit is regressed on the reports as it is on parameters for the
value of knowing these for sure, with the same guards against chance (`evppi`). Moment matching stands beside it.

The value begins when the study reports, which takes longer the more people it needs, and ends with the decision, or
with the study's horizon if that is sooner; its cost is spread evenly over the time until it reports. Both are
discounted to now. That what a policy spent before the report cannot be taken back is not counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lbpsim.cea.choice_set import among, choosable
from lbpsim.cea.decision_uncertainty import perfect_information
from lbpsim.cea.net_benefit import View, net_benefit_of, views
from lbpsim.evidence import parameters as registered_parameters
from lbpsim.evidence.output_tables import frame_of
from lbpsim.outcomes.arrays import Numbers
from lbpsim.study.files.errors import wrong_option
from lbpsim.voi.decision_horizon import annuity, share_in_use
from lbpsim.voi.design import Design
from lbpsim.voi.evppi import FEWEST, Evppi, evppi, expectation
from lbpsim.voi.moment_matching import share_learnt
from lbpsim.voi.study_data import StudyData, study_data

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import DrawResults
    from lbpsim.study import Study

AGREE = 0.1  # of the value of knowing for sure: how far the two methods may be apart, beyond error
FACTOR = 2.0  # by which the two may be apart where the value is not clear of 0, and errors hide any difference


@dataclass(frozen=True)
class SampleValue:
    """What the report of one size is worth in each view: by regression, and by moment matching; in money."""

    size: int
    by_regression: tuple[Evppi, ...]
    matched: tuple[float, ...]


@dataclass(frozen=True)
class StudyValue:
    """What a design is worth beside a study's draws: by size, beside knowing its parameters `perfectly`, by view."""

    data: StudyData
    views: tuple[View, ...]
    perfectly: tuple[Evppi, ...]
    sizes: tuple[SampleValue, ...]


def study_value(draws: DrawResults, study: Study, design: Design) -> StudyValue:
    """Value of a design's report at every size, for the choice between the policies that could be chosen.

    The draws are those with the structure that each picked, whatever the design measures, so that all designs are
    valued under the same uncertainty.

    Raises InputErrors where the draws hold everything that the design measures at one value, or are too few.
    """
    if len(draws.numbers) < FEWEST:
        wrong = f"From {len(draws.numbers)} draws nothing can be said of what a study is worth"
        raise wrong_option("draws", wrong, f"Make {FEWEST} or more")
    data = study_data(design, study, draws.parameters, draws.structures)
    sampled = among(draws.averaged, choosable(study))
    seen = views(study.thresholds)
    benefits = [net_benefit_of(sampled, view) for view in seen]
    raw = np.stack([each.raw for each in benefits])
    best = [perfect_information(each.clean)[0] for each in benefits]
    inputs = data.informed.to_numpy(dtype=float)
    perfectly = evppi(raw, inputs, best)
    return StudyValue(data, seen, perfectly, tuple(sample_values(raw, data, design.sizes, perfectly)))


def sample_values(
    benefits: Numbers, data: StudyData, sizes: Sequence[int], perfectly: Sequence[Evppi]
) -> list[SampleValue]:
    """Value of the report at each size; `benefits`: shape (views, draws, policies)."""
    known = expectation(benefits, data.informed.to_numpy(dtype=float))
    most = [each.value for each in perfectly]
    found = []
    for size in sizes:
        report = data.reported(size)
        worth = evppi(benefits, report.summaries, most)
        shares = (share_learnt(expected, report.likelihood) for expected in known)
        found.append(SampleValue(size, worth, tuple(share * top for share, top in zip(shares, most, strict=True))))
    return found


def evsi_table(worth: StudyValue, study: Study) -> pd.DataFrame:
    """A row a view and size: when it reports, what it is worth, what of that can be used, its cost, and the net.

    Columns as in tables.yaml. `best`: the size that is worth most net, in each view; none where none is worth its cost.
    """
    design, rows = worth.data.design, []
    for place, view in enumerate(worth.views):
        of_view = [_row(worth, study, design, size, place) for size in worth.sizes]
        nets = [float(row["net"]) for row in of_view]
        best = nets.index(max(nets)) if max(nets) > 0.0 else None
        for number, row in enumerate(of_view):
            rows.append({"design": design.name, **view._asdict(), **row, "best": number == best})
    return frame_of("evsi", rows)


def _row(worth: StudyValue, study: Study, design: Design, of: SampleValue, place: int) -> dict[str, float | int | str]:
    found, perfect, matched = of.by_regression[place], worth.perfectly[place], of.matched[place]
    years = design.years(of.size)
    used = in_use(study, years)
    cost = cost_of(design, study, of.size)
    return {
        "size": of.size,
        "reports_after": years,
        "value": found.value,
        "se": error_of(found),
        "moment_matching": matched,
        "perfect": perfect.value,
        "perfect_se": error_of(perfect),
        "everything": perfect.everything,
        "value_in_use": found.value * used,
        "cost": cost,
        "net": found.value * used - cost,
        "net_se": error_of(found) * used,
        "doubt": found.doubt or _apart(found, perfect, matched),
    }


def _apart(found: Evppi, perfect: Evppi, matched: float) -> str:
    room = max(2.0 * np.hypot(found.se, perfect.se), AGREE * perfect.value)
    if abs(found.value - matched) > room:
        return "moment matching disagrees"
    low, high = sorted((found.value, matched))
    if not found.clear and round(high) > FACTOR * low:
        return f"moment matching over {FACTOR:g} times apart"
    return ""


def error_of(worth: Evppi) -> float:
    """Its standard error; not a number where no draw would change the choice, so that draws cannot show the error."""
    return worth.se if round(worth.value) or round(worth.se) else math.nan


def in_use(study: Study, years: float) -> float:
    """Value in the years from a report to the end of the decision, to that over the study's horizon: at most 1."""
    return share_in_use(float(study.years), study.discount_rate_of_costs, years, end_of_use(study))


def end_of_use(study: Study) -> float:
    """Years from now to which a report is of use: while the decision stands, and no further than the study looks."""
    return min(registered_parameters()["decision.lifetime"].canonical, float(study.years))


def cost_of(design: Design, study: Study, size: int) -> float:
    """Cost of a design with so many participants, at the study's prices, discounted to now."""
    prices = study.registry.prices
    fixed, each = (
        cost.at_prices_of(study.price_year, prices) for cost in (design.fixed_cost, design.cost_per_participant)
    )
    years = design.years(size)
    return (fixed + each * size) * annuity(years, study.discount_rate_of_costs) / years
