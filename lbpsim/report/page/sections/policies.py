"""What each policy consists of, in words, and, where it was taken apart, what each of its changes contributes."""

from __future__ import annotations

from lbpsim.report.explain_output import read_why
from lbpsim.report.explain_text import paragraphs
from lbpsim.report.page.material import WHY, Material, anchor
from lbpsim.report.page.parts import Further, Heading, Part, Picture, Points, Section, Words
from lbpsim.report.page.pictures import from_folder
from lbpsim.study.describe import changes

KEY, TITLE = "policies", "What each policy consists of"
CHART = "why"
CAPTION = "Against the comparator. Relaxing one thing at a time shows the end of a range; it is not a proposal."
WITHOUT = "What each change of a policy contributes, and what holds it back, can be added for {names}."
DATED = "Dates, shares and numbers of places are choices of policy, not evidence."


def section(material: Material) -> Section:
    """A part for each policy."""
    parts: list[Part] = [Words(DATED, "note")]
    for name in (material.results.scenarios[0], *material.shown):
        parts += _policy(material, name)
    return Section(KEY, TITLE, (*parts, *_not_apart(material)))


def _policy(material: Material, name: str) -> list[Part]:
    results = material.results
    policy = results.study.policy(name)
    role = ", the comparator" if name == results.scenarios[0] else ", a benchmark" if policy.cft.only_compares else ""
    heading = Heading(anchor(name, results.scenarios), f"{policy.title}{role}")
    described = [Words(" ".join(policy.description.split()))] if policy.description.strip() else []
    parts: list[Part] = [heading, Words(f"In tables: {name}", "small"), *described]
    parts.append(Points(tuple(changes(results.study, policy))))
    return parts if name == results.scenarios[0] else [*parts, *_apart(material, name)]


def _apart(material: Material, name: str) -> list[Part]:
    """What `lbpsim why` found: what each change contributes, and what holds the policy back."""
    folder = material.folder / WHY / name
    why = read_why(folder)
    if why is None:
        return []
    place = material.results.scenarios.index(name)
    title = f"{material.label(name)}: what each change contributes, and what holds it back"
    markup = from_folder(folder, CHART, f"why-{place}", title)
    told: list[Part] = [Words(text) for text in paragraphs(why)]
    told.append(Words(f"From `lbpsim why`, {why.question.people:,} simulated people.", "small"))
    return [*told, *([Picture(f"why-{place}", title, markup, CAPTION)] if markup else [])]


def _not_apart(material: Material) -> list[Part]:
    """Policies that were not taken apart, and how to do it."""
    missing = [name for name in material.shown if read_why(material.folder / WHY / name) is None]
    if not missing:
        return []
    names = ", ".join(material.label(name) for name in missing)
    heading = Heading("policies-apart", "What each change contributes")
    return [heading, Further(WITHOUT.format(names=names), f"lbpsim why scenarios/ --policy {missing[0]}")]
