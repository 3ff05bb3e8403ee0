"""What is looked for: a goal, limits, and the policy whose levers are moved, made of the words that asked for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from lbpsim.cea.choice_set import choosable
from lbpsim.optimisation.goals import Goal, goal_of
from lbpsim.optimisation.levers import LeverSpace, space
from lbpsim.optimisation.limits import HEALTH, Budget, Limit, read, spending
from lbpsim.optimisation.plan import Plan, shipped
from lbpsim.study import InputErrors, Policy, Problem, Study
from lbpsim.study.files.errors import did_you_mean, listed, wrong_option

Read = TypeVar("Read")


@dataclass(frozen=True)
class Question:
    """A study with what is looked for; `space`: what is moved; `asked`: the words of all of it, by option."""

    study: Study
    goal: Goal
    limits: tuple[Limit, ...]
    space: LeverSpace
    plan: Plan
    asked: dict[str, str | list[str]]

    @cached_property
    def tracked(self) -> tuple[Limit, ...]:
        """The limits, and what all payers spend where no budget is among them: the frontier is of spending."""
        budgets = any(isinstance(limit, Budget) for limit in self.limits)
        return self.limits if budgets else (*self.limits, spending(self.study))

    @property
    def budget(self) -> int:
        """The place of the budget that the frontier moves, the first."""
        return next(place for place, limit in enumerate(self.tracked) if isinstance(limit, Budget))


def question(
    study: Study,
    goal: str,
    within: Sequence[str] = (),
    *,
    policy: str | None = None,
    vary: Sequence[str] = (),
    plan: Plan | None = None,
) -> Question:
    """The question in words, read; `policy`: by name, the plainest that offers CFT by default.

    Raises InputErrors with what is wrong: a goal, limit, lever or policy that there is not, a cost without a target.
    """
    plan, problems = plan or shipped(), Problems()
    wanted = problems.of(lambda: goal_of(goal))
    limits = problems.of(lambda: read(study, within))
    start = problems.of(lambda: _start(study, policy))
    moved = None if start is None else problems.of(lambda: space(start, study.start, plan.levers, vary))
    if wanted and limits is not None and wanted.lower_is_better and not any(each.name in HEALTH for each in limits):
        right = "Say how much health there has to be, such as `--within 'qalys: 5,000 QALYs'`"
        problems += wrong_option("goal", "The least cost is that of doing nothing", right).problems
    if wanted is None or limits is None or start is None or moved is None or problems:
        raise InputErrors(problems)
    asked: dict[str, str | list[str]] = {"goal": goal, "within": list(within), "policy": start.name, "vary": list(vary)}
    return Question(study, wanted, limits, moved, plan, asked)


class Problems(list[Problem]):
    """All that is wrong with a question, so that it is told at once."""

    def of(self, reading: Callable[[], Read]) -> Read | None:
        """What `reading` gives; None, and its problems noted, where it is wrong."""
        try:
            return reading()
        except InputErrors as errors:
            self.extend(errors.problems)
            return None


def _start(study: Study, name: str | None) -> Policy:
    """The policy from which the search starts."""
    names = [each for each in choosable(study) if each != study.policies[0].name]
    if name is not None and name in names:
        return study.policy(name)
    choices = f"Those that somebody could choose are {listed(f'`{each}`' for each in names)}" if names else ""
    if name is not None:
        wrong = f"`{name}` is not a policy whose levers can be moved"
        raise wrong_option("policy", wrong, f"{did_you_mean(name, names)} {choices}".strip())
    plain = study.plainest_offer
    if plain is None or plain.name not in names:
        right = f"Say which policy to start from, with `--policy`. {choices}".strip()
        raise wrong_option("policy", "No policy of the study offers CFT in limited places", right)
    return plain
