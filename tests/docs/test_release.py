"""What a release says of itself: version and licence stand in one place, and what repeats them agrees."""

from __future__ import annotations

import re
import tomllib

import yaml

from lbpsim import __version__
from tests.docs.sources import ROOT, text

PACKAGE = tomllib.loads(text(ROOT / "pyproject.toml"))
CITATION = yaml.safe_load(text(ROOT / "CITATION.cff"))


def test_the_version_stands_in_the_package_alone() -> None:
    assert "version" not in PACKAGE["project"]
    assert PACKAGE["project"]["dynamic"] == ["version"]
    assert PACKAGE["tool"]["setuptools"]["dynamic"] == {"version": {"attr": "lbpsim.__version__"}}


def test_the_citation_and_the_changelog_have_the_version() -> None:
    assert CITATION["version"] == __version__
    assert __version__ in re.findall(r"^## (\d+\.\d+\.\d+)", text(ROOT / "CHANGELOG.md"), re.MULTILINE)


def test_the_licence_is_the_same_everywhere() -> None:
    assert PACKAGE["project"]["license"] == CITATION["license"] == "MIT"
    (file,) = PACKAGE["project"]["license-files"]
    assert text(ROOT / file).startswith("MIT License")
