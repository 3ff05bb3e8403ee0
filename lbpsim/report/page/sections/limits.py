"""Limits: what the model cannot say, in general and in this run."""

from __future__ import annotations

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Section
from lbpsim.report.psa_text import cut_in_words
from lbpsim.study.notes import held_in_draws
from lbpsim.study.options import OPTIONS

KEY, TITLE = "limits", "Limits"


def section(material: Material) -> Section:
    """General limits, then those of this run."""
    results, study = material.results, material.results.study
    inputs = study.registry.inputs
    drawn = results.draws if isinstance(results, ProbabilisticResults) else None
    values = {
        "judged": sum(each.grade == "assumption" for each in inputs) / len(inputs),
        "unverified": sum(each.grade == "unverified" for each in inputs),
        "drawn": drawn and {"draws": len(drawn.numbers), "inputs": drawn.parameters.shape[1]},
        "cut": list(cut_in_words(drawn)) if drawn else [],
        "held": list(map(material.said, held_in_draws(study))) if drawn else [],
        "changed": [name for name, ((base, *_), _) in OPTIONS.items() if study.options.get(name, base) != base],
        "assumes": bool(study.assume) or any(policy.assume for policy in material.whole.study.policies),
    }
    return Section(KEY, TITLE, "limits.html", values)
