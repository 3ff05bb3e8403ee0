"""What a search for the best policy found, in sentences that claim no more than its errors bear."""

from __future__ import annotations

from collections.abc import Iterator

from lbpsim.evidence.currency import is_money
from lbpsim.optimisation.limits import amount
from lbpsim.optimisation.optimum import Optimum, OwnPolicy, Price
from lbpsim.optimisation.sample import interval_of
from lbpsim.report.format import count, listed, money, with_error
from lbpsim.study.phrasing import number_of, span

HALF = 1.96  # standard errors to either side of a 95% interval
MILLION = 1e6


def sentences(found: Optimum) -> tuple[str, ...]:
    """All of them: what it gains, beside what, what holds it back, what more would bring, how flat the top is."""
    return (_gain(found), _beside(found), _changes(found), *_held_back(found), _flat(found))


def gained(found: Optimum, gain: float) -> str:
    """A gain towards the goal as readers know it, with its unit."""
    goal = found.question.goal
    told = goal.told(gain)
    return money(told) if is_money(goal.unit) else f"{count(told)} {goal.unit}"


def _gain(found: Optimum) -> str:
    goal, study = found.question.goal, found.question.study
    each = interval_of(found.score.gains)
    ends = sorted((goal.told(float(each.low)), goal.told(float(each.high))))
    shown = (money(end) if is_money(goal.unit) else count(end) for end in ends)
    between = f" (95% interval {' to '.join(shown)})" if each.low == each.low else ""
    return (
        f"The best policy found has a {goal.label} of {gained(found, found.score.gain)}{between} against "
        f"{study.policies[0].title.lower()}, {span(study.calendar_years)}."
    )


def _beside(found: Optimum) -> str:
    best = found.next_best
    if best is None:
        return "No policy of the study that could be chosen keeps these limits."
    lead, error = found.score.over(best.score)
    unit = found.question.goal.unit
    title = found.question.study.policy(best.name).title
    if not found.sure:
        return (
            f"It cannot be told from {title}, the best policy of the study that keeps the limits: the difference is "
            f"within its error ({_with_error(lead, error, unit)})."
        )
    return (
        f"That is {_with_error(lead, error, unit)} more than {title}, the best policy of the study that keeps the "
        f"limits; {_how_sure(found, best)}"
    )


def _how_sure(found: Optimum, best: OwnPolicy) -> str:
    """How sure the parameters leave the lead, which is another matter than the error of its mean."""
    lead = interval_of(found.score.gains - best.score.gains)
    if lead.low != lead.low:
        return "with so few draws nothing is known of how the parameters move that."
    if lead.low > 0.0:
        return "whatever the parameters are within what is known of them, it leads."
    return "for some values of the parameters the other is better."


def _changes(found: Optimum) -> str:
    """What is moved, against the policy that the search began with."""
    space = found.question.space
    moved = [
        f"{lever.label} {lever.words(old)} → {lever.words(new)}"
        for lever, old, new in zip(space.levers, space.given, found.values, strict=True)
        if old != new
    ]
    return f"Against {space.base.title}: {'; '.join(moved)}." if moved else f"It is {space.base.title} as it stands."


def _held_back(found: Optimum) -> Iterator[str]:
    if not found.question.limits:
        yield "No limit was set: only the ends of the levers' ranges hold it back."
        return
    if not found.binding:
        yield "No limit holds it back: more of any would bring nothing that these levers can use."
        return
    yield f"It is held back by {listed([limit.name for limit in found.binding])}."
    yield from (worth(found, price) for price in found.prices)


def worth(found: Optimum, price: Price) -> str:
    """What more of a limit is worth, in a sentence; nothing is claimed within the error."""
    one, size = _one_more(price)
    gain, error = (size * each for each in price.of_one)
    unit = found.question.goal.unit
    if not price.sure:
        return f"{one} ({price.limit.name}): nothing beyond the error ({_with_error(gain, error, unit)})."
    told = f"{one} ({price.limit.name}) is worth {_with_error(gain, error, unit)} over the study's years"
    return f"{told}." if price.kept else f"{told}, if the other limits give way a little too."


def _one_more(price: Price) -> tuple[str, float]:
    """A little more of a limit in words, and how many of its units that is."""
    if price.limit.unit == "money":
        return f"{amount(MILLION, 'money')} more a year", MILLION
    return f"One {price.limit.unit.removesuffix('s')} more", 1.0


def _with_error(value: float, error: float, unit: str) -> str:
    text = with_error(value, HALF * error)
    return f"{amount(0.0, 'money').split()[0]} {text}" if is_money(unit) else f"{text} {unit}"


def _flat(found: Optimum) -> str:
    share = found.question.plan.flat
    number = number_of(len(found.alike), "policy")
    free = [
        f"{lever.label} {lever.words(low)} to {lever.words(high)}"
        for place, lever in enumerate(found.question.space.levers)
        for low, high in [_ends(found, place)]
        if abs(lever.share(high) - lever.share(low)) > found.question.plan.step
    ]
    if not free:
        return f"The top is sharp: {number} of {found.trials} tried come within {share:.0%} of it, all much alike."
    return f"The top is flat: {number} of {found.trials} tried come within {share:.0%} of it, with {'; '.join(free)}."


def _ends(found: Optimum, place: int) -> tuple[object, object]:
    lever = found.question.space.levers[place]
    ordered = sorted((values[place] for values in found.alike), key=lever.share)
    return ordered[0], ordered[-1]
