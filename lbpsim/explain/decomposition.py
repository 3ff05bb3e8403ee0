"""A policy taken apart: what each of its changes does alone, what is lost without it, and what holds the policy back.

Everything is simulated together with the comparator and the whole policy: the same people have the same random numbers
in all, so every figure is a paired difference. What the changes do alone and their interaction add up to the whole.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from lbpsim.explain.binding_constraints import ALL, Relaxation, applicable, offered_to_all, relaxed, taken_up_by_nobody
from lbpsim.explain.policy_components import PolicyComponent, components, only, pathways, same_changes
from lbpsim.outcomes.results import Results
from lbpsim.simulation.consistency import check
from lbpsim.simulation.run import Tell, run_study
from lbpsim.study import InputErrors, Policy, Study
from lbpsim.study.files.errors import did_you_mean

COMPARATOR, POLICY = 0, 1  # places of the comparator and of the whole policy among the variants
COUNTING = "counting"


class NothingToDecomposeError(ValueError):
    """There is no such policy, or it changes nothing; the message says what would be right."""


@dataclass(frozen=True)
class DecompositionPlan:
    """What is simulated to take a policy apart.

    `study`: its policies are the comparator, the policy, and variants of it; `levels`: parts by level ("pathway",
    "change"); `relaxations`: what can hold it back; `of_changes`: place of the variant with these changes alone;
    `without`: place of the variant by the name of what is relaxed, or `COUNTING`.
    """

    study: Study
    levels: Mapping[str, tuple[PolicyComponent, ...]]
    relaxations: tuple[Relaxation, ...]
    of_changes: Mapping[frozenset[str], int]
    without: Mapping[str, int]

    @property
    def policy(self) -> Policy:
        """The policy that is taken apart."""
        return self.study.policies[POLICY]

    @property
    def every_change(self) -> frozenset[str]:
        """Keys of all changes of the policy."""
        return frozenset().union(*(part.keys for part in self.levels["change"]))


def asked_for(study: Study, name: str | None) -> Policy:
    """The policy of that name; the only one beside the comparator where no name is given.

    Raises NothingToTakeApartError where there is no such policy, for the comparator, and for a policy that changes
    nothing.
    """
    known = {policy.name: policy for policy in study.policies}
    others = [other for other in known if other != study.comparator]
    there_are = f"The policies are {', '.join(others)}" if others else "No policy is given beside the comparator"
    chosen = others[0] if name is None and len(others) == 1 else name
    if chosen is None:
        raise NothingToDecomposeError(f"it is missing, and names the policy to take apart. {there_are}.")
    if chosen not in known:
        raise NothingToDecomposeError(f"there is no such policy. {did_you_mean(chosen, others) or f'{there_are}.'}")
    if chosen == study.comparator:
        raise NothingToDecomposeError(f"it is the comparator, with which the others are compared. {there_are}.")
    if not components(known[chosen]):
        raise NothingToDecomposeError(f"it changes nothing against {study.comparator}.")
    return known[chosen]


def plan_decomposition(study: Study, name: str | None) -> DecompositionPlan:
    """How to take a policy of a study apart: the one of that name, or the only one.

    Raises NothingToTakeApartError as `asked_for`; InputErrors where the policy's variants make no sense.
    """
    study = study.to_the_horizon
    policy = asked_for(study, name)
    try:
        return _checked(_plan(study, policy, components(policy)))
    except InputErrors:  # some of its assumptions make sense only together
        return _checked(_plan(study, policy, components(policy, assumptions_together=True)))


def decompose(plan: DecompositionPlan, *, workers: int | None = None, tell: Tell | None = None) -> Results:
    """Simulate everything that the plan needs; arguments as for `run_study`."""
    return run_study(plan.study, workers=workers, tell=tell)


def _checked(plan: DecompositionPlan) -> DecompositionPlan:
    check(plan.study)
    return plan


@dataclass
class _Variants:
    """Policies to be simulated, each once, however many questions it answers."""

    policies: list[Policy] = field(default_factory=list)

    def place(self, policy: Policy, title: str) -> int:
        """The place of a policy that changes the same; it is added where there is none."""
        for place, known in enumerate(self.policies):
            if same_changes(known, policy):
                return place
        name = f"{policy.name}-{len(self.policies)}"
        self.policies.append(dataclasses.replace(policy, name=name, title=title))
        return len(self.policies) - 1


def _plan(study: Study, policy: Policy, found: tuple[PolicyComponent, ...]) -> DecompositionPlan:
    variants = _Variants([study.policies[0], policy])
    levels = {"pathway": pathways(found), "change": found}
    of_changes = {
        keys: variants.place(only(policy, keys), title) for keys, title in _subsets(levels["pathway"] + found, found)
    }
    relaxations = applicable(study, policy)
    without = {
        each.name: variants.place(relaxed(study, policy, (each,)), f"with {each.if_not}") for each in relaxations
    }
    if relaxations:
        without[ALL] = variants.place(relaxed(study, policy, relaxations), "with all of these")
    if policy.cft.makes_offers:
        without[COUNTING] = variants.place(taken_up_by_nobody(offered_to_all(policy)), "who is eligible")
    simulated = dataclasses.replace(study, policies=tuple(variants.policies))
    return DecompositionPlan(simulated, levels, relaxations, of_changes, without)


def _subsets(
    blocks: Collection[PolicyComponent], found: Collection[PolicyComponent]
) -> Iterator[tuple[frozenset[str], str]]:
    """Each part alone, and all but it."""
    everything = frozenset[str]().union(*(part.keys for part in found))
    for part in blocks:
        yield part.keys, f"only {part.label}"
        yield everything - part.keys, f"without {part.label}"
