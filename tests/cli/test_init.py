"""The command line as a whole: help, version, streams, other processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from lbpsim import __version__
from tests.cli.conftest import COMMANDS, ESCAPE, assert_wrong_input
from tests.cli_runner import Lbpsim, Said


def test_version(lbpsim: Lbpsim) -> None:
    assert lbpsim("--version") == Said(0, f"lbpsim {__version__}\n", "")


def test_no_command_shows_what_there_is(lbpsim: Lbpsim) -> None:
    said = lbpsim()
    assert all(command in said.out + said.err for command in COMMANDS)


def test_an_unknown_command(lbpsim: Lbpsim) -> None:
    assert_wrong_input(lbpsim("rnu"), "No such command", "rnu")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_reads_like_a_page(lbpsim: Lbpsim, command: str) -> None:
    said = lbpsim(command, "--help")
    assert (said.status, said.err) == (0, "")
    words = " ".join(said.out.split())
    assert f"Usage: lbpsim {command}" in words
    assert re.search(r"[A-Z][a-z]+ .+\.", words), "a sentence that says what it does"
    for jargon in ("Traceback", "noqa", "TODO", "typer", "[bold]", "{scenarios}"):
        assert jargon not in words
    assert lbpsim(command, "-h").out == said.out


@pytest.mark.parametrize("command", ["init", "run", "check", "parameters", "trace"])
def test_help_gives_an_example(lbpsim: Lbpsim, command: str) -> None:
    assert f"lbpsim {command} " in lbpsim(command, "--help").out.split("Usage:")[1].split("\n", 1)[1]


def test_every_option_of_run_is_explained(lbpsim: Lbpsim) -> None:
    words = " ".join(re.sub(r"[│╭╮╰╯─]", " ", lbpsim("run", "--help").out).split())
    for option, meaning in (
        ("--people", "Number of people"), ("--years", "Length of the study"), ("--seed", "Seed"),
        ("--workers", "the results do not depend on it"), ("--engine", "qual to the bit"), ("--out", "Folder"),
        ("--resume", "interrupted run"), ("--quiet", "Say nothing but errors"),
    ):  # fmt: skip
        assert option in words and meaning in words


def test_help_waits_for_no_slow_library() -> None:
    slow = ("numba", "scipy", "pandas", "matplotlib", "pyarrow")
    told = "import atexit, sys; from lbpsim.cli import main; sys.argv = ['lbpsim', '--help']; "
    told += f"atexit.register(lambda: print([name for name in {slow} if name in sys.modules])); main()"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert "Usage" in done.stdout
    assert done.stdout.strip().endswith("[]")


@pytest.mark.gate
def test_piped_output_has_no_colour_codes() -> None:
    environment = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "NO_COLOR")}
    for words in (["parameters", "--help"], ["check", "nowhere"]):
        done = subprocess.run(
            [sys.executable, "-m", "lbpsim.cli", *words], capture_output=True, text=True, check=False,
            env=environment | {"TERM": "xterm-256color"},
        )  # fmt: skip
        assert done.returncode == (2 if "nowhere" in words else 0)
        assert done.stdout + done.stderr
        assert ESCAPE not in done.stdout + done.stderr


@pytest.mark.slow
def test_a_closed_pipe_is_no_failure_to_speak_of() -> None:
    """`lbpsim parameters | head -1` ends without a traceback."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lbpsim.cli", "parameters", "--csv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    complained = process.stderr.read().decode()
    process.wait(timeout=60)
    assert "Traceback" not in complained
