"""The command that gives a study to start from: init."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lbpsim.cli import options
from lbpsim.study import shipped

NEXT = """\
{folder} now holds study.yaml, what all policies share, and {policies} policies.
Every other file is one policy: edit it, copy it under another name, or delete it (but keep usual-care.yaml, with which
the others are compared).

Next:
  lbpsim check {named}    what each policy changes, in words
  lbpsim run {named}      tables, charts and a report"""


def init(
    folder: Annotated[
        Path, options.paths(metavar="DIR", help="Folder to write it into: a new one, or without such files.")
    ],
    country: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Country of the study, one that ships. Default: that of the trial."),
    ] = None,
) -> None:
    """Write a study to start from: study.yaml and the policies that ship with lbpsim, to be edited.

    [bold]Examples:[/bold] lbpsim init my-study; lbpsim init in-england --country england

    One file is one policy, with comments. A folder that has any of the files is left as it is.
    `lbpsim check` then says in words what each policy changes, and `lbpsim run` simulates them.
    """
    policies = len(shipped.write(folder, options.the_country(country) if country else None)) - 1
    named = f'"{folder}"' if " " in str(folder) else str(folder)
    text = NEXT.format(folder=folder, named=named, policies=policies)
    options.console.print(text, markup=False, highlight=False, soft_wrap=True)
