"""How the work of a study is cut into units."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from lbpsim.simulation.engines import COMPILED, SIMPY
from lbpsim.simulation.run import WorkUnit, units

POLICIES = 11


def held(unit: WorkUnit) -> range:
    """Policies of a unit, by their number."""
    return range(POLICIES)[unit.policies]


@pytest.mark.parametrize("engine", [COMPILED, SIMPY])
@pytest.mark.parametrize("workers", [1, 2, 3, 8, 16, 32, 64, 1000])
@pytest.mark.parametrize("replications", [1, 2, 20, 33])
def test_every_policy_of_every_replication_is_in_one_unit(replications: int, workers: int, engine: str) -> None:
    cut = units(replications, POLICIES, workers, engine)
    done = [(unit.replication, policy) for unit in cut for policy in held(unit)]
    assert sorted(done) == [(number, policy) for number in range(replications) for policy in range(POLICIES)]
    lengths = [len(held(unit)) for unit in cut]
    assert min(lengths) >= 1
    assert all(before >= after - 1 for before, after in pairwise(lengths)), "long ones first"


def test_policies_stay_together_while_there_is_a_replication_for_every_worker() -> None:
    assert units(20, POLICIES, 2) == [WorkUnit(number) for number in range(20)]
    cut = units(20, POLICIES, 8)
    assert cut[:16] == [WorkUnit(number) for number in range(16)]
    assert {unit.replication for unit in cut[16:]} == {16, 17, 18, 19}
    assert len(cut[16:]) == 8


@pytest.mark.parametrize("workers", [2, 3, 4, 8, 16, 32, 64, 128, 220])
def test_workers_wait_no_longer_than_a_cut_into_more_units_would_let_them(workers: int) -> None:
    """Where lives that are shared take as long as three policies' own, rounds of units of a length for all workers."""

    def rounds(cut: list[WorkUnit]) -> float:
        return sum(3 + max(len(held(unit)) for unit in cut[n : n + workers]) for n in range(0, len(cut), workers))

    for parts in range(1, POLICIES + 1):
        other = math.ceil(20 * parts / workers) * (3 + math.ceil(POLICIES / parts))
        assert rounds(units(20, POLICIES, workers)) <= other
