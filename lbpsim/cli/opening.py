"""The command that opens a page on this machine: lab."""

from __future__ import annotations

import contextlib
import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from lbpsim.cli import options

HOW = "The lab needs Shiny, which is not installed here: pip install 'lbpsim[lab]'"
NO_STUDY = "There is no study.yaml in {folder}. Give the folder of a study, or write one: lbpsim init my-study"
OPEN = """\
The lab of {folder} is open at
  {address}
It answers this machine only. What you do is kept in that folder; Ctrl+C ends the lab."""


def lab(
    folder: Annotated[Path, options.paths(metavar="[DIR]", help="Folder of a study. Default: scenarios.")] = Path(
        "scenarios"
    ),
    port: Annotated[int | None, options.a_number(help="Port of this machine. Default: any that is free.")] = None,
    workers: options.Workers = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only show the address.")] = False,
) -> None:
    """Open a page on this machine where policies are changed, compared and saved without editing files.

    [bold]Example:[/bold] lbpsim lab my-study

    Levers stand at the left; what they do stands at the right, at once and then with narrower intervals. Policies are
    saved as files of the folder, and nothing is written elsewhere. Only a browser on this machine that knows the
    address can open the page.
    """
    if find_spec("shiny") is None:
        options.refuse(HOW)
    if not (folder / "study.yaml").is_file():
        options.refuse(NO_STUDY.format(folder=folder))
    from lbpsim.lab.serving import serve  # noqa: PLC0415 - an optional part, and slow to import

    def opened(address: str) -> None:
        options.console.print(
            OPEN.format(folder=folder, address=address), markup=False, highlight=False, soft_wrap=True
        )
        if not no_browser:
            webbrowser.open(address)

    with contextlib.suppress(KeyboardInterrupt):  # the way to end it
        serve(folder, port=port or 0, workers=workers, opened=opened)
