"""What is wrong with an entry of a file of evidence, said with file, line, key and what would be right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lbpsim.evidence.quoting import did_you_mean
from lbpsim.evidence.reading import Entries

WHOLE = "@"  # stands for a file as a whole, as if it were an entry
LONGEST = 40  # characters of a wrong value that are quoted
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a file of evidence: where (`line` from 1, if known), at which key, and what."""

    file: str
    line: int | None
    key: str
    what: str

    @classmethod
    def at(cls, entries: Entries, path: tuple[str, ...], what: str, *, key: str | None = None) -> Fault:
        """At a key of `entries`; `key`: how to name it, if not by its path."""
        return cls(entries.file, entries.line(*path), ".".join(path) if key is None else key, what)

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return ": ".join(part for part in (place, self.key, self.what) if part)


class NotWhole(ValueError):  # noqa: N818 - it holds several
    """Keys of an entry that do not fit each other: of each fault the key, and what is wrong."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        self.faults = faults
        super().__init__("; ".join(what for _, what in faults))


def entry(model: type[Model], entries: Entries, name: str, faults: list[Fault], /, **more: Any) -> Model | None:
    """The entry of a name; None, with `faults` added to, where it cannot be read. `more`: fields beside its keys."""
    written = entries.content[name]
    if not isinstance(written, dict) or not all(isinstance(key, str) for key in written):
        needed = [key for key, field in model.model_fields.items() if field.is_required() and key not in more]
        what = f"`{name}` should be a mapping with {', '.join(needed)}"
        faults.append(Fault.at(entries, (name,), what, key=""))
        return None
    known = [key for key in model.model_fields if key not in more]
    unknown = [key for key in written if key not in known]
    faults.extend(Fault.at(entries, (name, key), no_such_key(key, known)) for key in unknown)
    try:
        return model(**{key: value for key, value in written.items() if key in known}, **more)
    except ValidationError as error:
        faults.extend(Fault.at(entries, (name, *path), what) for path, what in _explained(error))
        return None


def every_entry(model: type[Model], entries: Entries, faults: list[Fault]) -> dict[str, Model]:
    """All entries by name, but for those that cannot be read; what is wrong with these is added to `faults`."""
    found = {name: entry(model, entries, name, faults) for name in entries.content}
    return {name: one for name, one in found.items() if one is not None}


def whole_file(model: type[Model], entries: Entries, faults: list[Fault]) -> Model | None:
    """A file that is itself one entry; as `entry`, with its keys named as they stand in it."""
    lines = {(WHOLE, *path): line for path, line in entries.lines.items()}
    found: list[Fault] = []
    read = entry(model, Entries(entries.file, {WHOLE: dict(entries.content)}, lines), WHOLE, found)
    faults.extend(replace(fault, key=fault.key.removeprefix(WHOLE).removeprefix(".")) for fault in found)
    return read


def no_such_key(key: str, known: list[str]) -> str:
    """What is wrong with a key that is not `known`, and which may have been meant."""
    return f"there is no such key; {did_you_mean(key, known, 'the keys are ' + ', '.join(known))}"


def _explained(error: ValidationError) -> Iterator[tuple[tuple[str, ...], str]]:
    for part in error.errors():
        cause = part.get("ctx", {}).get("error")
        if isinstance(cause, NotWhole):
            yield from (((key,) if key else (), what) for key, what in cause.faults)
        else:
            path = tuple(str(step) for step in part["loc"][:1])
            yield path, str(cause) if cause is not None else _in_words(part)


WORDS: Mapping[str, Callable[[Any], str]] = {
    "missing": lambda _: "this key is missing",
    "tuple_type": lambda _: "this should be a list, in brackets with commas between",
    "float_type": lambda part: f"{_quoted(part)} is not a number; write it with digits and a point, such as 0.25",
    "finite_number": lambda part: f"{_quoted(part)} is not a number that can be computed with",
    "string_type": lambda part: f"{_quoted(part)} is not text; put it in quotes to make it text",
    "int_type": lambda part: f"{_quoted(part)} is not a whole number",
    "literal_error": lambda part: f"{_quoted(part)} is not one of {part['ctx']['expected']}",
    "too_long": lambda _: "this should be two numbers, the lower end and the upper end",
}


def _in_words(part: Any) -> str:
    return WORDS[part["type"]](part) if part["type"] in WORDS else f"{part['msg'][:1].lower()}{part['msg'][1:]}"


def _quoted(part: Any) -> str:
    text = str(part["input"])
    return f'"{text}"' if len(text) <= LONGEST else f'"{text[:LONGEST]}..."'
