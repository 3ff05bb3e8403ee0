"""Where it comes from: version, hashes of all inputs, seed, people, draws, and the command that repeats it."""

from __future__ import annotations

from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Row, Section
from lbpsim.report.provenance import command, folder_of, hash_of, registry_hash

KEY, TITLE = "provenance", "Where this comes from, and how to repeat it"


def section(material: Material) -> Section:
    """Settings, the command, and hashes."""
    results = material.results
    values = {
        "command": command(results),
        "folder": folder_of(results.study),
        "files": sorted(policy.file.name for policy in material.whole.study.policies if policy.file is not None),
        "in_remission": results.people * results.in_remission / results.country_cases,
        "draws": results.draws if isinstance(results, ProbabilisticResults) else None,
        "hashes": _hashes(material),
    }
    return Section(KEY, TITLE, "reproducibility.html", values)


def _hashes(material: Material) -> list[Row]:
    study = material.whole.study.resolved()
    policies = [policy for policy in study.pop("policies") if policy["name"] in material.results.scenarios]
    return [
        ("Registry of inputs", registry_hash()),
        ("Study, without its policies", hash_of(study)),
        *((f"Policy {policy['name']}", hash_of(policy)) for policy in policies),
    ]
