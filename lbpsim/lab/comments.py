"""Comments of a policy file that the lab writes anew: what somebody wrote beside the keys is not lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

Keys = tuple[str, ...]
BEHIND = re.compile(r"(.*\S)(\s+#.*)")


def with_comments(text: str, before: str) -> str:
    """A new `text` with the comments of the one `before`.

    Lines of comment stand above the key that they stood above, or at the end where it is gone; a comment behind a line
    stays where the line is the same.
    """
    above, left = _above(before)
    behind = {found[1]: line for line in before.splitlines() if (found := BEHIND.fullmatch(line))}
    keys = dict(_keys(yaml.compose(text, Loader=yaml.SafeLoader)))
    placed = {line: above.pop(path) for path, line in keys.items() if path in above}
    lines: list[str] = []
    for number, line in enumerate(text.splitlines()):
        lines += [*placed.get(number, ()), behind.get(line, line)]
    return "\n".join([*lines, *(line for gone in above.values() for line in gone), *left]) + "\n"


def _above(text: str) -> tuple[dict[Keys, list[str]], list[str]]:
    """Lines of comment above each key, and those after the last."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    inside = set(_inside(root))
    starts: dict[int, Keys] = {}
    for path, at in _keys(root):
        starts.setdefault(at, path)
    found: dict[Keys, list[str]] = {}
    waiting: list[str] = []
    for number, line in enumerate(text.splitlines()):
        if number in starts and waiting:
            found[starts[number]], waiting = waiting, []
        elif line.lstrip().startswith("#") and number not in inside:
            waiting.append(line)
    return found, waiting


def _keys(node: yaml.Node | None, before: Keys = ()) -> Iterator[tuple[Keys, int]]:
    """Every key, by where it stands among keys, with its line."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        path = (*before, str(key.value))
        yield path, key.start_mark.line
        yield from _keys(value, path)


def _inside(node: yaml.Node | None) -> Iterator[int]:
    """Lines of words that run over several, in which # begins no comment."""
    if isinstance(node, yaml.ScalarNode):
        yield from range(node.start_mark.line + 1, node.end_mark.line)
    for pair in node.value if isinstance(node, yaml.MappingNode) else ():
        for each in pair:
            yield from _inside(each)
