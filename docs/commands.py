"""The page of all commands, from the texts that `--help` shows."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import typer
from pages import table
from typer.core import TyperGroup

from lbpsim.cli import app

MARKUP = re.compile(r"\[bold\](.*?)\[/bold\]")
EXAMPLES = re.compile(r"^\[bold\]Examples?:\[/bold\]")
SAID = {"people": "whole number, or `all`"}  # where the type says less
INTEGER = "INTEGER"  # what help calls a whole number, which is plainer in words
EXIT = (
    ("0", "done"),
    ("1", "failed: the work could not be done, or, for `lbpsim validate`, a check that decides was missed"),
    ("2", "wrong input: nothing was run; each mistake is told with file, line, key, and what would be right"),
)


def page() -> str:
    """The page."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    parts = [
        "# Commands",
        "Written by `docs/build.py` from the texts of `lbpsim --help`; do not edit.",
        group.help or "",
        table(
            ("Command", "What it does"), [(f"[`{name}`](#lbpsim-{name})", _first(one)) for name, one in _named(group)]
        ),
        "Exit status:",
        table(("Status", "Meaning"), EXIT),
        *(part for name, one in _named(group) for part in _section(f"lbpsim {name}", one)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _named(group: TyperGroup) -> list[tuple[str, Any]]:
    return [(name, one) for name, one in group.commands.items() if not one.hidden]


def _first(command: Any) -> str:
    return plain((command.help or "").split("\n\n")[0])


def plain(text: str) -> str:
    """Help as Markdown: bold as bold, spaces as one."""
    return " ".join(MARKUP.sub(r"**\1**", text.replace("\b", "").replace("\\[", "[")).split())


def _section(name: str, command: Any) -> Iterator[str]:
    yield f"## `{name}`"
    for paragraph in re.split(r"\n\s*\n", command.help or ""):
        yield from _paragraph(paragraph)
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and "--help" not in one.opts]
    if arguments:
        yield table(("Argument", "Meaning"), [_argument(one) for one in arguments])
    if options:
        yield table(
            ("Option", "Value", "Default", "Meaning"), [_option(one, _types(command)[one.name]) for one in options]
        )


def _paragraph(text: str) -> Iterator[str]:
    if EXAMPLES.match(text.strip()):
        yield "For example:"
        yield _as_code(EXAMPLES.sub("", text.strip()))
    elif text.strip():
        yield plain(text)


def _as_code(text: str) -> str:
    """Examples, one a line; they are written in one paragraph with semicolons between, or on lines of their own."""
    lines = text.replace("\b", "").splitlines() if "\n" in text.strip() and ";" not in text else text.split(";")
    return "```sh\n" + "\n".join(" ".join(line.split()).rstrip(".") for line in lines if line.strip()) + "\n```"


def _argument(one: Any) -> tuple[str, str]:
    name = (one.metavar or one.name.upper()).replace("[", "").replace("]", "")
    return f"`{name}`{'' if one.required else ', optional'}", plain(one.help or "")


def _option(one: Any, kind: Any) -> tuple[str, str, str, str]:
    names = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
    missing = one.default is None or one.is_flag or isinstance(one.default, list | tuple)
    default = "required" if one.required else "" if missing else f"`{getattr(one.default, 'value', one.default)}`"
    named = one.metavar if one.metavar != INTEGER else None
    value = "" if one.is_flag else f"`{named}`" if named else SAID.get(one.name) or value_of(kind)
    return names, value, default, plain(one.help or "")


def _types(command: Any) -> dict[str, Any]:
    """Types of the options of a command, from the function behind it."""
    return get_type_hints(inspect.unwrap(command.callback))


def value_of(kind: Any) -> str:
    """What an option of this type takes, in words."""
    if get_origin(kind) in (Union, UnionType):
        return value_of(next(one for one in get_args(kind) if one is not type(None)))
    if get_origin(kind) is list:
        return f"{value_of(get_args(kind)[0])}, more than once"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(f"`{one.value}`" for one in kind)
    return {int: "whole number", float: "number", str: "text", Path: "path"}[kind]
