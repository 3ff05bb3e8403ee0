"""What is asked of the draws: how many, how precise, and people in each.

Known before anything is simulated, so nothing slow is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

from lbpsim.simulation.engines import COMPILED
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import InputErrors, Place, Problem, Study, limits
from lbpsim.study.files.errors import COMMAND_LINE, short, wrong_option

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import Terms

MOST_DRAWS = 10_000
USUAL_DRAWS, PART_OF_THE_PEOPLE = 200, 70  # of a run that nobody asked for draws: the shipped study takes minutes
FINEST, COARSEST = 0.005, 0.2  # precision: finer takes more than the most draws, coarser says little
DEFAULT_PRECISION = 0.02  # two points of probability
FEWEST_PEOPLE = 1000  # in a draw: lists of fewer people would be odd countries


@dataclass(frozen=True)
class DrawRequest:
    """What the user asked of the draws: how many (0: none), the precision of probabilities (a share), people in each;
    None where it is to be found. Nothing given is nothing asked; `draw_request` fills in what a run makes by itself.

    Raises InputErrors with all that is out of range.
    """

    draws: int | None = None
    precision: float | None = None
    people: int | None = None

    def __post_init__(self) -> None:
        problems = [Problem(Place(COMMAND_LINE), *wrong) for wrong in self._wrong()]
        if problems:
            raise InputErrors(problems)
        for name in ("draws", "people"):  # of NumPy, they could not be written to run.json
            object.__setattr__(self, name, None if (value := getattr(self, name)) is None else int(value))

    def _wrong(self) -> Iterator[tuple[str, str, str]]:
        """Each setting that is wrong, by name, what is wrong with it, and what would be right."""
        sizes = (("draws", self.draws, 0, MOST_DRAWS), ("draw_people", self.people, 1, limits.cases()))
        for name, value, least, most in sizes:
            if value is not None and (wrong := limits.wrong_whole(value, limits.Whole(least, most))):
                yield name, *wrong
        share = self.precision
        if share is not None and not (isinstance(share, Real) and FINEST <= share <= COARSEST):
            right = f"Give a share from {FINEST:.1%} to {COARSEST:.0%}: 2%, which is 0.02 in Python"
            told = f"{share:g}" if isinstance(share, Real) else short(repr(share))
            yield "precision", f"{told} is not a precision", right
        if self.people is not None and not self.anything:
            right = "Ask for `draws` or `precision` too, or leave it out"
            yield "draw_people", "There are no draws in which to simulate people", right
        if self.precision is not None and self.draws is not None and self.draws == 0:
            right = "Leave `draws` out, or `precision`"
            yield "precision", "Without draws there are no probabilities to be right", right

    @property
    def anything(self) -> bool:
        """Whether draws are asked for at all."""
        return bool(self.draws) or self.precision is not None

    @property
    def terms(self) -> Terms:
        """Draws, or the most of them, their precision, whether they go on until they settle, and people in each."""
        until_settled = self.precision is not None or self.draws is None
        precision = self.precision if self.precision is not None else DEFAULT_PRECISION
        return self.draws or MOST_DRAWS, precision, until_settled, self.people


def draw_request(
    study: Study,
    draws: int | None = None,
    precision: float | None = None,
    people: int | None = None,
    *,
    engine: str = COMPILED,
) -> DrawRequest:
    """What a run makes of what the user said: without draws and precision, so many draws as keep it short.

    Each of them has a fixed part of the study's people, so that all draws take about as long as the run itself takes
    several times over, however large it is. The reference engine, which is there to be read and compared, makes draws
    only where they are asked for.

    Raises InputErrors as `DrawRequest`, and for more people in a draw than live in the study's region.
    """
    if study.region and people is not None and (wrong := limits.wrong_people(people, study.region)):
        raise wrong_option("draw_people", *wrong)
    if draws is not None or precision is not None or engine != COMPILED:
        return DrawRequest(draws, precision, people)
    return DrawRequest(USUAL_DRAWS, None, usual_people(study) if people is None else people)


def usual_people(study: Study) -> int:
    """People in each draw where nothing else is asked: no more than the study has, and no fewer than make a country."""
    every = PreparedStudy(study).people
    return min(max(every // PART_OF_THE_PEOPLE, FEWEST_PEOPLE), every)
