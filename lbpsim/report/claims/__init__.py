"""What a report says in words, made from the results by rules that cannot claim more than the results bear."""

from __future__ import annotations

from lbpsim.decision.analysis import Decision
from lbpsim.outcomes.results import Results
from lbpsim.report.claims import headline as _headline
from lbpsim.report.claims.case import Case
from lbpsim.report.claims.claim import TOPICS, Answer, Claim
from lbpsim.report.claims.cost import cost
from lbpsim.report.claims.effect import effect
from lbpsim.report.claims.limits import limited_by
from lbpsim.report.claims.sure import sure
from lbpsim.report.claims.when import by_when
from lbpsim.report.claims.whom import for_whom

TELLERS = (effect, for_whom, by_when, cost, sure, limited_by)


def answers(results: Results, decision: Decision | None) -> tuple[Answer, ...]:
    """What each policy beside the comparator would do, for whom, by when, at what cost, how sure, limited by what.

    Args:
        results: of the study, with or without draws.
        decision: tables of the decision layer; without them nothing is said of which choice is best.
    """
    return tuple(_answer(Case(results, decision, policy)) for policy in results.study.policies[1:])


def headline(results: Results, decision: Decision | None) -> tuple[str, ...]:
    """Three to five sentences for the top of a page; none where there is nothing to compare. Arguments as `answers`."""
    if len(results.scenarios) == 1:
        return ()
    return tuple(_headline.sentences(results, decision))


def _answer(case: Case) -> Answer:
    return Answer(case.name, case.policy.title, tuple(claim for tell in TELLERS for claim in tell(case)))


__all__ = ["TOPICS", "Answer", "Claim", "answers", "headline"]
