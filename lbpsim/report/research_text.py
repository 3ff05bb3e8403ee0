"""What proposed studies are worth, in words: for the terminal and the page, by rules that cannot overclaim.

A study is said to be worth doing only where its net value is more than two standard errors above 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd
from rich import box
from rich.table import Table
from rich.text import Text

from lbpsim.cea.net_benefit import View
from lbpsim.evidence import in_force
from lbpsim.report.format import count, listed, money, per_qaly, plain
from lbpsim.report.rows import rows_of
from lbpsim.study import Study
from lbpsim.study.phrasing import number_of
from lbpsim.voi.design import Design
from lbpsim.voi.evsi import StudyValue
from lbpsim.voi.implementation import NO_WAITING, PERFECT
from lbpsim.voi.research import Research

CLEAR = 2.0  # standard errors
NONE, LATE, UNKNOWN = "none seen", "too late", "\N{EN DASH}"
MILLION = 1e6
Row = dict[Any, Any]


def answer(found: Research) -> list[str]:
    """What is most worth finding out, and what is lost to implementation, in a few sentences."""
    return [most_worth(found), *lost_to_implementation(found.implementation, found.view, found.study),
            *costs_borrowed(found), *what_is_not_here(found.implementation)]  # fmt: skip


def most_worth(found: Research) -> str:
    """The study that is worth most of those that are clearly worth their cost, or that none is."""
    titles, at = _titles(found), per_qaly(found.view.threshold)
    rows: list[Row] = found.best.to_dict("records")
    row = next((each for each in rows if clearly_worth(each)), None)
    if row is None:
        nearest = f"“{titles[rows[0]['design']]}”: {_net(rows[0], found)}"
        return f"At {at} none of these studies is clearly worth its cost. Nearest is {nearest}."
    return (
        f"At {at} most worth doing is “{titles[row['design']]}” with {row['size']:,} participants: it reports after "
        f"{plain(row['reports_after'], digits=2)} years, is then worth {money(row['value_in_use'])}, costs "
        f"{money(row['cost'])}, and leaves {money(row['net'])} (standard error {money(row['net_se'])})."
    )


def clearly_worth(row: Row) -> bool:
    """Whether the net value in a row is more than two standard errors above 0."""
    return bool(row["net"] > CLEAR * row["net_se"])


def of_design(found: Research, design: Design) -> str:
    """What one study is worth, in a sentence."""
    row = found.best[found.best["design"] == design.name].iloc[0].to_dict()
    if not row["perfect"] > CLEAR * row["perfect_se"]:
        return f"Even to know for sure what it measures is worth no clear amount here: {_not_clear(row, found)}."
    verdict = "worth its cost" if clearly_worth(row) else "not clearly worth its cost"
    return (
        f"Of the sizes considered {row['size']:,} participants are best, and {verdict}: {_net(row, found)}. It reports "
        f"after {plain(row['reports_after'], digits=2)} years. {_learnt(row)}"
    )


def _learnt(row: Row) -> str:
    """What a report teaches of what there is to know."""
    amounts = f"{money(row['perfect'])}; everything, {money(row['everything'])}"
    if row["value"] == 0.0:
        return f"To know for sure what it measures would be worth more ({amounts})."
    share = plain(100.0 * row["value"] / row["perfect"], digits=2)
    return f"Its report would have {share}% of the value of knowing for sure what it measures ({amounts})."


def _not_clear(row: Row, found: Research) -> str:
    """What is known of the value of knowing for sure where that is not clear of nothing."""
    if math.isnan(row["perfect_se"]):
        return f"in no draw of {len(found.draws.numbers)} would it change which policy is chosen"
    return f"less than {money(row['perfect'] + CLEAR * row['perfect_se'])}, by two standard errors"


def rests_on(design: Design) -> str:
    """How much of a design is assumed."""
    borrowed = sum(each.grade == "borrowed" for each in design.numbers)
    more = f", and {number_of(borrowed, 'cost')} borrowed from a budget in other money" if borrowed else ""
    return f"{design.assumed} of its {number_of(len(design.numbers), 'number')} are assumptions{more}."


def costs_borrowed(found: Research) -> Iterator[str]:
    """That studies are budgeted in other money than the country's, where they are."""
    if found.design_numbers["grade"].isin(["borrowed"]).any():
        yield (
            "Designs that ship are budgeted in the money of another country: what they cost here is exchanged at "
            "purchasing power, and marked borrowed."
        )


def notes(found: Research, worth: StudyValue) -> Iterator[str]:
    """What the reader has to know of a design beside these draws."""
    if held := worth.data.held:
        them = "it" if len(held) == 1 else "them"
        yield f"The draws hold {listed(held)} at one value, so that nothing is learnt of {them}."
    rows = rows_of(found.of_view(), design=worth.data.design.name)
    if doubts := sorted(set(rows["doubt"]) - {""}):
        yield f"A check of the estimate failed at some size: {'; '.join(doubts)}."


def lost_to_implementation(table: pd.DataFrame, view: View, study: Study) -> Iterator[str]:
    """What is lost because a policy is not carried out perfectly, and what a campaign may cost, in one view.

    `table`: as `lbpsim.voi.implementation.implementation_table` makes it.
    """
    for row in rows_of(table, **view._asdict()).to_dict("records"):
        yield f"{study.policy(row['scenario']).title} {_lost(row, study.policy(row['chosen_now']).title)}"


def what_is_not_here(table: pd.DataFrame) -> Iterator[str]:
    """That draws without the policy carried out perfectly cannot say what a slow offer loses, and what can."""
    if len(table) and PERFECT not in set(table["lost_to"]):
        yield (
            "What an offer that is slow and not to all loses is not known from these draws, in which no policy is "
            "carried out perfectly: `lbpsim research` with the study itself, not a run of it, makes draws with one."
        )


def _lost(row: Row, chosen: str) -> str:
    """What a policy loses to one cause, as the rest of a sentence."""
    to = "waiting" if row["lost_to"] == NO_WAITING else "waiting and to an offer that is slow and not to all"
    error = f"(standard error {money(row['se'])})"
    if abs(row["value"]) <= CLEAR * row["se"]:
        return f"loses no clear amount to {to}: {money(row['value'])} {error}."
    if row["value"] < 0.0:
        return f"loses nothing to {to}: without these it would be worth {money(-row['value'])} less {error}."
    fewer = f", with {count(row['more_treated'])} fewer people treated" if row["more_treated"] > 0.0 else ""
    return f"loses {money(row['value'])} {error} to {to}{fewer}. {_what_it_may_cost(row, chosen)}"


def _what_it_may_cost(row: Row, chosen: str) -> str:
    """What an end of the loss could cost, which is no more than it gains over the choice that would be made now."""
    if row["chosen_now"] == row["scenario"]:
        each = f", which is {money(row['per_person'])} for each of them" if row["more_treated"] > 0.0 else ""
        return f"Whatever ended this, with all the training that it takes, could cost as much at most{each}."
    error = f"(standard error {money(row['over_chosen_se'])})"
    instead = f"But {chosen} would be chosen now"
    if row["over_chosen"] > CLEAR * row["over_chosen_se"]:
        gain = f"over which the policy would then gain {money(row['over_chosen'])} {error}"
        return f"{instead}, {gain}: whatever ended this, with all the training that it takes, could cost that at most."
    gain = f"over which the policy would gain no clear amount even then: {money(row['over_chosen'])} {error}"
    return f"{instead}, {gain}. So nothing says that an end of this is worth any cost."


def millions(amount: float) -> str:
    """An amount in millions, as a table has it.

    >>> millions(10_423_000.0), millions(-162_427.0)
    ('10.4', '−0.162')
    """
    return plain(amount / MILLION)


def at_most(amount: float, error: float, value: float) -> str:
    """An amount in millions that rests on an estimated value: where that is nothing, what the amount is less than.

    >>> at_most(10.4e6, 1e6, 12e6), at_most(-0.5e6, 1e6, 0.0), at_most(-0.5e6, float("nan"), 0.0)
    ('10.4', '< 1.5', '−0.5')
    """
    return f"< {millions(amount + CLEAR * error)}" if value == 0.0 and error > 0.0 else millions(amount)


def worth_of(value: float, error: float) -> str:
    """A value in millions; "none seen" where no draw would change the choice.

    >>> worth_of(12e6, 1e6), worth_of(0.0, 1e6), worth_of(0.0, float("nan"))
    ('12', '< 2', 'none seen')
    """
    return NONE if math.isnan(error) else at_most(value, error, value)


def error_shown(error: float) -> str:
    """A standard error in millions; a dash where there is none, or draws cannot show it."""
    return plain(error / MILLION, missing=UNKNOWN) if error else UNKNOWN


def same_draws(found: Research) -> str:
    """Under what uncertainty the studies are valued, which is the same for all."""
    of_structure = ", each with a choice of structure of its own," if len(found.draws.structures.columns) else ""
    draws = number_of(len(found.draws.numbers), "draw")
    return f"All are valued with the same {draws} of parameters{of_structure} and so side by side."


def in_a_table(found: Research) -> Table:
    """A row for each proposed study at its best size, in the study's view."""
    table = Table(
        title=f"What proposed studies are worth at {per_qaly(found.view.threshold)}",
        caption=f"{in_force.currency()} million: the value in use, the cost, and the first less the second with its "
        f"standard error. Years: until it reports. {same_draws(found)} {read_so(found.best)}".rstrip(),
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE,
    )
    for head in ("Study", "Size", "Years", "Value", "Cost", "Net", "Error"):
        table.add_column(head, justify="left" if head == "Study" else "right", no_wrap=head != "Study")
    titles = _titles(found)
    for row in found.best.to_dict("records"):
        amounts = amounts_of(row)
        years = plain(row["reports_after"], digits=2)
        table.add_row(Text(titles[row["design"]]), f"{row['size']:,}", years, *amounts)
    return table


def amounts_of(row: Row) -> tuple[str, str, str, str]:
    """Value in use, cost, net value and standard error of a row, in millions."""
    error = row["net_se"]
    net = at_most(row["net"], error, row["value_in_use"])
    used = LATE if _late(row) else worth_of(row["value_in_use"], error)
    return used, millions(row["cost"]), net, error_shown(error)


def _late(row: Row) -> bool:
    """Whether a report comes when the decision has ended: then it is of no use for sure."""
    return bool(row["value_in_use"] == 0.0 == row["net_se"])


def read_so(rows: pd.DataFrame) -> str:
    """How to read what is no plain amount in rows of the studies; empty where there is none."""
    errors, none = rows["se"].isna(), f'"{NONE}": no report of any draw would change the choice.'
    clipped = (rows["value"] == 0.0) & ~errors
    less = '"<": nothing was found, but two standard errors more are possible.'
    late = f'"{LATE}": the report comes when the decision is made anew, or is beyond the horizon.'
    ends = (rows["value_in_use"] == 0.0) & (rows["net_se"] == 0.0)
    return " ".join(text for text, there in ((none, errors), (less, clipped), (late, ends)) if there.any())


def _net(row: Row, found: Research) -> str:
    """The net value of a study, or what it is less than."""
    if math.isnan(row["net_se"]):
        never = f"in no draw of {len(found.draws.numbers)} would its report change the choice"
        return f"it costs {money(row['cost'])}, and {never}"
    if _late(row):
        return f"it costs {money(row['cost'])}, and reports too late to be of use"
    if row["value_in_use"] == 0.0 < row["net_se"]:
        return f"less than {money(row['net'] + CLEAR * row['net_se'])} net of its cost, by two standard errors"
    return f"{money(row['net'])} net of its cost (standard error {money(row['net_se'])})"


def _titles(found: Research) -> dict[str, str]:
    return {design.name: design.title for design in found.designs}
