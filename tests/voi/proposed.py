"""Proposed studies made up for tests, and what closed forms say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from lbpsim.evidence import Parameter
from lbpsim.outcomes.draws import DECISIVE
from lbpsim.outcomes.people_treated import MEASURES
from lbpsim.study import Study
from lbpsim.voi.design import Design, Kind, Measure
from lbpsim.voi.expression import Expression
from lbpsim.voi.research import Research, research
from lbpsim.voi.study_data import StudyData, study_data
from tests.cea.made_up import Numbers, made_up, normals
from tests.pathways.small_country import shipped

EFFECT, PRICE, STARTS, IDLE = "cft.rmdq_week52", "cft.session_cost", "opioids.start_rate", "work.exit_rate"


def number(key: str, value: float, unit: str) -> Parameter:
    year = 2024 if unit == "AUD" else None
    name = f"made_up.{key}"
    return Parameter(name=name, label=key, value=value, unit=unit, role="context", grade="assumption", price_year=year)


def measure(kind: Kind, expects: Mapping[str, str], sd: float | None = None, against: str | None = None) -> Measure:
    parsed = {arm: Expression.parse(text) for arm, text in expects.items()}
    spread = None if sd is None else number("sd", sd, "RMDQ points")
    return Measure("outcome", "Outcome", kind, parsed, spread, against)


def design(*measures: Measure, **changed: Any) -> Design:
    """One arm of people, all of whom are measured; a study that costs nothing and reports in three years."""
    plain: dict[str, Any] = {
        **{"name": "made-up", "title": "Made up", "description": "", "sizes": (10, 100), "arms": {"people": 1.0}},
        "recruited": number("recruited", 1e6, "people per year"),
        "followed": number("followed", 1.0, "share"),
        "follow_up": number("follow_up", 2.0, "years"),
        "reporting": number("reporting", 1.0, "years"),
        "fixed_cost": number("fixed_cost", 0.0, "AUD"),
        "cost_per_participant": number("cost_per_participant", 0.0, "AUD"),
    }
    return Design(**{**plain, **changed}, measures=measures)


def drawn(**columns: Numbers) -> pd.DataFrame:
    """Draws by the constants above in small letters: EFFECT as effect=."""
    names = {"effect": EFFECT, "price": PRICE, "starts": STARTS, "idle": IDLE}
    length = len(next(iter(columns.values())))
    frame = {names[key]: values for key, values in columns.items()}
    return pd.DataFrame(frame, index=pd.RangeIndex(1, length + 1, name="draw"))


def data_of(asked: Design, parameters: pd.DataFrame) -> StudyData:
    return study_data(asked, shipped(), parameters, pd.DataFrame(index=parameters.index))


def effects(draws: int) -> Numbers:
    """Standard normal draws of a parameter, whose sample has mean 0 and standard deviation 1 as the law has."""
    plain = normals(draws, 0)
    return np.asarray((plain - plain.mean()) / plain.std())


def closed_form(mean: float, slope: float, sd: float, people: float) -> float:
    """Value of a mean of so many people, of which each has this sd, for a gain of mean + slope times a standard normal
    parameter: the unit normal loss at the standard deviation of what is expected after the report.
    """
    before = slope / np.sqrt(1.0 + sd**2 / people)
    z = abs(mean) / before
    return float(before * (stats.norm.pdf(z) - z * stats.norm.sf(z)))


def study_of_made_up() -> Study:
    """The shipped study with the policies of which draws are made up in `made_up_research`."""
    return shipped().only(["cft-rollout", "cft-unlimited", "opioid-stewardship"])


def made_up_research(number_of_draws: int = 80) -> Research:
    """Two proposed studies, the first of which is worth much, beside a rollout that waiting costs 400 QALYs."""
    plain, study = made_up(number_of_draws), study_of_made_up()
    names = tuple(policy.name for policy in study.policies)
    replicates = plain.replicates.copy()
    replicates[..., DECISIVE.index("cost_health_system") :] = 0.0
    replicates[:, names.index("cft-unlimited"), :, DECISIVE.index("qalys")] += 400.0
    treated = np.zeros((number_of_draws, len(names), 3, len(MEASURES)))
    treated[:, names.index("cft-unlimited"), -1, MEASURES.index("people_treated")] = 1000.0
    draws = replace(
        plain,
        **{"scenarios": names, "replicates": replicates, "structured": replicates},
        **{"treated": treated, "treated_noise": np.zeros_like(treated)},
    )
    survey = design(measure("mean", {"people": EFFECT}, sd=2.0), name="survey", title="A survey", sizes=(5, 50))
    idle = design(
        measure("mean", {"people": f"{IDLE} + cft.uptake"}, sd=2.0), name="idle", title="Of nothing", sizes=(50,)
    )
    return research(draws, study, [idle, survey])
