"""Keys of policy files, declared at the fields of the model that they set.

Everything else follows from a declaration: errors, JSON Schema, the reference page, the words of `lbpsim check` and
`lbpsim diff`, and the components of `lbpsim why`. What a key does is not among it: its value reaches the rules in
`lbpsim/simulation/inputs.py`, or the waiting list in `lbpsim/simulation/replication.py`, `clinics`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from datetime import date
from typing import Any

from lbpsim.study.files.field_type import FieldType, Location
from lbpsim.study.files.nodes import Node, Pairs, Scalar
from lbpsim.study.files.sections import Key, Section

KEY, OF_KEY, TAKES = "key", "of_key", "takes"
# Sentences about a value, given the start of the study and the part of the policy that it belongs to.
Sentences = Callable[[Any, date, Any], Iterable[str]]


@dataclass(frozen=True)
class NoEffect:
    """Why a key would change nothing: the key `beside` it has this `value`, or any, and `where` that is, in words."""

    beside: str
    where: str
    value: str | None = None

    def holds(self, nodes: Mapping[str, Node]) -> bool:
        """Whether it does among the keys that stand in a file."""
        other = nodes.get(self.beside)
        return other is not None and self.value in (None, other.text if isinstance(other, Scalar) else "")


@dataclass(frozen=True)
class Clash:
    """Why a value cannot stand with that of the key `beside` it: what is `wrong` with both, "" where all is well, and
    what would be `right`.
    """

    beside: str
    wrong: Callable[[Any, Any], str]
    right: str


@dataclass(frozen=True)
class PolicyKey(Key):
    """A key of a policy, and what is said of it.

    `component`: what `lbpsim why` calls it inside a sentence; `part_of`: the key to whose component it belongs, where
    it means nothing alone; `says`: a sentence for `lbpsim check` with `{}` for the value, or what makes sentences;
    `refused`: why it is refused beside another key; `clash`: with which values of another key it is.
    """

    component: str = ""
    part_of: str = ""
    says: str | Sentences = ""
    refused: NoEffect | None = None
    clash: Clash | None = None

    def sentences(self, value: Any, start: date, part: Any) -> Iterable[str]:
        """What `lbpsim check` says of a value."""
        if not isinstance(self.says, str):
            return self.says(value, start, part)
        return [self.says.format(self.kind.words(value))] if self.says and value != self.default else []


def key(kind: FieldType, means: str, default: Any = MISSING, *, name: str = "", takes: str = "", **more: Any) -> Any:
    """A field of the model that a key sets, which has its name unless another is given.

    `takes`: the attribute of the value read that the field takes, if not the whole; `more`: as of PolicyKey.
    """
    declared = PolicyKey(name, kind, means, None if default is MISSING else default, **more)
    return _field(default, {KEY: declared, TAKES: takes})


def also(of_key: str, takes: str, default: Any) -> Any:
    """A field of the model that the key of another field sets too: it takes an attribute of the value read."""
    return _field(default, {OF_KEY: of_key, TAKES: takes})


def _field(default: Any, metadata: Mapping[str, Any]) -> Any:
    if default == {}:
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


def key_of(one: Field[Any]) -> PolicyKey | None:
    """The key declared at a field, if any is."""
    declared: PolicyKey | None = one.metadata.get(KEY)
    return declared and replace(declared, name=declared.name or one.name)


def keys_of(part: Any) -> dict[str, PolicyKey]:
    """The keys declared at the fields of a part of the model, by field."""
    found = {one.name: key_of(one) for one in fields(part)}
    return {name: declared for name, declared in found.items() if declared is not None}


def components_of(part: Any) -> dict[str, str]:
    """For every field of a part of the model, the key to whose component it belongs."""
    keys = keys_of(part)
    return {
        one.name: keys[one.name].part_of or keys[one.name].name if one.name in keys else one.metadata[OF_KEY]
        for one in fields(part)
    }


@dataclass(frozen=True)
class PolicySection(Section):
    """The keys that a part of the model declares, read into it."""

    keys: tuple[PolicyKey, ...]
    part: type

    def read(self, node: Node, location: Location) -> Any:
        """The part, of what is given; keys that would change nothing are refused."""
        return self.part(**self.values(node, location))

    def values(self, node: Node, location: Location) -> dict[str, Any]:
        """The values of the part's fields that are given."""
        given, values = self.given(node, location), {}
        self._refuse(given, _by_name(node), location)
        for one in fields(self.part):
            declared, takes = key_of(one), one.metadata.get(TAKES)
            name = declared.name if declared else one.metadata.get(OF_KEY)
            if name in given:
                values[one.name] = getattr(given[name], takes) if takes else given[name]
        return values

    def _refuse(self, given: Mapping[str, Any], nodes: Mapping[str, Node], location: Location) -> None:
        for key in (each for each in self.keys if each.name in nodes):
            place, here = nodes[key.name].place, location.under(key.name)
            if key.refused is not None and key.refused.holds(nodes):
                here.report(place, f"This has no effect {key.refused.where}", "Remove it")
            if key.clash is not None and key.name in given and key.clash.beside in given:
                wrong = key.clash.wrong(given[key.name], given[key.clash.beside])
                if wrong:
                    here.report(place, wrong, key.clash.right)


def _by_name(node: Node) -> dict[str, Node]:
    return {name.text: value for name, value in node.pairs} if isinstance(node, Pairs) else {}


def section_of(part: type) -> PolicySection:
    """The section of a file whose keys a part of the model declares."""
    return PolicySection(tuple(keys_of(part).values()), part)
