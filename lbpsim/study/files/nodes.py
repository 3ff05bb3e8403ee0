"""A safe subset of YAML, read into nodes that know where they stand: maps, lists and scalars, nothing else.

Anchors, aliases, tags, duplicate keys and second documents are refused, so no file can grow when read, make objects,
or say the same thing twice. Scalars stay text: what `on`, `010` or `2027-01-01` means is up to the key they stand at.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from lbpsim.study.files.errors import Place, Problem, short

LARGEST_FILE = 200_000  # bytes; a long scenario has two thousand
DEEPEST, MOST_KEYS = 12, 1000
IN_FULL = "Write values out; put text that starts with `*` or `&` in quotes"
QUOTE = "'"
_MARKED = re.compile(
    r"(?:[^#]*?:\s+|\s*-\s+)?([*&!%@`|>,\]}?].*?)\s*"
)  # a value whose first sign YAML does not read as text
_RESOLVER = yaml.SafeLoader("")
BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and marks that no font draws
_KINDS = {"bool": "yes or no", "int": "number", "float": "number", "timestamp": "date", "null": "empty"}


@dataclass(frozen=True)
class Scalar:
    """One value as written; `plain` when without quotes."""

    text: str
    plain: bool
    place: Place
    cut: bool = False  # put together again from what a comma between brackets had parted

    @property
    def kind(self) -> str:
        """What YAML takes it for: text, number, date, yes or no, empty."""
        if not self.plain:
            return "text"
        tag = str(_RESOLVER.resolve(yaml.ScalarNode, self.text, (True, False)))  # type: ignore[no-untyped-call]
        return _KINDS.get(tag.rpartition(":")[2], "text")

    @property
    def kind_in_words(self) -> str:
        """The kind, as said in a sentence."""
        return {"empty": "nothing", "yes or no": "yes or no", "text": "text"}.get(self.kind, f"a {self.kind}")


@dataclass(frozen=True)
class Items:
    """A list of values."""

    items: tuple[Node, ...]
    place: Place
    kind_in_words = "a list"


@dataclass(frozen=True)
class Pairs:
    """A map of keys to values, in the order of the file; each key stands once."""

    pairs: tuple[tuple[Scalar, Node], ...]
    place: Place
    kind_in_words = "a group of keys"

    def keys(self) -> tuple[str, ...]:
        """The keys as written."""
        return tuple(key.text for key, _ in self.pairs)


Node = Scalar | Items | Pairs


class Unreadable(Exception):  # noqa: N818 - it says what the file is
    """A file that cannot be read as this subset; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)


def read(path: Path, shown: str, problems: list[Problem], hashes: dict[str, str] | None = None) -> Node | None:
    """The root of a file shown to the user as `shown`; None, with `problems` added to, where it cannot be read.

    To `hashes`, where given, the SHA-256 of what was read is added under the name of the file.
    """
    try:
        node, found = _built(text_of(path, shown, hashes), shown)
    except Unreadable as error:
        node, found = None, (error.problem,)
    problems += found
    return node


def read_text(text: str, shown: str, problems: list[Problem]) -> Node | None:
    """As `read`, of a text that is in no file, such as words on the command line."""
    node, found = _built(text, shown)
    problems += found
    return node


@lru_cache(maxsize=64)
def _built(text: str, shown: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The root of a text, and what is wrong in it: the lab reads the same files again and again."""
    problems: list[Problem] = []
    try:
        return _Builder(shown, problems).build(text), tuple(problems)
    except Unreadable as error:
        return None, (*problems, error.problem)


def text_of(path: Path, shown: str, hashes: dict[str, str] | None = None) -> str:
    """The text of a file, added to `hashes` as in `read`; raises Unreadable."""
    data = _bytes(path, shown)
    if hashes is not None:
        hashes[path.name] = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return _decoded(data, shown)


def _bytes(path: Path, shown: str) -> bytes:
    try:
        if path.is_dir():
            raise Unreadable(Problem(Place(shown), "", "This is a folder, not a file", "Give the name of a file"))
        if not path.is_file():
            raise Unreadable(Problem(Place(shown), "", "There is no such file", "Check its name and folder"))
        if path.stat().st_size > LARGEST_FILE:
            right = f"A scenario is a short text; at most {LARGEST_FILE:,} bytes are read"
            raise Unreadable(Problem(Place(shown), "", f"The file has {path.stat().st_size:,} bytes", right))
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(Problem(Place(shown), "", f"The file cannot be read: {reason}", "")) from error


def _decoded(data: bytes, shown: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(shown, data.count(b"\n", 0, error.start) + 1)
        wrong = f"The file is not UTF-8 text (byte {data[error.start]:#04x})"
        raise Unreadable(Problem(place, "", wrong, "Save it as UTF-8 in your editor")) from error


class _Builder:
    """Builds nodes from YAML's events, of which none refers to another: no recursion into what was read."""

    def __init__(self, shown: str, problems: list[Problem]) -> None:
        self.shown, self.problems = shown, problems

    def build(self, text: str) -> Node:
        events = self._events(text)
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise self._stop(event, "A second document starts here", "One file is one scenario: remove the `---`")
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, 0)
        if root is None or (isinstance(root, Scalar) and root.kind == "empty"):
            raise Unreadable(Problem(Place(self.shown), "", "The file is empty", "A scenario needs at least a `title`"))
        return root

    def _events(self, text: str) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(self.shown, mark.line + 1, mark.column + 1) if mark else Place(self.shown)
            written = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
            raise Unreadable(Problem(place, "", *_explained(error, written))) from error
        except yaml.reader.ReaderError as error:
            place = Place(self.shown, text.count("\n", 0, error.position) + 1)
            wrong = f"The character #x{ord(text[error.position]):04x} cannot stand in a text file"
            raise Unreadable(Problem(place, "", wrong, "Remove it")) from error
        except (ValueError, OverflowError) as error:  # PyYAML does not check what escapes and versions stand for
            wrong = "This is not YAML: an escape such as `\\U` names no character, or a `%YAML` version no version"
            raise Unreadable(Problem(Place(self.shown), "", wrong, "Write the character itself")) from error

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        self._refuse(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, bool(event.implicit[0]), self._place(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(tuple(self._items(events, depth)), self._place(event))
        return Pairs(tuple(self._pairs(events, depth)), self._place(event))

    def _refuse(self, event: yaml.Event, depth: int) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            raise self._stop(event, f"`*{short(str(anchor))}` repeats another part of the file", IN_FULL)
        if anchor is not None:
            raise self._stop(event, f"`&{short(str(anchor))}` marks a part for repetition", IN_FULL)
        if tag is not None:
            raise self._stop(event, f"The tag `{short(str(tag))}` is not allowed", "Remove it; put text in quotes")
        if depth > DEEPEST:
            raise self._stop(event, f"This is nested more than {DEEPEST} deep", "No scenario needs that")
        if isinstance(event, yaml.ScalarEvent) and _unseen(event.value):
            raise self._stop(event, f"This text holds {_unseen(event.value)}, which cannot be seen", "Remove it")

    def _items(self, events: Iterator[yaml.Event], depth: int) -> Iterator[Node]:
        items: list[Node] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            node = self._node(event, events, depth + 1)
            whole = _cut_at_comma(items[-1], node) if items else None
            items[-1:] = [whole] if whole is not None else [*items[-1:], node]
        return map(self._uncut, items)

    def _pairs(self, events: Iterator[yaml.Event], depth: int) -> Iterator[tuple[Scalar, Node]]:
        pairs: list[tuple[Scalar, Node]] = []
        for key, value in self._all_pairs(events, depth):
            whole = _cut_at_comma(pairs[-1][1], key) if pairs and _empty(value) else None
            if whole is not None:
                pairs[-1] = pairs[-1][0], whole
            else:
                pairs.append((key, value))
        return ((key, self._uncut(value, key.text)) for key, value in self._once(pairs))

    def _uncut(self, node: Node, key: str = "") -> Node:
        """The node; where it is a number that a comma has cut, that is told."""
        if isinstance(node, Scalar) and node.cut:
            wrong = f"Between brackets a comma parts values, so `{short(node.text)}` is cut at its comma"
            bare = node.text.replace(",", "")
            right = f"Write `{short(bare)}`" if bare.isdecimal() else f"Put it in quotes: `'{short(node.text)}'`"
            self.problems.append(Problem(node.place, short(key), wrong, right))
        return node

    def _all_pairs(self, events: Iterator[yaml.Event], depth: int) -> Iterator[tuple[Scalar, Node]]:
        for number, event in enumerate(events):
            if isinstance(event, yaml.MappingEndEvent):
                return
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                wrong = f"{key.kind_in_words.capitalize()} cannot be a key"
                raise self._stop(event, wrong, "A key is a word or a date")
            if number >= MOST_KEYS:
                raise self._stop(event, f"Here are more than {MOST_KEYS} keys", "No scenario needs that")
            yield key, value

    def _once(self, pairs: Iterable[tuple[Scalar, Node]]) -> Iterator[tuple[Scalar, Node]]:
        """The pairs whose key did not come before; those that did are told."""
        seen: dict[str, Place] = {}
        for key, value in pairs:
            if key.text in seen:
                wrong = f"This key stands twice; first on line {seen[key.text].line}"
                self.problems.append(Problem(key.place, short(key.text), wrong, "Keep one of them"))
                continue
            seen[key.text] = key.place
            yield key, value

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self.shown, mark.line + 1, mark.column + 1) if mark else Place(self.shown)

    def _stop(self, event: yaml.Event, wrong: str, right: str) -> Unreadable:
        return Unreadable(Problem(self._place(event), "", wrong, right))


def _cut_at_comma(before: Node, after: Node) -> Scalar | None:
    """The number that a comma before three digits has cut in two: `AUD 50` and `000 per QALY`; None for other nodes."""
    if not (isinstance(before, Scalar) and isinstance(after, Scalar) and before.plain and after.plain):
        return None
    goes_on = re.search(r"\d$", before.text) and re.match(r"\d{3}(?!\d)", after.text)
    if not (goes_on and _follows(before, after)):
        return None
    return Scalar(f"{before.text},{after.text}", before.plain, before.place, cut=True)


def _follows(before: Scalar, after: Scalar) -> bool:
    """Whether nothing but a comma stands between two values."""
    one, other = before.place, after.place
    return one.line == other.line and (other.column or 0) - (one.column or 0) == len(before.text) + 1


def _empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind == "empty"


def _unseen(text: str) -> str:
    """The first character that cannot be seen, by code and name, or ""; spaces of any width and line ends can be.

    Such characters reorder text or hide in it: what a reader sees would not be what the file says.
    """
    found = next((char for char in text if char in BLANK_LETTERS or not (char.isprintable() or _space(char))), "")
    return f"U+{ord(found):04X} {unicodedata.name(found, '')}".strip() if found else ""


def _space(char: str) -> bool:
    return char in "\t\n" or unicodedata.category(char) == "Zs"


def _explained(error: yaml.MarkedYAMLError, written: str) -> tuple[str, str]:
    """What is wrong and what would be right; `written` is the line where reading stopped."""
    said = error.problem or error.context or "it cannot be read"
    if r"'\t'" in said:
        return "A tab stands where only spaces may", "Indent with spaces"
    if "mapping values are not allowed" in said:
        return "A colon stands where no key can be", "Put text that holds `: ` in quotes, and line keys up"
    if marked := _MARKED.fullmatch(written):
        wrong = f"`{short(marked[1])}` starts with `{marked[1][0]}`, a sign with a meaning of its own in YAML"
        return wrong, f"Put text in quotes: `'{short(marked[1].replace(QUOTE, QUOTE * 2))}'`"
    return f"This is not YAML: {said}", "Check indentation, quotes, brackets and colons around here"
