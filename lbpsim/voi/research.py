"""Which of several proposed studies is worth doing, from the draws of a study of policies, in tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lbpsim.cea.net_benefit import View
from lbpsim.evidence.output_tables import frame_of
from lbpsim.voi.design import Design
from lbpsim.voi.evsi import StudyValue, evsi_table, study_value
from lbpsim.voi.implementation import implementation_table

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import DrawResults
    from lbpsim.study import Study

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Research:
    """What was found of proposed studies, beside the `draws` of a `study` of policies.

    `worth`: of each design; `evsi`, `implementation`, `design_numbers`: tables, columns as in tables.yaml.
    """

    study: Study
    draws: DrawResults
    worth: tuple[StudyValue, ...]
    evsi: pd.DataFrame
    implementation: pd.DataFrame
    design_numbers: pd.DataFrame

    @property
    def designs(self) -> tuple[Design, ...]:
        """The proposed studies."""
        return tuple(each.data.design for each in self.worth)

    @property
    def view(self) -> View:
        """The study's point of view, at the lowest of its thresholds."""
        return View(self.study.perspective, min(self.study.thresholds))

    def of_view(self, view: View | None = None) -> pd.DataFrame:
        """Rows of `evsi` in one view, by default the study's own."""
        seen = view or self.view
        table = self.evsi
        return table[(table["perspective"] == seen.perspective) & (table["threshold"] == seen.threshold)]

    @property
    def best(self) -> pd.DataFrame:
        """A row for each design, the one worth most first: its size with the highest net value, in the study's view."""
        rows = self.of_view()
        return rows.loc[rows.groupby("design", sort=False)["net"].idxmax()].sort_values("net", ascending=False)


def research(draws: DrawResults, study: Study, designs: Sequence[Design], tell: Tell | None = None) -> Research:
    """What each design is worth, and what is lost to imperfect implementation.

    `tell`: called with how many designs are done, and of how many. Raises InputErrors where the draws hold everything
    that one measures at one value.
    """
    found = []
    for number, design in enumerate(designs, start=1):
        found.append(study_value(draws, study, design))
        if tell is not None:
            tell(number, len(designs))
    evsi = pd.concat([evsi_table(each, study) for each in found], ignore_index=True)
    lost = implementation_table(draws, study, study.thresholds)
    return Research(study, draws, tuple(found), evsi, lost, frame_of("design_numbers", list(_numbers(designs))))


def _numbers(designs: Sequence[Design]) -> Iterator[dict[str, object]]:
    for design in designs:
        for each in design.numbers:
            yield {
                "design": design.name,
                "number": each.name.removeprefix(f"{design.name}."),
                "label": each.label,
                "value": each.value,
                "unit": each.unit,
                "grade": each.grade,
                "sources": ", ".join(each.sources),
                "note": " ".join(each.note.split()),
            }
