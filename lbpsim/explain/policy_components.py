"""The changes that a policy makes, each as a part that can be put on today's care alone, or taken away from the policy.

The fields of a policy that mean nothing apart (the offer, and what is offered) are one part.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from lbpsim.study.files.policy_keys import PolicyKey, components_of, keys_of
from lbpsim.study.policies import PARTS, Policy

KEYS: Mapping[str, PolicyKey] = {  # each with a component of its own, by path in the file
    f"{section}.{key.name}": key for section, part in PARTS.items() for key in keys_of(part).values() if not key.part_of
}
INSTEAD = {"opioids": "the offer of long-term opioids", "surgery": "the offer of referral to surgery"}
PATHWAYS = {"cft": "CFT", "assume": "assumptions", "options": "assumptions"}  # not called as in the files
EVERY_ASSUMPTION = "assume"


@dataclass(frozen=True)
class PolicyComponent:
    """Something that can be switched on: `key`, `label` inside a sentence, `keys` of the changes that it holds."""

    key: str
    label: str
    keys: frozenset[str]

    @property
    def pathway(self) -> str:
        """CFT, opioids, surgery or assumptions."""
        section = self.key.partition(".")[0]
        return PATHWAYS.get(section, section)


def components(policy: Policy, *, assumptions_together: bool = False) -> tuple[PolicyComponent, ...]:
    """The changes that a policy makes, one a part; its assumptions as one part where they make sense only together."""
    levers = [PolicyComponent(key, _label(policy, key), frozenset((key,))) for key in KEYS if _changes(policy, key)]
    assumed = [f"assume.{name}" for name in policy.assume] + [f"options.{name}" for name in policy.options]
    if assumptions_together and assumed:
        return (*levers, PolicyComponent(EVERY_ASSUMPTION, "its assumptions together", frozenset(assumed)))
    return (*levers, *(PolicyComponent(key, _label(policy, key), frozenset((key,))) for key in assumed))


def pathways(found: Collection[PolicyComponent]) -> tuple[PolicyComponent, ...]:
    """The parts of each pathway together; one part where all are of one pathway."""
    names = dict.fromkeys(part.pathway for part in found)
    groups = {name: [part for part in found if part.pathway == name] for name in names}
    return tuple(
        PolicyComponent(
            group[0].key.partition(".")[0], _of_pathway(name, group), frozenset().union(*(each.keys for each in group))
        )
        for name, group in groups.items()
    )


def only(policy: Policy, keys: Collection[str]) -> Policy:
    """The policy with these of its changes, and nothing else of it."""
    sections: dict[str, Any] = {name: _section(policy, name, keys) for name in PARTS}
    return dataclasses.replace(
        policy,
        **sections,
        assume={name: value for name, value in policy.assume.items() if f"assume.{name}" in keys},
        options={name: choice for name, choice in policy.options.items() if f"options.{name}" in keys},
    )


def same_changes(one: Policy, other: Policy) -> bool:
    """Whether two policies change the same, whatever they are called."""
    plain = [dataclasses.replace(each, name="", title="", description="", file=None) for each in (one, other)]
    return plain[0] == plain[1]


def _section(policy: Policy, name: str, keys: Collection[str]) -> Any:
    mine = getattr(policy, name)
    set_by = components_of(type(mine))
    return type(mine)(**{each: getattr(mine, each) for each, key in set_by.items() if f"{name}.{key}" in keys})


def _changes(policy: Policy, key: str) -> bool:
    section = key.partition(".")[0]
    return bool(_section(policy, section, (key,)) != PARTS[section]())


def _label(policy: Policy, key: str) -> str:
    section, _, name = key.partition(".")
    if section in PARTS:
        instead = policy.cft.replaced_by
        return INSTEAD[instead] if key == "cft.offered" and instead is not None else KEYS[key].component
    return f"the assumption on {name}"


def _of_pathway(name: str, group: list[PolicyComponent]) -> str:
    if len(group) == 1:
        return group[0].label
    return f"all changes to {name}" if name != "assumptions" else "all its assumptions"
