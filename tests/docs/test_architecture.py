"""The page of the architecture shows the package as it is: every name on it exists, both orders are whole."""

from __future__ import annotations

import importlib
import re

from tests.docs.sources import DOCS, ROOT, blocks, text
from tests.test_docs import FILES, INLINE, functions, known_names
from tests.test_house import ORDER

PAGE = DOCS / "architecture.md"
INLINE_CODE = INLINE.findall(text(PAGE))
PLACE = re.compile(r"`(?P<file>lbpsim/[\w/.]+)`,\s+`(?P<name>\w+)`")


def exists(name: str) -> bool:
    """Whether a dotted name is a parameter, a key, or something in the package."""
    if name in known_names():
        return True
    module, _, attribute = name.rpartition(".")
    if not name.startswith("lbpsim."):
        return False
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        owner, _, kind = module.rpartition(".")
        found = importlib.import_module(owner if kind[:1].isupper() else module)
        return hasattr(getattr(found, kind) if kind[:1].isupper() else found, attribute)
    return True


def test_paths_exist() -> None:
    paths = [code for code in INLINE_CODE if "/" in code and " " not in code]
    assert len(paths) > 40
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_functions_and_classes_are_where_it_says() -> None:
    places = list(PLACE.finditer(text(PAGE)))
    assert len(places) > 30
    assert [place[0] for place in places if place["name"] not in functions(ROOT / place["file"])] == []


def test_dotted_names_exist() -> None:
    names = {code for code in INLINE_CODE if re.fullmatch(r"\w+(\.\w+)+", code) and not code.endswith((*FILES, ".txt"))}
    assert {"cft.uptake", "cft.referral_stops_at", "lbpsim.Study.run"} <= names
    assert sorted(name for name in names if not exists(name)) == []


def test_a_name_that_is_gone_is_found() -> None:
    assert not exists("cft.uptaken")
    assert not exists("lbpsim.cea.no_such_thing")
    assert not exists("lbpsim.Study.no_such_thing")


def test_both_orders_have_every_part() -> None:
    (imports,) = blocks(PAGE, "text")
    assert imports.split() == ORDER
    story = re.findall(r"^\|[^|]*\| `lbpsim/(\w+)/` \|", text(PAGE), re.MULTILINE)
    assert sorted(story) == sorted(ORDER)
