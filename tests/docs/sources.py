"""Where the documentation is, and how its scripts are loaded and its code blocks found."""

from __future__ import annotations

import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts)
EVERY_PAGE = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES]
FENCED = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)


def name(page: Path) -> str:
    """A page by its place under docs/, or under the repository."""
    return str(page.relative_to(DOCS if page.is_relative_to(DOCS) else ROOT))


def text(page: Path) -> str:
    """What a page says."""
    return page.read_text(encoding="utf-8")


def blocks(page: Path, kind: str) -> list[str]:
    """Code blocks of a kind."""
    return [match["text"] for match in FENCED.finditer(text(page)) if match["kind"] == kind]


@cache
def script(name: str) -> ModuleType:
    """A script of the documentation as a module."""
    if str(DOCS) not in sys.path:
        sys.path.append(str(DOCS))
    spec = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
