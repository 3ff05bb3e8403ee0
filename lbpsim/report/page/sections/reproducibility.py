"""Where it comes from: version, hashes of all inputs, seed, people, draws, and the command that repeats it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import lbpsim
from lbpsim.outcomes.draws import ProbabilisticResults
from lbpsim.outcomes.results import Results
from lbpsim.report.format import exact_percent, listed
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Command, Head, Heading, Section, Sheet, Words
from lbpsim.report.provenance import registry_hash
from lbpsim.study.phrasing import number_of

KEY, TITLE = "provenance", "Where this comes from, and how to repeat it"
SAME = (
    "The same version, files and seed give the same bytes in every table and in this page, on any number of cores. "
    "Hashes here are of what the files say once read, with every default filled in; `run.json` beside this page also "
    "has those of the files, all values, and the packages."
)


def section(material: Material) -> Section:
    """Settings, the command, and hashes."""
    return Section(
        KEY,
        TITLE,
        (
            _settings(material),
            Heading("provenance-repeat", "To repeat it"),
            Words(_where(material)),
            Command(command(material)),
            Words(SAME, "small"),
            _hashes(material),
        ),
    )


def command(material: Material) -> str:
    """The command that gives these results again."""
    results = material.results
    people = "all" if results.study.people == "all" else str(results.study.people)
    words = ["lbpsim run scenarios/", f"--people {people}", f"--years {results.study.years}", f"--seed {results.seed}"]
    if isinstance(results, ProbabilisticResults):
        words += [f"--draws {len(results.draws.numbers)}", f"--draw-people {results.draws.plan.people}"]
    else:
        words.append("--draws 0")
    return " ".join(words)


def _where(material: Material) -> str:
    files = sorted(policy.file.name for policy in material.whole.study.policies if policy.file is not None)
    if not files:
        return "The study was made in Python; `run.json` holds all that was asked."
    study = material.results.study
    return (
        f"With lbpsim {lbpsim.__version__}, where scenarios/ holds study.yaml (replications: {study.replications}) "
        f"and {listed(files)}:"
    )


def _people(results: Results) -> str:
    beside = results.people * results.in_remission / results.country_cases
    return (
        f"{results.people:,} in pain at the start, standing for {results.country_cases:,.0f}, "
        f"and about {beside:,.0f} in remission, standing for {results.in_remission:,.0f}"
    )


def _settings(material: Material) -> Sheet:
    results, study = material.results, material.results.study
    facts = {
        "Study": f"{study.title} ({study.name})",
        "Country and years": f"{study.country}, from {study.start.isoformat()}, {number_of(study.years, 'year')}",
        "Version": f"lbpsim {lbpsim.__version__}",
        "Simulated people": _people(results),
        "Replications": f"{results.replications}",
        "Draws": _draws(material),
        "Seed": f"{results.seed}",
        "Discounting": f"{exact_percent(study.discount_rate)} a year, costs and health alike",
        "Perspective of the study": study.perspective.replace("_", " "),
        "Thresholds": ", ".join(f"AUD {threshold:,.0f} per QALY" for threshold in material.whole.study.thresholds),
        "Price year": f"{study.price_year}",
        "Comparator": material.label(results.scenarios[0]),
    }
    rows = tuple((Cell(name), Cell(text)) for name, text in facts.items())
    return Sheet("settings", "Settings of the run", (Head("Setting"), Head("Value")), rows)


def _draws(material: Material) -> str:
    results = material.results
    if not isinstance(results, ProbabilisticResults):
        return "none: inputs at their best estimates"
    draws = results.draws
    return (
        f"{len(draws.numbers):,} of {draws.parameters.shape[1]} uncertain inputs, "
        f"{number_of(draws.plan.people, 'person')} each"
    )


def _hashes(material: Material) -> Sheet:
    study = material.whole.study.resolved()
    policies = [policy for policy in study.pop("policies") if policy["name"] in material.results.scenarios]
    rows = [
        (Cell("Registry of inputs"), Cell(registry_hash())),
        (Cell("Study, without its policies"), Cell(_hash(study))),
        *((Cell(f"Policy {policy['name']}"), Cell(_hash(policy))) for policy in policies),
    ]
    return Sheet("hashes", "Hashes of the inputs as read", (Head("Input"), Head("Hash", long=True)), tuple(rows))


def _hash(content: Any) -> str:
    return f"sha256:{hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()}"
