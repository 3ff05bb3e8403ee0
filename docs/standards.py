"""Writes the pages of docs/reporting from docs/reporting/standards.yaml, by what the package can do at present.

python docs/standards.py [--check]
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import typer
import yaml
from pages import DOCS, table
from typer.core import TyperGroup

from lbpsim.cli import app
from lbpsim.evidence.output_tables import output_tables

FOLDER = DOCS / "reporting"
SOURCE = FOLDER / "standards.yaml"
NOTICE = "<!-- Written by docs/standards.py from standards.yaml. -->"
GROUPS = ("run", "decision", "decision_over_draws", "draws")  # of tables


def holds(condition: str) -> bool:
    """Whether something exists: "command NAME", "option COMMAND --NAME", "table NAME" or "file NAME" (of docs/)."""
    kind, _, name = condition.partition(" ")
    if kind == "command":
        return name in commands()
    if kind == "option":
        command, option = name.split()
        return option in commands().get(command, set())
    if kind == "table":
        return name in {one.name for group in GROUPS for one in output_tables(group)}
    if kind == "file":
        return (DOCS / name).exists()
    raise ValueError(f'{SOURCE.name}: "{condition}" begins with none of command, option, table, file')


@cache
def commands() -> dict[str, set[str]]:
    """Options of every command of the package."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return {name: {option for one in found.params for option in one.opts} for name, found in group.commands.items()}


def row(item: Any) -> list[str]:
    """An item as a row of its table."""
    if isinstance(item, list):
        return [str(cell) for cell in item]
    return [str(item["item"]), item["name"], item["text"] if holds(item["once"]) else item["until"]]


def built() -> dict[Path, str]:
    """Text of every page of the folder."""
    standards = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return {FOLDER / f"{name}.md": page(standard) for name, standard in standards.items()}


def page(standard: dict[str, Any]) -> str:
    """One standard as a page."""
    items = table(standard["header"], [row(item) for item in standard["items"]])
    return f"# {standard['title']}\n\n{NOTICE}\n\n{standard['intro'].strip()}\n\n{items}\n"


def outdated() -> list[str]:
    """Names of the pages that are not as they would be written."""
    return [path.name for path, text in built().items() if not path.exists() or path.read_text("utf-8") != text]


def main() -> None:
    """Write the pages, or say which are not up to date."""
    if "--check" in sys.argv[1:]:
        if old := outdated():
            sys.exit(f"not up to date: {', '.join(old)}; run `python docs/standards.py`")
        return
    for path, text in built().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
