"""A policy taken apart, in words: sentences by rules that cannot overclaim.

A figure within two Monte Carlo errors of zero, or whose interval holds zero, is "no clear effect", whatever its size.
"Most" is said only where the first is clearly ahead of the second. Every figure stands with half its 95% Monte Carlo
interval.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from lbpsim.explain.attribution import CONTRIBUTION, INTERACTION, LOST, WHOLE, Attribution, ComponentName, clear
from lbpsim.explain.binding_constraints import ALL
from lbpsim.outcomes.estimate import interval_factor
from lbpsim.report.charts.policy_styles import in_sentence, short_label
from lbpsim.report.format import count, count_with_error, discounting, listed, money, money_with_error, signed
from lbpsim.report.rows import rows_of
from lbpsim.study.phrasing import span

QALYS, HEALTH_CARE, SOCIETAL = "qalys", "cost_health_system", "cost_societal"
SHOWN = (QALYS, HEALTH_CARE, SOCIETAL)
HALF = 0.5  # of a QALY, or of a dollar: of less there is nothing to tell
NAMED_MOST = 3  # parts named in one sentence
NO_CLEAR = "no clear effect"
Measure = Literal["contribution", "lost without it"]


@dataclass(frozen=True)
class PairedDifference:
    """A difference, its Monte Carlo error, and the number of replications that it comes from."""

    value: float
    mcse: float
    replications: int

    @property
    def clear(self) -> bool:
        """Whether it is more than two errors from zero and its interval (wider with few replications) holds no zero.

        Less than half a QALY, or dollar, is rounding in the sums, and nothing.
        """
        return clear(self.value, self.mcse) and abs(self.value) > max(self.half, HALF)

    @property
    def nothing(self) -> bool:
        """Whether neither it nor its interval comes to half a QALY, or dollar."""
        return max(abs(self.value), 0.0 if math.isnan(self.half) else self.half) < HALF

    @property
    def half(self) -> float:
        """Half its 95% Monte Carlo interval; not a number with one replication."""
        return self.mcse * interval_factor(self.replications) if self.replications > 1 else float("nan")

    @property
    def qalys(self) -> str:
        """Its size in QALYs."""
        return f"{count_with_error(abs(self.value), self.half)} QALYs"

    @property
    def signed_qalys(self) -> str:
        """With its sign, where that is not clear."""
        return "0 QALYs" if self.nothing else f"{signed(count_with_error(self.value, self.half), self.value)} QALYs"

    @property
    def money(self) -> str:
        """Its size in money."""
        return money_with_error(abs(self.value), self.half)


def contribution(
    why: Attribution, level: str, part: str, outcome: str = QALYS, measure: Measure = CONTRIBUTION
) -> PairedDifference:
    """What a part contributes to an outcome, or what is lost without it, discounted over the horizon."""
    return _figure(rows_of(why.contributions, level=level, part=part, measure=measure), outcome, why)


def shown(why: Attribution, level: str, part: str, measure: Measure) -> list[PairedDifference]:
    """The outcomes that are shown, of a part: QALYs, health care, societal cost."""
    return [contribution(why, level, part, outcome, measure) for outcome in SHOWN]


def whole(why: Attribution, outcome: str = QALYS) -> PairedDifference:
    """What the whole policy does to an outcome, discounted over the horizon."""
    return contribution(why, "change", WHOLE, outcome)


def relaxed(why: Attribution, name: str, outcome: str = QALYS) -> PairedDifference:
    """What the policy would gain with one thing relaxed, discounted over the horizon."""
    return _figure(rows_of(why.held_back, relaxation=name), outcome, why)


def _figure(rows: pd.DataFrame, outcome: str, why: Attribution) -> PairedDifference:
    row = rows_of(rows, outcome=outcome, discounted=True).iloc[0]
    return PairedDifference(float(row["value"]), float(row["mcse"]), why.question.replications)


def telling_level(why: Attribution) -> str:
    """The level that tells most: pathways where the policy changes several, else its single changes."""
    return "pathway" if len(at_level(why, "pathway")) > 1 else "change"


def at_level(why: Attribution, level: str) -> tuple[ComponentName, ...]:
    """The parts of a level, in the order of the policy."""
    return tuple(part for part in why.question.parts if part.level == level)


def paragraphs(why: Attribution) -> list[str]:
    """What was found, in three paragraphs: what the policy does, what of it comes from where, what holds it back."""
    return [" ".join(sentences) for sentences in (opening(why), sources(why), holds(why)) if sentences]


def opening(why: Attribution) -> list[str]:
    """What the whole policy does."""
    question, effect = why.question, whole(why)
    when = f"{span(question.years)}, discounted at {discounting(question)} a year"
    against = f"against {in_sentence(short_label(question.comparator))}"
    verb = "gains" if effect.value > 0.0 else "loses"
    what = f"{verb} {effect.qalys}" if effect.clear else f"has {NO_CLEAR} on QALYs ({effect.signed_qalys})"
    costs = f"{_cost(why, HEALTH_CARE, 'Health care')}; {_cost(why, SOCIETAL, 'societal cost, lost work included,')}."
    alone = ["One replication gives no Monte Carlo errors, so that nothing can be called clear."]
    return [f"{question.title} {what} {against} ({when}).", costs, *(alone if question.replications == 1 else [])]


def _cost(why: Attribution, outcome: str, what: str) -> str:
    change = whole(why, outcome)
    if not change.clear:
        return f"{what} changes by no clear amount ({signed(money(change.value), change.value)})"
    return f"{what} {'rises' if change.value > 0.0 else 'falls'} by {change.money}"


def sources(why: Attribution) -> list[str]:
    """What each part does alone, what they do together, and without which of them most is lost."""
    level = telling_level(why)
    parts = at_level(why, level)
    if len(parts) == 1:
        return [f"It makes one change, {parts[0].label}, so that there is nothing to tell apart."]
    effects = [(part, contribution(why, level, part.key)) for part in parts]
    told = sorted((pair for pair in effects if pair[1].clear), key=lambda pair: -abs(pair[1].value))
    silent = [part.label for part, effect in effects if not effect.clear]
    return [
        *_alone(told, silent, whole(why)),
        *_together(why, level),
        *_lost(why, level, parts),
        *_money_alone(why, level, parts),
    ]


def _alone(
    told: Sequence[tuple[ComponentName, PairedDifference]], silent: list[str], all_of_it: PairedDifference
) -> Iterator[str]:
    if not told:
        rest = ": they do what they do only together" if all_of_it.clear else ""
        yield f"None of its {len(silent)} changes has a clear effect on QALYs alone{rest}."
        return
    each = [f"{effect.qalys} are {'gained' if effect.value > 0.0 else 'lost'} by {part.label}" for part, effect in told]
    yield f"Alone, {listed(each)}."
    if silent:
        yield f"Alone, {NO_CLEAR} comes from {listed(silent, last='or')}."


def _together(why: Attribution, level: str) -> Iterator[str]:
    rest = contribution(why, level, INTERACTION)
    if rest.clear:
        more = "more" if rest.value > 0.0 else "fewer"
        yield f"Together they come to {rest.qalys} {more} than the sum of what each does alone."
    else:
        yield f"That they act together makes no clear difference ({rest.signed_qalys})."


def _lost(why: Attribution, level: str, parts: Sequence[ComponentName]) -> Iterator[str]:
    lost = [(part, contribution(why, level, part.key, measure=LOST)) for part in parts]
    told = sorted((pair for pair in lost if pair[1].clear), key=lambda pair: -abs(pair[1].value))[:NAMED_MOST]
    each = [f"{effect.qalys} {'fewer' if effect.value > 0.0 else 'more'} without {part.label}" for part, effect in told]
    if each:
        yield f"The whole policy would come to {listed(each)}."


def _money_alone(why: Attribution, level: str, parts: Sequence[ComponentName]) -> Iterator[str]:
    """What the policy would cost without each change that moves money and no QALYs, such as a price."""
    for part in parts:
        if _moves_health(why, level, part.key):
            continue
        health_care, societal = shown(why, level, part.key, LOST)[1:]
        told = [f"health care would cost {_dearer(health_care)}"] if health_care.clear else []
        if societal.clear:
            told.append(f"society, lost work included, would pay {_dearer(societal)}")
        if told:
            yield f"Without {part.label}, {listed(told)}."


def _moves_health(why: Attribution, level: str, part: str) -> bool:
    measures: tuple[Measure, ...] = (CONTRIBUTION, LOST)
    return any(contribution(why, level, part, measure=measure).clear for measure in measures)


def _dearer(lost: PairedDifference) -> str:
    """How much more, or less, is paid without what costs this."""
    return f"{lost.money} {'less' if lost.value > 0.0 else 'more'}"


def holds(why: Attribution) -> list[str]:
    """What holds the policy back, by what it would gain without."""
    if not why.question.holds:
        return ["It makes no offer whose reach could be widened, so that nothing was relaxed."]
    effects = {hold.name: relaxed(why, hold.name) for hold in why.question.holds}
    gains = sorted((name for name in effects if effects[name].clear and effects[name].value > 0.0),
                   key=lambda name: -effects[name].value)  # fmt: skip
    return [*_most(why, gains), *_no_gain(why, effects, gains), *_all_relaxed(why)]


def _most(why: Attribution, gains: list[str]) -> Iterator[str]:
    held = {hold.name: hold for hold in why.question.holds}
    if not gains:
        yield "Nothing that was relaxed alone would clearly gain more QALYs."
        return
    first, more = held[gains[0]], relaxed(why, gains[0])
    lead = why.lead
    sure = lead is None or (
        lead.first == first.name and PairedDifference(lead.difference, lead.mcse, why.question.replications).clear
    )
    what = f"with {first.if_not} it would gain {more.qalys} more"
    if sure:
        yield f"At central inputs, what holds it back most is {first.label}: {what}."
    else:
        yield (
            f"What holds it back most is not clear, even at central inputs; {first.label} is one of the first: {what}."
        )
    others = [f"{held[name].label} ({relaxed(why, name).qalys})" for name in gains[1:]]
    if others:
        yield f"It is also held back by {listed(others)}."


def _no_gain(why: Attribution, effects: dict[str, PairedDifference], gains: list[str]) -> Iterator[str]:
    labels = {hold.name: hold.label for hold in why.question.holds}
    worse = [
        f"{labels[name]} ({effect.qalys} fewer)"
        for name, effect in effects.items()
        if effect.clear and name not in gains
    ]
    unclear = [labels[name] for name, effect in effects.items() if not effect.clear]
    if worse:
        yield f"To relax nothing but {listed(worse, last='or')} would lose QALYs."
    if unclear and gains:
        yield f"To relax {listed(unclear, last='or')} alone would have {NO_CLEAR}."


def _all_relaxed(why: Attribution) -> Iterator[str]:
    if len(why.question.holds) > 1:
        more = relaxed(why, ALL)
        if more.clear:
            yield f"With all of these relaxed it would {'gain' if more.value > 0.0 else 'lose'} {more.qalys} more."
        else:
            yield f"To relax all of these would have {NO_CLEAR} ({more.signed_qalys})."


def whole_number(value: float) -> str:
    """A difference in QALYs with its sign; 0 where it is less than half a one.

    >>> whole_number(0.2), whole_number(1234.0)
    ('0', '+1,230')
    """
    return signed(count(value), value) if abs(value) >= HALF else "0"
