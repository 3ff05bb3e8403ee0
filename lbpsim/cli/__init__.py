"""The command line. Thin: each command reads its arguments, calls the package and says what came of it."""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lbpsim import __version__
from lbpsim.cli.choosing import optimise
from lbpsim.cli.comparing import compare
from lbpsim.cli.consoles import open_streams, quoted, unwritten
from lbpsim.cli.judging import calibrate, validate
from lbpsim.cli.opening import lab
from lbpsim.cli.options import complain, complaints, console
from lbpsim.cli.researching import research
from lbpsim.cli.simulating import run, sensitivity, why
from lbpsim.cli.starting import init
from lbpsim.cli.telling import brief, check, diff, parameters, report, schema, trace
from lbpsim.evidence import EvidenceError
from lbpsim.report.folder_lock import FolderInUseError
from lbpsim.study import InputErrors

RARELY = 100_000  # new objects before Python collects garbage; its own 700 took a fifteenth of a run
ABSENT = {  # what is said where an argument is not given
    "scenarios": "Give a folder or files of a study: lbpsim {command} my-study. `lbpsim init my-study` writes one."
}


class Commands(TyperGroup):
    """The commands; what they are called with is quoted so that it cannot command the terminal."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that is asked for."""
        try:
            return super().invoke(ctx)
        except Exception as wrong:
            if hasattr(wrong, "format_message"):  # a wrong use, of whichever Click is below Typer
                wrong.message = quoted(getattr(wrong, "message", "") or _absent(wrong))  # type: ignore[attr-defined]
            raise


def _absent(wrong: Any) -> str:
    name = getattr(getattr(wrong, "param", None), "name", None)
    return ABSENT[name].format(command=wrong.ctx.info_name) if name in ABSENT else ""


app = typer.Typer(
    cls=Commands,
    name="lbpsim",
    help="The policy laboratory for chronic low back pain: what a country gains, pays and waits for under different "
    "policies, person by person.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS = (
    *(init, run, lab, check, parameters, trace, sensitivity, why, optimise, research),
    *(diff, compare, validate, calibrate, report, brief, schema),
)
for command in COMMANDS:
    app.command()(command)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(f"lbpsim {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; exit status 0 done, 1 failed, 2 wrong input."""
    gc.set_threshold(RARELY)
    os.environ["MPLBACKEND"] = "agg"  # charts go to files; what the user shows pictures with need not work
    open_streams()
    status = _ended()
    if (problem := unwritten()) is not None:
        complain(f"Some of what this command says could not be written: {problem.strerror}.")
        status = status or 1
    sys.exit(status)


def _ended() -> int:
    """Run what is asked for; its exit status."""
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except (InputErrors, EvidenceError) as errors:
        complain(str(errors))
        return 2
    except MemoryError:
        complain("There is not enough memory for this: ask for fewer --people, or for fewer --workers.")
    except FolderInUseError as taken:
        complain(str(taken))
    except OSError as error:
        complain(f"Could not read or write: {error}")
    return 1


__all__ = ["app", "complaints", "console", "main"]
