"""Templates of pages: HTML stands in them alone, and everything that comes from Python is escaped in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup, escape

from lbpsim import __version__
from lbpsim.evidence import in_force
from lbpsim.report.format import discounting, exact_money, listed, money, money_of, per_qaly, percent, plain
from lbpsim.report.page.marks import dashes, shape
from lbpsim.report.page.parts import Cell, Head, numbers
from lbpsim.study.phrasing import number_of

if TYPE_CHECKING:
    from lbpsim.report.page.material import Material
    from lbpsim.report.page.parts import Section

HERE = Path(__file__).parent
SIGNS = {
    **{"assumption": "◆", "unverified": "○", "fact": "●"},
    **{"pass": "✓", "miss": "✗", "inconclusive": "?", "not judged": "–"},
}


def rendered(template: str, **values: Any) -> Markup:
    """A template of the reports filled with these values: safe to show."""
    ours = environment(HERE, HERE / "sections", HERE.parent / "brief", HERE.parent)
    return Markup(ours.get_template(template).render(**values))


def section_html(section: Section, material: Material) -> Markup:
    """What a section shows, below its title."""
    return rendered(section.template, material=material, study=material.results.study, **section.values)


@cache
def environment(*folders: Path) -> jinja2.Environment:
    """The templates in these folders, with what they all may use."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=jinja2.select_autoescape(["html"]),  # no Markdown
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    by_their_names = (
        *(coded, shape, dashes, numbers, listed, discounting),
        *(plain, percent, money, exact_money, money_of, per_qaly),
    )
    found.filters |= {each.__name__: each for each in by_their_names}
    found.filters |= {"cell": as_cell, "head": as_head, "heads": heads_of}
    found.globals |= {
        **{"signs": SIGNS, "number_of": number_of, "currency": in_force.currency, "version": __version__},
        **{"number": partial(Head, number=True), "long": partial(Head, long=True)},
    }
    return found


def as_cell(cell: Cell | str) -> Cell:
    """A cell from what may be its text alone."""
    return cell if isinstance(cell, Cell) else Cell(cell)


def as_head(head: Head | str) -> Head:
    """The head of a column from what may be its label alone."""
    return head if isinstance(head, Head) else Head(head)


def heads_of(things: Iterable[str], *patterns: Head | str) -> list[Head]:
    """The heads of one or more columns for each of several things, which stand where a pattern has {}.

    >>> [head.label for head in heads_of(["AUD 1 a QALY"], "Loss at {}", "Worth at {}")]
    ['Loss at AUD 1 a QALY', 'Worth at AUD 1 a QALY']
    """
    return [replace(head, label=head.label.format(thing)) for thing in things for head in map(as_head, patterns)]


def coded(text: str) -> Markup:
    """A sentence with what stands between backticks as code, all else escaped.

    >>> coded("type `lbpsim <folder>`")
    Markup('type <code>lbpsim &lt;folder&gt;</code>')
    """
    parts = escape(text).split("`")
    whole = len(parts) % 2 == 1
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if whole and k % 2 else part for k, part in enumerate(parts)
    )
