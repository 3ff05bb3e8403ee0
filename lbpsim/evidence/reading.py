"""Reading of the package's own YAML files: safely, with repeated keys refused."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import yaml

HOME: Traversable = files("lbpsim.evidence")


class EvidenceError(ValueError):
    """A file of evidence that cannot be what it should be; the message names file and entry."""


if TYPE_CHECKING:
    _Loader = yaml.SafeLoader
else:
    _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the compiled one where there is one


class _NoRepeats(_Loader):
    """Safe loader that refuses a key written twice in one mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise EvidenceError(f"line {key_node.start_mark.line + 1}: {key} is written twice")
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_mapping(file: Traversable) -> dict[str, Any]:
    """The mapping in a YAML file.

    Raises EvidenceError when the file is not a mapping of names, or a name is written twice.
    """
    return parse_mapping(file.read_text(encoding="utf-8"), file.name)


def parse_mapping(text: str, file: str) -> dict[str, Any]:
    """The mapping in YAML `text`; `file` is the name that errors give.

    Raises EvidenceError when it is not a mapping of names, or a name is written twice.
    """
    try:
        content = _NoRepeats(text).get_single_data()
    except EvidenceError as error:
        raise EvidenceError(f"{file}, {error}") from None
    except yaml.YAMLError as error:
        raise EvidenceError(f"{file} is not YAML: {error}") from None
    if not isinstance(content, dict) or not all(isinstance(name, str) for name in content):
        raise EvidenceError(f"{file} should be a mapping from names to entries")
    return content
