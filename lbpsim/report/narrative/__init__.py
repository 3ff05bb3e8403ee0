"""What a report says in words, made from the results by rules that cannot claim more than the results bear."""

from __future__ import annotations

from lbpsim.outcomes.results import Results
from lbpsim.report.narrative import headline as _headline
from lbpsim.report.narrative.claim import TOPICS, Answer, Claim
from lbpsim.report.narrative.comparison import Comparison
from lbpsim.report.narrative.confidence import how_certain
from lbpsim.report.narrative.cost import cost
from lbpsim.report.narrative.effect import effect
from lbpsim.report.narrative.limits import limited_by
from lbpsim.report.narrative.subgroups import for_whom
from lbpsim.report.narrative.timing import by_when
from lbpsim.voi.decision_analysis import Decision

TELLERS = (effect, for_whom, by_when, cost, how_certain, limited_by)


def answers(results: Results, decision: Decision | None) -> tuple[Answer, ...]:
    """What each policy beside the comparator would do, for whom, by when, at what cost, how certain, limited by what.

    Args:
        results: of the study, with or without draws.
        decision: tables of the decision layer; without them nothing is said of which choice is best.
    """
    return tuple(_answer(Comparison(results, decision, policy)) for policy in results.study.policies[1:])


def headline(results: Results, decision: Decision | None) -> tuple[str, ...]:
    """Three to five sentences for the top of a page; none where there is nothing to compare. Arguments as `answers`."""
    if len(results.scenarios) == 1:
        return ()
    return tuple(_headline.sentences(results, decision))


def _answer(case: Comparison) -> Answer:
    return Answer(case.name, case.policy.title, tuple(claim for tell in TELLERS for claim in tell(case)))


__all__ = ["TOPICS", "Answer", "Claim", "answers", "headline"]
