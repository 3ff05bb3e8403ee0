"""Sick-Sicker in the idiom of each library of the field. Each function lives `people` lives and returns a Sample.

An event is a move to another state, a death, or leaving at the horizon. Every model is written as the library's own
documentation would have it; none is tuned.
"""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

HEALTHY, SICK, SICKER, DEAD = range(4)
HORIZON, FORCE = 60.0, 0.03
MOVES: dict[int, dict[int, float]] = {
    HEALTHY: {SICK: 0.15, DEAD: 0.005},
    SICK: {HEALTHY: 0.5, SICKER: 0.105, DEAD: 0.015},
    SICKER: {DEAD: 0.05},
}
TOTAL = np.array([sum(MOVES.get(state, {}).values()) for state in range(4)])
COST, UTILITY = np.array([2000.0, 4000.0, 15000.0, 0.0]), np.array([1.0, 0.75, 0.5, 0.0])
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Discounted costs (AUD) and QALYs person by person, events lived through, seconds of simulation."""

    costs: Numbers
    qalys: Numbers
    events: int
    seconds: float


class Ledger:
    """What people come to, and how many events there were."""

    def __init__(self, people: int) -> None:
        self.costs, self.qalys, self.events = [0.0] * people, [0.0] * people, 0

    def stay(self, person: int, state: int, start: float, end: float) -> None:
        """The person was in a state from `start` to `end`."""
        years = (math.exp(-FORCE * start) - math.exp(-FORCE * end)) / FORCE
        self.costs[person] += RATES_OF_COST[state] * years
        self.qalys[person] += RATES_OF_UTILITY[state] * years
        self.events += 1

    def sample(self, seconds: float) -> Sample:
        """The whole."""
        return Sample(np.array(self.costs), np.array(self.qalys), self.events, seconds)


RATES_OF_COST, RATES_OF_UTILITY = COST.tolist(), UTILITY.tolist()


def soonest(state: int, luck: random.Random) -> tuple[float, int]:
    """Competing risks: time to the first, and where it leads."""
    return min((luck.expovariate(rate), target) for target, rate in MOVES[state].items())


def plain_simpy(people: int, seed: int) -> Sample:
    """One SimPy process a person."""
    import simpy  # noqa: PLC0415 - libraries of the field are loaded when asked for

    luck, ledger, environment = random.Random(seed), Ledger(people), simpy.Environment()

    def life(person: int) -> Generator[Any, None, None]:
        state = HEALTHY
        while state != DEAD and environment.now < HORIZON:
            start = environment.now
            wait, target = soonest(state, luck)
            yield environment.timeout(min(wait, HORIZON - start))
            ledger.stay(person, state, start, environment.now)
            state = target

    start = time.perf_counter()
    for person in range(people):
        environment.process(life(person))
    environment.run()
    return ledger.sample(time.perf_counter() - start)


def salabim(people: int, seed: int) -> Sample:
    """One salabim component a person, written with yield."""
    import salabim as sim  # noqa: PLC0415

    sim.yieldless(False)
    luck, ledger = random.Random(seed), Ledger(people)
    environment = sim.Environment(trace=False, random_seed=seed)

    class Person(sim.Component):  # type: ignore[misc]
        def setup(self, number: int) -> None:
            self.number = number

        def process(self) -> Generator[Any, None, None]:
            state = HEALTHY
            while state != DEAD and environment.now() < HORIZON:
                start = environment.now()
                wait, target = soonest(state, luck)
                yield self.hold(min(wait, HORIZON - start))
                ledger.stay(self.number, state, start, environment.now())
                state = target

    start = time.perf_counter()
    for person in range(people):
        Person(number=person)
    environment.run()
    return ledger.sample(time.perf_counter() - start)


def ciw(people: int, seed: int) -> Sample:
    """States as nodes with servers for all; stays are service times, moves are routing, results come from records."""
    import ciw as library  # noqa: PLC0415

    class Stay(library.dists.Distribution):  # type: ignore[misc]
        """Exponential, or to the horizon."""

        def __init__(self, rate: float) -> None:
            self.rate = rate

        def sample(self, t: float | None = None, ind: Any = None) -> float:
            assert t is not None
            return min(random.expovariate(self.rate), HORIZON - t)

    class Move(library.routing.NodeRouting):  # type: ignore[misc]
        """To another state, or out at death or the horizon."""

        def __init__(self, moves: dict[int, float]) -> None:
            self.targets, self.weights = list(moves), list(moves.values())

        def next_node(self, ind: Any) -> Any:
            if self.simulation.current_time >= HORIZON:
                return self.simulation.nodes[-1]
            target = random.choices(self.targets, self.weights)[0]
            return self.simulation.nodes[-1 if target == DEAD else target + 1]

    library.seed(seed)
    network = library.create_network(
        arrival_distributions=[library.dists.Sequential([0.0, math.inf]), None, None],
        batching_distributions=[library.dists.Deterministic(people)] * 3,
        service_distributions=[Stay(float(TOTAL[state])) for state in MOVES],
        number_of_servers=[math.inf] * 3,
        routing=library.routing.NetworkRouting([Move(moves) for moves in MOVES.values()]),
    )
    start = time.perf_counter()
    simulation = library.Simulation(network)
    simulation.simulate_until_max_time(HORIZON + 1.0)
    ledger = Ledger(people)
    for record in simulation.get_all_records():
        ledger.stay(record.id_number - 1, record.node - 1, record.arrival_date, record.exit_date)
    return ledger.sample(time.perf_counter() - start)


def lockstep(people: int, seed: int) -> Sample:
    """NumPy: everybody who is still there has their next event at once."""
    luck, start = np.random.default_rng(seed), time.perf_counter()
    odds = np.zeros((4, 4))
    for origin, moves in MOVES.items():
        odds[origin, list(moves)] = np.array(list(moves.values())) / TOTAL[origin]
    steps = np.cumsum(odds, axis=1)
    steps[:DEAD, DEAD] = 1.0
    costs, qalys = np.zeros(people), np.zeros(people)
    rows, state, now, worth = np.arange(people), np.zeros(people, np.int64), np.zeros(people), np.ones(people)
    events = 0
    while len(rows):
        events += len(rows)
        now = np.minimum(now + luck.standard_exponential(len(rows)) / TOTAL[state], HORIZON)
        later = np.exp(-FORCE * now)
        years = (worth - later) / FORCE
        costs[rows] += COST[state] * years
        qalys[rows] += UTILITY[state] * years
        state = (luck.random(len(rows))[:, None] >= steps[state]).sum(axis=1)
        stay = (state != DEAD) & (now < HORIZON)
        rows, state, now, worth = rows[stay], state[stay], now[stay], later[stay]
    return Sample(costs, qalys, events, time.perf_counter() - start)


def heormodel(people: int, seed: int) -> Sample:
    """heormodel's continuous-time microsimulation, which moves everybody at once.

    It keeps means, not people, so errors come from independent iterations; it does not count events, so they are
    counted in a second run with the same luck, off the clock.
    """
    import pandas as pd  # noqa: PLC0415
    from heormodel.models import MicrosimModel  # noqa: PLC0415
    from heormodel.run import run_psa  # noqa: PLC0415

    iterations = 20
    scales = np.full((4, 4), np.inf)
    for state, target in itertools.product(range(4), range(4)):
        if rate := MOVES.get(state, {}).get(target, 0.0):
            scales[state, target] = 1.0 / rate

    def event_times(params: Any, intervention: str, state: Any, attrs: Any, rng: Any) -> Numbers:
        return np.asarray(rng.standard_exponential((len(state), 4)) * scales[state])

    def reward_rates(params: Any, intervention: str, state: Any, attrs: Any) -> tuple[Numbers, Numbers]:
        return COST[state], UTILITY[state]

    engine = MicrosimModel.continuous(
        states=("healthy", "sick", "sicker", "dead"),
        event_times=event_times,
        state_reward_rates=reward_rates,
        interventions=["care"],
        horizon=HORIZON,
        discount_rate=FORCE,
        population=people // iterations,
    )
    draws = pd.DataFrame({"nothing": np.zeros(iterations)}, index=pd.RangeIndex(iterations, name="iteration"))
    start = time.perf_counter()
    means = run_psa(engine, draws, seed=seed).outcomes
    seconds = time.perf_counter() - start
    costs, qalys = (wide["care"].to_numpy(float) for wide in (means.costs_wide(), means.effects_wide()))
    moves = run_psa(engine, draws, seed=seed, collect="events").events
    assert moves is not None
    survivors = people - int((moves["to_state"] == "dead").sum())
    return Sample(costs, qalys, len(moves) + survivors, seconds)
