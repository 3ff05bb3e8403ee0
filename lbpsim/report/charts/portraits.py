"""Life lines of a few people: disability under usual care and under a policy, and what happened when."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lbpsim.outcomes.lives import Portrait, parting
from lbpsim.report.charts.forms import lives as life_lines
from lbpsim.report.charts.forms.axes import figure_of
from lbpsim.report.charts.page import EDGE, NothingToDraw, framed, source_of, styled
from lbpsim.report.charts.policy_styles import CFT, INK, MUTED, PolicyStyle, in_sentence, looks_of
from lbpsim.report.charts.styles import PRINT, ROWS, Style
from lbpsim.report.format import money
from lbpsim.report.lives_file import kept_lives

if TYPE_CHECKING:
    from lbpsim.study import Study

LEFT, RIGHT = 2.5, 2.35  # inches, for who it is and for sums
ROW = 1.15  # inches, of a panel
SHOWN, FEWER = 4, 2  # people, and on a slide
BLUE = CFT.shades[0]
WORDS = 22  # characters in a line at the left


@styled
def draw(study: Study, people: Path, style: Style = PRINT) -> Figure:
    """A row a person: two lines of disability, events named above, QALYs and cost at the right.

    `people`: file of `keep_lives`. Raises NothingToDraw where no policy offers CFT or the file is missing.
    """
    policy = study.plainest_offer
    if policy is None:
        raise NothingToDraw("no policy beside the comparator offers CFT")
    shown = _kept(people)[: style.choose(SHOWN, FEWER, SHOWN)]
    if not shown:
        raise NothingToDraw("nobody stays in the study from its start to its end")
    names = looks_of(study)
    looks = names[study.policies[0].name], replace(names[policy.name], colour=BLUE)  # dark enough for small type
    sheet = style.sheet(ROWS)
    strips = [life_lines.strip(study, _events(one)[0], sheet.width - LEFT - RIGHT) for one in shown]
    figure, grid = framed(
        life_lines.life_panels(strips, ROW, left=LEFT, right=RIGHT),
        sheet,
        f"What {looks[1].label} means for {len(shown)} simulated people, {study.place}".replace("\n", " "),
        _subtitle(looks),
        source_of(
            study,
            f"people of a simulation of {shown[0].among:,} people, seed {study.seed}; `lbpsim trace` tells each life "
            "in full. Undiscounted. Simulated people, no real ones.",
        ),
    )
    life_lines.share_height(list(grid[:, 0]), strips)
    for axes, one in zip(grid[:, 0], shown, strict=True):
        _row(axes, study, one, looks)
    return figure


def _kept(path: Path) -> tuple[Portrait, ...]:
    try:
        return kept_lives(path)
    except (OSError, ValueError) as problem:
        raise NothingToDraw(f"whose lives to show was not kept in {path.name}; run the study again") from problem


def _subtitle(looks: tuple[PolicyStyle, PolicyStyle]) -> str:
    usual, policy = (in_sentence(look.one_line) for look in looks)
    return (
        f"Disability (RMDQ, 0 to 24) under {usual} (black) and under {policy} (blue). Names in grey: under both; "
        f"black: under {usual} alone; bold blue: under {policy} alone. Ticks: consultations. The one of "
        "median age of all to whom each thing happens: they show how the model works, not what is typical."
    )


def _events(one: Portrait) -> tuple[tuple[life_lines.Happening, ...], tuple[str, ...]]:
    """What happened in either life, in order of time, each with whose it is: "both", "usual" or "policy"."""
    usual, policy = (life_lines.happenings(life) for life in one.lives)
    both = {(event.time, event.name) for event in usual} & {(event.time, event.name) for event in policy}
    told = [(event, "both" if (event.time, event.name) in both else "usual") for event in usual]
    told += [(event, "policy") for event in policy if (event.time, event.name) not in both]
    told.sort(key=lambda pair: pair[0].time)
    return tuple(event for event, _ in told), tuple(whose for _, whose in told)


def _row(axes: Axes, study: Study, one: Portrait, looks: tuple[PolicyStyle, PolicyStyle]) -> None:
    policy = looks[1]
    for life, look, width in zip(one.lives, looks, (2.0, 1.4), strict=True):
        axes.plot(*life_lines.disability_line(study, life), color=look.colour, linewidth=width, zorder=3)
    life_lines.tick_consultations(axes, study, one.lives[1], MUTED)
    life_lines.finish(axes, study)
    inks = {
        "both": life_lines.Ink(MUTED),
        "usual": life_lines.Ink(INK),
        "policy": life_lines.Ink(policy.colour, "bold", "s"),
    }
    events, whose = _events(one)
    life_lines.name_events(axes, study, events, [inks[who] for who in whose])
    life_lines.mark_parting(axes, study, one.lives, 0.9)
    _who(axes, one)
    _sums(axes, one, looks)


def _who(axes: Axes, one: Portrait) -> None:
    figure, box = figure_of(axes), axes.get_position()
    first = one.lives[0].moments[0]
    why = (line for words in (one.lives[0].region, one.why, gained(one)) for line in textwrap.wrap(words, WORDS))
    place = EDGE / figure.get_figwidth(), (box.y0 + box.y1) / 2
    told = "\n".join([f"Person {one.person}, aged {first.age}", *why])
    figure.text(*place, told, va="center", size=9, linespacing=1.3)


def gained(one: Portrait) -> str:
    """What the policy means for the person in QALYs, as far as two decimal places tell; empty where nothing differs."""
    usual, policy = (life.moments[-1].qalys for life in one.lives)
    if parting(one.lives) is None:
        return ""
    size = f"{abs(policy - usual):.2f}"
    if float(size) == 0.0:
        return "no QALYs gained or lost by the end"
    return f"{size} QALYs {'gained' if policy > usual else 'lost'}"


def _sums(axes: Axes, one: Portrait, looks: tuple[PolicyStyle, PolicyStyle]) -> None:
    """QALYs and health care of both lives, beside them."""
    for life, look, height in zip(one.lives, looks, (1.1, 0.36), strict=True):
        last = life.moments[-1]
        words = f"{look.label}:\n{last.qalys:.2f} QALYs,\nhealth care {money(last.health_care)}"
        axes.text(1.03, height, words, transform=axes.transAxes, va="top", size=8, color=look.colour, linespacing=1.25)
