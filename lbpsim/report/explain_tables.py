"""A policy taken apart, as tables for a terminal: differences with half their 95% Monte Carlo interval."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd
from rich.table import Table

from lbpsim.evidence import in_force
from lbpsim.explain.attribution import CONTRIBUTION, INTERACTION, LOST, WHOLE, Attribution
from lbpsim.explain.binding_constraints import ALL
from lbpsim.report.explain_text import SHOWN, Measure, PairedDifference, at_level, relaxed, shown, telling_level
from lbpsim.report.format import Scale, count, plain, scale_for, signed, with_error
from lbpsim.report.rows import rows_of
from lbpsim.report.terminal import plain_table

LEAST = 0.0005  # of a scale: of less there is nothing to show
THOUSAND, MILLION = Scale(1e3, "thousand"), Scale(1e6, "million")


def tables_in_words(why: Attribution) -> list[Table]:
    """The tables for a terminal: contributions, what is lost, what holds it back, years, payers, how far it reaches."""
    found = [contributions_table(why)]
    if len(at_level(why, "change")) > 1:
        found.append(lost_table(why))
    if why.question.holds:
        found.append(held_back_table(why))
    found += [years_table(why), payers_table(why)]
    if not why.reached.empty:
        found.append(reached_table(why))
    return found


def contributions_table(why: Attribution) -> Table:
    """What each part does alone."""
    caption = "Discounted, ± half the 95% Monte Carlo interval. Parts alone and their interaction add up to the whole."
    return _parts_table(why, f"What {why.question.title} is made of", "Each alone", caption, CONTRIBUTION)


def lost_table(why: Attribution) -> Table:
    """What the whole policy has, or costs, more than without each part."""
    caption = "The whole policy less the policy without the change, discounted, ± half the 95% Monte Carlo interval."
    return _parts_table(why, "What each change brings to the whole", "Each", caption, LOST)


def _parts_table(why: Attribution, title: str, head: str, caption: str, measure: Measure) -> Table:
    rows = [(label, shown(why, level, key, measure), last) for label, level, key, last in _parts(why, measure)]
    return _gains_table(title, caption, head, rows)


def _gains_table(
    title: str, caption: str, head: str, rows: Sequence[tuple[str, Sequence[PairedDifference], bool]]
) -> Table:
    """More QALYs and costs by row: its label, its figures, and whether a section ends there."""
    scale = _scale(figures[0] for _, figures, _ in rows)
    table = plain_table(title, caption, head, (f"More\n{scale.label('QALYs')}", *_heads_of_costs()))
    for label, (health, *costs), last in rows:
        table.add_row(label, _in(health, scale), *(_in(cost, MILLION) for cost in costs), end_section=last)
    return table


def _parts(why: Attribution, measure: Measure) -> Iterator[tuple[str, str, str, bool]]:
    """Rows: label, level and key of a part, and whether a section ends there; what adds up is shown to do so."""
    sums = measure == CONTRIBUTION
    for level in dict.fromkeys((telling_level(why), "change")):
        parts = at_level(why, level)
        rest = [("interaction", level, INTERACTION)] if sums and len(parts) > 1 else []
        rows = [*((part.label, level, part.key) for part in parts), *rest]
        for place, row in enumerate(rows):
            yield *row, place == len(rows) - 1
    if sums:
        yield "the whole policy", "change", WHOLE, True


def _scale(figures: Iterable[PairedDifference]) -> Scale:
    return min(scale_for(max(abs(figure.value) for figure in figures)), THOUSAND, key=lambda scale: scale.divisor)


def _in(figure: PairedDifference, scale: Scale) -> str:
    """A figure in a scale, with half its interval; nothing of less than half a thousandth, or half a unit counted."""
    half = 0.0 if math.isnan(figure.half) else figure.half
    if figure.nothing or max(abs(figure.value), half) < scale.divisor * LEAST:
        return "0"
    return signed(with_error(figure.value / scale.divisor, half / scale.divisor), figure.value)


def held_back_table(why: Attribution) -> Table:
    """What the policy would gain with each thing relaxed."""
    caption = (
        "Against the policy as it is, discounted, ± half the 95% Monte Carlo interval. Ends of ranges, no proposals."
    )
    rows = [(hold.name, f"{hold.if_not} ({hold.label})") for hold in why.question.holds]
    rows += [(ALL, "all of these")] if len(rows) > 1 else []
    figures = [(label, [relaxed(why, name, outcome) for outcome in SHOWN], False) for name, label in rows]
    return _gains_table("What holds it back", caption, "It would have, with", figures)


def years_table(why: Attribution) -> Table:
    """What the whole policy does, year by year."""
    caption = "Undiscounted, ± half the 95% Monte Carlo interval; each change by year is in why_yearly.csv."
    whole = rows_of(why.by_year, level="change", part=WHOLE)
    rows = [(str(year), _in_year(why, rows_of(whole, year=year)), False) for year in why.question.years]
    return _gains_table("The whole policy, year by year", caption, "Year", rows)


def _in_year(why: Attribution, rows: pd.DataFrame) -> list[PairedDifference]:
    found = rows.set_index("outcome").loc[list(SHOWN), ["value", "mcse"]].astype(float)
    return [PairedDifference(value, mcse, why.question.replications) for value, mcse in found.to_numpy().tolist()]


def payers_table(why: Attribution) -> Table:
    """Change in cost under the whole policy, by pathway and payer."""
    mine = rows_of(why.by_payer, level="change", part=WHOLE, discounted=True)
    wide = mine.pivot_table(index="pathway", columns="payer", values="value", aggfunc="sum", sort=False, fill_value=0.0)
    caption = f"{in_force.currency()} million at prices of {why.question.price_year}, discounted."
    names = [str(payer).replace("_", " ") for payer in wide.columns]
    table = plain_table("Who pays more, and who less", caption, "", (*names, "all payers"))
    for pathway, costs in [*wide.iterrows(), ("all", wide.sum())]:
        table.add_row(str(pathway), *(_in_million(float(cost)) for cost in [*costs, costs.sum()]))
    return table


def _in_million(value: float) -> str:
    return signed(plain(value / MILLION.divisor), value) if value else "0"


def reached_table(why: Attribution) -> Table:
    """How far the offer reaches, step by step."""
    caption = "Over the horizon, for the country. People who come back are counted again."
    table = plain_table("How far the offer reaches", caption, "", ("How many", "Counted"))
    for step in why.reached.itertuples():
        figure = PairedDifference(float(str(step.value)), float(str(step.mcse)), why.question.replications)
        table.add_row(str(step.step), _how_many(figure, str(step.unit)), str(step.counted))
    return table


def _how_many(figure: PairedDifference, unit: str) -> str:
    if math.isnan(figure.value):
        return ""
    return with_error(figure.value, figure.half) if unit == "sessions" else count(figure.value)


def _heads_of_costs() -> tuple[str, str]:
    unit = f"{in_force.currency()} million"
    return f"Health care\n{unit}", f"Societal cost\n{unit}"
