"""One policy beside the comparator: what the sentences about it need, and how they name it."""

from __future__ import annotations

from dataclasses import dataclass

from lbpsim.outcomes.draws import DrawResults
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.policy_styles import in_sentence
from lbpsim.report.format import discounting
from lbpsim.report.narrative.differences import draws_of
from lbpsim.study import Policy
from lbpsim.voi.decision_analysis import Decision


@dataclass(frozen=True)
class Comparison:
    """A policy of a study with its results; `decision` as of `decide`, None where not made."""

    results: Results
    decision: Decision | None
    policy: Policy

    @property
    def name(self) -> str:
        """The name of the policy in tables."""
        return self.policy.name

    @property
    def subject(self) -> str:
        """The policy inside a sentence."""
        return called(self.policy)

    @property
    def comparator(self) -> str:
        """The comparator inside a sentence."""
        return comparator(self.results)

    @property
    def draws(self) -> DrawResults | None:
        """The draws of the inputs, None without them."""
        return draws_of(self.results)

    @property
    def offers_cft(self) -> bool:
        """Whether the policy offers CFT itself, and not something else in its place."""
        return self.policy.cft.delivers

    @property
    def queues(self) -> bool:
        """Whether people wait for CFT under the policy."""
        return self.policy.cft.queues

    @property
    def benchmark(self) -> str:
        """Why nobody could or would choose the policy, in words; empty where it is a choice."""
        return benchmark(self.policy)


def benchmark(policy: Policy) -> str:
    """Why a policy only measures others, in words; empty where it is a choice.

    >>> benchmark(Policy("today", "Today's care"))
    ''
    """
    if policy.cft.makes_offers and policy.cft.replaced_by is not None:
        return f"a comparison head to head, {policy.cft.replaced_by} in place of CFT"
    if policy.cft.makes_offers and not policy.cft.capacity_limited:
        return "CFT as if clinics had room for everybody"
    return ""


def called(policy: Policy) -> str:
    """A policy inside a sentence: its title in quotation marks, which is no word of the sentence.

    >>> called(Policy("cft-first", "CFT first"))
    '“CFT first”'
    """
    return f"“{policy.title}”"


def comparator(results: Results) -> str:
    """The comparator inside a sentence: "usual care"."""
    return in_sentence(results.study.policies[0].title)


def at_central(results: Results) -> str:
    """What a sentence begins with where parameter uncertainty was not run."""
    return "" if draws_of(results) is not None else "at the central values of the inputs, "


def rate(case: Comparison) -> str:
    """The yearly discount rate in words: "5%"."""
    return discounting(case.results.study)


def first_letter_up(text: str) -> str:
    """A sentence with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
