"""Variants of a study: something is changed, and the same people live through it with the same random numbers.

Every variant has the seed and the people of the study, so a difference between two of them holds what was changed and
little else. What is finished is kept on disk, and the figures do not depend on who did the work.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise
from pathlib import Path

import numpy as np

from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.draws import check_sums
from lbpsim.outcomes.periods import every_outcome, lengths_of_years, of_country, over_years
from lbpsim.simulation.checkpoints import Checkpoint
from lbpsim.simulation.consistency import check
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.simulation.run import Progress, Tell, version
from lbpsim.simulation.workers import completed
from lbpsim.study import Policy, Study
from lbpsim.study.options import OF_A_POLICY

ONLY_CFT = ("cft.", "biofeedback.")  # parameters that nobody feels to whom CFT is not offered
MOST_TOGETHER = 8  # variants that are lived together: more save little, and then workers have less to share out


@dataclass(frozen=True)
class Variant:
    """A study with something changed, which a `title` names, and the `policies` of it to be simulated, by name.

    `replications`: how many of the study's, the first ones; None: all.
    """

    title: str
    study: Study = field(repr=False)
    policies: tuple[str, ...]
    replications: int | None = None

    @cached_property
    def key(self) -> str:
        """What its figures depend on, as a short hash: its inputs, the evidence and the code."""
        inputs = json.dumps([self.study.resolved(), self.policies, self.replications], sort_keys=True, default=str)
        return hashlib.sha256((inputs + version()).encode()).hexdigest()[:24]


def assuming(study: Study, values: Mapping[str, float]) -> Study:
    """The study with parameters set for every policy (canonical units); what a policy assumes itself stays."""
    return dataclasses.replace(study, assume={**study.assume, **values})


def imposing(study: Study, values: Mapping[str, float]) -> Study:
    """As `assuming`, and what policies assume themselves gives way: of a value that is looked for, not of doubt."""
    return assuming(_with_own(study, values.get), values)


def scaling(study: Study, names: Collection[str], ratio: float) -> Study:
    """The study with these parameters multiplied, wherever they come from: registry, study or a policy's own file."""
    shared = study.values(dataclasses.replace(study.policies[0], assume={}))
    multiplied = _with_own(study, lambda name, value: value * ratio if name in names else value)
    return assuming(multiplied, {name: shared[name] * ratio for name in names})


def _with_own(study: Study, change: Callable[[str, float], float]) -> Study:
    """The study with what its policies assume themselves changed, by name and value; nothing more is set."""
    owns = ({name: change(name, value) for name, value in policy.assume.items()} for policy in study.policies)
    policies = (dataclasses.replace(policy, assume=own) for policy, own in zip(study.policies, owns, strict=True))
    return dataclasses.replace(study, policies=tuple(policies))


def choosing(study: Study, options: Mapping[str, str]) -> Study:
    """The study with structural choices made for every policy, to which a policy's own choices give way."""
    policies = (
        dataclasses.replace(policy, options={name: options.get(name, own) for name, own in policy.options.items()})
        for policy in study.policies
    )
    return dataclasses.replace(study, options={**study.options, **options}, policies=tuple(policies))


def policies_setting(study: Study, names: Iterable[str]) -> tuple[str, ...]:
    """Names of the policies whose own files set one of these parameters, or make one of these structural choices."""
    wanted = set(names)
    return tuple(policy.name for policy in study.policies if wanted & {*policy.assume, *policy.options})


def among(study: Study, names: Sequence[str]) -> Study:
    """The study with these policies alone, and the comparator, from which the people come."""
    kept = tuple(each for number, each in enumerate(study.policies) if number == 0 or each.name in names)
    return dataclasses.replace(study, policies=kept)


def affected_policies(study: Study, names: Sequence[str], policies: Sequence[str]) -> tuple[str, ...]:
    """Those of the `policies` that can change when the parameters `names` do: of CFT's, those that offer it."""
    if not all(name.startswith(ONLY_CFT) for name in names):
        return tuple(policies)
    return tuple(name for name in policies if study.policy(name).cft.makes_offers)


Together = tuple[Variant, ...]  # whose policies are lived together


def lived_together(variants: Sequence[Variant]) -> list[Together]:
    """The variants, those together that differ in CFT alone: they are one study under several policies, whose people
    live the same lives until CFT reaches them.
    """
    found: dict[object, list[list[Variant]]] = {}
    for variant in variants:
        among_these = found.setdefault(_same_but_for_cft(variant), [[]])
        if len(among_these[-1]) == MOST_TOGETHER:
            among_these.append([])
        among_these[-1].append(variant)
    return [tuple(each) for several in found.values() for each in several]


def _same_but_for_cft(variant: Variant) -> object:
    """What variants that are lived together have in common; no other has it where the comparator itself offers CFT."""
    study = variant.study
    if study.policies[0].cft.makes_offers:
        return variant.key
    chosen = {name: choice for name, choice in study.options.items() if name not in OF_A_POLICY}
    alike = dataclasses.replace(without_cft(study), policies=study.policies[:1], options=chosen)
    return json.dumps([alike.resolved(), variant.replications], sort_keys=True, default=str)


def without_cft(study: Study) -> Study:
    """The study with nothing assumed of CFT."""
    assumed = {name: value for name, value in study.assume.items() if not name.startswith(ONLY_CFT)}
    return dataclasses.replace(study, assume=assumed)


def as_policy(study: Study, policy: Policy) -> Policy:
    """A policy of a study that differs from others in CFT alone, as it is in these: with all that its study assumes and
    chooses.
    """
    chosen = {name: study.options[name] for name in OF_A_POLICY}
    return dataclasses.replace(policy, assume={**study.assume, **policy.assume}, options={**chosen, **policy.options})


@dataclass(frozen=True)
class VariantUnit:
    """The smallest piece of work: replications `first` to before `end` of variants lived together, by their number."""

    number: int
    first: int
    end: int


@dataclass
class VariantRunner:
    """What it takes to simulate variants: a `pool` of `workers` (None: one a core), a `folder` where figures are kept
    (None: nowhere); `tell` is called as work is finished.
    """

    pool: Executor
    workers: int | None = None
    folder: Path | None = None
    tell: Tell | None = None
    _known: dict[str, Numbers] = field(default_factory=dict, repr=False)

    def one(self, variant: Variant) -> dict[str, Numbers]:
        """As `many`, of a single variant."""
        return self.many([variant])[0]

    def many(self, variants: Sequence[Variant]) -> list[dict[str, Numbers]]:
        """Discounted national totals of every outcome, in each replication, of each variant, in the order asked; by the
        names of its policies.

        Shape of each: (replications, outcomes), outcomes as in `OUTCOMES`.

        Raises InputErrors where what is changed makes no sense together, before anything is simulated;
        UnsoundDrawError where a simulation breaks an identity; OSError where figures cannot be kept.
        """
        missing = list({each.key: each for each in variants if self._load(each) is None}.values())
        for variant in missing:
            check(variant.study, when=f"With {variant.title}")
        for variant, figures in self._simulated(missing):
            self._known[variant.key] = figures
            Checkpoint(self.folder).store(variant.key, {"figures": figures})
        return [dict(zip(each.policies, self._known[each.key], strict=True)) for each in variants]

    def _load(self, variant: Variant) -> Numbers | None:
        if variant.key not in self._known and (stored := Checkpoint(self.folder).load(variant.key)) is not None:
            self._known[variant.key] = stored["figures"]
        return self._known.get(variant.key)

    def _simulated(self, variants: list[Variant]) -> Iterator[tuple[Variant, Numbers]]:
        """Variants with their figures as they are finished."""
        together = lived_together(variants)
        parts = list(self._parts(together))
        counted: dict[int, dict[int, list[Numbers]]] = {number: {} for number in range(len(together))}
        left = {number: sum(part.number == number for part in parts) for number in counted}
        for done, (part, sums) in enumerate(completed(self.pool, simulate, together, parts), start=1):
            counted[part.number][part.first] = sums
            self._tell(together[part.number], done, len(parts))
            if len(counted[part.number]) == left[part.number]:
                pieces = counted.pop(part.number)
                for place, variant in enumerate(together[part.number]):
                    whole = np.concatenate([pieces[first][place] for first in sorted(pieces)], axis=1)
                    yield variant, every_outcome(whole, lengths_of_years(variant.study)[1].sum())

    def _parts(self, together: Sequence[Together]) -> Iterator[VariantUnit]:
        """Few variants are cut into several parts, so that no worker stands idle."""
        workers = self.workers or os.cpu_count() or 1
        for number, (variant, *_) in enumerate(together):
            replications = variant.replications or PreparedStudy(variant.study).replications
            pieces = min(math.ceil(workers / len(together)), replications)
            cuts = [replications * place // pieces for place in range(pieces + 1)]
            for first, end in pairwise(cuts):
                yield VariantUnit(number, first, end)

    def _tell(self, together: Together, done: int, parts: int) -> None:
        if self.tell is not None:
            study, title = together[0].study, together[0].title
            people = 0 if study.people == "all" else int(study.people)
            years = float(people * study.years * sum(len(variant.policies) for variant in together))
            self.tell(Progress(done, parts, title, years * done, years * parts))


def simulate(several: Sequence[Together], part: VariantUnit) -> list[Numbers]:
    """Part of variants lived together: discounted national figures of each, shape (policies, replications of the part,
    counted outcomes).
    """
    together = several[part.number]
    prepared_study = PreparedStudy(without_cft(together[0].study))
    policies = [[as_policy(each.study, each.study.policy(name)) for name in each.policies] for each in together]
    numbers = range(part.first, part.end)
    everyone = list(chain.from_iterable(policies))
    lived = [[each.totals for each in prepared_study.simulate_all(everyone, number)] for number in numbers]
    totals = np.array(lived).swapaxes(0, 1)
    scales = np.array([prepared_study.scale(number) for number in numbers])
    national = np.array([prepared_study.national(policy)[1] for policy in everyone])
    sums = over_years(of_country(totals[:, :, 1].sum(axis=3), scales) + national[:, None], 2)
    ends = np.cumsum([len(each) for each in policies])[:-1]
    for variant, mine in zip(together, np.split(totals, ends), strict=True):
        check_sums(mine, f"{variant.title} (seed {variant.study.seed}): ")
    return np.split(sums, ends)
