"""The levers and the assumptions as a form, filled into its template `form.html`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from htmltools import HTML

from lbpsim.lab.comparison import ASSUME, FOR_ALL, MOST, Comparison
from lbpsim.lab.draft import Draft
from lbpsim.lab.laboratory import Laboratory
from lbpsim.lab.levers import TOP, Lever, by_path, of_section, sections
from lbpsim.lab.templates import part
from lbpsim.lab.writing import written

OPEN = (TOP, "cft")  # sections that are unfolded at first
Part = tuple[str, str, list[Lever], bool]  # name, title, levers, and whether it is unfolded


def form(lab: Laboratory) -> HTML:
    """All that can be moved of the policy that is edited, and the assumptions."""
    comparison, regions = lab.view.comparison, lab.base.names_of_regions
    return part(
        "form.html",
        "levers",
        comparison=comparison,
        names=lab.folder.names(),
        full=len(comparison.drafts) == MOST,
        parts=list(_parts(comparison.draft, regions)),
        regions=regions,
        ranking=lab.ranking,
        assumptions=lab.assumptions,
        for_all=FOR_ALL,
        text=written(comparison.draft),
    )


def side_by_side(comparison: Comparison) -> HTML:
    """The policies side by side, and which of them is edited."""
    return part("form.html", "policies", comparison=comparison)


def _parts(draft: Draft, regions: Sequence[str]) -> Iterator[Part]:
    """Groups of levers, unfolded where something is set; last the parameters that this policy sets for itself alone."""
    for name, title in sections().items():
        mine = [lever for lever in of_section(name) if lever.path != ASSUME and _can_be_set(lever, draft, regions)]
        if mine:
            yield name, title, mine, name in OPEN or any(lever.path in draft.given for lever in mine)
    yield ASSUME, "Assumptions of this policy alone", [by_path()[ASSUME]], ASSUME in draft.given


def _can_be_set(lever: Lever, draft: Draft, regions: Sequence[str]) -> bool:
    """Whether there is anything to choose from, or anything to take back."""
    return lever.form != "several" or bool(regions) or lever.path in draft.given
