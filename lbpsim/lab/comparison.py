"""What is compared: up to three policies beside usual care, and assumptions for all; read as `lbpsim check` reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from lbpsim.evidence.layers import Registry
from lbpsim.lab import assumptions
from lbpsim.lab.draft import SUFFIX, Draft, read
from lbpsim.lab.levers import by_path, lever_of
from lbpsim.simulation.consistency import check
from lbpsim.study import InputErrors, Place, Policy, Problem, Study, notes
from lbpsim.study.describe import changes

MOST = 3  # policies side by side, beside usual care
FOR_ALL = "for_all"  # before the names of parameters that are set for every policy
ASSUME = "assume"  # what a file calls them


@dataclass(frozen=True)
class Comparison:
    """The drafts, which of them is `edited` (its place), and the words of assumptions, by parameter."""

    drafts: tuple[Draft, ...]
    edited: int = 0
    assume: Mapping[str, str] = field(default_factory=dict)

    @property
    def draft(self) -> Draft:
        """The draft whose levers are shown."""
        return self.drafts[self.edited]

    @property
    def others(self) -> tuple[Draft, ...]:
        """The drafts beside it."""
        return (*self.drafts[: self.edited], *self.drafts[self.edited + 1 :])

    @property
    def titles(self) -> list[str]:
        """The policies' titles, in their order."""
        return [draft.title for draft in self.drafts]

    def with_draft(self, draft: Draft) -> Self:
        """With another draft in the place of the one that is edited."""
        return replace(self, drafts=(*self.drafts[: self.edited], draft, *self.drafts[self.edited + 1 :]))

    def stored(self) -> dict[str, Any]:
        """As plain values for JSON."""
        drafts = [{"name": draft.name, "values": dict(draft.values)} for draft in self.drafts]
        return {"drafts": drafts, "edited": self.edited, "assume": dict(self.assume)}

    @classmethod
    def of(cls, stored: Mapping[str, Any], known: Registry) -> Self:
        """What `stored` gave, of parameters that are `known`; raises ValueError, KeyError or TypeError for anything
        else.
        """
        drafts = tuple(Draft(str(each["name"]), _values(each["values"])) for each in stored["drafts"])
        if not 0 < len(drafts) <= MOST or not 0 <= int(stored["edited"]) < len(drafts):
            raise ValueError("no such number of policies")
        assume = {str(name): str(words) for name, words in stored["assume"].items() if name in known.parameters}
        return cls(drafts, int(stored["edited"]), assume)


def _values(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {path: _value(value) for path, value in stored.items() if path in by_path()}


def _value(stored: Any) -> Any:
    return stored if isinstance(stored, str) else tuple((str(when), str(amount)) for when, amount in stored)


@dataclass(frozen=True)
class Reading:
    """What a comparison comes to: the `study` of all its policies, None where anything is wrong; the `problems`, by
    draft, of each lever or assumption; each policy in words, and what is odd about them.
    """

    study: Study | None
    problems: tuple[Mapping[str, str], ...]
    words: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def wrong(self) -> int:
        """How many levers are wrong."""
        return len({(number, path) for number, found in enumerate(self.problems) for path in found})


def read_all(comparison: Comparison, base: Study) -> Reading:
    """Read every draft and assumption; `base`: the study with its comparator alone."""
    found: list[list[Problem]] = [[] for _ in comparison.drafts]
    everywhere: list[Problem] = []
    assumed = assumptions.read(comparison.assume, everywhere, base.registry)
    policies = [read(draft, base, mine) for draft, mine in zip(comparison.drafts, found, strict=True)]
    whole = replace(base, assume={**base.assume, **assumed})
    _check(whole, comparison, policies, found, everywhere)
    _report_same_titles(policies, base, found)
    words = tuple(tuple(changes(whole, policy)) if policy is not None else () for policy in policies)
    for_all = _told(everywhere, lambda key: f"{FOR_ALL}.{key.removeprefix(f'{ASSUME}.')}")
    problems = tuple({**_told(mine, lever_of), **for_all} for mine in found)
    right = [policy for policy in policies if policy is not None]
    if any(problems):
        return Reading(None, problems, words)
    study = replace(whole, policies=(*whole.policies, *right))
    odd = tuple(note.under(study.policy(note.policy).title if note.policy else "") for note in notes(study))
    return Reading(study, problems, words, odd)


def _check(
    study: Study,
    comparison: Comparison,
    policies: Iterable[Policy | None],
    found: list[list[Problem]],
    everywhere: list[Problem],
) -> None:
    """Whether parameters make sense together; of assumptions for all first, then of what policies come to."""
    if everywhere:
        return
    try:
        check(replace(study, policies=(study.policies[0], *(policy for policy in policies if policy is not None))))
    except InputErrors as errors:
        files = [draft.name + SUFFIX for draft in comparison.drafts]
        for problem in errors.problems:
            mine = found[files.index(problem.place.file)] if problem.place.file in files else everywhere
            mine.append(problem)


def _report_same_titles(policies: Iterable[Policy | None], base: Study, found: list[list[Problem]]) -> None:
    """Two policies of one title could not be told apart in charts."""
    titles = {_folded(base.policies[0].title)}
    for policy, mine in zip(policies, found, strict=True):
        if policy is not None and _folded(policy.title) in titles:
            place = Place(policy.name + SUFFIX)
            mine.append(Problem(place, "title", "Another policy here has this title", "Give each policy its own title"))
        elif policy is not None:
            titles.add(_folded(policy.title))


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


def _told(problems: Iterable[Problem], where: Callable[[str], str]) -> dict[str, str]:
    """What is told in each place of the form; `where`: that of a key."""
    told: dict[str, list[str]] = {}
    for problem in problems:
        told.setdefault(where(problem.key), []).append(_sentences(problem))
    return {place: " ".join(dict.fromkeys(texts)) for place, texts in told.items()}


def _sentences(problem: Problem) -> str:
    return str(replace(problem, key="")).removeprefix(f"{problem.place}:").strip()
