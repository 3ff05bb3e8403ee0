"""One replication of one policy: its people, its clinics, and what they live through.

The simulated people are divided over independent replications of the country, each with its own waiting lists and its
own share of the places. People who share a list are not independent, replications are: Monte Carlo errors are taken
from the spread between replications, and stay right when lists are full.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from lbpsim.engine.compiled_engine import WATCH_EVERYBODY, WATCH_NOBODY, EngineOutput
from lbpsim.engine.random_numbers import uniform
from lbpsim.engine.waiting_list import NEVER, Clinic
from lbpsim.evidence.units import WEEK
from lbpsim.outcomes.measures import COUNTED, OUTCOME_INDEX
from lbpsim.outcomes.totals import blank_totals
from lbpsim.pathways import capacity
from lbpsim.pathways.person import CARRY, CFT_LIST, SURGERY_LIST
from lbpsim.population.balance import Balance, balance
from lbpsim.population.demography import Projection, project, still
from lbpsim.population.people import MORE, NationalCases, PopulationInputs, blocks
from lbpsim.population.prevalence import fixed_inflow, prevalence
from lbpsim.population.records import chosen, copied, in_larger_blocks, joined
from lbpsim.population.regions import upper_bounds
from lbpsim.simulation.cost_items import add_cost_items
from lbpsim.simulation.discounting import discounted_as_costs, take_costs
from lbpsim.simulation.engines import COMPILED, ENGINES, live_compiled
from lbpsim.simulation.inputs import build, history, remission_steepness
from lbpsim.simulation.living_on import NO_LOG, LivingOn, PolicyLives
from lbpsim.simulation.shared_lives import Branch, SharedLives, branches_of
from lbpsim.simulation.weekly_bookings import Weeks, count_bookings
from lbpsim.study import Policy, Study
from lbpsim.study.clock import part_of_year
from lbpsim.study.policies import MODES

People = npt.NDArray[Any]
BLOCK = 4096  # people, at least, that are drawn and lived before the next are


@dataclass(frozen=True)
class ReplicationOutput:
    """What one replication of one policy comes to.

    `totals`: fixed-point sums, shape (2, years, groups, outcomes), undiscounted and discounted; `events`: how many
    events were lived through; `log`: (row, time, kind) of those watched, shape (n, 3).
    """

    totals: npt.NDArray[np.int64]
    events: int
    log: npt.NDArray[np.float64]


@dataclass(frozen=True)
class PreparedPolicy:
    """What a policy comes to before anybody lives under it: the rules' `inputs`, and physiotherapists (`staff`)."""

    policy: Policy
    inputs: npt.NDArray[Any]
    staff: capacity.Workforce


class PreparedStudy:
    """A study made ready to run: the country that all policies share, and what each policy does to it."""

    def __init__(self, study: Study, *, draw: int = 0) -> None:
        self.study, self.draw = study, draw
        self.values = study.values(study.policies[0])
        self._drawn: tuple[int, People] = (-1, np.empty(0))  # what is asked of one replication comes together
        self._inputs: dict[int, npt.NDArray[Any]] = {}  # replications of one policy share what is not random
        self._ready: dict[int, PreparedPolicy] = {}
        self._staff: dict[tuple[float, ...], capacity.Workforce] = {}

    def anew(self) -> PreparedStudy:
        """The same country and people, with nothing worked out for any policy: for policies that come and go."""
        other = copy.copy(self)
        other._inputs, other._ready, other._staff = {}, {}, {}
        return other

    @cached_property
    def as_costs(self) -> PreparedStudy | None:
        """The same study with everything discounted as costs are; None where health is discounted alike.

        How much later things count changes no life. So a study with two rates is lived twice, and the costs are taken
        from the second time: no rule needs a second discount factor, and studies with one rate lose no time.
        """
        alike = discounted_as_costs(self.study)
        return None if alike is None else PreparedStudy(alike, draw=self.draw)

    @cached_property
    def country(self) -> NationalCases:
        """Cases at the start and new cases of each year; the same under every policy."""
        start = self.study.start.year + part_of_year(self.study.start)
        projection = project(self.study.country, start, self.study.years, self.values, self.study.region)
        if self.study.options["population"] == "still":
            projection = still(projection)
        found = balance(self.study.country, self.values, remission_steepness(self.study, self.values))
        known = self.study.options["start"] == "in_balance"
        return NationalCases(projection.people, projection.migrants, found, self._onsets(projection, found), known)

    def _onsets(self, projection: Projection, found: Balance) -> tuple[npt.NDArray[np.float64], ...]:
        """People who begin in each year: so many at each age as keep the balance, or by the fixed incidence."""
        pairs = zip(projection.people[:-1], projection.migrants, strict=True)
        flows = [(people + migrants / 2.0)[:, :, None] * found.onsets for people, migrants in pairs]
        if self.study.options["incidence"] == "balanced":
            return tuple(flows)
        shape = prevalence(self.study.country, self.values)
        fixed = [fixed_inflow(people, shape, self.values) for people in projection.people[:-1]]
        likely = found.onsets.sum(axis=1, keepdims=True) / found.onsets.sum(axis=(1, 2), keepdims=True)
        return tuple(each[:, :, None] * likely for each in fixed)

    @cached_property
    def base_inputs(self) -> npt.NDArray[Any]:
        """The comparator's inputs, from which people are drawn."""
        return self.inputs(self.study.policies[0])

    @cached_property
    def people_drawn_by(self) -> PopulationInputs:
        """What people are drawn by, their histories among it."""
        lived = history(self.study, self.values, draw=self.draw)
        regions = None if self.study.regions is None else upper_bounds(self.study.country, self.study.regions)
        return PopulationInputs(self.study.country, self.values, self.base_inputs, lived, regions)

    @property
    def people(self) -> int:
        """Number simulated in pain at the start."""
        return round(self.country.total) if self.study.people == "all" else int(self.study.people)

    @property
    def replications(self) -> int:
        """Number of replications; no more than there are people."""
        return min(self.study.replications, self.people)

    def size(self, number: int) -> int:
        """People in pain at the start of replication `number`."""
        return self.people // self.replications + (number < self.people % self.replications)

    def scale(self, number: int) -> float:
        """Real people that each simulated one of this replication stands for."""
        return self.country.total / self.size(number)

    def persons(self, number: int) -> People:
        """Person records of a replication as they enter, those at the start first; not to be changed."""
        drawn = self._drawn
        if number != drawn[0]:
            drawn = self._drawn = (number, self._draw_persons(number))
        return drawn[1]

    def _draw_persons(self, number: int) -> People:
        return joined(list(self._drawn_blocks(number)))

    def _drawn_blocks(self, number: int) -> Iterator[People]:
        return blocks(
            self.country, self.people_drawn_by, people=self.people, replications=self.replications, number=number
        )

    def blocks(self, number: int) -> Iterator[People]:
        """As `persons`, some at a time, and to be changed: those of a whole country need not be in memory at once."""
        drawn = [copied(self.persons(number))] if number == self._drawn[0] else self._drawn_blocks(number)
        return in_larger_blocks(drawn, BLOCK)

    def expected(self, number: int) -> int:
        """About how many people a replication has, those in remission and those who join among them."""
        return math.ceil(self.size(number) * self.country.everybody / self.country.total * MORE)

    def inputs(self, policy: Policy) -> npt.NDArray[Any]:
        """The inputs of the rules under a policy; worked out once, not to be changed. Raises as `inputs.build`."""
        known = self._inputs.get(id(policy))
        if known is None:
            known = self._inputs[id(policy)] = build(self.study, policy, self.study.values(policy), draw=self.draw)
        return known

    def ready(self, policy: Policy) -> PreparedPolicy:
        """The inputs and the workforce under a policy; worked out once, not to be changed."""
        known = self._ready.get(id(policy))
        if known is None:
            staff = self._workforce(policy, self.study.values(policy))
            known = self._ready[id(policy)] = PreparedPolicy(policy, self.inputs(policy), staff)
        return known

    def workforce(self, policy: Policy) -> capacity.Workforce:
        """Physiotherapists of the country under a policy, week by week."""
        return self.ready(policy).staff

    @cached_property
    def time(self) -> capacity.TimeIntervals:
        """The study's time, cut at weekly bookings and new years."""
        new_years = [self.study.clock(date(year, 1, 1)) for year in self.study.calendar_years[1:]]
        return capacity.time_intervals(float(self.study.years), new_years)

    @cached_property
    def weeks(self) -> Weeks:
        """The weekly bookings of the study."""
        return Weeks.of(self.study, self.time.bookings)

    def _workforce(self, policy: Policy, values: Mapping[str, float]) -> capacity.Workforce:
        """Worked out once for policies that train as many: most train nobody."""
        places = {year: policy.cft.places_in(year) for year in self.study.calendar_years}
        trained, first = policy.cft.trained_at_start, self.study.calendar_years[0]
        key = (*places.values(), trained, *values.values())
        if key not in self._staff:
            self._staff[key] = capacity.workforce(places, trained, self.time, first, values)
        return self._staff[key]

    def clinics(self, policy: Policy, number: int) -> tuple[Clinic, ...]:
        """The waiting lists of a replication, with its share of the country's places."""
        lists = []
        if policy.cft.waits_for_place:
            places, closes_at = self._cft_places(policy), policy.cft.referral_stops_at / WEEK
            lists.append(
                self._clinic(CFT_LIST, places, number, by_priority=policy.cft.by_severity, closes_at=closes_at)
            )
        if policy.surgery.operations_per_year is not None:
            booked = policy.surgery.operations_per_year
            operations = capacity.operations(booked.times, booked.values, self.time)
            lists.append(self._clinic(SURGERY_LIST, operations, number))
        return tuple(lists)

    def _clinic(
        self,
        waiting_list: int,
        places: npt.NDArray[np.float64],
        number: int,
        *,
        by_priority: bool = False,
        closes_at: float = NEVER,
    ) -> Clinic:
        start = uniform(self.study.seed, self.draw, number, CARRY, waiting_list)
        return Clinic(waiting_list, places / self.scale(number), WEEK, start, by_priority, closes_at)

    def _cft_places(self, policy: Policy) -> npt.NDArray[np.float64]:
        if policy.cft.capacity_limited:
            values = self.study.values(policy)
            modes = [
                capacity.ModeShare(share.times, share.values, values[MODES[name].places])
                for name, share in policy.cft.modes.items()
            ]
            return capacity.courses(self.workforce(policy), self.time, values, modes)
        return np.full(self.time.bookings, NEVER)

    def simulate(
        self, policy: Policy, number: int, *, engine: str = COMPILED, watched: int = WATCH_NOBODY
    ) -> ReplicationOutput:
        """Run one replication under one policy; `watched` is a row of its people, WATCH_EVERYBODY or WATCH_NOBODY."""
        output = self._live_at_once(policy, number, watched, engine)
        add_cost_items(output.totals, self.study, self.study.values(policy))
        if self.as_costs is not None:
            take_costs(output.totals, self.as_costs.simulate(policy, number, engine=engine).totals)
        return output

    def simulate_all(
        self, policies: Sequence[Policy], number: int, *, engine: str = COMPILED, watched: int = WATCH_NOBODY
    ) -> list[ReplicationOutput]:
        """Run one replication under each of the policies, as `simulate` does: the same to the bit, but lives that
        policies share are lived once. A policy alone is lived in full, as every policy is by the reference engine.

        `watched`: a row of its people, or WATCH_NOBODY.
        """
        if engine != COMPILED:
            return [self.simulate(policy, number, engine=engine, watched=watched) for policy in policies]
        branches = self._branches(policies)
        done = self._live_together(policies, branches, number, watched) if branches else {}
        outputs = [
            done.get(place) or self._live_apart(policy, number, watched) for place, policy in enumerate(policies)
        ]
        for policy, output in zip(policies, outputs, strict=True):
            add_cost_items(output.totals, self.study, self.study.values(policy))
        if self.as_costs is not None:
            for output, other in zip(outputs, self.as_costs.simulate_all(policies, number, engine=engine), strict=True):
                take_costs(output.totals, other.totals)
        return outputs

    def _branches(self, policies: Sequence[Policy]) -> list[Branch]:
        """Policies that share lives; none where there is but one, whose lives are cheaper to live in full."""
        if len(policies) == 1:
            return []
        return branches_of(self.untouched_inputs, [self.ready(policy).inputs for policy in policies])

    def _live_together(
        self, policies: Sequence[Policy], branches: Sequence[Branch], number: int, watched: int
    ) -> dict[int, ReplicationOutput]:
        """What policies of these branches come to, by their places in the list, each life shared as far as can be."""
        alike = len(policies) == sum(len(branch.places) for branch in branches)
        person = None if watched == WATCH_NOBODY else self.persons(number)[[watched]]
        shared = SharedLives(self.untouched_inputs, branches, self.blank_totals())
        living_on = LivingOn(
            lambda place, *lives, **how: self._live(policies[place], *lives, **how),
            branches,
            self.blank_totals(),
            clinics=[self.clinics(policy, number) for policy in policies],
            expected=self.expected(number),
            watched=None if person is None else int(person["id"][0]),
        )
        for people in self.blocks(number) if alike and person is None else [copied(self.persons(number))]:
            for branch, parted in shared.live(people):
                living_on.take(branch, parted)
            living_on.live_on_at_once()
        living_on.live_on()
        before = self._watched_before(person)
        return {
            place: _joined(sums, events, living_on.by_policy[place], before, watched)
            for branch, sums, events in shared.ended()
            for place in branch.places
        }

    def _live_apart(self, policy: Policy, number: int, watched: int) -> ReplicationOutput:
        """What a policy comes to that shares no life with the others: everybody lives to the end, or until they wait
        for a place, some at a time; then those who wait live on together.
        """
        if watched != WATCH_NOBODY:
            return self._live_at_once(policy, number, watched)
        clinics, totals, events = self.clinics(policy, number), self.blank_totals(), 0
        everybody = Branch((0,), self.ready(policy).inputs)
        waiting = LivingOn(
            lambda place, *lives, **how: self._live(policy, *lives, **how),
            [everybody],
            self.blank_totals(),
            clinics=[clinics],
            expected=self.expected(number),
        )
        for people in self.blocks(number):
            lived = self._live(policy, clinics, people, totals, booked=range(0) if clinics else None)
            events += lived.events
            waiting.take(everybody, chosen(people, people["present"] == 1))
        waiting.live_on()
        return _joined(totals, events, waiting.by_policy[0], NO_LOG, watched)

    def _live_at_once(self, policy: Policy, number: int, watched: int, engine: str = COMPILED) -> ReplicationOutput:
        """What a policy comes to, with everybody in memory at once."""
        totals, people = self.blank_totals(), copied(self.persons(number))
        lived = self._live(policy, self.clinics(policy, number), people, totals, engine=engine, watched=watched)
        return ReplicationOutput(totals, lived.events, lived.log)

    def _watched_before(self, person: People | None) -> npt.NDArray[np.float64]:
        """The log of a person whom no policy touches."""
        if person is None:
            return NO_LOG
        return live_compiled(person, self.untouched_inputs, self.blank_totals(), (), WATCH_EVERYBODY).log

    def _live(
        self,
        policy: Policy,
        clinics: tuple[Clinic, ...],
        people: People,
        totals: npt.NDArray[np.int64],
        *,
        engine: str = COMPILED,
        watched: int = WATCH_NOBODY,
        entered: int = 0,
        booked: range | None = None,
    ) -> EngineOutput:
        """Let these people live under a policy, the first `entered` of them on from where they are."""
        lived = ENGINES[engine](people, self.ready(policy).inputs, totals, clinics, watched, entered, booked)
        count_bookings(totals, lived, self.weeks)
        return lived

    @cached_property
    def untouched_inputs(self) -> npt.NDArray[Any]:
        """Inputs of lives that no policy touches: the comparator's, but for what it offers and changes itself."""
        usual = self.study.policies[0]
        plain = Policy(usual.name, usual.title, assume=usual.assume, options=usual.options)
        return build(self.study, plain, self.values, draw=self.draw)

    def blank_totals(self) -> npt.NDArray[np.int64]:
        """Zeros of the shape (2, years, groups, outcomes); one more year for what comes after them, where people are
        followed so far.
        """
        return blank_totals(len(self.study.calendar_years) + self.study.to_death)

    def national(self, policy: Policy) -> npt.NDArray[np.float64]:
        """What is known for the country without sampling: physiotherapists and their training; shape (2, years,
        outcomes), undiscounted and discounted. Levels as their integral over time.
        """
        amounts = np.zeros((2, len(self.study.calendar_years), len(COUNTED)))
        if policy.cft.replaced_by is not None:
            return amounts
        staff, time = self.workforce(policy), self.time
        discount_factor = np.exp(-math.log1p(self.study.discount_rate) * time.middle)
        parts = {
            "physiotherapists_trained": staff.practising * time.length,
            "physiotherapists_entering": staff.entering,
            "cost_training": staff.entering * self.study.values(policy)["cft.training_cost"],
        }
        for name, amount in parts.items():
            np.add.at(amounts[0, :, OUTCOME_INDEX[name]], time.year, amount)
            np.add.at(amounts[1, :, OUTCOME_INDEX[name]], time.year, amount * discount_factor)
        add_cost_items(amounts, self.study, self.study.values(policy))
        if self.as_costs is not None:
            take_costs(amounts, self.as_costs.national(policy))
        return amounts


def _joined(
    shared: npt.NDArray[np.int64], events: int, after: PolicyLives, before: npt.NDArray[np.float64], watched: int
) -> ReplicationOutput:
    """A policy's output of what its lives share and what comes `after`; `before`: the log of a life without parting."""
    log = np.concatenate([before[before[:, 1] <= after.parted_at], after.log])
    log[:, 0] = watched
    after.totals += shared
    return ReplicationOutput(after.totals, events + after.events, log)
