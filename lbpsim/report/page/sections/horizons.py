"""How far ahead: gains within the study's years, with what lies beyond, and over the lifetime where that was run."""

from __future__ import annotations

from lbpsim.outcomes.lifetime import BEYOND, LIFETIME, WITHIN
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.report.format import Scale, exact_percent
from lbpsim.report.page.figures import Band, cell, differences, lifetime_differences, luck_in_words, scale_of
from lbpsim.report.page.material import Material
from lbpsim.report.page.parts import Cell, Head, Part, Section, Sheet, Words
from lbpsim.report.which_years import which_years
from lbpsim.study.phrasing import span

KEY, TITLE = "horizons", "How far ahead"
BOTH = (
    "{which} Beside them stand those with what lies beyond, in which a death within the study costs in full: QALYs "
    "lose what those who died would have had after its last day, at their usual disability, and DALYs hold all the "
    "years of life lost to deaths that a pathway caused. Effects that outlast the study are in neither."
)
FOLLOWED = (
    "Over the lifetime nothing new begins after the study's last year, and everyone alive then is followed to death: "
    "effects wane, opioid use ends, costs and disability go on. What the study's years started is so told to its end."
)
NOT_FOLLOWED = "What outlasts the study's years is told by `lbpsim run scenarios/ --follow lifetime`."
HEALTH = (("qalys", "QALYs gained", 1.0), ("dalys", "DALYs averted", -1.0))
PARTS = {WITHIN: "of the study's years", BEYOND: "beyond them", LIFETIME: "over the lifetime"}
TOLD = (
    *(("qalys", "QALYs gained", 1.0), ("cost_health_system", "Health care costs", 1.0)),
    ("cost_societal", "Health care and lost work", 1.0),
)
Columns = list[tuple[str, dict[str, Band]]]


def section(material: Material) -> Section:
    """Both pairs in a small table, and what the study's years come to over the lifetime of those who lived them."""
    results = material.results
    followed = results.beyond is not None
    parts: list[Part] = [Words(BOTH.format(which=which_years(results.study)))]
    parts.append(Words(FOLLOWED) if followed else Words(NOT_FOLLOWED, "small"))
    if len(results.scenarios) > 1:
        parts.append(_sheet(material, "horizons-health", "Health gained", _health(material)))
        if followed:
            parts.append(_sheet(material, "horizons-lifetime", "To the end of every life", _lifetime(material)))
    return Section(KEY, TITLE, tuple(parts))


def _health(material: Material) -> Columns:
    results = material.results
    found: Columns = []
    for outcome, label, sign in HEALTH:
        found.append((f"{label}, {PARTS[WITHIN]}", _gains(differences(results, outcome), sign)))
        found.append((f"{label}, with what lies beyond", _gains(differences(results, f"{outcome}_with_beyond"), sign)))
        if results.beyond is not None:
            lived = lifetime_differences(results, outcome, LIFETIME)
            found.append((f"{label}, {PARTS[LIFETIME]}", _gains(lived, sign)))
    return found


def _lifetime(material: Material) -> Columns:
    return [
        (f"{label}, {words}{_unit(outcome)}", _gains(lifetime_differences(material.results, outcome, part), sign))
        for outcome, label, sign in TOLD
        for part, words in PARTS.items()
    ]


def _unit(outcome: str) -> str:
    return ", AUD" if OUTCOMES[outcome].unit == "AUD" else ""


def _gains(bands: dict[str, Band], sign: float) -> dict[str, Band]:
    return {name: -band if sign < 0.0 else band for name, band in bands.items()}


def _sheet(material: Material, key: str, caption: str, columns: Columns) -> Sheet:
    study = material.results.study
    scales = [scale_of(bands.values()) for _, bands in columns]
    rows = tuple((material.cell(name), *_cells(columns, scales, name)) for name in material.shown)
    heads = (
        Head(f"{label} ({scale.word})" if scale.word else label, number=True)
        for (label, _), scale in zip(columns, scales, strict=True)
    )
    return Sheet(
        key,
        f"{caption}: each policy against {material.comparator}, {span(material.results.years)} and beyond",
        (Head("Policy"), *heads),
        rows,
        note=f"At the best estimates of all inputs, discounted at {exact_percent(study.discount_rate)} a year. Below "
        f"each figure: {luck_in_words(material.results)}.",
    )


def _cells(columns: Columns, scales: list[Scale], name: str) -> list[Cell]:
    bands = [bands[name] for _, bands in columns]
    return [
        cell(float(band.values), float(band.low), float(band.high), scale, signs=True)
        for band, scale in zip(bands, scales, strict=True)
    ]
