"""No currency, country or payer of a country is named in code: all of them come from country packs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from lbpsim.evidence.shipped_countries import folders, shipped
from tests.offenders import offenders

PACKAGE = Path(__file__).parents[2] / "lbpsim"
KINDS = (".py", ".html", ".css", ".js", ".yaml")
OF_COUNTRIES = (  # what is known, with its sources
    "evidence/countries/",
    "evidence/parameters/",
    "evidence/bibliography.yaml",
    "evidence/tables/index.yaml",
    "voi/designs/",  # of proposed studies, each at the prices of where it is to be made
)
OTHER_CODES = ("NZD", "EUR", "CAD")
OTHER_WORDS = (  # beginnings
    *("American", "Brit(?:ain|ish)", "Engl(?:and|ish)", "New Zealand", "Scot(?:land|tish)", "United Kingdom", "Wales"),
    *(r"dollars?\b", r"euros?\b", r"pounds?\b", r"sterling\b", "Medicaid", "Medicare", "Medibank"),
)
ALLOWED = {  # facts about studies, and names that lead to them
    "cli/telling.py": {"australia"},  # outputs/australia, where the shipped study writes
    "dsa/plan.yaml": {"australia"},  # published slopes, each named by where it was measured
    "report/charts/trial_forest.py": {"American"},  # a published model
    "verification/closed_forms.py": {"dollars"},  # money of textbook models
}


@cache
def of_a_country() -> re.Pattern[str]:
    """Currencies, countries, and payers with a name of their own: those of shipped packs, and some others."""
    countries = [shipped(folder) for folder in folders()]
    payers = {name for each in countries for name in each.payers.values() if name.isupper()}
    codes = sorted({*OTHER_CODES, *payers, *(each.currency.code for each in countries)})
    words = sorted({*(each.name for each in countries), *(each.currency.name for each in countries)})
    return re.compile(rf"\b(?:{'|'.join(codes)})\b|\b(?i:{'|'.join([*words, *OTHER_WORDS])})")


def told_by_code(text: str) -> Iterator[str]:
    """Names and texts of a module, without comments and docstrings, in which examples may be of a country."""
    tree = ast.parse(text)
    told = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value
        for field in ("id", "attr", "arg", "name"):
            if isinstance(name := getattr(node, field, None), str):
                yield name.replace("_", " ")


def _has_docstring(node: ast.AST) -> bool:
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return ast.get_docstring(node, clean=False) is not None


def named(text: str, kind: str) -> set[str]:
    """Whatever of a country is named in the text of a file of a kind."""
    texts = told_by_code(text) if kind == ".py" else [text.replace("_", " ")]
    return {match.group() for each in texts for match in of_a_country().finditer(each)}


def test_no_country_is_named_outside_packs() -> None:
    files = {
        path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8")
        for kind in KINDS
        for path in sorted(PACKAGE.rglob(f"*{kind}"))
    }
    code = {name: text for name, text in files.items() if not name.startswith(OF_COUNTRIES)}
    assert len(files) > len(code) > 200
    found = offenders({name: (name, text) for name, text in code.items()}, _beyond_what_may_stand)
    assert found == {}, "say it by the country in force (lbpsim.evidence.in_force), or in a pack"


def _beyond_what_may_stand(file: tuple[str, str]) -> set[str]:
    name, text = file
    return named(text, Path(name).suffix) - ALLOWED.get(name, set())


def test_what_may_stand_does_stand() -> None:
    for name, words in ALLOWED.items():
        assert words <= named((PACKAGE / name).read_text("utf-8"), Path(name).suffix)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('unit = "AUD per QALY"', {"AUD"}),
        ("def f(price_in_gbp_GBP): ...", {"GBP"}),
        ('"""A module."""\nx = f"{y} pounds sterling"', {"pounds sterling"}),
        ("class NHS: ...", {"NHS"}),
        ("in_australian_prices = 1", {"australia"}),
        ('"""For example AUD 5."""  # or NZD 5\nx = "pounding"', set()),
    ],
)
def test_what_is_of_a_country_is_found(code: str, found: set[str]) -> None:
    assert named(code, ".py") == found


def test_pages_and_plans_are_read_whole() -> None:
    assert named("<p>One English trial</p>", ".html") == {"English"}
