"""What a search for the best policy found, in sentences that claim no more than its errors bear."""

from __future__ import annotations

from collections.abc import Iterator

from lbpsim.evidence.currency import is_money
from lbpsim.optimisation.goals import Goal
from lbpsim.optimisation.limits import amount
from lbpsim.optimisation.optimum import Optimum, OwnPolicy, Price, differs
from lbpsim.optimisation.sample import interval_of
from lbpsim.report.format import count, listed, money, money_with_error, per_qaly, with_error
from lbpsim.study.phrasing import number_of, span

HALF = 1.96  # standard errors to either side of a 95% interval
MILLION = 1e6
PERSPECTIVE = {"health_system": "the costs of health care", "societal": "the costs of health care and lost work"}


def sentences(found: Optimum, *, moved: bool = True) -> tuple[str, ...]:
    """All of them: what it gains, of what parts, beside what, what limits leave, what more of them would bring, how
    flat the top is; and what was `moved`, where no table says so.
    """
    changes = (_changes(found),) if moved else ()
    return (_gain(found), *_parts(found), _beside(found), *changes, *_limits(found), _flat(found))


def _gain(found: Optimum) -> str:
    goal, study = found.question.goal, found.question.study
    each = interval_of(found.score.gains)
    ends = sorted((goal.told(float(each.low)), goal.told(float(each.high))))
    between = f" (95% interval {' to '.join(_amount(goal, end) for end in ends)})" if each.low == each.low else ""
    return (
        f"The best policy found: {goal.label} of {_amount(goal, goal.told(found.score.gain))}"
        f"{'' if is_money(goal.unit) else f' {goal.unit}'}{between} against {study.policies[0].title.lower()}, "
        f"{span(study.calendar_years)}."
    )


def _amount(goal: Goal, value: float) -> str:
    return money(value) if is_money(goal.unit) else count(value)


def more(goal: Goal, gain: float, error: float) -> str:
    """How much more of the goal a gain is, with half of its interval, in words: of a cost, how much less."""
    told = (money_with_error if is_money(goal.unit) else with_error)(abs(gain), HALF * error)
    unit = "" if is_money(goal.unit) else f" {goal.unit}"
    return f"{told}{unit} {'less' if (gain < 0.0) != goal.lower_is_better else 'more'}"


def _beside(found: Optimum) -> str:
    best, goal = found.next_best, found.question.goal
    if best is None:
        return "No policy of the study, usual care among them, keeps these limits."
    lead, error = found.score.over(best.score)
    title = found.question.study.policy(best.name).title
    if found.lead > 0:
        return f"It has {more(goal, lead, error)} than {title}, {_the_best(found)}; {_how_sure(found, best)}"
    if found.lead < 0:
        return (
            f"{title} is better, {_the_best(found)}: what was found has {more(goal, lead, error)}. These levers cannot "
            "make what that policy does; look for the best from there, with --policy."
        )
    return (
        f"It cannot be told from {title}, {_the_best(found)}: the difference is within its error "
        f"({more(goal, lead, error)})."
    )


def _the_best(found: Optimum) -> str:
    return "the best policy of the study that keeps the limits" if found.question.limits else "the best of the study"


def _how_sure(found: Optimum, best: OwnPolicy) -> str:
    """How sure the parameters leave the lead, which is another matter than the error of its mean."""
    lead = interval_of(found.score.gains - best.score.gains)
    if lead.low != lead.low:
        return "with so few draws nothing is known of how the parameters move that."
    if lead.low > 0.0:
        return "in nearly all draws of the parameters it leads."
    return "for some values of the parameters the other is better."


def _changes(found: Optimum) -> str:
    """What is moved, against the policy that the search began with."""
    space = found.question.space
    moved = [
        f"{lever.label} {lever.words(old)} → {lever.words(new)}"
        for lever, old, new in zip(space.levers, space.began, found.values, strict=True)
        if old != new
    ]
    return f"Against {space.base.title}: {'; '.join(moved)}." if moved else f"It is {space.base.title} as it stands."


def _parts(found: Optimum) -> Iterator[str]:
    """Of what a goal that weighs money against health is made."""
    study, goal = found.question.study, found.question.goal
    if goal.perspective is None:
        return
    cost = float(found.score.extra[goal.perspective(study)].mean())
    words = PERSPECTIVE["health_system" if goal.perspective(study) == "cost_health_system" else "societal"]
    if is_money(goal.unit):
        yield f"Cost counts {words}."
        return
    qalys, worth = float(found.score.extra["qalys"].mean()), -cost / min(study.thresholds)
    yield (
        f"Of these, {count(qalys)} are QALYs gained by people with back pain, and {count(worth)} are what "
        f"{money(abs(cost))} {'saved' if cost < 0 else 'spent more'} is worth at {per_qaly(min(study.thresholds))}, "
        f"counting {words}."
    )


def _limits(found: Optimum) -> Iterator[str]:
    if not found.question.limits:
        yield "No limit was set: only the ends of the levers' ranges hold it back."
        return
    tight = [limit for limit in found.binding if limit in found.question.limits]
    if not tight:
        yield "Something is left of every limit, so more of any was not looked at."
        return
    yield f"Next to nothing is left of {listed([limit.name for limit in tight])}."
    yield from (worth(found, price) for price in found.prices)
    priced = {price.limit.name for price in found.prices}
    for limit in tight:
        if limit.name not in priced:
            yield f"What more of {limit.name} is worth was not found."


def worth(found: Optimum, price: Price) -> str:
    """What more of a limit is worth, in a sentence; nothing is claimed within the error."""
    one, size = _one_more(price)
    gain, error = (size * each for each in price.of_one)
    goal = found.question.goal
    if not differs(gain, error):
        return f"{one} ({price.limit.name}) changes nothing beyond the error ({more(goal, gain, error)})."
    if gain < 0.0:
        return f"{one} ({price.limit.name}) was not made use of: what was found with it has {more(goal, gain, error)}."
    told, step = more(goal, gain, error), amount(price.more, price.limit.unit)
    return f"{one} ({price.limit.name}) brings {told} over the study's years, going by {step} more."


def _one_more(price: Price) -> tuple[str, float]:
    """A little more of a limit in words, and how many of its units that is."""
    if price.limit.unit == "money":
        return f"{amount(MILLION, 'money')} more a year", MILLION
    return f"One {price.limit.unit.removesuffix('s')} more", 1.0


def _flat(found: Optimum) -> str:
    """Which levers matter: what is lost where one is moved alone."""
    space = found.question.space
    felt: dict[int, float] = {}
    for aside in found.sideways:
        lost, error = found.score.over(aside.score)
        if differs(lost, error) > 0:
            felt[aside.lever] = max(felt.get(aside.lever, 0.0), lost)
    aside_by = f"{found.question.plan.aside:.0%}"
    tried = f"{number_of(found.trials, 'policy')} were tried."
    if not felt:
        return f"Moving one lever alone by {aside_by} of its range loses nothing beyond the error. {tried}"
    most = sorted(felt, key=lambda place: -felt[place])[:2]
    named = listed([f"{space.levers[place].label} ({_amount(found.question.goal, felt[place])})" for place in most])
    return f"Moving one lever alone by {aside_by} of its range loses most at {named}. {tried}"
