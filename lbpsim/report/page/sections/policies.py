"""What each policy consists of, in words, and, where it was taken apart, what each of its changes contributes."""

from __future__ import annotations

from typing import Any

from lbpsim.report.explain_output import read_why
from lbpsim.report.explain_text import paragraphs
from lbpsim.report.page.material import WHY, Material, anchor
from lbpsim.report.page.parts import Section
from lbpsim.report.page.pictures import from_folder
from lbpsim.study.describe import changes

KEY, TITLE = "policies", "What each policy consists of"
CHART = "why"


def section(material: Material) -> Section:
    """A part for each policy, with what each of its changes contributes where that was worked out."""
    names = (material.results.scenarios[0], *material.shown)
    told = {name: _policy(material, name) for name in names}
    return Section(KEY, TITLE, "policies.html", {"policies": told})


def _policy(material: Material, name: str) -> dict[str, Any]:
    results = material.results
    policy, first = results.study.policy(name), results.scenarios[0]
    role = ", the comparator" if name == first else ", a benchmark" if policy.cft.only_compares else ""
    return {
        "anchor": anchor(name, results.scenarios),
        "title": f"{policy.title}{role}",
        "description": " ".join(policy.description.split()),
        "changes": changes(results.study, policy),
        "why": None if name == first else _apart(material, name),
    }


def _apart(material: Material, name: str) -> dict[str, Any] | None:
    """What `lbpsim why` found: what each change contributes, and what holds the policy back."""
    folder = material.folder / WHY / name
    why = read_why(folder)
    if why is None:
        return None
    key = f"why-{material.results.scenarios.index(name)}"
    title = f"{material.label(name)}: what each change contributes, and what holds it back"
    chart = (key, title, from_folder(folder, CHART, key, title))
    return {"paragraphs": paragraphs(why), "people": why.question.people, "chart": chart}
