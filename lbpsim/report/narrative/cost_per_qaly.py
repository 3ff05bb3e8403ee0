"""What a policy costs for each QALY that it gains over the comparator: over draws, and at central inputs."""

from __future__ import annotations

from lbpsim.cea.frontier import PERSPECTIVES
from lbpsim.outcomes.results import Results
from lbpsim.report.format import plain
from lbpsim.report.narrative.differences import discounted, draws_of
from lbpsim.report.narrative.finding import without_draws

NOT_CLEAR, COST_NOT_CLEAR = "QALYs not clear", "cost not clear"
SAVES, LOSES = "dominates", "dominated"


def cost_per_qaly(results: Results, scenario: str, perspective: str) -> str:
    """The ratio of the means in money a QALY, in words where health and money point the same way for the choice.

    Nothing is said where the interval of the QALYs holds zero: the ratio could have any size and either sign. A ratio
    below zero says nothing either: it does not tell gains that save from losses that cost.
    """
    qalys, money = (discounted(results, scenario, name) for name in ("qalys", PERSPECTIVES[perspective]))
    if not qalys.clear:
        return NOT_CLEAR
    if qalys.direction * money.direction < 0:
        return SAVES if qalys.direction > 0 else LOSES
    ratio = money.value / qalys.value
    if ratio < 0.0:
        return COST_NOT_CLEAR
    saved = " saved for a QALY lost" if qalys.direction < 0 else ""
    return f"{plain(ratio)}{saved}"


def both(results: Results, scenario: str, perspective: str) -> tuple[str, str]:
    """Over draws and at central inputs; the first is empty without draws."""
    central = cost_per_qaly(without_draws(results), scenario, perspective)
    return ("" if draws_of(results) is None else cost_per_qaly(results, scenario, perspective)), central
