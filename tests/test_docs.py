"""The documentation keeps its word: generated pages are up to date, and what it names exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from lbpsim.cli import app
from lbpsim.evidence import parameters
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.report.charts.catalogue import NAMES as CHARTS
from lbpsim.study import InputErrors, load
from lbpsim.study.files.declarations import policy_file, study_file
from tests.docs.sources import DOCS, EVERY_PAGE, FENCED, ROOT
from tests.docs.sources import name as _name
from tests.docs.sources import script as _script
from tests.docs.sources import text as _text

INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]+\]\((?P<target>[^)\s]+)\)")
DOTTED = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")
FILES = (".yaml", ".py", ".csv", ".md")
MADE_HERE = re.compile(r"<!-- file: (\S+) -->")  # by the page itself, when its commands are run
IN_THE_CODE = re.compile(r"`(?P<file>lbpsim/[\w/]+\.py)`,\s+`(?P<function>\w+)`")


def commands(text: str) -> list[list[str]]:
    """Words of every `lbpsim` command in code blocks and inline code."""
    blocks = [line for match in FENCED.finditer(text) if match["kind"] == "sh" for line in match["text"].splitlines()]
    inline = INLINE.findall(FENCED.sub("", text))
    return [line.split() for line in [*blocks, *inline] if line.startswith("lbpsim ")]


def wrong_command(words: list[str]) -> str:
    """What is wrong with a command of the documentation; "" where nothing is."""
    group = _group()
    rest = [word for word in words[1:] if word != ">"]
    if rest[0].startswith("--"):
        return "" if rest[0] in _options(group) else f"no option {rest[0]}"
    if rest[0] not in group.commands:
        return f"no command {rest[0]}"
    known = _options(group.commands[rest[0]])
    unknown = [word for word in rest[1:] if word.startswith("--") and word not in known]
    return f"{rest[0]} has no option {', '.join(unknown)}" if unknown else ""


@cache
def _group() -> TyperGroup:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return group


def _options(command: Any) -> set[str]:
    return {"--help", *(name for one in command.params for name in (*one.opts, *one.secondary_opts))}


def names(text: str) -> set[str]:
    """Dotted names in inline code that look like parameters or keys of files."""
    domains = {name.split(".")[0] for name in parameters()}
    found = {word for code in INLINE.findall(FENCED.sub("", text)) for word in re.split(r"[\s:{},]+", code)}
    dotted = {word for word in found if DOTTED.fullmatch(word) and not word.endswith(FILES)}
    return {word for word in dotted if word.split(".")[0] in domains}


@cache
def known_names() -> frozenset[str]:
    keys = {path for section in (study_file(), policy_file()) for path, _ in section.paths()}
    return frozenset(parameters()) | keys


def anchors(page: Path) -> set[str]:
    """Anchors of a page: its headings as the forge and the site make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", _text(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    """Local links of a page that lead nowhere."""
    found = []
    for match in LINK.finditer(FENCED.sub("", _text(page))):
        target, _, anchor = match["target"].partition("#")
        if target.startswith(("http:", "https:")):
            continue
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            found.append(match["target"])
    return found


def functions(file: Path) -> set[str]:
    """Functions and classes defined in a file, methods too."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_generated_pages_are_up_to_date() -> None:
    assert _script("build").outdated() == [], "run `python docs/build.py`"


@pytest.mark.parametrize("page", EVERY_PAGE, ids=_name)
def test_commands_exist(page: Path) -> None:
    assert [wrong for words in commands(_text(page)) if (wrong := wrong_command(words))] == []


@pytest.mark.parametrize("page", EVERY_PAGE, ids=_name)
def test_parameters_and_keys_exist(page: Path) -> None:
    assert sorted(names(_text(page)) - known_names()) == []


@pytest.mark.parametrize("page", EVERY_PAGE, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


@pytest.mark.parametrize("page", EVERY_PAGE, ids=_name)
def test_places_in_the_code_exist(page: Path) -> None:
    for match in IN_THE_CODE.finditer(_text(page)):
        assert match["function"] in functions(ROOT / match["file"]), match[0]
    made = {*MADE_HERE.findall(_text(page)), "docs/_build/html/index.html"}
    for file in set(re.findall(r"`((?:lbpsim|tests|docs|scenarios)/[\w./-]*)`", _text(page))) - made:
        assert (ROOT / file).exists(), file


def test_every_chart_and_outcome_is_told() -> None:
    told = _text(DOCS / "outputs.md")
    assert [name for name in [*CHARTS, *OUTCOMES] if f"| `{name}` |" not in told] == []


def test_every_unsure_parameter_says_what_would_settle_it_and_nothing_else_does() -> None:
    build = _script("build")
    unsure = [one.name for one in parameters().values() if one.role == "input" and one.grade in build.UNSURE]
    for name in unsure:
        assert build.what_would_settle(name)
    idle = [start for start in build.settled_by() if not any(name.startswith(start) for name in unsure)]
    assert idle == []


def test_what_nobody_has_thought_about_is_found() -> None:
    with pytest.raises(SystemExit, match="say what would settle"):
        _script("build").what_would_settle("weather.rain")


def test_a_policy_of_ten_lines_is_enough() -> None:
    example = DOCS / "examples" / "regional.yaml"
    assert len(example.read_text(encoding="utf-8").splitlines()) <= 10
    assert [policy.name for policy in load([ROOT / "scenarios" / "study.yaml", example]).policies][1:] == ["regional"]


def test_the_example_of_mistakes_has_many() -> None:
    with pytest.raises(InputErrors) as caught:
        load([ROOT / "scenarios" / "study.yaml", DOCS / "examples" / "wrong.yaml"])
    assert len(caught.value.problems) >= 10


def test_tables_of_mismatches_stand_on_their_page() -> None:
    pages, source = _script("pages"), (DOCS / "mismatches.py").read_text(encoding="utf-8")
    stands = pages.names(_text(DOCS / "mismatches.md"))
    returned = next(node for node in ast.walk(ast.parse(source)) if getattr(node, "name", "") == "tables")
    made = next(node.value for node in ast.walk(returned) if isinstance(node, ast.Return))
    assert isinstance(made, ast.Dict)
    assert sorted(stands) == sorted(key.value for key in made.keys if isinstance(key, ast.Constant))


@pytest.mark.slow
def test_numbers_of_mismatches_can_be_repeated() -> None:
    mismatches, page = _script("mismatches"), _text(DOCS / "mismatches.md")
    assert _script("pages").filled(page, mismatches.tables(mismatches.PEOPLE)) == page


# --- the readers themselves can find something ----------------------------------------------------------------------


@pytest.mark.parametrize("line", ["lbpsim fly scenarios/", "lbpsim run scenarios/ --quick", "lbpsim --shout"])
def test_commands_that_do_not_exist_are_found(line: str) -> None:
    assert wrong_command(line.split())
    assert commands(f"`{line}`") == [line.split()]
    assert commands(f"```sh\n{line}\n```") == [line.split()]


def test_names_that_do_not_exist_are_found() -> None:
    assert names("`cft.uptake` and `cft.uptaek: 0.8`") - known_names() == {"cft.uptaek"}


def test_links_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A heading: two\n[a](#a-heading-two) [b](#other) [c](gone.md) [d](page.md)", encoding="utf-8")
    assert broken(page) == ["#other", "gone.md"]


def test_generated_parts_are_replaced_and_the_rest_is_kept() -> None:
    pages = _script("pages")
    page = "before\n<!-- generated: a-b -->\nold\n<!-- end -->\nafter <!-- generated: c -->\nkept\n<!-- end -->"
    assert pages.names(page) == ["a-b", "c"]
    assert "new" in pages.filled(page, {"a-b": "new"})
    assert "old" not in pages.filled(page, {"a-b": "new"})
    assert pages.filled(page, {}) == page
