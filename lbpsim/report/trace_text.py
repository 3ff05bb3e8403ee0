"""Lives side by side on a terminal: what happened when, under each policy, to where they part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from lbpsim.evidence import in_force
from lbpsim.outcomes.lives import Moment, parted_at, parting, who
from lbpsim.study import Study
from lbpsim.study.clock import day_at

if TYPE_CHECKING:
    from lbpsim.simulation.trace import TracedLife

SUMMED = (
    ("qalys", "QALYs", "{:,.4f}"),
    ("ylds", "YLDs", "{:,.4f}"),
    ("life_years", "Life years", "{:,.4f}"),
    ("cost_health_system", "Health care (money)", "{:,.2f}"),
    ("cost_lost_work", "Lost work (money)", "{:,.2f}"),
    ("cft_sessions", "CFT sessions", "{:,.0f}"),
)


def side_by_side(study: Study, person: int, lives: Sequence[TracedLife], *, whole: bool = False) -> RenderableType:
    """Lives in order of time, to where they part (or to the end where `whole`), and their sums."""
    shared = parting(lives)
    parts: list[RenderableType] = [Text(f"{who(person, lives)}: a life under {_named(study, lives)}\n", style="bold")]
    if shared != 0:
        parts.append(_together(study, lives, len(lives[0].moments) if shared is None else shared))
    if len(lives) > 1:
        parts.append(Text(_verdict(study, lives, shared)))
    if shared is not None:
        parts.append(_apart(study, lives, shared, whole))
    return Group(*parts, _sums(lives))


def _together(study: Study, lives: Sequence[TracedLife], moments: int) -> Table:
    table = Table("Date", "Under every policy" if len(lives) > 1 else lives[0].policy, box=box.SIMPLE_HEAD)
    for moment in lives[0].moments[:moments]:
        table.add_row(str(day_at(study.start, moment.time)), describe(moment))
    return table


def _apart(study: Study, lives: Sequence[TracedLife], shared: int, whole: bool) -> Table:
    """Rows after the parting, in order of time; only the first moment of each life unless `whole`."""
    table = Table("Date", *(one.policy for one in lives), box=box.SIMPLE_HEAD)
    rows = [
        (moment.time, number, moment)
        for number, one in enumerate(lives)
        for moment in one.moments[shared : None if whole else shared + 1]
    ]
    for time, number, moment in sorted(rows, key=lambda row: row[:2]):
        cells = [describe(moment) if n == number else "" for n in range(len(lives))]
        table.add_row(str(day_at(study.start, time)), *cells)
    return table


def describe(moment: Moment) -> str:
    """A moment in words: the event, and how the person stands after it."""
    return f"{moment.event}: {', '.join(_state(moment))}"


def _state(moment: Moment) -> Iterator[str]:
    if not moment.alive:
        yield f"dead at {moment.age}"
        return
    yield f"aged {moment.age}"
    if moment.in_pain:
        yield f"RMDQ {moment.rmdq:.1f}, pain {moment.pain:.1f}"
    else:
        yield "in remission"
    for true, words in (
        (moment.on_cft_list, "on the CFT list"),
        (moment.on_surgery_list, "waiting for surgery"),
        (moment.on_opioids, "on opioids"),
        (moment.disorder, "opioid use disorder" + (" in treatment" if moment.treated else "")),
        (moment.work != "", moment.work),
    ):
        if true:
            yield words


def _verdict(study: Study, lives: Sequence[TracedLife], shared: int | None) -> str:
    if shared is None:
        return f"The lives under {_named(study, lives)} are the same to the end: no policy ever touched this person.\n"
    day = day_at(study.start, parted_at(lives, shared))
    return f"The lives part on {day}, after {shared} moments that are the same to the bit.\n"


def _sums(lives: Sequence[TracedLife]) -> Table:
    table = Table("Over the whole life within the study", box=box.SIMPLE_HEAD)
    for one in lives:
        table.add_column(one.policy, justify="right")
    for outcome, label, shape in SUMMED:
        for discounted in (False, True) if outcome != "cft_sessions" else (False,):
            name = f"{label}, discounted" if discounted else label
            table.add_row(
                name.replace("(money)", f"({in_force.currency()})"),
                *(shape.format(one.total(outcome, discounted=discounted)) for one in lives),
            )
    return table


def _named(study: Study, lives: Sequence[TracedLife]) -> str:
    return " and ".join(study.policy(one.policy).title.rstrip(".") for one in lives)
