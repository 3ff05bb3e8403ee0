"""One life as a line: disability over time, and what happened, named above it without overlap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from lbpsim.outcomes.lives import (
    CFT_BEGINS,
    CFT_BY_TELEHEALTH,
    CFT_IN_A_GROUP,
    LIST_FULL,
    OPERATION,
    parted_at,
    parting,
)
from lbpsim.report.charts.forms.axes import DASHED, figure_of, width_of
from lbpsim.report.charts.forms.labels import HALO
from lbpsim.report.charts.page import CHARACTERS_PER_INCH, Panels
from lbpsim.report.charts.policy_styles import FAINT, INK, MUTED
from lbpsim.study.clock import part_of_year

if TYPE_CHECKING:
    from lbpsim.outcomes.lives import Life, Moment
    from lbpsim.study import Study

RMDQ_MOST = 24.0  # of the scale
SIZE = 7.5  # points, of names
LANE = 0.155  # inches from one line of names to the next
GAP_BELOW = 0.42  # inches, below a panel
GAP, INDENT = 0.12, 0.03  # inches between names on one line, and from a name's thin line to the name
NAMED = {
    # event: as it is named in a chart
    "remission": "remission",
    "recurrence": "pain recurs",
    "opioid start": "starts opioids",
    "opioid stop": "stops opioids",
    "end of taper": "taper ends",
    "opioid use disorder": "use disorder",
    "treatment of disorder": "treated for it",
    "overdose": "overdose",
    "death from overdose": "dies of overdose",
    "fracture": "fracture",
    "referral to surgery": "referred to surgery",
    "reoperation": "reoperation",
    OPERATION: "operation",
    **dict.fromkeys((CFT_BEGINS, CFT_BY_TELEHEALTH, CFT_IN_A_GROUP), "CFT begins"),
    "leaves the CFT list": "leaves CFT list",
    "leaves work": "leaves work",
    "returns to work": "back at work",
    "back at work after surgery": "back at work",
    "death": "dies",
}
JOINS, OPERATED, PAIN_ALONE = "joins CFT list", "operation", "pain recurs, no disability"
NOTED = ("consultation",)  # drawn as ticks, without a name


@dataclass(frozen=True)
class Happening:
    """Something worth a name: `time` (years since the start), `name`, disability (RMDQ) then."""

    time: float
    name: str
    rmdq: float


@dataclass(frozen=True)
class Ink:
    """How a happening is marked and written: `colour`, `weight` of its name, `marker`."""

    colour: str
    weight: str = "normal"
    marker: str = "o"


def years_of(study: Study, time: float) -> float:
    """A moment (years since the start) as a calendar year with its fraction."""
    return study.start.year + part_of_year(study.start) + time


def disability_line(study: Study, life: Life) -> tuple[list[float], list[float]]:
    """Calendar time and disability (RMDQ) along a life: straight between events, upright where one changes it."""
    times, scores = [], []
    for moment in life.moments:
        times += [years_of(study, moment.time)] * 2
        scores += [moment.rmdq_before, moment.rmdq if moment.alive else moment.rmdq_before]
    return times[1:], scores[1:]


def happenings(life: Life) -> tuple[Happening, ...]:
    """What is worth a name in a life, in order of time; being turned away from a full list is named the first time."""
    turned_away = sum(moment.event == LIST_FULL for moment in life.moments)
    named = {LIST_FULL: f"list full ({turned_away} times)" if turned_away > 1 else "list full"}
    return tuple(_happenings(life.moments, NAMED | named))


def _happenings(moments: Sequence[Moment], names: dict[str, str]) -> Iterator[Happening]:
    before = moments[0]
    for i, moment in enumerate(moments):
        name = names.get(moment.event, "")
        if moment.event == LIST_FULL:
            names = {event: name for event, name in names.items() if event != moment.event}
        if moment.on_cft_list and not before.on_cft_list and not _turned_away(moments[i:]):
            name = JOINS
        if before.on_surgery_list and not moment.on_surgery_list and moment.alive and not name:
            name = OPERATED
        if name == NAMED["recurrence"] and moment.rmdq == 0.0:
            name = PAIN_ALONE
        if name:
            yield Happening(moment.time, name, moment.rmdq if moment.alive else moment.rmdq_before)
        before = moment


def _turned_away(moments: Sequence[Moment]) -> bool:
    """Whether the stay on the list that begins with the first of these moments ends at a list that is full."""
    return next((m.event == LIST_FULL for m in moments if not m.on_cft_list), False)


def lanes(starts: Sequence[float], widths: Sequence[float]) -> list[int]:
    """The line for each name, in order of their starts and all in one unit: none covers another, and none stands in the
    way of a thin line that leads down from a later one.

    >>> lanes([0.0, 1.0, 5.0], [3.0, 3.0, 2.0])
    [1, 0, 0]
    """
    found = [0] * len(starts)
    for i in reversed(range(len(starts))):
        covered = [found[j] for j in range(i + 1, len(starts)) if starts[j] < starts[i] + widths[i]]
        found[i] = 1 + max(covered, default=-1)
    return found


def inches_of(name: str) -> float:
    """Room that a name takes, on the safe side."""
    return len(name) * SIZE / CHARACTERS_PER_INCH["bold"] + GAP


def places(study: Study, events: Sequence[Happening], width: float) -> tuple[list[float], list[int]]:
    """Where names begin (inches from the left of a panel of that `width`) and on which line each stands."""
    scale = width / study.years
    starts = [min(event.time * scale, width - inches_of(event.name) + GAP) for event in events]
    order = sorted(range(len(events)), key=lambda i: starts[i])
    found = lanes([starts[i] for i in order], [inches_of(events[i].name) for i in order])
    by_event = dict(zip(order, found, strict=True))
    return starts, [by_event[i] for i in range(len(events))]


def strip(study: Study, events: Sequence[Happening], width: float) -> float:
    """Inches that the names of events need above a panel of that `width` (inches)."""
    return LANE * (1 + max(places(study, events, width)[1], default=0)) + 0.1


def name_events(axes: Axes, study: Study, events: Sequence[Happening], inks: Sequence[Ink]) -> None:
    """Write the names above the panel, each with a thin line down to its mark; the place of the axes must be final."""
    width, height = width_of(axes), axes.get_position().height * figure_of(axes).get_figheight()
    starts, on_lines = places(study, events, width)
    for event, start, lane, ink in zip(events, starts, on_lines, inks, strict=True):
        x = years_of(study, event.time)
        level = 1.0 + (0.06 + LANE * lane) / height
        axes.plot([x], [event.rmdq], marker=ink.marker, color=ink.colour, markersize=4.5, markeredgecolor="white",
                  zorder=5, clip_on=False)  # fmt: skip
        axes.plot([x, x], [event.rmdq / RMDQ_MOST, level + 0.02], transform=axes.get_xaxis_transform(),
                  color=ink.colour, linewidth=0.5, alpha=0.55, clip_on=False, zorder=1)  # fmt: skip
        axes.text((start + INDENT) / width, level, event.name, transform=axes.transAxes, size=SIZE, color=ink.colour,
                  weight=ink.weight, va="bottom", gid="event", path_effects=HALO)  # fmt: skip


def tick_consultations(axes: Axes, study: Study, life: Life, colour: str) -> None:
    """A short tick at the foot of the panel for each consultation."""
    times = [years_of(study, moment.time) for moment in life.moments if moment.event in NOTED]
    axes.plot(
        times, [0.0] * len(times), marker="|", color=colour, markersize=6, linestyle="none", clip_on=False, zorder=4
    )


def life_panels(strips: Sequence[float], tall: float, *, left: float, right: float) -> Panels:
    """A panel a life, `tall` inches high without the strip of names above it; `left`, `right`: inches beside it."""
    rows = len(strips)
    return Panels(
        rows=rows,
        tall=tall + sum(strips[1:]) / rows,
        down=GAP_BELOW,
        above=strips[0],
        below=0.45,
        left=left,
        right=right,
    )


def share_height(panels: Sequence[Axes], strips: Sequence[float]) -> None:
    """Let panels, one below the other, be equally high, each with the strip of names that it needs above it.

    `strips` in inches; the first panel's top and the last one's foot stay.
    """
    tall = figure_of(panels[0]).get_figheight()
    top, foot = panels[0].get_position().y1, panels[-1].get_position().y0
    between = (sum(strips[1:]) + GAP_BELOW * (len(panels) - 1)) / tall
    height = (top - foot - between) / len(panels)
    for axes, above in zip(panels, (0.0, *strips[1:]), strict=True):
        top -= above / tall
        box = axes.get_position()
        axes.set_position((box.x0, top - height, box.width, height))
        top -= height + GAP_BELOW / tall


def mark_parting(axes: Axes, study: Study, lives: Sequence[Life], width: float = 1.0) -> None:
    """A dashed upright line where lives part; none where they are the same to the end."""
    if (shared := parting(lives)) is not None:
        moment = years_of(study, parted_at(lives, shared))
        axes.axvline(moment, color=INK, linewidth=width, linestyle=DASHED, zorder=2)


def finish(axes: Axes, study: Study) -> None:
    """Scales of a panel of disability."""
    axes.set_xlim(years_of(study, 0.0), years_of(study, float(study.years)))
    axes.set_ylim(0.0, RMDQ_MOST)
    axes.set_yticks([0, 8, 16, 24])
    axes.grid(visible=True, axis="y", color=FAINT)
    axes.tick_params(colors=MUTED, labelcolor=INK)
