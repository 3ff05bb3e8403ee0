"""How far ahead: gains within the study's years, with what lies beyond, and over the lifetime where that was run."""

from __future__ import annotations

from lbpsim.evidence import in_force
from lbpsim.evidence.currency import is_money
from lbpsim.outcomes.lifetime import BEYOND, LIFETIME, WITHIN
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.report.page.figures import Column, differences, gains, monte_carlo_in_words
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Section
from lbpsim.report.which_years import which_years

KEY, TITLE = "horizons", "How far ahead"
SIGNS = {"dalys": -1.0, "dalys_with_beyond": -1.0}  # of outcomes of which less is better
HEALTH = {"qalys": "QALYs gained", "dalys": "DALYs averted"}
LIVED = {
    "qalys": "QALYs gained",
    "cost_health_system": "Health care costs",
    "cost_societal": "Health care and lost work",
}
PARTS = {WITHIN: "of the study's years", BEYOND: "beyond them", LIFETIME: "over the lifetime"}


def section(material: Material) -> Section:
    """Both pairs in a small table, and what the study's years come to over the lifetime of those who lived them."""
    followed = material.results.beyond is not None
    values = {
        "which_years": which_years(material.results.study),
        "followed": followed,
        "health": [] if material.alone else _health(material, followed),
        "lifetime": _lifetime(material) if followed and not material.alone else [],
        "interval": monte_carlo_in_words(material.results),
    }
    return Section(KEY, TITLE, "horizons.html", values)


def _health(material: Material, followed: bool) -> list[Column]:
    found = []
    for outcome, label in HEALTH.items():
        found += [_column(material, f"{label}, {PARTS[WITHIN]}", outcome)]
        found += [_column(material, f"{label}, with what lies beyond", f"{outcome}_with_beyond")]
        found += [_column(material, f"{label}, {PARTS[LIFETIME]}", outcome, part=LIFETIME)] if followed else []
    return found


def _lifetime(material: Material) -> list[Column]:
    return [
        _column(
            material,
            ", ".join((label, words, *([str(in_force.currency())] if is_money(OUTCOMES[outcome].unit) else []))),
            outcome,
            part=part,
        )
        for outcome, label in LIVED.items()
        for part, words in PARTS.items()
    ]


def _column(material: Material, label: str, outcome: str, part: str = "") -> Column:
    return Column(label, gains(differences(material.results, outcome, part), SIGNS.get(outcome, 1.0)))
