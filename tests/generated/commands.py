"""Wrong words after `lbpsim`: every command, with paths that lead nowhere and values that its options do not have.

Commands and options are those of the program, so that a new one is tried too. Some come out right; then they run, which
is why sizes are tiny, and why those that would work for minutes get a word that is always wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import typer

from lbpsim.cli import app

LONG_WORK = ("validate", "calibrate", "sensitivity", "why")
TRIED_NOWHERE = ("scheduler", "help")  # waits for a cluster; ends the command before anything is tried
WRONG_WORDS = ("--peopel", "-z", "--people=", "--years=x", "--seed=-1.5", "--workers=0")
NUMBERS = (
    *(
        "nan",
        "inf",
        "-1",
        "0",
        "-0",
        "1e308",
        "0x10",
        "1,5",
        "1.5",
        "½",
        "²",
        "",
        " ",
        "9" * 400,
        "yes",
        "١",
        "-",
        "--",
    ),
    *("=", "1\n", "\x1b[31m"),
)
WORDS = (
    "",
    " ",
    "nan",
    "x" * 3000,
    "a,b",
    ",",
    "*",
    "[",
    "cft.*",
    "../..",
    "\x1b[31m",
    "é",
    "50%",
    "-1%",
    "200%",
    "cft.uptake",
)


def arguments(number: int, folder: Path) -> list[str]:
    """Words for a command, of that number; paths are in `folder`, which `lay_out` filled."""
    chance = np.random.default_rng([number, 3])
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    name = str(chance.choice(list(commands)))
    kinds = get_type_hints(commands[name].callback)
    words = [name]
    for parameter in commands[name].params:
        if parameter.name in TRIED_NOWHERE:
            continue
        if parameter.param_type_name == "argument":
            words += [str(chance.choice(_paths(folder))) for _ in range(int(chance.choice([0, 1, 1, 1, 1, 2])))]
        elif chance.random() < 2.0 / len(commands[name].params):
            words += _option(parameter, kinds[parameter.name], chance)
    if name in LONG_WORK or chance.random() < 0.1:
        words.append(str(chance.choice(WRONG_WORDS)))
    return words


def _option(parameter: Any, kind: Any, chance: np.random.Generator) -> list[str]:
    if parameter.is_flag:
        return [parameter.opts[0]]
    if Path in (kind, *get_args(kind)):
        return [parameter.opts[0], str(chance.choice(_beside()))]
    return [parameter.opts[0], str(chance.choice(NUMBERS if int in get_args(kind) else (*WORDS, *NUMBERS)))]


def _beside() -> tuple[str, ...]:
    return ("", "out", "a-file", "a-file/below", "deep/er", "chart.svg", "chart.xyz", "chart")


def _paths(folder: Path) -> list[str]:
    names = ("right", "right", "right/study.yaml", "right/usual-care.yaml", "empty", "a-file", "nowhere", "binary.yaml")
    return [*(str(folder / name) for name in names), "", " ", "\x1b[31m", "x" * 5000, "cft.uptake", "right/none.yaml"]


def lay_out(folder: Path, scenarios: Path) -> None:
    """What the paths lead to: a right study that is tiny, and things that are no study."""
    (folder / "right").mkdir()
    (folder / "empty").mkdir()
    (folder / "a-file").write_text("words", encoding="utf-8")
    (folder / "binary.yaml").write_bytes(bytes(range(256)))
    for name in ("study", "usual-care", "surgery-restraint"):
        text = (scenarios / f"{name}.yaml").read_text(encoding="utf-8")
        tiny = (
            text.replace("people: 140000", "people: 6")
            .replace("years: 10", "years: 1")
            .replace("replications: 20", "replications: 2")
        )
        (folder / "right" / f"{name}.yaml").write_text(tiny, encoding="utf-8")
