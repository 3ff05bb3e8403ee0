"""A plugin of pytest that notes in its results which items of the TECH-VER checklist a test says it covers.

pytest -p lbpsim.verification.pytest_plugin --junitxml outputs/verification/tests.xml
"""

from __future__ import annotations

import inspect
from typing import Any

MARK = "TECH-VER"


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Called by pytest once tests are found: keep the first line of docstrings that begin with the name of the list."""
    for item in items:
        places = (getattr(item, name, None) for name in ("function", "module"))  # an example in a docstring has neither
        words = next(filter(None, (marked(inspect.getdoc(place)) for place in places)), "")
        if words:
            item.user_properties.append((MARK, words))


def marked(docstring: str | None) -> str:
    """The first paragraph of a docstring that begins with the name of the list, in one line; "" for any other."""
    if docstring is None or not docstring.startswith(MARK):
        return ""
    return " ".join(docstring.split("\n\n")[0].split())
