"""The first screen: the finding in a sentence, one chart of all choices, four numbers, and the two largest doubts."""

from __future__ import annotations

from lbpsim.report.narrative.confidence import chance
from lbpsim.report.narrative.differences import discounted, draws_of
from lbpsim.report.narrative.finding import shares_best, view_of
from lbpsim.report.page.forest import Forest, ForestRow
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Section
from lbpsim.report.provenance import notes_on
from lbpsim.study.phrasing import number_of

KEY, TITLE = "finding", "The finding"


def section(material: Material) -> Section:
    """The finding, or where there is nothing to choose from, what the study is about."""
    notes = list(map(material.said, notes_on(material.results)))
    values = {"notes": notes, "found": material.finding, "chart": _chart(material) if material.finding else None}
    return Section(KEY, TITLE, "first_screen.html", values)


def _chart(material: Material) -> Forest:
    """QALYs gained under every policy that could be chosen, that of the highest expected worth first."""
    seen, leader = material.seen, material.choices[0]
    best = _best_shares(material)
    rows = [
        ForestRow(material.cell(name), discounted(seen, name, "qalys"), name == leader, best.get(name, ()))
        for name in material.choices
    ]
    last = seen.years[-1]
    return Forest(
        "choices",
        f"QALYs gained by {last} against {material.comparator}",
        "Policy, worth most first",
        "QALYs gained",
        "",
        rows,
        ("Best, probability",) if best else (),
        benchmarks_apart(material),
    )


def _best_shares(material: Material) -> dict[str, tuple[str, ...]]:
    """How often each choice is the best of all, where there are draws."""
    draws = draws_of(material.seen)
    if draws is None:
        return {}
    names = (material.seen.scenarios[0], *material.choices)
    shares = shares_best(draws, names, view_of(material.seen))
    return {name: (chance(share, len(draws.numbers)),) for name, share in shares.items()}


def benchmarks_apart(material: Material) -> str:
    """How to read the chart: which policies are not among the choices, and where they stand."""
    filled = "Filled: worth most."
    if not material.benchmarks:
        return filled
    many = number_of(len(material.benchmarks), "benchmark")
    return f"{filled} Apart, under value for money: {many}, which nobody would choose."
