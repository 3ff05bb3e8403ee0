"""The best policy within limits, where `lbpsim optimise` has looked for it."""

from __future__ import annotations

from lbpsim.report.earlier_analysis import read_analysis
from lbpsim.report.file_records import DamagedError
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Section
from lbpsim.report.page.pictures import from_folder

KEY, TITLE = "best-within", "The best policy within limits"
CHART = "budget_frontier"


def section(material: Material) -> Section | None:
    """What was found and why, with the frontier of spending and health."""
    try:
        found = read_analysis(material.folder, "optimum", material.whole.study)
    except DamagedError as damaged:
        return Section(KEY, TITLE, "best_within.html", {"damaged": str(damaged)})
    if found is None:
        return None
    chart = from_folder(found.folder, CHART, KEY, found.sentences[0])
    other = [name.replace("_", " ") for name in found.other]
    return Section(KEY, TITLE, "best_within.html", {"found": found, "chart": chart, "other": other})
