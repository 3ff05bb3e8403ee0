"""The page of `lbpsim optimise`: the answer in sentences, one chart, and three tables that a reader can check."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from lbpsim.evidence.currency import is_money
from lbpsim.optimisation.limits import amount
from lbpsim.optimisation.optimum import Optimum
from lbpsim.optimisation.sample import interval_of, mean_and_error
from lbpsim.optimisation.trials import Score
from lbpsim.report.charts import optimum as chart
from lbpsim.report.format import count, money, percent, signed, signed_money, with_error
from lbpsim.report.narrative.choosing import HALF, sentences
from lbpsim.report.optimum_tables import tables
from lbpsim.report.page.pictures import inlined
from lbpsim.report.page.templates import rendered

TITLE = "The best policy found"
MILLION = 1e6


def page(found: Optimum, text: str, file: str) -> str:
    """The page; `text`: of the policy's file, which is called `file`."""
    lead, *others = sentences(found, moved=False)
    return str(
        rendered(
            "optimum.html",
            title=TITLE,
            found=found,
            lead=lead,
            sentences=others,
            chart=inlined("budget_frontier", lead, lambda: chart.draw(found)),
            levers=list(_levers(found)),
            limits=list(_limits(found)),
            choices=list(_choices(found)),
            text=text,
            file=file,
        )
    )


def _levers(found: Optimum) -> Iterator[tuple[str, ...]]:
    for row in tables(found)["levers"].to_dict("records"):
        yield row["lever"], row["start"], row["best"], _aside(row, "lower"), _aside(row, "higher")


def _aside(row: dict[Hashable, Any], way: str) -> str:
    """What is lost where a lever is moved alone, and whether that breaks a limit."""
    if not row[way]:
        return "no room"
    lost = with_error(row[f"lost_{way}"], HALF * row[f"mcse_{way}"])
    return f"{row[way]}: {lost}{'' if row[f'keeps_{way}'] == 'yes' else ', breaks a limit'}"


def _limits(found: Optimum) -> Iterator[tuple[str, ...]]:
    """Each limit in the period in which least of it is left."""
    frame = tables(found)["limits"]
    for limit, left in zip(found.question.limits, found.left, strict=False):
        row = frame[frame["limit"] == limit.name].iloc[int(left.argmin())]
        told = amount(float(row["allowed"]), limit.unit), amount(float(row["used"]), limit.unit)
        beyond = f"{percent(float(row['share_beyond']))} of draws"
        yield limit.label, str(row["period"]), *told, beyond, "nothing left" if row["binds"] else ""


def _choices(found: Optimum) -> Iterator[tuple[str, ...]]:
    titles = {policy.name: policy.title for policy in found.question.study.policies}
    yield TITLE, "yes", _gain(found, found.score), "", *_outcomes(found.score)
    for own in found.own[1:]:
        lead = _in_unit(found, *found.score.over(own.score))
        yield titles[own.name], "yes" if own.kept else "no", _gain(found, own.score), lead, *_outcomes(own.score)


def _gain(found: Optimum, score: Score) -> str:
    goal, each = found.question.goal, interval_of(score.gains)
    ends = sorted(goal.told(float(end)) for end in (each.low, each.high))
    shown = [money(end) if is_money(goal.unit) else count(end) for end in (goal.told(score.gain), *ends)]
    return f"{shown[0]} ({shown[1]} to {shown[2]})" if each.low == each.low else shown[0]


def _in_unit(found: Optimum, value: float, error: float) -> str:
    if is_money(found.question.goal.unit):
        return f"{with_error(value / MILLION, HALF * error / MILLION)} million"
    return with_error(value, HALF * error)


def _outcomes(score: Score) -> tuple[str, str]:
    qalys, cost = (float(mean_and_error(score.extra[name])[0]) for name in ("qalys", "cost_health_system"))
    return signed(count(qalys), qalys), signed_money(cost)
