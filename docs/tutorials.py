"""Runs what the tutorials and other pages with outputs say, and pastes what comes out.

    python docs/tutorials.py [--check] [PAGE...]

A tutorial is its own script. In a scratch folder with a copy of `scenarios/`, its parts are done one after another:

- `<!-- file: PATH -->` before a code block writes that block into a file;
- code blocks of kind `sh` (commands of lbpsim) and `python` are run, but those after `<!-- not run -->`;
- what stands between `<!-- output -->` and `<!-- end -->` is replaced by what the block before said (`output: 1-12`: by
  these lines of it), between `<!-- table: FILE | COLUMN=VALUE ... | COLUMN ... -->` and the end by rows of a table of
  results, between `<!-- words: FILE | COLUMN=VALUE ... | SENTENCE -->` by a sentence filled from one row, and between
  `<!-- picture: FILE | WORDS -->` by a chart.

With `--check` nothing is written; the exit status is 1 where a page shows what no longer comes out.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pandas as pd
from pages import DOCS, table
from PIL import Image

from lbpsim import cli
from lbpsim.cli.options import complaints, console
from lbpsim.report.charts.series import interval_factor

FOLDER = DOCS / "tutorials"
PICTURES = DOCS / "images" / "tutorials"
SCENARIOS = DOCS.parent / "scenarios"
WIDTH = 92  # characters to a line of output
PIXELS = 1400  # width of a chart
QUICK = ("check", "parameters", "diff", "schema")  # commands that simulate nothing
ONCE = "Compiling the rules"  # said by the first run on a machine only
AS_IT_IS: dict[str, Any] = {
    "replace_whitespace": False,
    "drop_whitespace": True,
    "break_long_words": False,
    "break_on_hyphens": False,
}
PART = re.compile(
    r"(?:<!-- (?:file: (?P<file>\S+)|(?P<idle>not run)) -->\n)?```(?P<kind>\w+)\n(?P<code>.*?)^```$"
    r"|(?P<open><!-- (?P<what>output|table|words|picture)(?:: (?P<told>[^\n]*?))? -->\n).*?(?P<close><!-- end -->)",
    re.DOTALL | re.MULTILINE,
)


class TutorialError(ValueError):
    """A part of a tutorial cannot be done; the message says which."""


class Session:
    """One reading of a page in `folder`, top to bottom; `quick` leaves out what takes long, and keeps what it said."""

    def __init__(self, folder: Path = FOLDER, *, quick: bool = False) -> None:
        self.folder = folder
        self.quick = quick
        self.said: str | None = ""  # by the last block; None where it was left out
        self.names: dict[str, Any] = {"__name__": "__main__"}

    def read(self, page: str) -> str:
        """The page with all outputs as they come out now; to be called in the scratch folder."""
        return PART.sub(self._part, page)

    def _part(self, match: re.Match[str]) -> str:
        if match["kind"]:
            self._block(match)
            return match[0]
        new = self._shown(match["what"], match["told"] or "")
        return match[0] if new is None else f"{match['open']}\n{new.strip()}\n\n{match['close']}"

    def _block(self, match: re.Match[str]) -> None:
        if match["idle"]:
            self.said = None
        elif match["file"]:
            Path(match["file"]).write_text(match["code"], encoding="utf-8")
        elif match["kind"] == "sh":
            lines = [line for line in match["code"].splitlines() if line.strip()]
            slow = self.quick and any(line.split()[1] not in QUICK for line in lines)
            self.said = None if slow else "\n".join(filter(None, map(command, lines)))
        elif match["kind"] == "python":
            self.said = None if self.quick else self._python(match["code"])

    def _python(self, code: str) -> str:
        with heard() as text:
            exec(compile(code, "tutorial", "exec"), self.names)
        return tidy(text.getvalue())

    def _shown(self, what: str, told: str) -> str | None:
        if what == "output":
            return None if self.said is None else f"```text\n{lines_of(self.said, told)}\n```"
        if self.quick:
            return None
        shown = {"table": rows, "words": sentence, "picture": self._picture}[what]
        return shown(*(part.strip() for part in told.split("|")))

    def _picture(self, file: str, words: str) -> str:
        return f"![{words}]({Path(os.path.relpath(picture(file), self.folder)).as_posix()})"


@contextmanager
def heard() -> Iterator[io.StringIO]:
    """What is printed meanwhile, as on a terminal of a fixed width."""
    text = io.StringIO()
    widths = console.width, complaints.width
    console.width = complaints.width = WIDTH
    try:
        with redirect_stdout(text), redirect_stderr(text):
            yield text
    finally:
        console.width, complaints.width = widths


def command(line: str) -> str:
    """What a command of lbpsim says.

    Raises TutorialError for another program's, or where it fails; `lbpsim check` may find mistakes.
    """
    program, *words = shlex.split(line)
    if program != "lbpsim":
        raise TutorialError(f"tutorials run lbpsim only, not {program}: {line}")
    before = sys.argv
    with heard() as text:
        try:
            sys.argv = [program, *words]
            cli.main()
        except SystemExit as end:
            if end.code not in (0, None) and not (end.code == 2 and words[0] == "check"):
                raise TutorialError(f"{line} ended with status {end.code}:\n{text.getvalue()}") from end
        finally:
            sys.argv = before
    return tidy(text.getvalue())


def tidy(text: str) -> str:
    """Long lines broken as on a terminal, items under their own indent; without what only a first run says."""
    lines = [line.rstrip() for line in text.strip("\n").splitlines() if not line.startswith(ONCE)]
    return "\n".join(part for line in lines for part in broken(line))


def broken(line: str) -> list[str]:
    """A line in parts of the width of a terminal."""
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(line, WIDTH, subsequent_indent=indent * 2, **AS_IT_IS) or [""]


def lines_of(text: str, told: str) -> str:
    """The lines that were asked for, such as "3-12"; all where nothing was."""
    if not told:
        return text
    first, last = (int(number) for number in told.split("-"))
    return "\n".join(text.splitlines()[first - 1 : last])


def chosen(file: str, conditions: str) -> pd.DataFrame:
    """Rows of a table of results where columns have these values, and in their order.

    `conditions`: such as "scenario=a,b outcome=qalys", with _ for spaces.
    """
    frame, order = pd.read_csv(file, dtype=str, keep_default_na=False), []
    for condition in conditions.split():
        column, values = condition.split("=")
        place = {value: number for number, value in enumerate(values.split(","))}
        found = frame[column].str.replace(" ", "_")
        frame = frame[found.isin(list(place))]
        order.append((column, place))
    if frame.empty:
        raise TutorialError(f"{file} has no row with {conditions}")
    for column, place in reversed(order):
        frame = frame.sort_values(column, key=lambda words: words.str.replace(" ", "_").map(place), kind="stable")
    return frame


def rows(file: str, conditions: str, columns: str) -> str:
    """Rows of a table of results as Markdown, numbers rounded."""
    names = columns.split()
    found = chosen(file, conditions)[names]
    return table(
        names, [[_cell(name, cell) for name, cell in zip(names, row, strict=True)] for row in found.to_numpy()]
    )


def _cell(column: str, cell: str) -> str:
    return f"{float(cell):,.0f}" if column == "threshold" else rounded(cell)


def sentence(file: str, conditions: str, words: str) -> str:
    """A sentence filled from one row: {figure} without its sign, {low} and {high} of its 95% Monte Carlo interval.

    Money marked {figure:bn} is told in billions. Raises TutorialError where the interval holds zero: a sentence that
    says which way would claim too much.
    """
    row = chosen(file, conditions).iloc[0].to_dict()
    value, error = float(row.get("difference", row.get("value", "nan"))), float(row["mcse"])
    half = interval_factor(replications(Path(file).parents[1])) * error
    if not abs(value) > half:
        raise TutorialError(f"{file}, {conditions}: the interval holds zero, so no sentence can say which way")
    figures = {"figure": abs(value), "low": abs(value) - half, "high": abs(value) + half}
    return words.format(**{name: Rounded(figure) for name, figure in figures.items()})


class Rounded(float):
    """A number that tells itself to three digits, or as "bn" in billions."""

    def __format__(self, form: str) -> str:
        return rounded(str(self / 1e9 if form == "bn" else self))


def replications(folder: Path) -> int:
    """How many replications the results in a folder are from."""
    return int(json.loads((folder / "run.json").read_text(encoding="utf-8"))["replications"])


def rounded(cell: str) -> str:
    """A number to three digits with commas; other words as they are."""
    try:
        number = float(cell)
    except ValueError:
        return f"`{cell}`" if "_" in cell else cell
    if not cell.strip("-").replace(".", "", 1).isdecimal() or (number.is_integer() and 1900 < number < 2200):
        return cell
    digits = float(f"{number:.3g}")
    return f"{digits:,.0f}" if abs(digits) >= 100 or digits == int(digits) else f"{digits:,.3g}"


def picture(file: str) -> Path:
    """Where a chart stands now, copied at a size for the screen."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    copy = PICTURES / f"{Path(file).parents[1].name}-{Path(file).stem}.png"
    with Image.open(Path(file).with_suffix(".png")) as image:
        small = image.convert("RGB").resize(
            (PIXELS, round(image.height * PIXELS / image.width)), Image.Resampling.LANCZOS
        )
        small.quantize(128, dither=Image.Dither.NONE).save(copy, optimize=True)
    return copy


def done(page: Path, *, quick: bool = False) -> str:
    """The text of a page with all outputs as they come out now."""
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(SCENARIOS, Path(scratch) / "scenarios")
        with chdir(scratch):
            return Session(page.parent, quick=quick).read(page.read_text(encoding="utf-8"))


def pages() -> list[Path]:
    """The tutorials, and the other pages that show outputs."""
    others = [*DOCS.glob("*.md"), *(DOCS / "guides").glob("*.md")]
    return sorted([*FOLDER.glob("*.md"), *(page for page in others if "<!-- output" in page.read_text("utf-8"))])


def main() -> None:
    """Write the outputs into the pages, or say which are not as they come out now."""
    names = [word for word in sys.argv[1:] if not word.startswith("--")]
    old = []
    for page in [Path(name).resolve() for name in names] or pages():
        text = done(page)
        if text != page.read_text(encoding="utf-8"):
            old.append(page.name)
            if "--check" not in sys.argv:
                page.write_text(text, encoding="utf-8")
    if old and "--check" in sys.argv:
        sys.exit(f"not what comes out now: {', '.join(old)}; run `python docs/tutorials.py`")


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"
    main()
