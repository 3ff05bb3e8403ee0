"""A draft written as a policy file, as somebody would write it by hand."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import yaml

from lbpsim.lab.draft import Draft, Rows, Value
from lbpsim.lab.levers import TOP, Lever, of_section, sections
from lbpsim.study.files.errors import Place
from lbpsim.study.files.nodes import Scalar

WIDTH = 110  # characters of a line
MOST_ON_A_LINE = 3  # rows that stand between braces
STEP = "  "


def written(draft: Draft) -> str:
    """The text of a policy file, which reads back as the draft."""
    first, last = ([lever for lever in of_section(TOP) if (lever.form == "rows") == rows] for rows in (False, True))
    return "\n".join([*_top(first, draft), *_sections(draft.given), *_top(last, draft)]) + "\n"


def _top(mine: list[Lever], draft: Draft) -> Iterator[str]:
    for lever in mine:
        yield from _lines(lever, draft.given.get(lever.path, ""), "")


def _sections(given: dict[str, Value]) -> Iterator[str]:
    for section in sections():
        mine = [lever for lever in of_section(section) if lever.path in given]
        inside = [path for path in given if path.startswith(f"{section}.")]
        if section == TOP or not inside:
            continue
        depth = section.count(".")
        yield f"{STEP * depth}{section.rpartition('.')[2]}:"
        for lever in mine:
            yield from _lines(lever, given[lever.path], STEP * (depth + 1))


def _lines(lever: Lever, value: Value, indent: str) -> Iterator[str]:
    if not value:
        return
    start = f"{indent}{lever.key.name}:"
    if isinstance(value, tuple):
        yield from _rows(start, value, indent + STEP)
    elif lever.form == "several":
        yield from _names(start, value.splitlines(), indent + STEP)
    elif lever.form == "list":
        yield f"{start} [{', '.join(_scalar(part.strip(), lever, flow=True) for part in value.split(','))}]"
    elif lever.in_words and len(f"{start} {value}") > WIDTH:
        yield f"{start} >-"
        yield from textwrap.wrap(value, WIDTH, initial_indent=indent + STEP, subsequent_indent=indent + STEP)
    else:
        yield f"{start} {_scalar(value, lever, flow=False)}"


def _rows(start: str, rows: Rows, indent: str) -> Iterator[str]:
    inside = ", ".join(f"{when}: {quoted(amount, flow=True)}" for when, amount in rows)
    if len(rows) <= MOST_ON_A_LINE and len(f"{start} {{{inside}}}") <= WIDTH:
        yield f"{start} {{{inside}}}"
        return
    yield start
    for when, amount in rows:
        yield f"{indent}{when}: {quoted(amount, flow=False)}"


def _names(start: str, names: list[str], indent: str) -> Iterator[str]:
    line = f"{start} [{', '.join(quoted(name, flow=True, text=True) for name in names)}]"
    if len(line) <= WIDTH:
        yield line
        return
    yield start
    yield from (f"{indent}- {quoted(name, text=True)}" for name in names)


def _scalar(text: str, lever: Lever, *, flow: bool) -> str:
    return quoted(text, flow=flow, text=lever.in_words)


def quoted(words: str, *, flow: bool = False, text: bool = False) -> str:
    """Words as YAML reads them: as they stand where it can, otherwise in quotes."""
    read = _as_read(f"[{words}]" if flow else f"- {words}")
    plain = read is not None and read.text == words and (not text or read.kind == "text")
    return words if plain else "'" + words.replace("'", "''") + "'"


def _as_read(line: str) -> Scalar | None:
    """What YAML takes the one value on a line for, which has no quotes; None where there is none, or more."""
    try:
        events = list(yaml.parse(line, Loader=yaml.SafeLoader))
    except yaml.YAMLError:
        return None
    found = [event for event in events if isinstance(event, yaml.NodeEvent)]
    match found:
        case [yaml.SequenceStartEvent(), yaml.ScalarEvent(implicit=(True, _), anchor=None) as value]:
            return Scalar(value.value, True, Place(""))
    return None
