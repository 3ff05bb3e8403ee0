"""What would change the answer: one-way, structural, threshold and uptake analysis of a study, in one call.

Not here: how likely that is. An interval's end is as likely as its law says, and only draws put that together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from lbpsim.cea.choice_set import choosable
from lbpsim.dsa import plan as scopes
from lbpsim.dsa.one_way import Movement, held, movements, one_way
from lbpsim.dsa.plan import Scope, Search
from lbpsim.dsa.structural import structural
from lbpsim.dsa.threshold_analysis import asked, thresholds
from lbpsim.dsa.two_way import Grid, grid, two_way
from lbpsim.dsa.uptake import budgets
from lbpsim.outcomes.results import Results
from lbpsim.simulation.run import Tell, run_study
from lbpsim.simulation.variants import VariantRunner
from lbpsim.simulation.workers import hired
from lbpsim.study import Study
from lbpsim.study.files.errors import did_you_mean, listed, wrong_option

PIECES, VARIANTS = "pieces", "variants"
Showing = Callable[[], AbstractContextManager[Tell]]


@dataclass(frozen=True)
class SensitivityRequest:
    """What is asked: about which `policy`, which parameters (`patterns`; none: all), two for a `grid`, what to switch.

    As on the command line; `policy` None: the plainest that delivers CFT.
    """

    policy: str | None = None
    patterns: tuple[str, ...] = ()
    grid: str | None = None
    switch: tuple[str, ...] = ()


@dataclass(frozen=True)
class PreparedAnalysis:
    """A question made ready: the study as it is simulated, and everything that is moved; all names are right.

    `held`: uncertain parameters that are not moved one at a time, with whose file sets each.
    """

    study: Study
    scope: Scope
    policy: str
    choices: tuple[str, ...]
    moved: tuple[Movement, ...]
    searches: Mapping[str, Search]
    grid: Grid | None
    held: Mapping[str, str]


@dataclass(frozen=True)
class Findings:
    """What was found: `base` are results at the base case with the same people; tables as their functions say;
    `two_way` None where it was not asked for.
    """

    base: Results
    policy: str
    one_way: pd.DataFrame
    structural: pd.DataFrame
    thresholds: pd.DataFrame
    uptake: pd.DataFrame
    two_way: pd.DataFrame | None

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table there is by its name."""
        found = {name: getattr(self, name) for name in Findings.__dataclass_fields__}
        return {name: table for name, table in found.items() if isinstance(table, pd.DataFrame)}


def prepare(
    study: Study, question: SensitivityRequest, *, people: int | str | None = None, scope: Scope | None = None
) -> PreparedAnalysis:
    """The question of a study made ready; `people`: in each simulation, by default as the scope says.

    Raises InputErrors for anything asked that is not there.
    """
    scope = scope or scopes.shipped()
    usual = scope.people if study.people == "all" else min(scope.people, int(study.people))
    asked_people = usual if people is None else people
    small = study.to_the_horizon.with_changes(people=asked_people, replications=scope.replications)
    policy = _policy(small, question.policy)
    return PreparedAnalysis(
        small,
        scope,
        policy,
        choosable(small),
        movements(small, policy, question.patterns),
        {**_searches(small, scope), **asked(small, question.switch)},
        grid(small, policy, question.grid, scope) if question.grid is not None else None,
        held(small, policy),
    )


def _policy(study: Study, name: str | None) -> str:
    others = [policy.name for policy in study.policies[1:]]
    if not others:
        raise wrong_option("scenarios", "There is no policy beside the comparator", "Name at least one")
    if name is None:
        plainest = study.plainest_offer
        return plainest.name if plainest else others[0]
    if name not in others:
        right = did_you_mean(name, others) or f"Policies are {listed(others)}"
        raise wrong_option("policy", f"There is no policy `{name}` beside the comparator", right)
    return name


def _searches(study: Study, scope: Scope) -> Mapping[str, Search]:
    """Searches that ship; they are about CFT, and so for studies that offer it."""
    return scope.searches if any(policy.cft.makes_offers for policy in study.policies) else {}


def analyse(
    question: PreparedAnalysis,
    *,
    workers: int | None = None,
    folder: Path | None = None,
    showing: Showing | None = None,
) -> Findings:
    """Everything that is asked; `folder`: where finished work is kept and taken up; `showing`: shows progress.

    The same whatever the workers, and however often it was interrupted. Raises as `VariantRunner.many`.
    """
    study, policy, choices, scope = question.study, question.policy, question.choices, question.scope
    pieces = folder / PIECES if folder is not None else None
    with _told("base case", showing) as tell:
        base = run_study(study, workers=workers, tell=tell, checkpoint=pieces)
    with hired(workers) as pool:
        runner = VariantRunner(pool, workers, folder / VARIANTS if folder is not None else None)
        with _told("one-way", showing, runner):
            alone = one_way(runner, study, policy, question.moved)
        with _told("structure", showing, runner):
            structure = structural(runner, study, policy, choices, scope)
        with _told("thresholds", showing, runner):
            values = thresholds(runner, study, policy, choices, scope, question.searches)
        with _told("two-way", showing, runner):
            pairs = two_way(runner, study, policy, question.grid) if question.grid is not None else None
    with _told("uptake", showing) as tell:
        uptake = budgets(study, scope, workers=workers, tell=tell, folder=pieces)
    return Findings(base, policy, alone, structure, values, uptake, pairs)


@contextmanager
def _told(title: str, showing: Showing | None, runner: VariantRunner | None = None) -> Iterator[Tell | None]:
    """Let who works, a runner where one is given, tell of progress under a title."""
    with showing() if showing is not None else nullcontext() as tell:
        under = tell and (lambda now: tell(replace(now, title=f"{title}: {now.title}")))
        if runner is not None:
            runner.tell = under
        yield under
    if runner is not None:
        runner.tell = None
