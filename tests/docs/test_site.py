"""The site is built without a warning, and nothing that is written is left out of it."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lbpsim.evidence.output_tables import FILE, Declarations, declared, output_tables
from lbpsim.evidence.reading import HOME
from lbpsim.study.files.declarations import policy_file, study_file
from tests.docs.sources import DOCS, PAGES, name, script, text

LISTED = re.compile(r"```\{toctree\}\n(.*?)```", re.DOTALL)


def test_every_page_is_in_the_table_of_contents() -> None:
    entries = [line for block in LISTED.findall(text(DOCS / "index.md")) for line in block.splitlines()]
    listed = {f"{line}.md" for line in entries if line and not line.startswith(":")}
    assert {name(page) for page in PAGES} - {"index.md", "README.md"} == listed


def test_every_table_and_column_is_told() -> None:
    told = text(DOCS / "outputs.md")
    groups = declared(Declarations, HOME / FILE).tables
    for one in (table for group in groups for table in output_tables(group, (28_033.0,))):
        assert f"### `{one.name}.csv`:" in told
        assert [column.name for column in one.columns if f"| `{column.name}` |" not in told] == []


def test_every_key_is_told_with_its_type() -> None:
    told = text(DOCS / "reference" / "scenario-files.md")
    for section in (policy_file(), study_file()):
        for path, _ in section.paths():
            assert re.search(rf"^\| `{re.escape(path)}` \| [^|]+ \|", told, re.MULTILINE), path


def test_a_kind_of_value_without_words_is_found() -> None:
    with pytest.raises(TypeError, match="say in words what str is"):
        script("keys").type_of("")


def test_every_command_has_a_section() -> None:
    told = text(DOCS / "reference" / "commands.md")
    for command in ("run", "check", "parameters", "trace", "validate", "calibrate", "report", "schema"):
        assert f"\n## `lbpsim {command}`\n" in told


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("sphinx") is None, reason="Sphinx is not installed: `make docs` installs it"
)
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(tmp_path)]
    built = subprocess.run(words, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "index.html").exists()
