"""Code in the documentation is right: commands parse, scenario files are valid, Python runs."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.core import TyperGroup

from lbpsim.cli import app
from lbpsim.dsa.analysis import prepare
from lbpsim.evidence import EvidenceError, in_force
from lbpsim.evidence.entry_errors import Fault
from lbpsim.evidence.layer_file import SECTIONS, parse_layer
from lbpsim.optimisation.limits import read as read_limits
from lbpsim.study import InputErrors, Study, load
from lbpsim.voi.design_file import read_design
from tests.cli_runner import Lbpsim
from tests.docs.sources import DOCS, FENCED, PAGES, ROOT, blocks, name, script, text
from tests.evidence import parsed

WITH_README = [ROOT / "README.md", *PAGES]
MEANT = re.compile(r"<!-- (meant to be wrong|needs the patch|generated: wrong) -->\n(<!-- file: \S+ -->\n)?\s*$")
READS = re.compile(r"\bread\w*\(")
WRONG_ON_PURPOSE = (DOCS / "tutorials/policy-analyst.md",)  # shows what `check` says of mistakes
FEW = 300  # people, for blocks that say more


def commands(page: Path) -> list[str]:
    lines = [line.strip() for block in blocks(page, "sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("lbpsim ")]


def parse(line: str) -> None:
    """Parse a command line as the shell and lbpsim would; raises where it cannot be."""
    words = shlex.split(line, comments=True)
    if ">" in words:
        words = words[: words.index(">")]
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    if words[1].startswith("-"):
        group.make_context("lbpsim", words[1:], resilient_parsing=True)
        return
    whole = group.make_context("lbpsim", words[1:2], resilient_parsing=True)  # with its names of --help
    group.commands[words[1]].make_context(words[1], words[2:], parent=whole)


FILE = re.compile(r"<!-- file: (?P<file>\S+) -->\n```\w+\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
# results of an earlier command, long work, a patch, or what the lab saves
NEED_MORE = ("outputs/", "validate", "calibrate", "walking", "most-disabled")


def up_to_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read their files and check all that they are asked, and then do not simulate."""

    def asked(study: Study, _: Any, question: Any, *, people: Any, **__: Any) -> None:
        prepare(study, question, people=people)

    monkeypatch.setattr("lbpsim.commands.run.run_and_write", lambda *_, **__: None)
    monkeypatch.setattr("lbpsim.commands.sensitivity.sensitivity_and_write", asked)
    monkeypatch.setattr("lbpsim.commands.explain.explain", lambda *_, **__: None)
    monkeypatch.setattr("lbpsim.commands.optimise.optimise_and_write", lambda *_, **__: None)
    monkeypatch.setattr("lbpsim.commands.research.research_and_write", lambda *_, **__: None)
    monkeypatch.setattr("lbpsim.lab.serving.serve", lambda folder, **_: load(folder))
    monkeypatch.setattr("lbpsim.commands.trace.trace", lambda *_: ())
    monkeypatch.setattr("lbpsim.commands.trace.side_by_side", lambda *_, **__: "")
    monkeypatch.setattr("lbpsim.report.charts.two_lives.write", lambda *_, **__: None)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like that of a reader: with the shipped scenarios."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    shutil.copy(DOCS / "examples" / "regional.yaml", tmp_path / "scenarios")  # which a page shows, to be saved
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", [page for page in WITH_README if commands(page)], ids=name)
def test_command_lines_run_up_to_the_work(
    page: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch, lbpsim: Lbpsim
) -> None:
    """Those of `--help` are on the page of commands, so policies, parameters and files that they name are there."""
    up_to_the_work(monkeypatch)
    for match in FILE.finditer(text(page)):
        (scratch / match["file"]).write_text(match["text"], encoding="utf-8")
    for line in dict.fromkeys(commands(page)):
        if not any(word in line for word in NEED_MORE):
            words = shlex.split(line.partition(" > ")[0], comments=True)[1:]
            said = lbpsim(*words)
            assert said.status == 0 or (page in WRONG_ON_PURPOSE and words[0] == "check"), f"{line}\n{said}"


def yaml_blocks(page: Path) -> list[str]:
    """Blocks of YAML, but those that are meant to be wrong or need a patch."""
    whole = text(page)
    found = [match for match in FENCED.finditer(whole) if match["kind"] == "yaml"]
    return [match["text"] for match in found if not MEANT.search(whole[: match.start()])]


def check_yaml(block: str, folder: Path) -> None:
    """Read a block as what it is: entries of the registry, a proposed study, limits, a policy or a part of one, or a
    part of a study file.

    Raises InputErrors or EvidenceError where it is wrong.
    """
    content = yaml.safe_load(block)
    if all("." in key for key in content):
        parsed.parse(block, "a page")
        return
    if set(content) <= set(SECTIONS):
        faults: list[Fault] = []
        parse_layer(block, "a page", in_force.registry(), faults)
        if faults:
            raise EvidenceError("\n".join(map(str, faults)))
        return
    if "measures" in content:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "trial.yaml").write_text(block, encoding="utf-8")
        read_design(folder / "trial.yaml", in_force.registry())
        return
    if "wait" in content:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "limits.yaml").write_text(block, encoding="utf-8")
        read_limits(load(ROOT / "scenarios"), [str(folder / "limits.yaml")])
        return
    shutil.copytree(ROOT / "scenarios", folder / "scenarios", dirs_exist_ok=True)
    for people in ("north.csv", "queensland.csv"):  # of regions that pages show
        shutil.copy(DOCS / "examples" / "north.csv", folder / "scenarios" / people)
    shutil.copy(DOCS / "examples" / "states.csv", folder / "scenarios")
    if "regions" in content.get("cft", ()):
        with (folder / "scenarios" / "study.yaml").open("a", encoding="utf-8") as study_file:
            study_file.write("regions: {population: states.csv, source: made up}\n")
    try:
        titled = block if "title" in content else f"title: A part of a policy\n{block}"
        _load(folder / "scenarios" / "of-a-page.yaml", titled)
    except InputErrors:
        if "title" in content and "start" not in content:
            raise
        study = yaml.safe_load((ROOT / "scenarios" / "study.yaml").read_text(encoding="utf-8"))
        rest = {key: value for key, value in study.items() if key not in content}
        _load(folder / "scenarios" / "study.yaml", f"{yaml.safe_dump(rest)}\n{block}")


def _load(file: Path, content: str) -> None:
    file.write_text(content, encoding="utf-8")
    try:
        load(file)
    finally:
        if file.stem != "study":
            file.unlink()


def imports(block: str) -> list[tuple[str, str]]:
    """Modules that a block imports, each with the name taken from it, or ""."""
    found = []
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.ImportFrom):
            found += [(str(node.module), alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
    return found


@pytest.mark.parametrize("page", [page for page in WITH_README if commands(page)], ids=name)
def test_command_lines_parse(page: Path) -> None:
    for line in commands(page):
        parse(line)


OF_A_PACK = "# zealand/"  # files of a country, which tests/evidence/test_country_guide.py reads


@pytest.mark.parametrize("page", [page for page in WITH_README if yaml_blocks(page)], ids=name)
def test_scenario_files_are_valid(page: Path, tmp_path: Path) -> None:
    for number, block in enumerate(yaml_blocks(page)):
        if block.startswith(OF_A_PACK):
            continue
        check_yaml(block, tmp_path / str(number))


def examples_of_keys() -> Iterator[tuple[str, str]]:
    """Every key of the reference page, by its path, with its example; those without one are choices or groups."""
    row = re.compile(r"^\| `(?P<key>[\w.]+)` \|.*\| `(?P<example>[^`]+)` \|$", re.MULTILINE)
    for match in row.finditer(text(DOCS / "reference/scenario-files.md")):
        yield match["key"], match["example"]


@pytest.mark.parametrize(("key", "example"), list(examples_of_keys()))
def test_examples_of_keys_are_valid(key: str, example: str, tmp_path: Path) -> None:
    """As a line of a file, where a comma or a colon can mean something else than on the page."""
    group, _, last = key.rpartition(".")
    if not group:
        check_yaml(f"{key}: {example}\n", tmp_path)
        return
    offered = "  offered: {2027: 10%}\n" if group == "cft" and last != "offered" else ""
    check_yaml(f"{group}:\n{offered}  {last}: {example}\n", tmp_path)


def test_every_group_of_keys_has_examples() -> None:
    groups = {key.rpartition(".")[0] for key, _ in examples_of_keys()}
    assert {"", "cft", "opioids", "surgery"} <= groups


@pytest.mark.parametrize("page", [page for page in WITH_README if blocks(page, "python")], ids=name)
def test_python_compiles_and_finds_what_it_imports(page: Path) -> None:
    for block in blocks(page, "python"):
        for module, taken in imports(block):
            if "walking" not in module + taken.lower() and module != "tests.pathways.small_country":
                found = importlib.import_module(module)
                assert not taken or hasattr(found, taken) or importlib.import_module(f"{module}.{taken}")


def runs(page: Path) -> bool:
    """Whether a page has Python to run by itself.

    Tutorials are run by their own script, the patch by its test; what reads a folder of results needs that folder.
    """
    elsewhere = [*script("tutorials").pages(), DOCS / "guides/add-a-pathway.md"]
    code = "".join(blocks(page, "python"))
    return bool(code) and page not in elsewhere and not READS.search(code)


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in WITH_README if runs(page)], ids=name)
@pytest.mark.usefixtures("scratch")
def test_python_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Study.run

    def small(study: Study, *, people: int = FEW, draw_people: int | None = None, **rest: Any) -> Any:
        fewer = min(people, FEW)
        return run(study, people=fewer, draw_people=draw_people and min(draw_people, fewer), **rest)

    monkeypatch.setattr(Study, "run", small)
    names: dict[str, Any] = {}
    for block in blocks(page, "python"):
        exec(compile(block, str(page), "exec"), names)


# --- the checks themselves can fail ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["lbpsim run scenarios/ --quick", "lbpsim run", "lbpsim run scenarios/ --years ten", "lbpsim trace a.yaml"]
)
def test_wrong_command_lines_do_not_parse(line: str) -> None:
    with pytest.raises(Exception, match=r"(?i)no such option|missing|whole number"):
        parse(line)


@pytest.mark.parametrize(
    "block", ["title: A\ncft:\n  offred: {2027: 10%}\n", "discount_rate: 5\n", "assume:\n  a.b: 1\n"]
)
def test_wrong_files_are_found(block: str, tmp_path: Path) -> None:
    with pytest.raises(InputErrors):
        check_yaml(block, tmp_path)
