"""One policy beside the comparator: what the sentences about it need, and how they name it."""

from __future__ import annotations

from dataclasses import dataclass

from lbpsim.outcomes.draws import DrawResults
from lbpsim.outcomes.results import Results
from lbpsim.report.charts.policy_styles import in_sentence
from lbpsim.report.narrative.differences import draws_of
from lbpsim.study import Policy


@dataclass(frozen=True)
class Comparison:
    """A policy of a study with its results."""

    results: Results
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
        """The comparator inside a sentence: "usual care"."""
        return in_sentence(self.results.study.policies[0].title)

    @property
    def draws(self) -> DrawResults | None:
        """The draws of the inputs, None without them."""
        return draws_of(self.results)


def called(policy: Policy) -> str:
    """A policy inside a sentence: its title in quotation marks, which is no word of the sentence.

    >>> called(Policy("cft-first", "CFT first"))
    '“CFT first”'
    """
    return f"“{policy.title}”"


def at_central(results: Results) -> str:
    """What a sentence begins with where parameter uncertainty was not run."""
    return "" if draws_of(results) is not None else "at central inputs "


def first_letter_up(text: str) -> str:
    """A sentence with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
