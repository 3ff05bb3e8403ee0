"""The command line. Thin: each command reads its arguments, calls the package and says what came of it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from lbpsim import __version__
from lbpsim.cli.judging import calibrate, validate
from lbpsim.cli.options import complaints, console
from lbpsim.cli.simulating import run, sensitivity, why
from lbpsim.cli.telling import check, diff, parameters, report, schema, trace
from lbpsim.study import InputErrors

app = typer.Typer(
    name="lbpsim",
    help="The policy laboratory for chronic low back pain: what a country gains, pays and waits for under different "
    "policies, person by person.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (run, check, parameters, trace, sensitivity, why, diff, validate, calibrate, report, schema):
    app.command()(command)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(f"lbpsim {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; exit status 0 done, 1 failed, 2 wrong input."""
    try:
        app()
    except InputErrors as errors:
        complaints.print(str(errors), markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    except BrokenPipeError:  # the reader of our output has gone
        sys.exit(1)
    except OSError as error:
        complaints.print(f"Could not read or write: {error}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)


__all__ = ["app", "complaints", "console", "main"]
