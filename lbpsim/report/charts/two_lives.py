"""Lives of one person under several policies: disability, what happened, cost and QALYs, and where they part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lbpsim.evidence.currency import MONEY, is_money
from lbpsim.outcomes.lives import Life, Moment, parted_at, parting, who
from lbpsim.report.charts.chart_files import kind_of, picture_in
from lbpsim.report.charts.forms import lives as life_lines
from lbpsim.report.charts.forms.axes import figure_of, measure, width_of
from lbpsim.report.charts.forms.labels import EndLabel, end_labels
from lbpsim.report.charts.page import framed, source_of, styled
from lbpsim.report.charts.policy_styles import MUTED, PolicyStyle, looks_of
from lbpsim.report.charts.styles import PRINT, Sheet
from lbpsim.report.files import write_whole
from lbpsim.report.format import money, people_asked
from lbpsim.study import InputErrors, Place, Problem
from lbpsim.study.clock import day_at, in_words

if TYPE_CHECKING:
    from lbpsim.study import Study

WIDTH, LEFT, RIGHT = 13.0, 0.85, 6.35  # inches: the page, left of the lives, right of them
ROW, HEADING, LEAST = 1.75, 0.3, 4.4  # inches: a life, the policy's name above it, and all of them at least
SUMS = 3.1  # inches, of the panels of sums
SMALL = {2: "two", 3: "three", 4: "four"}
SUMMED: tuple[tuple[str, str, Callable[[Moment], float]], ...] = (
    ("Health care so far", MONEY, lambda moment: moment.health_care),
    ("Lost work so far", MONEY, lambda moment: moment.lost_work),
    ("QALYs so far", "QALYs", lambda moment: moment.qalys),
)


@styled
def draw(study: Study, person: int, lives: Sequence[Life]) -> Figure:
    """A row a policy with the life's disability and events; at the right health care, lost work and QALYs so far."""
    wide = WIDTH - LEFT - RIGHT
    strips = [life_lines.strip(study, life_lines.happenings(life), wide) + HEADING for life in lives]
    figure, grid = framed(
        life_lines.life_panels(strips, max(ROW, (LEAST - sum(strips)) / len(lives)), left=LEFT, right=RIGHT),
        Sheet(WIDTH),
        f"{who(person, lives)}: one life under {_policies(len(lives))}, {study.place}",
        _words(study, lives),
        source_of(
            study,
            f"person {person} of a simulation of {people_asked(study)} people, seed {study.seed}. A simulated person, "
            "no real one.",
        ),
    )
    life_lines.share_height(list(grid[:, 0]), strips)
    names = looks_of(study)
    for axes, life in zip(grid[:, 0], lives, strict=True):
        _life(axes, study, life, names[life.policy])
        life_lines.mark_parting(axes, study, lives)
    _sums(figure, list(grid[:, 0]), study, lives)
    return figure


def write(study: Study, person: int, lives: Sequence[Life], path: Path, *, overwrite: bool = False) -> None:
    """Draw lives into a file.

    Raises UnknownKindError where its name ends in no kind of picture, InputErrors where it holds anything but this
    picture and `overwrite` does not say that it may go.
    """
    content = picture_in(draw(study, person, lives), kind_of(path), PRINT)
    if path.exists() and not overwrite and path.read_bytes() != content:
        wrong, right = f"{path} is there and holds something else", "To write over it, add --overwrite"
        raise InputErrors([Problem(Place("command line"), "chart", wrong, f"{right}; to keep it, name another file")])
    write_whole(path, content)


def _policies(number: int) -> str:
    return "one policy" if number == 1 else f"{SMALL.get(number, number)} policies"


def _words(study: Study, lives: Sequence[Life]) -> str:
    read = "Disability is straight between events; ticks at its foot: consultations. Sums are undiscounted."
    if len(lives) == 1:
        return read
    if (shared := parting(lives)) is None:
        return f"The lives are the same to the end: no policy ever touched this person. {read}"
    day = in_words(day_at(study.start, parted_at(lives, shared)))
    return f"The lives part on {day} (dashed). {read}"


def _life(axes: Axes, study: Study, life: Life, look: PolicyStyle) -> None:
    axes.plot(*life_lines.disability_line(study, life), color=look.colour, linewidth=1.4, zorder=3)
    life_lines.tick_consultations(axes, study, life, MUTED)
    life_lines.finish(axes, study)
    events = life_lines.happenings(life)
    life_lines.name_events(axes, study, events, [life_lines.Ink(look.colour)] * len(events))
    axes.set_ylabel("Disability (RMDQ)")
    top = (life_lines.strip(study, events, width_of(axes)) + 0.02) / (
        axes.get_position().height * figure_of(axes).get_figheight()
    )
    axes.text(0.0, 1.0 + top, look.one_line, transform=axes.transAxes, size=9.5, weight="bold",
              color=look.colour, va="bottom", gid="policy")  # fmt: skip


def _sums(figure: Figure, lives_axes: list[Axes], study: Study, lives: Sequence[Life]) -> None:
    """Panels one below the other, as high as the lives, at the right."""
    width, height = figure.get_size_inches()
    low, high = lives_axes[-1].get_position().y0, lives_axes[0].get_position().y1
    shown = [each for each in SUMMED if any(each[2](life.moments[-1]) > 0.0 for life in lives)]
    gap = 0.75 / height
    tall = (high - low - gap * (len(shown) - 1)) / len(shown)
    for place, (title, unit, of) in enumerate(shown):
        bottom = high - (place + 1) * tall - place * gap
        axes = figure.add_axes(((width - RIGHT + 1.15) / width, bottom, SUMS / width, tall))
        _sum(axes, study, lives, title, unit, of)
        life_lines.mark_parting(axes, study, lives)


def _sum(axes: Axes, study: Study, lives: Sequence[Life], title: str, unit: str, of: Callable[[Moment], float]) -> None:
    names, labels = looks_of(study), []
    for place, life in enumerate(lives):
        look = names[life.policy]
        values = [of(moment) for moment in life.moments]
        axes.plot(
            [life_lines.years_of(study, moment.time) for moment in life.moments], values, **look.line(2.8 / (1 + place))
        )
        words = money(values[-1]) if is_money(unit) else f"{values[-1]:.3f}"
        labels.append(EndLabel(f"{look.label}\n{words}", values[-1], look.colour, look.marker or "_"))
    measure(axes.yaxis, axes.get_ylim()[1], unit)
    axes.set_xlim(life_lines.years_of(study, 0.0), life_lines.years_of(study, float(study.years)))
    axes.set_ylim(0.0, None)
    axes.set_title(title, size=9.5)
    end_labels(axes, labels)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
