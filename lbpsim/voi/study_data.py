"""What a proposed study would report in each draw of the parameters: its summaries, and how likely each would be.

A draw says what each arm is expected to come to; sampling does the rest. The luck of sampling is the same at every size
of a study, so that sizes differ by their size alone. It is a pure function of the seed, the draw and the summary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from lbpsim.engine.random_numbers import uniform
from lbpsim.outcomes.arrays import Numbers
from lbpsim.study import InputErrors, Place, Problem, Study
from lbpsim.study.options import OPTIONS
from lbpsim.voi.design import Design, Measure

OF_NO_EVENT = 2**32 - 1  # occurrence of random numbers that no life of a simulated person reaches


@dataclass(frozen=True)
class Reported:
    """What a study of one size would report.

    `summaries`: one row a draw; `likelihood`: the log of how likely the report of each draw (columns) is where the
    parameters are those of another (rows).
    """

    summaries: Numbers
    likelihood: Numbers


@dataclass(frozen=True)
class StudyData:
    """A design beside the draws of a study: `expected`, by measure, what each arm comes to, one row a draw.

    `informed`: columns of what it names and the draws vary; `held`: names that are the same in every draw.
    """

    design: Design
    expected: tuple[Numbers, ...]
    informed: pd.DataFrame
    held: tuple[str, ...]
    chances: Numbers

    def reported(self, size: int) -> Reported:
        """The report of a study with so many participants, in every draw."""
        people, first = self.design.measured(size), 0
        found = []
        for measure, expected in zip(self.design.measures, self.expected, strict=True):
            chances = self.chances[:, first : first + expected.shape[1]]
            reported = _means if measure.kind == "mean" else _counts
            found.append(reported(measure, expected, chances, people, self.design))
            first += expected.shape[1]
        return Reported(
            np.column_stack([each.summaries for each in found]), np.sum([each.likelihood for each in found], axis=0)
        )


def study_data(design: Design, study: Study, parameters: pd.DataFrame, structures: pd.DataFrame) -> StudyData:
    """A design beside the draws of a study: what was drawn of its parameters, and which structure.

    Raises InputErrors where the draws hold everything that the design measures at one value, and where what it expects
    cannot be.
    """
    known = _known(design, study, parameters, structures)
    frame = pd.DataFrame({name: np.broadcast_to(known[name], len(parameters)) for name in design.names})
    varies = [name for name in frame if np.ptp(frame[name].to_numpy()) > 0.0]
    if not varies:
        raise _wrong(design, "measures", *_nothing_varies(design))
    expected = tuple(_expected(design, measure, known, len(parameters)) for measure in design.measures)
    held = tuple(name for name in design.names if name not in varies and name.partition(".")[0] not in OPTIONS)
    return StudyData(design, expected, frame[varies], held, _chances(study, design, parameters, expected))


def structural(name: str) -> bool:
    """Whether a name is that of a choice of structure, such as "after_year_three.waning"."""
    option, _, choice = name.partition(".")
    return option in OPTIONS and choice in OPTIONS[option][0]


def _known(
    design: Design, study: Study, parameters: pd.DataFrame, structures: pd.DataFrame
) -> dict[str, float | Numbers]:
    """Values by name: as drawn, as held, and 1 or 0 for a choice of structure."""
    held = {**study.base_values, **study.assume}
    drawn = {str(name): parameters[name].to_numpy(dtype=float) for name in parameters}
    found: dict[str, float | Numbers] = {**held, **drawn}
    for name in filter(structural, design.names):
        option, _, choice = name.partition(".")
        chosen = structures[option].to_numpy() if option in structures else np.array([study.options[option]])
        found[name] = (chosen == choice).astype(float)
    return found


def _expected(design: Design, measure: Measure, known: Mapping[str, float | Numbers], draws: int) -> Numbers:
    arms = {arm: np.broadcast_to(each.value(known), draws) for arm, each in measure.expects.items()}
    low, high = {"mean": (-np.inf, np.inf), "share": (0.0, 1.0), "rate": (0.0, np.inf)}[measure.kind]
    for arm, values in arms.items():
        wrong = values[~((values >= low) & (values <= high) & np.isfinite(values))]
        if len(wrong):
            right = "A share is from 0 to 1, a rate 0 or more, and a mean a number in every draw"
            raise _wrong(
                design,
                f"measures.{measure.name}.expects.{arm}",
                f"In {len(wrong)} of {draws} draws this comes to what cannot be, such as {wrong[0]:g}",
                right,
            )
    return np.asarray(np.column_stack(list(arms.values())), dtype=float)


def _chances(study: Study, design: Design, parameters: pd.DataFrame, expected: tuple[Numbers, ...]) -> Numbers:
    """Uniform numbers, a row a draw and a column a summary."""
    columns = sum(each.shape[1] for each in expected)
    return np.array(
        [[uniform(study.seed, int(draw), 0, kind, OF_NO_EVENT) for kind in range(columns)] for draw in parameters.index]
    )


def _nothing_varies(design: Design) -> tuple[str, str]:
    named = ", ".join(f"`{name}`" for name in design.names) or "no parameter"
    return (
        f"It measures {named}, and the draws of this study hold all of that at one value",
        "Measure a parameter with a distribution, which the study does not assume; `lbpsim parameters` shows them",
    )


def _wrong(design: Design, key: str, wrong: str, right: str) -> InputErrors:
    return InputErrors([Problem(Place(f"design {design.name}"), key, wrong, right)])


def _means(
    measure: Measure, expected: Numbers, chances: Numbers, people: Mapping[str, float], design: Design
) -> Reported:
    """Means, or where there is an arm to compare with, differences from it, which share its luck."""
    assert measure.sd is not None
    own = np.diag([1.0 / people[arm] for arm in measure.expects])
    shared = 0.0 if measure.against is None else 1.0 / people[measure.against]
    root = np.linalg.cholesky(measure.sd.canonical**2 * (own + shared))
    summaries = expected + special.ndtri(chances) @ root.T
    white, seen = (np.linalg.solve(root, each.T).T for each in (expected, summaries))
    return Reported(summaries, -0.5 * np.sum((white[:, None] - seen[None]) ** 2, axis=2))


def _counts(
    measure: Measure, expected: Numbers, chances: Numbers, people: Mapping[str, float], design: Design
) -> Reported:
    """Shares of people, or rates per person-year, from how often something happens."""
    from scipy import stats  # noqa: PLC0415 - slow to import, and asked for by proposed studies alone

    asked = np.array([people[arm] for arm in measure.expects])
    if measure.kind == "share":
        asked = np.round(asked)
        counts = np.asarray(stats.binom.ppf(chances, asked, expected))
        likely = stats.binom.logpmf(counts[None], asked, expected[:, None])
    else:
        asked = asked * design.follow_up.canonical
        counts = np.asarray(stats.poisson.ppf(chances, expected * asked))
        likely = stats.poisson.logpmf(counts[None], expected[:, None] * asked)
    return Reported(counts / asked, np.sum(likely, axis=2))
