"""What is said reaches terminals of any encoding, and is never worth the work: pipes close, disks fill up."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lbpsim.cli import consoles
from lbpsim.cli.consoles import PLAIN, plain_character
from lbpsim.report.file_names import PAGE_FILE
from tests.cli_runner import ended

ENCODINGS = ("ascii", "latin-1", "cp1252", "cp437", "cp866", "cp874", "utf-8")
WIDTHS = (40, 80)
SHIPPED = Path(__file__).parents[2] / "scenarios"
TITLE = "Policies for P\u0101pago\u0142 \u4e2d \N{GREEK CAPITAL LETTER OMEGA}"
ESCAPE = "\x1b"


@dataclass
class Screen:
    """A terminal of an encoding, that takes nothing it does not have."""

    encoding: str
    monkeypatch: pytest.MonkeyPatch

    def run(self, *words: object) -> tuple[int, str]:
        """Exit status, and everything that was said."""
        stream = io.TextIOWrapper(io.BytesIO(), encoding=self.encoding, write_through=True)
        for name in ("stdout", "stderr"):
            self.monkeypatch.setattr(sys, name, stream)
        status = ended(self.monkeypatch, *words)
        stream.seek(0)
        return status, stream.read()


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("COLUMNS", str(request.param))
    return int(request.param)


@pytest.fixture(params=ENCODINGS)
def screen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, width: int) -> Screen:
    return Screen(request.param, monkeypatch)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study whose title few terminals can show."""
    folder = tmp_path_factory.mktemp("titled")
    text = (SHIPPED / "study.yaml").read_text(encoding="utf-8")
    for key, value in (("years", "2"), ("people", "300"), ("replications", "2"), ("title", TITLE)):
        text = re.sub(rf"(?m)^{key}: .*$", f"{key}: {value}", text)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    for name in ("usual-care", "cft-unlimited"):
        shutil.copy(SHIPPED / f"{name}.yaml", folder)
    return folder


@pytest.mark.parametrize(
    "words",
    [
        ("check", "{study}"),
        ("parameters",),
        ("parameters", "cft.uptake"),
        ("trace", "{study}", "--person", "3"),
        ("diff", "{study}/usual-care.yaml", "{study}/cft-unlimited.yaml"),
        ("--help",),
        ("run", "--help"),
    ],
    ids=lambda words: " ".join(words).replace("{study}", "study"),
)
def test_every_encoding_takes_what_is_said(screen: Screen, study: Path, words: tuple[str, ...]) -> None:
    status, said = screen.run(*(word.format(study=study) for word in words))
    assert status == 0, said
    assert said.strip()


@pytest.mark.usefixtures("no_charts")
@pytest.mark.parametrize("encoding", ["ascii", pytest.param("cp1252", marks=pytest.mark.gate),
                                      pytest.param("cp874", marks=pytest.mark.gate), "utf-8"])  # fmt: skip
def test_every_encoding_takes_a_run_and_what_follows(
    encoding: str, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    screen = Screen(encoding, monkeypatch)
    status, said = screen.run("run", study, "--draws", 0, "--out", tmp_path / "out", "--workers", 1)
    assert status == 0, said
    sign = "±" if screen.encoding in ("cp1252", "utf-8") else "+/-"
    assert len(re.findall(rf"[\d.]+ {re.escape(sign)} [\d.]+", said)) >= 4, said
    assert (TITLE in " ".join(said.split())) == (screen.encoding == "utf-8")
    for words in (("report", tmp_path / "out"), ("diff", tmp_path / "out", tmp_path / "out")):
        assert screen.run(*words)[0] == 0


def test_characters_that_a_terminal_lacks_have_plain_ones_in_their_place() -> None:
    text = "3 ± 1 → −2 … “a” – b — ≤ 1 ┏━┓ │ café"
    assert text.encode("ascii", PLAIN).decode() == '3 +/- 1 -> -2 ... "a" - b - <= 1 +-+ | cafe'
    assert text.encode("cp1252", PLAIN).decode("cp1252") == "3 ± 1 -> -2 … “a” – b — <= 1 +-+ | café"


def test_every_character_has_something_plain() -> None:
    for character in map(chr, [*range(0x80, 0x3000), *range(0xD800, 0xD810), 0x1F600]):
        plain = plain_character(character)
        assert plain and plain.isascii(), unicodedata.name(character, hex(ord(character)))


def test_columns_stand_below_their_titles_where_signs_are_spelt_out(
    monkeypatch: pytest.MonkeyPatch, study: Path, tmp_path: Path, no_charts: None
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    _, said = Screen("ascii", monkeypatch).run("run", study, "--draws", 0, "--out", tmp_path / "out", "--workers", 1)
    lines = said.splitlines()
    title = next(line for line in lines if "AUD billion" in line)
    row = next(line for line in lines if line.strip("| ").startswith("cft-unlimited"))
    assert len(row.rstrip()) == len(title.rstrip()), said


# --- what commands a terminal ----------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_no_name_of_a_file_commands_the_terminal(monkeypatch: pytest.MonkeyPatch, study: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(study, tmp_path / f"a{ESCAPE}[31mb"))
    shutil.copy(folder / "cft-unlimited.yaml", folder / f"c{ESCAPE}]0;d\u202e\x9b.yaml")
    screen = Screen("utf-8", monkeypatch)
    for words in (
        ("check", folder), ("check", folder / "nowhere.yaml"), ("trace", folder, "--person", "3"),
        ("diff", folder, folder / "no"), ("report", folder), ("run", f"--a{ESCAPE}[0m"), (f"a{ESCAPE}[0m",),
        ("parameters", f"a{ESCAPE}[0m"), ("parameters", "a", f"b{ESCAPE}[0m"), ("run", folder, "--policy", ESCAPE),
    ):  # fmt: skip
        _, said = screen.run(*words)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", said), (words, said)


@pytest.mark.parametrize("option", ["--people", "--years", "--seed", "--person"])
@pytest.mark.parametrize("digits", [300, 5000])
def test_long_numbers_are_cut_when_quoted(
    monkeypatch: pytest.MonkeyPatch, study: Path, option: str, digits: int
) -> None:
    more = () if option == "--person" else ("--person", "1")
    status, said = Screen("utf-8", monkeypatch).run("trace", study, *more, option, "1" * digits)
    assert status == 2
    assert option.strip("-") in said and len(said) < 600


# --- output that nobody takes ----------------------------------------------------------------------------------------


@dataclass
class Pipe:
    """The standard output and error as a file, pipe or device takes them."""

    monkeypatch: pytest.MonkeyPatch

    def stand_for(self, name: str, descriptor: int) -> None:
        """Let a file stand for the stream of this name."""
        self.monkeypatch.setattr(sys, name, open(descriptor, "w", encoding="utf-8"))  # noqa: SIM115

    def closed(self, name: str) -> None:
        """Let a pipe whose reader has gone stand for the stream of this name."""
        reader, writer = os.pipe()
        os.close(reader)
        self.stand_for(name, writer)


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipe]:
    yield Pipe(monkeypatch)


@pytest.mark.usefixtures("no_charts")
@pytest.mark.parametrize("names", [("stdout",), ("stderr",), ("stdout", "stderr")])
def test_a_closed_pipe_ends_output_not_the_work(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch, study: Path, tmp_path: Path, names: tuple[str, ...]
) -> None:
    for name in names:
        pipe.closed(name)
    monkeypatch.setattr("rich.console.Console.is_terminal", True)  # progress is shown, too
    out = tmp_path / "out"
    assert ended(monkeypatch, "run", study, "--draws", 0, "--out", out, "--workers", 1) == 0
    assert (out / PAGE_FILE).exists() and (out / "tables" / "summary.csv").exists() and (out / "run.json").exists()


@pytest.mark.parametrize("words", [("parameters",), ("parameters", "--csv"), ("schema",), ("--help",)])
def test_a_command_that_only_prints_ends_quietly_when_the_pipe_is_closed(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    pipe.closed("stdout")
    assert ended(monkeypatch, *words) == 0
    assert capsys.readouterr().err == ""


def test_wrong_input_is_wrong_though_nobody_can_be_told(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe.closed("stderr")
    assert ended(monkeypatch, "check", "nowhere") == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_output_lost_on_a_full_disk_is_told(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe.stand_for("stdout", os.open("/dev/full", os.O_WRONLY))
    assert ended(monkeypatch, "parameters", "--csv") == 1
    assert capsys.readouterr().err == "Some of what this command says could not be written: No space left on device.\n"


@pytest.mark.usefixtures("no_charts")
def test_streams_closed_from_the_start_are_no_obstacle(
    monkeypatch: pytest.MonkeyPatch, study: Path, tmp_path: Path
) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert ended(monkeypatch, "run", study, "--draws", 0, "--out", tmp_path / "out", "--workers", 1) == 0
    assert ended(monkeypatch, "parameters", "--csv") == 0


def test_a_console_that_is_no_file_is_left_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """As that of Windows is."""

    class OfWindows(io.RawIOBase):
        def writable(self) -> bool:
            return True

    stream = io.TextIOWrapper(io.BufferedWriter(OfWindows()), encoding="cp437")
    monkeypatch.setattr(sys, "stdout", stream)
    consoles.open_streams()
    assert sys.stdout is stream and stream.errors == PLAIN
