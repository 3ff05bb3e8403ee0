"""Inputs and methods, folded: policies, what-ifs, horizons, every input, limits, and how to repeat it."""

from __future__ import annotations

from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Section
from lbpsim.report.page.sections import horizons, inputs, limits, policies, reproducibility, sensitivity
from lbpsim.report.page.templates import section_html

KEY, TITLE = "methods", "Inputs and methods"
PARTS = (policies, sensitivity, horizons, inputs, limits, reproducibility)


def section(material: Material) -> Section:
    """Everything that stands behind the figures, one part below the other."""
    found = filter(None, (part.section(material) for part in PARTS))
    values = {"parts": [(each, section_html(each, material)) for each in found]}
    return Section(KEY, TITLE, "methods.html", values)
