"""Deletes the effect of every branch of the model's rules, one at a time, and tells which deletions no test notices.

    python -m tests.mutation.mutants [--only cft,care] [--sample N] [--again TABLE] [--thorough] [--out FILE]

Works in a scratch copy. First the rules run as plain Python, with those tests that pass so within a short time; what
survives that may be put to all fast tests of the pathways on the compiled engine (`--thorough`, minutes a mutant).
The result is a table: file, line, function, what was deleted, verdict, and the test that noticed.
"""

from __future__ import annotations

import argparse
import ast
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULES = "lbpsim/pathways"
COPIED = ("lbpsim", "tests", "scenarios", "pyproject.toml")
TESTS = (
    "tests/pathways",
    *(f"tests/outcomes/test_{name}.py" for name in ("totals", "waiting")),
    "tests/verification/test_tech_ver.py",
)
LONGEST_TEST = 1  # seconds of the processor, as plain Python, without any deletion
PATIENCE = 20  # times as long with one: a test may be slower on a busy machine, and must not be taken to have noticed
LONGEST_RUN = 240.0  # seconds for one mutant, after which it counts as noticed: it hangs
LONGEST_THOROUGH_RUN, LONGEST_BASELINE = 1_200.0, 3_600.0
FIRST_FAILURE = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
CONFTEST = """
import os
import signal
import pytest
from lbpsim.simulation import replication

def nobody(*_, **__):
    raise RuntimeError("drawing people takes too long as plain Python")

replication.blocks = nobody  # so that tests which need many lives fail at once

@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_call(item):
    def late(*_):
        raise TimeoutError("too long as plain Python")
    signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, float(os.environ["LONGEST_TEST"]))  # of the processor
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
"""
SURVIVED, QUICK_ONLY = "survived", " the quick tests"
COLUMNS = ("file", "line", "function", "deleted", "verdict", "noticed_by", "seconds")


@dataclass(frozen=True)
class Mutant:
    """One deletion: `text` is the whole module without the branch."""

    file: str
    line: int
    function: str
    deleted: str
    text: str


@cache
def rules_without() -> tuple[Mutant, ...]:
    """Every branch of every rule of the model, each deleted in turn."""
    return tuple(mutant for path in sorted((ROOT / RULES).glob("*.py")) for mutant in mutants_of(path))


def mutants_of(path: Path, root: Path = ROOT) -> Iterator[Mutant]:
    """Every branch of every rule in a file, each deleted in turn."""
    source = path.read_text(encoding="utf-8")
    places = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.If | ast.IfExp)]
    for number, node in enumerate(places):
        for way in _ways(node):
            tree = ast.parse(source)
            inside = _function_around(tree, node.lineno)
            if inside:
                _delete(tree, number, way)
                name = path.relative_to(root).as_posix()
                yield Mutant(name, node.lineno, inside, f"{way} of `{_condition(node)}`", ast.unparse(tree))


def _ways(node: ast.If | ast.IfExp) -> tuple[str, ...]:
    """Which branches can be deleted: an `elif` is an `if` of its own."""
    if isinstance(node, ast.IfExp):
        return ("first value", "other value")
    has_else = bool(node.orelse) and not isinstance(node.orelse[0], ast.If)
    return ("branch", "else branch") if has_else else ("branch",)


def _condition(node: ast.If | ast.IfExp) -> str:
    return ("if " if isinstance(node, ast.If) else "... if ") + ast.unparse(node.test)


def _function_around(tree: ast.Module, line: int) -> str:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    around = [one for one in functions if one.lineno <= line <= (one.end_lineno or one.lineno)]
    return around[-1].name if around else ""


def _delete(tree: ast.Module, number: int, way: str) -> None:
    """Change the `number`-th branching in place."""
    node = [one for one in ast.walk(tree) if isinstance(one, ast.If | ast.IfExp)][number]
    if isinstance(node, ast.If):
        if way == "branch":
            node.body = [ast.Pass()]
        else:
            node.orelse = []
    elif way == "first value":
        node.body = node.orelse
    else:
        node.orelse = node.body


def scratch_copy(home: Path, *, plain: bool) -> Path:
    """A copy of package and tests; `plain`: with rules as plain Python, and a limit to the time of each test."""
    copy = home / ("plain" if plain else "compiled")
    copy.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    if plain:
        shutil.copy(Path(__file__).with_name("plain_rules.py"), copy / "lbpsim" / "engine" / "numba_cache.py")
        (copy / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    return copy


def pytest_in(copy: Path, arguments: Sequence[str], seconds: float, longest_test: float) -> tuple[int, str]:
    """Exit status and output of the tests in a copy; status -1 where they took too long."""
    environment = os.environ | {"PYTHONPATH": str(copy), "LBPSIM_CACHE": str(copy / "cache"), "PYTHONHASHSEED": "0"}
    environment |= {"LONGEST_TEST": str(longest_test)}
    call = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
        "-q",
        "--tb=no",
        *arguments,
    ]
    try:
        run = subprocess.run(
            call, cwd=copy, env=environment, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return -1, ""
    return run.returncode, run.stdout


def passing_tests(copy: Path, known: Path | None = None) -> list[str]:
    """Tests that pass without any deletion, the quickest first, from one run of them all, or from a `known` one."""
    report = known or copy / "baseline.xml"
    if known is None:
        asked = [*TESTS, "-m", "not slow", "--junitxml", str(report)]
        _, output = pytest_in(copy, asked, LONGEST_BASELINE, LONGEST_TEST)
        if not report.exists():
            raise SystemExit(f"the tests cannot be run as plain Python:\n{output[-2000:]}")
    passed = [case for case in ET.parse(report).getroot().iter("testcase") if len(case) == 0]
    passed.sort(key=lambda case: float(case.get("time", 0)))
    return [f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}" for case in passed]


def judge(copy: Path, mutant: Mutant, tests: Sequence[str], seconds: float) -> tuple[str, str]:
    """Whether tests notice a deletion, and the first that does; those of the rule's own file are tried first."""
    path = copy / mutant.file
    before = path.read_text(encoding="utf-8")
    path.write_text(mutant.text, encoding="utf-8")
    own = [name for name in tests if f"test_{path.stem}.py" in name]
    try:
        for some in (own, [name for name in tests if name not in own]):
            if some and (by := noticed_by(copy, some, seconds)):
                return "noticed", by
    finally:
        path.write_text(before, encoding="utf-8")
    return SURVIVED, ""


def noticed_by(copy: Path, tests: Sequence[str], seconds: float) -> str:
    """The first test that fails; "" where none does."""
    listed = copy / "tests.txt"
    listed.write_text("\n".join(tests), encoding="utf-8")
    status, output = pytest_in(copy, ["-x", "-m", "not slow", f"@{listed}"], seconds, PATIENCE * LONGEST_TEST)
    if status == 0:
        return ""
    first = FIRST_FAILURE.search(output)
    return first[1] if first else "hangs" if status == -1 else "cannot be run"


def control(copy: Path, tests: Sequence[str]) -> None:
    """Nothing deleted, nothing to notice: otherwise every verdict would be worth nothing."""
    if by := noticed_by(copy, tests, LONGEST_BASELINE):
        raise SystemExit(f"{by} fails with nothing deleted: leave --baseline out, or mend it first")


def chosen(options: argparse.Namespace) -> list[Mutant]:
    """The deletions asked for: all, those of some files, or every n-th; those noticed in an earlier table left out."""
    wanted = set(options.only.split(",")) if options.only else None
    found = [mutant for mutant in rules_without() if wanted is None or Path(mutant.file).stem in wanted]
    if options.again:
        noticed = noticed_in(options.again)
        found = [mutant for mutant in found if key_of(mutant) not in noticed]
    step = max(len(found) // options.sample, 1) if options.sample else 1
    return found[::step]


def key_of(mutant: Mutant) -> tuple[str, str, str]:
    """By what a deletion is known again: file, line and what is deleted."""
    return mutant.file, str(mutant.line), mutant.deleted


def noticed_in(table: Path) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Rows of deletions that some test noticed, in a table of an earlier run, by their key."""
    with table.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["verdict"] == "noticed"]
    return {(row["file"], row["line"], row["deleted"]): tuple(row[name] for name in COLUMNS) for row in rows}


def kept(options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of an earlier table that stand: noticed then, and of a branch that is still there."""
    if not options.again:
        return []
    noticed = noticed_in(options.again)
    there = map(key_of, rules_without())
    return [noticed[key] for key in there if key in noticed]


def main() -> int:
    """Judge the deletions asked for and write the table; exit status 1 where any survived."""
    options = arguments().parse_args()
    mutants, survivors = chosen(options), 0
    options.out.parent.mkdir(parents=True, exist_ok=True)
    under_way = options.out.with_suffix(".part.csv")
    with tempfile.TemporaryDirectory(prefix="mutants-") as home, under_way.open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        plain = scratch_copy(Path(home), plain=True)
        quick = passing_tests(plain, options.baseline)
        control(plain, quick)
        thorough = scratch_copy(Path(home), plain=False) if options.thorough else None
        every = passing_tests(thorough) if thorough is not None else []
        print(f"{len(mutants)} deletions, {len(quick)} quick tests", flush=True)
        for mutant in mutants:
            began = time.perf_counter()
            verdict, by = judge(plain, mutant, quick, LONGEST_RUN)
            if verdict == SURVIVED and thorough is not None:
                verdict, by = judge(thorough, mutant, every, LONGEST_THOROUGH_RUN)
            survivors += verdict == SURVIVED
            verdict += QUICK_ONLY if verdict == SURVIVED and thorough is None else ""
            seconds = f"{time.perf_counter() - began:.0f}"
            row = (mutant.file, mutant.line, mutant.function, mutant.deleted, verdict, by, seconds)
            table.writerow(row)
            file.flush()
            print(*row, flush=True)
        table.writerows(kept(options))
    whole = not (options.only or options.sample)
    told = under_way.rename(options.out) if whole else under_way
    print(f"{len(mutants) - survivors} of {len(mutants)} deletions were noticed; the table is {told}")
    return 1 if survivors else 0


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser("python -m tests.mutation.mutants", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", default="", metavar="FILES", help="rule files, such as cft,care. Default: all")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="about N deletions, evenly spread")
    parser.add_argument(
        "--again", type=Path, metavar="TABLE", help="all but what was noticed in the table of an earlier run"
    )
    parser.add_argument("--thorough", action="store_true", help="put survivors to the compiled engine too")
    parser.add_argument("--baseline", type=Path, help="results of the quick tests, where they are known already")
    parser.add_argument("--out", type=Path, default=ROOT / "outputs" / "verification" / "mutants.csv")
    return parser


if __name__ == "__main__":
    sys.exit(main())
