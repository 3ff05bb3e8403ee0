"""A policy as it is being changed: the words at each lever, right or wrong, and what reading them as a file gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lbpsim.lab.levers import Lever, by_path, levers
from lbpsim.study import Study
from lbpsim.study.files.build import read_policy
from lbpsim.study.files.errors import Place, Problem
from lbpsim.study.files.nodes import Items, Node, Pairs, Scalar
from lbpsim.study.files.nodes import read as read_nodes
from lbpsim.study.policies import Policy

Rows = tuple[tuple[str, str], ...]
Value = str | Rows
SUFFIX = ".yaml"
BLANK: Rows = (("", ""),)


@dataclass(frozen=True)
class Draft:
    """A policy in the lab: the `name` of its file, and the words at each lever that is set, by path."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its title; the name of its file where it has none yet."""
        return str(self.values.get("title") or self.name)

    @property
    def given(self) -> dict[str, Value]:
        """What is set, in the order of the file, without empty rows."""
        filled = {lever.path: _filled(self.values.get(lever.path, "")) for lever in levers()}
        return {path: value for path, value in filled.items() if value}

    def setting(self, path: str, value: Value) -> Draft:
        """The draft with other words at a lever."""
        return replace(self, values={**self.values, path: value})

    def rows(self, path: str) -> Rows:
        """The rows of a lever, at least one to write into."""
        value = self.values.get(path, ())
        return value if isinstance(value, tuple) and value else BLANK

    def picked(self, path: str) -> tuple[str, ...]:
        """The words that are taken at a lever of several: each stands on a line of its own."""
        return tuple(str(self.values.get(path, "")).splitlines())


def _filled(value: Value) -> Value:
    """The words without spaces around them, without rows in which nothing stands."""
    if isinstance(value, str):
        return value.strip()
    rows = ((when.strip(), amount.strip()) for when, amount in value)
    return tuple(row for row in rows if any(row))


def read(draft: Draft, study: Study, problems: list[Problem]) -> Policy | None:
    """The policy of a draft of a study, as reading its file would give it; None, with `problems` added to, where it is
    wrong.
    """
    file = Path(draft.name + SUFFIX)
    known, regions = study.registry.parameters, study.names_of_regions
    return read_policy(node_of(draft), draft.name, file, study.start, problems, known, regions)


def node_of(draft: Draft) -> Node:
    """The draft as the nodes that its file would be read into."""
    place = Place(draft.name + SUFFIX)
    return _pairs((path.split("."), _node(by_path()[path], value, place)) for path, value in draft.given.items())(place)


class _Group(dict[str, "Node | _Group"]):
    """Keys with their nodes, or with groups of further keys."""

    def __call__(self, place: Place) -> Pairs:
        nodes = {name: node(place) if isinstance(node, _Group) else node for name, node in self.items()}
        return Pairs(tuple((Scalar(name, True, place), node) for name, node in nodes.items()), place)


def _pairs(found: Iterable[tuple[list[str], Node]]) -> _Group:
    whole = _Group()
    for (*groups, name), node in found:
        home = whole
        for group in groups:
            home = home.setdefault(group, _Group())  # type: ignore[assignment]
        home[name] = node
    return whole


def _node(lever: Lever, value: Value, place: Place) -> Node:
    if isinstance(value, tuple):
        return Pairs(tuple((Scalar(when, True, place), Scalar(amount, True, place)) for when, amount in value), place)
    if lever.form == "several":
        return Items(tuple(Scalar(part, False, place) for part in value.splitlines()), place)
    if lever.form == "list":
        return Items(tuple(Scalar(part, True, place) for part in _parts(value)), place)
    return Scalar(value, not lever.in_words, place)


def _parts(value: str) -> Iterator[str]:
    return (part.strip() for part in value.split(";" if ";" in value else ",") if part.strip())


def opened(file: Path) -> Draft:
    """The draft of a policy file that was read without problems."""
    root = read_nodes(file, file.name, [])
    return Draft(file.stem, dict(_values(root, "")) if isinstance(root, Pairs) else {})


def _values(node: Pairs, before: str) -> Iterator[tuple[str, Value]]:
    for key, value in node.pairs:
        path = f"{before}{key.text}"
        if path in by_path():
            yield path, _words(value, "\n" if by_path()[path].form == "several" else ", ")
        elif isinstance(value, Pairs):
            yield from _values(value, f"{path}.")


def _words(node: Node, between: str) -> Value:
    if isinstance(node, Scalar):
        return " ".join(node.text.split())
    if isinstance(node, Items):
        return between.join(" ".join(_text(item).split()) for item in node.items)
    return tuple((key.text, _text(value)) for key, value in node.pairs)


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""
