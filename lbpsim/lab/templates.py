"""The templates of the lab: each holds parts of its page, as macros that escape everything that comes from Python."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from htmltools import HTML

from lbpsim.report.page.templates import environment


def part(template: str, name: str, **shown: Any) -> HTML:
    """A part of the page: the macro of this `name` in a template, filled with what is `shown`."""
    return HTML(getattr(_ours().get_template(template).module, name)(**shown))


@cache
def _ours() -> jinja2.Environment:
    found = environment(Path(__file__).parent)
    found.filters["identifier"] = identifier
    return found


def identifier(path: str) -> str:
    """A path as the name of an element.

    >>> identifier("cft.training_places")
    'at--cft--training_places'
    """
    return f"at--{path.replace('.', '--')}"
