"""What the sections are made from: the results of a study, what follows from them, and the folder beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lbpsim.report.charts.policy_styles import PolicyStyle, by_family, comparator, looks
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.finding import Finding, finding, first_choice, over_draws, ranking, with_enough_draws
from lbpsim.report.page.parts import Cell, Head, Row, numbers
from lbpsim.study.notes import Note
from lbpsim.study.phrasing import span

if TYPE_CHECKING:
    from lbpsim.outcomes.results import Results
    from lbpsim.report.page.figures import Column
    from lbpsim.voi.decision_analysis import Decision

SENSITIVITY, WHY = "sensitivity", "why"


@dataclass(frozen=True)
class Material:
    """`results` of a study, of many policies those that are shown; `decision`, what follows from the results of all
    (None: not worked out); `folder` of their outputs.
    """

    results: Results
    decision: Decision | None
    folder: Path

    @property
    def whole(self) -> Results:
        """The results of all policies, shown or not."""
        return self.results.whole or self.results

    @cached_property
    def looks(self) -> dict[str, PolicyStyle]:
        """How each policy looks, by its name."""
        return dict(looks(self.results))

    @property
    def alone(self) -> bool:
        """Whether the study has one policy, and nothing to compare it with."""
        return len(self.results.scenarios) == 1

    @property
    def years(self) -> str:
        """The first and the last year of the study."""
        return span(self.results.years)

    @property
    def columns(self) -> list[Head]:
        """A column of numbers for each policy beside the comparator."""
        return numbers(map(self.label, self.shown))

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the policies beside the comparator, family by family, benchmarks last."""
        return (*self.shown_choices, *self.benchmarks)

    @property
    def shown_choices(self) -> tuple[str, ...]:
        """Of the policies that are shown beside the comparator those that could be chosen, family by family."""
        return tuple(name for name in by_family(self.results)[1:] if not self._only_compares(name))

    @property
    def benchmarks(self) -> tuple[str, ...]:
        """Of the policies that are shown those that nobody would choose."""
        return tuple(name for name in by_family(self.results)[1:] if self._only_compares(name))

    @cached_property
    def case(self) -> Comparison | None:
        """The best choice beside the comparator, or what comes nearest to it; None where there is none."""
        return first_choice(self.whole)

    @cached_property
    def finding(self) -> Finding | None:
        """What the study finds, as of all its policies; None where there is nothing to choose from."""
        return finding(self.whole)

    @property
    def seen(self) -> Results:
        """The results from which the finding is made: with draws only where these are enough for an interval."""
        return with_enough_draws(self.whole)

    @property
    def drawn(self) -> bool:
        """Whether intervals are those of parameter uncertainty."""
        return over_draws(self.whole)

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """Of the policies that are shown those that could be chosen, worth most first."""
        return tuple(name for name in ranking(self.seen) if name in self.shown_choices)

    @property
    def comparator(self) -> str:
        """The comparator as it stands inside a sentence."""
        return comparator(self.results)

    def label(self, name: str) -> str:
        """A policy's title."""
        return self.whole.study.policy(name).title

    def said(self, note: Note) -> str:
        """A note on what was asked, with the policy's title."""
        return note.under(self.label(note.policy)) if note.policy else note.text

    def cell(self, name: str) -> Cell:
        """A policy as the first cell of a row, which leads to what it consists of."""
        mark = "benchmark" if self._only_compares(name) else ""
        return Cell(self.label(name), below=mark, link=f"#{anchor(name, self.results.scenarios)}")

    def rows(self, cells: Callable[[str], Iterable[Cell | str]]) -> list[Row]:
        """A row for each policy beside the comparator, with these cells behind its title."""
        return [(self.cell(name), *cells(name)) for name in self.shown]

    def rows_of(self, columns: Sequence[Column]) -> list[Row]:
        """A row for each policy beside the comparator, with its figure in each column."""
        return self.rows(lambda name: (column.cell(name) for column in columns))

    def _only_compares(self, name: str) -> bool:
        return self.results.study.policy(name).cft.only_compares


def anchor(name: str, scenarios: tuple[str, ...]) -> str:
    """Where on the page a policy is described; by its number, since names may hold anything."""
    return f"policy-{scenarios.index(name)}"
