"""New cost items: so much for each of what is counted, in both engines, in draws and in what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from lbpsim.evidence import parameters
from lbpsim.evidence.layers import CostItem, Layer
from lbpsim.outcomes.measures import OUTCOME_INDEX
from lbpsim.outcomes.totals import FIXED_POINT
from lbpsim.psa.parameter_sampling import parameters_of
from lbpsim.simulation.engines import COMPILED, SIMPY
from lbpsim.simulation.replication import PreparedStudy, ReplicationOutput
from lbpsim.simulation.run import run_study
from lbpsim.simulation.treated_and_untreated import treat_a_thousand
from lbpsim.study import Study
from tests.pathways.small_country import BUSY, CFT, USUAL_CARE, study

PRICE = 20.0


def travel(per: str = "cft_sessions", category: str = "cft") -> Layer:
    registered = parameters()["cft.session_cost"]
    drawn = {"name": "cost_items.travel", "value": PRICE, "price_year": 2024}
    law = {"distribution": "gamma(20, 1)", "interval": (12.2, 29.6)}
    return Layer((registered.model_copy(update=drawn | law),), (CostItem("cost_items.travel", per, category),))


def asked(layer: Layer, **sizes: int) -> Study:
    return replace(study(USUAL_CARE, BUSY, CFT, people=120, years=3, **sizes), evidence=layer)


@cache
def simulated(engine: str, *, costly: bool) -> Sequence[ReplicationOutput]:
    """Every policy of the study, with the item of cost or without."""
    ready = PreparedStudy(asked(travel() if costly else Layer()))
    return tuple(ready.simulate_all(ready.study.policies, 0, engine=engine))


@pytest.mark.parametrize("engine", [COMPILED, SIMPY])
def test_it_costs_so_much_for_each_discounted_likewise(engine: str) -> None:
    for before, after in zip(simulated(engine, costly=False), simulated(engine, costly=True), strict=True):
        sessions, cost = (OUTCOME_INDEX[name] for name in ("cft_sessions", "cost_cft"))
        added = np.floor(before.totals[..., sessions] * PRICE + 0.5).astype(np.int64)
        assert (after.totals[..., cost] - before.totals[..., cost] == added).all()
        others = np.delete(after.totals - before.totals, cost, axis=-1)
        assert not others.any()


def test_both_engines_agree_to_the_bit() -> None:
    one, other = (simulated(engine, costly=True) for engine in (COMPILED, SIMPY))
    assert all((a.totals == b.totals).all() for a, b in zip(one, other, strict=True))
    assert any(a.totals[..., OUTCOME_INDEX["cft_sessions"]].any() for a in one)


def test_it_is_in_results_and_total_costs() -> None:
    before, after = (run_study(asked(layer), workers=1).summary for layer in (Layer(), travel()))
    added = (after["value"] - before["value"]).where(after["scenario"] == "cft")
    sessions = before.loc[(before["outcome"] == "cft_sessions") & (before["scenario"] == "cft"), "value"]
    for name in ("cost_cft", "cost_health_system", "cost_societal"):
        assert added[after["outcome"] == name].dropna().to_numpy() == pytest.approx(PRICE * sessions.to_numpy())


def test_physiotherapists_in_training_can_cost_too() -> None:
    layer = travel("physiotherapists_entering", "training")
    before, after = (PreparedStudy(asked(each)).national(CFT) for each in (Layer(), layer))
    added = (after - before)[..., OUTCOME_INDEX["cost_training"]]
    assert added == pytest.approx(PRICE * before[..., OUTCOME_INDEX["physiotherapists_entering"]])
    assert added.any()


def test_a_course_costs_more_per_thousand_treated() -> None:
    before, after = (treat_a_thousand(asked(layer)).frame for layer in (Layer(), travel()))
    health = before["outcome"] == "cost_health_system"
    changed = (after["difference"] - before["difference"]).abs() > 1.0 / FIXED_POINT
    treated = before["treatment"].str.contains("CFT|cft")
    assert (changed[health & treated]).all() and not changed[~treated].any()


def test_it_is_drawn_from_its_distribution() -> None:
    drawn = [parameters_of(asked(travel()), number)["cost_items.travel"] for number in range(1, 40)]
    assert len(set(drawn)) == len(drawn) and np.mean(drawn) == pytest.approx(PRICE, rel=0.1)
