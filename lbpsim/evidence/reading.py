"""Reading of YAML files of evidence: safely, with repeated keys refused, and every entry with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

HOME: Traversable = files("lbpsim.evidence")
PLAN = "plan.yaml"
Path = tuple[str, ...]


class Declared(BaseModel):
    """An entry of a file: no key is unknown, nothing changes afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EvidenceError(ValueError):
    """A file of evidence that cannot be what it should be; the message names file, line and entry."""


class PlanError(EvidenceError):
    """A plan that cannot be carried out; the message names file, entry and what is wrong."""


Plan = TypeVar("Plan", bound=Declared)


if TYPE_CHECKING:
    _Loader = yaml.SafeLoader
else:
    _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the compiled one where there is one


@dataclass(frozen=True)
class Entries:
    """What a file holds: its `content` by name, and the line, from 1, on which each key of it stands."""

    file: str
    content: Mapping[str, Any]
    lines: Mapping[Path, int]

    def line(self, *path: str) -> int | None:
        """The line on which a key stands; where there is no such key, that of the one above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def place(self, *path: str) -> str:
        """Where a key stands, like "cft.yaml, line 12"."""
        line = self.line(*path)
        return self.file if line is None else f"{self.file}, line {line}"

    def under(self, name: str) -> Entries:
        """What stands under a name, as if it were a file of its own; nothing where that is no mapping."""
        content = self.content.get(name)
        lines = {path[1:]: line for path, line in self.lines.items() if path[0] == name and len(path) > 1}
        return Entries(self.file, content if isinstance(content, dict) else {}, lines)


class _NoRepeats(_Loader):
    """Safe loader that refuses a key written twice in one mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise EvidenceError(f"line {_line(key_node)}: a list or a mapping cannot be a name")
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise EvidenceError(f"line {_line(key_node)}: {key} is written twice; keep one of them")
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_text(file: Traversable) -> str:
    """The text of a file of evidence.

    Raises EvidenceError where it cannot be read, or is not UTF-8 text.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise EvidenceError(f"{file.name} is not UTF-8 text; save it as UTF-8 in your editor") from None
    except OSError as problem:
        raise EvidenceError(f"{file.name} cannot be read: {problem.strerror or problem}") from None


def parse_mapping(text: str, file: str) -> dict[str, Any]:
    """The mapping in YAML `text`; `file` is the name that errors give.

    Raises EvidenceError when it is not a mapping of names, or a name is written twice.
    """
    return dict(parse_entries(text, file).content)


def parse_entries(text: str, file: str) -> Entries:
    """The entries in YAML `text`; `file` is the name that errors give.

    Raises EvidenceError when it is not a mapping of names, a name is written twice, or a part stands for another.
    """
    try:
        _refuse_repetition(text)
        loader = _NoRepeats(text)
        node = loader.get_single_node()
        content = None if node is None else loader.construct_document(node)
    except EvidenceError as error:
        raise EvidenceError(f"{file}, {error}") from None
    except (yaml.YAMLError, ValueError, OverflowError, AttributeError) as error:  # PyYAML lets wrong dates through
        raise EvidenceError(f"{file}{_explained(error)}") from None
    except RecursionError:
        raise EvidenceError(f"{file} is nested too deep") from None
    if not isinstance(content, dict) or not all(isinstance(name, str) for name in content):
        raise EvidenceError(f"{file} should be a mapping from names to entries")
    return Entries(file, content, dict(_lines(node)))


def parse_plan(model: type[Plan], text: str, file: str = PLAN) -> Plan:
    """The plan of work written in YAML `text`; `file` is the name that errors give.

    Raises PlanError that names file, entry and everything that does not fit.
    """
    try:
        return model(**parse_mapping(text, file))
    except ValidationError as error:
        reasons = (f"{'.'.join(map(str, part['loc']))} {part['msg']}".strip() for part in error.errors())
        raise PlanError(f"{file}: {'; '.join(reasons)}") from None
    except EvidenceError as error:
        raise PlanError(str(error)) from None


def shipped_plan(model: type[Plan], package: str) -> Plan:
    """The plan that ships in a folder of this package, such as "lbpsim.dsa"; raises PlanError."""
    return parse_plan(model, read_text(files(package) / PLAN))


def _explained(error: Exception) -> str:
    """Where a text is not YAML, if that is known, and why, on one line."""
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    said = (error.problem or error.context) if isinstance(error, yaml.MarkedYAMLError) else error
    return f"{f', line {mark.line + 1}' if mark else ''}: this is not YAML: {' '.join(str(said).split())}"


def _refuse_repetition(text: str) -> None:
    """A part that stands for another could make a small file endless, and nobody reads it in its place."""
    for token in yaml.parse(text, Loader=_Loader):
        if isinstance(token, yaml.AliasEvent):
            raise EvidenceError(f"line {_line(token)}: *{token.anchor} repeats another part; write it out")


def _line(token: Any) -> int:
    return int(token.start_mark.line) + 1


def _lines(node: Any, above: Path = ()) -> Iterator[tuple[Path, int]]:
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        path = (*above, str(key.value))
        yield path, _line(key)
        yield from _lines(value, path)
