"""Limits: what the model cannot say, in general and in this run."""

from __future__ import annotations

from lbpsim.evidence.shipped_countries import reference
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.report.format import money, per_qaly
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Section
from lbpsim.report.psa_text import cut_in_words
from lbpsim.report.rows import rows_of
from lbpsim.study.borrowed import of_country
from lbpsim.study.notes import held_in_draws
from lbpsim.study.options import OPTIONS

KEY, TITLE = "limits", "Limits"


def section(material: Material) -> Section:
    """General limits, then those of this run."""
    results, study = material.results, material.results.study
    inputs = study.registry.inputs
    drawn = results.draws if isinstance(results, ProbabilisticResults) else None
    values = {
        "held_in": reference().name,  # the trial was held where all but its effects come from
        "judged": sum(each.grade == "assumption" for each in inputs) / len(inputs),
        "unverified": sum(each.grade == "unverified" for each in inputs),
        "drawn": drawn and {"draws": len(drawn.numbers), "inputs": drawn.parameters.shape[1]},
        "cut": list(cut_in_words(drawn)) if drawn else [],
        "held": list(map(material.said, held_in_draws(study))) if drawn else [],
        "changed": [name for name, ((base, *_), _) in OPTIONS.items() if study.options.get(name, base) != base],
        "country": list(of_country(study.country)),
        "country_limits": study.country.limits,
        "missing": _most_missing(material),
        "assumes": bool(study.assume) or any(policy.assume for policy in material.whole.study.policies),
    }
    return Section(KEY, TITLE, "limits.html", values)


def _most_missing(material: Material) -> str:
    """The borrowed number that would be worth most to know for the country, by the value of information; "" if none."""
    decision, study = material.decision, material.results.study
    if decision is None or decision.voi is None:
        return ""
    rows = rows_of(decision.voi, kind="parameter", perspective=study.perspective, threshold=study.thresholds[0])
    rows = rows[rows["name"].isin(study.country.borrowed) & rows["clear"]]
    if rows.empty:
        return ""
    most = rows.sort_values("value", ascending=False, kind="stable").iloc[0]
    label = str(most["label"])
    return (
        f"Of what is borrowed, {label[:1].lower()}{label[1:]} would be worth most to know for {study.country}: "
        f"{money(float(most['value']))} at {per_qaly(study.thresholds[0])}."
    )
