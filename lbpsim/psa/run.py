"""The probabilistic analysis: a study simulated anew for each draw of its parameters.

Within a draw every policy meets the same people and random numbers; between draws both are others. First a short pilot
finds how many people a draw needs; then draws are made until there are enough. What is finished is kept on disk, draw
by draw, and the results do not depend on who did the work or how often it was interrupted.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from lbpsim.outcomes import payers
from lbpsim.outcomes.budget import paying
from lbpsim.outcomes.draws import ARRAYS, Draw, DrawPlan, DrawResults, UnsoundDrawError, stack
from lbpsim.outcomes.periods import lengths_of_years
from lbpsim.psa import sample_size as needed
from lbpsim.psa.draw_request import DrawRequest
from lbpsim.psa.parameter_sampling import FIRST_DRAW, parameters_of, structures_of, study_of_draw, with_drawn_structure
from lbpsim.simulation.checkpoints import Stored
from lbpsim.simulation.consistency import check
from lbpsim.simulation.cut_rates import is_cut
from lbpsim.simulation.engines import COMPILED
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.run import Job, Progress, Sums, Tell, WorkUnit, checkpoint_of
from lbpsim.simulation.workers import hired
from lbpsim.study import Study

REPLICATIONS = 2  # in each draw, to know its noise
PILOT_DRAWS, PILOT_PEOPLE = 60, 2000


DRAWS = Stored[int, Draw](
    name=lambda number: f"draw-{number:06d}",
    arrays=lambda draw: {**{name: getattr(draw, name) for name in ARRAYS}, "cut": np.array(draw.cut)},
    result=lambda kept: Draw(**{name: kept[name] for name in ARRAYS}, cut=bool(kept["cut"])),
)


def simulate(job: Job, number: int) -> Draw:
    """One draw of a study under all its policies: the work that is sent to workers.

    Raises UnsoundDrawError, with the number of the draw, where a draw breaks an identity; InputErrors where what was
    drawn makes no sense together.
    """
    job.check()
    study = study_of_draw(job.study, number)
    other = with_drawn_structure(study, number)
    base = _lived(study, number, job.engine)
    if other.options == study.options:
        return base
    return dataclasses.replace(base, structured=_lived(other, number, job.engine).replicates)


def _lived(study: Study, number: int, engine: str) -> Draw:
    """A study with everything settled, as one draw."""
    prepared_study = PreparedStudy(study, draw=number)
    check(study, prepared_study, when=f"In draw {number}")
    replications, policies = range(prepared_study.replications), study.policies
    sums = Sums(len(policies), len(replications))
    for each in replications:
        sums.take(WorkUnit(each), prepared_study.simulate_all(policies, each, engine=engine))
    scales = np.array([prepared_study.scale(each) for each in replications])
    try:
        national = np.array([prepared_study.national(policy) for policy in policies])
        shares = [payers.shares(study.values(policy)) for policy in policies]
        draw = Draw.of(sums.totals, scales, national, lengths_of_years(study), shares)
        return dataclasses.replace(draw, cut=is_cut(study))
    except UnsoundDrawError as unsound:
        raise UnsoundDrawError(f"draw {number} (seed {study.seed}): {unsound}") from None


def run_draws(
    study: Study,
    asked: DrawRequest,
    *,
    engine: str = COMPILED,
    workers: int | None = None,
    scheduler: str | None = None,
    tell: Tell | None = None,
    say: Callable[[DrawPlan], None] | None = None,
    folder: Path | None = None,
) -> DrawResults:
    """Run the probabilistic analysis of a study; its draws follow nobody beyond its years.

    With draws and no precision: exactly so many. With a precision: as many as it needs, up to the draws, if given.
    `engine`, `workers`, `scheduler`, `tell` as for `run_study`; `say` is called with the plan; `folder`: where finished
    draws are kept and taken up again.

    Raises ClusterError when the cluster cannot be used, OSError when a draw cannot be kept.
    """
    started = time.perf_counter()
    with hired(workers, engine=engine, scheduler=scheduler) as pool:
        runner = DrawRunner(study.to_the_horizon, engine, pool, folder, tell)
        plan = make_plan(runner, asked)
        if say is not None:
            say(plan)
        results = runner.settled(plan) if plan.until_settled else runner.results(plan)
    return dataclasses.replace(results, seconds=time.perf_counter() - started)


@dataclass(frozen=True)
class DrawRunner:
    """A study with everything that it takes to make draws of it."""

    study: Study
    engine: str
    pool: Executor
    folder: Path | None
    tell: Tell | None

    def results(self, plan: DrawPlan) -> DrawResults:
        """All the draws of a plan."""
        done = dict(self._finished(plan.people, plan.draws))
        return gather(self.study, plan, [done[draw] for draw in sorted(done)])

    def settled(self, plan: DrawPlan) -> DrawResults:
        """As many draws as it takes for probabilities to settle, looked at every `STEP` of them in their order."""
        done: dict[int, Draw] = {}
        enough = 0
        for number, draw in self._finished(plan.people, plan.draws):
            done[number] = draw
            while all(after in done for after in range(enough + 1, enough + needed.STEP + 1)):
                enough += needed.STEP
                results = gather(self.study, plan, [done[each] for each in range(FIRST_DRAW, enough + 1)])
                if needed.probabilities(results, self.study.thresholds).settled(plan.precision):
                    return results
        return gather(self.study, plan, [done[draw] for draw in sorted(done)])

    def _finished(self, people: int, number: int) -> Iterator[tuple[int, Draw]]:
        """Draws as they are finished, those kept earlier first."""
        small = with_people(self.study, people)
        draws = range(FIRST_DRAW, FIRST_DRAW + number)
        finished = checkpoint_of(self.folder, small).resume(
            self.pool, simulate, Job.of(small, self.engine), draws, DRAWS
        )
        for done, (draw, made) in enumerate(finished, start=1):
            self._tell(draw, done, number, people)
            yield draw, made

    def _tell(self, draw: int, done: int, number: int, people: int) -> None:
        if self.tell is not None:
            years = float(people * self.study.years * len(self.study.policies))
            self.tell(Progress(done, number, f"draw {draw} of {number}", years * done, years * number))


def with_people(study: Study, people: int) -> Study:
    """The study as one draw simulates it."""
    return dataclasses.replace(study, people=people, replications=min(REPLICATIONS, people))


def make_plan(runner: DrawRunner, asked: DrawRequest) -> DrawPlan:
    """The plan that fits what was asked; people a draw come from a pilot where they were not given."""
    draws, precision, until_settled, people = asked.terms
    plan = DrawPlan(people or 0, draws, precision, until_settled, 0, "as asked")
    return plan if people is not None else with_pilot(runner, plan)


def with_pilot(runner: DrawRunner, plan: DrawPlan) -> DrawPlan:
    """The plan with the people a draw that a pilot finds."""
    most = PreparedStudy(runner.study).people  # a draw has no more people than the study at its point estimates
    small = dataclasses.replace(plan, people=min(PILOT_PEOPLE, most), draws=PILOT_DRAWS)
    people, pair = needed.hardest(runner.results(small), runner.study.thresholds, plan.precision, most)
    reason = "no two policies differ" if pair is None else pair.in_words(people)
    return dataclasses.replace(plan, people=people, pilot=PILOT_DRAWS, reason=reason)


def gather(study: Study, plan: DrawPlan, draws: list[Draw]) -> DrawResults:
    """Draws 1, 2, ... as results, with what was drawn."""
    numbers = tuple(range(FIRST_DRAW, FIRST_DRAW + len(draws)))
    rows = [parameters_of(study, number) for number in numbers]
    return DrawResults(
        scenarios=tuple(policy.name for policy in study.policies),
        years=study.calendar_years,
        numbers=numbers,
        plan=plan,
        parameters=pd.DataFrame(rows, index=pd.Index(numbers, name="draw")),
        structures=structures_of(study, numbers),
        seconds=0.0,
        cut=sum(draw.cut for draw in draws),
        payers=paying(payers.shares(study.values(study.policies[0]))),
        **stack(draws),
    )
