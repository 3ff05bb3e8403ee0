"""What it would be worth to carry a policy out perfectly, beside what it would be worth to know everything.

After Fenwick, Claxton and Sculpher 2008 (Medical Decision Making 28:21) and Hoomans, Fenwick, Palmer and Claxton 2009
(Value in Health 12:315). A policy is carried out perfectly where CFT is offered at every eligible consultation from the
day on which the policy first offers it, and nobody waits for a place. Whether people accept stays their choice, and
what the policy spends on training is spent all the same. What is lost is lost to waiting, which is what the same offer
without waiting would gain, and to a slow or partial offer, which is the rest. Where the policy is the one that would
be chosen now, that is what a campaign which did all of this at once could cost at most, with the training of all the
physiotherapists that it takes. Where another would be chosen, only what the benchmark gains over that one is; so is the
value of information counted, and of both together.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from lbpsim.cea.choice_set import among, choosable
from lbpsim.cea.decision_uncertainty import perfect_information
from lbpsim.cea.net_benefit import View, net_benefit_of, views
from lbpsim.evidence.output_tables import frame_of
from lbpsim.outcomes.arrays import Numbers
from lbpsim.outcomes.people_treated import MEASURES
from lbpsim.study.clock import Timeline

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import DrawResults
    from lbpsim.study import Study
    from lbpsim.study.policies import CftPolicy, Policy

TREATED = MEASURES.index("people_treated")
NO_WAITING, PERFECT = "no waiting", "perfect"
ENDING = "-perfect"  # of the name of a policy carried out perfectly


def without_waiting(cft: CftPolicy) -> CftPolicy:
    """The same offer where nobody waits for a place."""
    plain = type(cft)()
    of_lists = {name: getattr(plain, name) for name in ("referral_stops_at", "by_severity", "trained_at_start")}
    return dataclasses.replace(cft, capacity_limited=False, **of_lists)


def perfectly(cft: CftPolicy) -> CftPolicy:
    """CFT offered at every eligible consultation from the day of the first offer, where nobody waits for a place."""
    return dataclasses.replace(without_waiting(cft), offered=Timeline((cft.offered.first,), (1.0,)))


def with_perfect(study: Study, name: str | None = None) -> Study:
    """The study with a policy, by default its plainest offer of CFT, also carried out perfectly, as a benchmark.

    The same study where no policy makes people wait, or the benchmark is there.
    """
    policy = study.plainest_offer if name is None else study.policy(name)
    if policy is None or not policy.cft.queues or any(_kind(policy, other) == PERFECT for other in study.policies):
        return study
    title = f"{policy.title}, carried out perfectly"
    told = "Offered at every eligible consultation from the first day, and nobody waits. A benchmark, not a choice."
    ideal = dataclasses.replace(
        policy, name=f"{policy.name}{ENDING}", title=title, description=told, cft=perfectly(policy.cft), file=None
    )
    return dataclasses.replace(study, policies=(*study.policies, ideal))


def counterparts(study: Study) -> Iterator[tuple[Policy, Policy, str]]:
    """Policies of a study that make people wait, each with every benchmark of it, and the kind of that."""
    for policy in study.policies:
        for other in study.policies:
            if policy.cft.queues and (kind := _kind(policy, other)):
                yield policy, other, kind


def _kind(policy: Policy, other: Policy) -> str:
    """What another policy is to one: itself without waiting, or carried out perfectly; "" for anything else."""
    told = {name: getattr(policy, name) for name in ("name", "title", "description", "file")}
    found = dataclasses.replace(other, **told)
    for kind, made in ((NO_WAITING, without_waiting), (PERFECT, perfectly)):
        if found == dataclasses.replace(policy, cft=made(policy.cft)) and other != policy:
            return kind
    return ""


def implementation_table(draws: DrawResults, study: Study, thresholds: Sequence[float]) -> pd.DataFrame:
    """A row a view, policy and benchmark: what is lost to waiting, or to all that is not perfect; columns as in
    tables.yaml.

    Empty where the study has no such benchmark.
    """
    rows = []
    for policy, ideal, kind in counterparts(study):
        pair = among(draws, (draws.scenarios[0], policy.name, ideal.name))
        places = [pair.scenarios.index(each.name) for each in (policy, ideal)]
        for view in views(thresholds):
            benefit = net_benefit_of(pair, view)
            gain = benefit.raw[:, places[1]] - benefit.raw[:, places[0]]
            rows.append(_row(view, (policy.name, ideal.name, kind), gain, _treated(pair, places)))
            rows[-1] |= _over_the_choice(draws, study, view, ideal.name)
            rows[-1] |= _with_information(draws, study, view, policy.name, ideal.name)
    return frame_of("implementation", rows)


def _row(view: View, names: tuple[str, str, str], gain: Numbers, treated: float) -> dict[str, object]:
    value = float(gain.mean())
    return {
        **dict(zip(("scenario", "benchmark", "lost_to"), names, strict=True)),
        **view._asdict(),
        "value": value,
        "se": _error(gain),
        "more_treated": treated,
        "per_person": value / treated if treated > 0.0 else math.nan,
    }


def _error(gain: Numbers) -> float:
    """Standard error of a mean over draws."""
    return float(gain.std(ddof=1)) / math.sqrt(len(gain)) if len(gain) > 1 else math.nan


def _over_the_choice(draws: DrawResults, study: Study, view: View, ideal: str) -> dict[str, object]:
    """The policy that would be chosen now, and what the benchmark gains over that: no more if another is better."""
    choices = choosable(study)
    together = among(draws, (*choices, ideal))
    benefit = net_benefit_of(together, view).raw
    of = {name: benefit[:, place] for place, name in enumerate(together.scenarios)}
    chosen = max(choices, key=lambda name: float(of[name].mean()))
    gain = of[ideal] - of[chosen]
    return {"chosen_now": chosen, "over_chosen": float(gain.mean()), "over_chosen_se": _error(gain)}


def _treated(pair: DrawResults, places: Sequence[int]) -> float:
    """How many more people the benchmark treats, over the whole horizon; not a number where draws did not keep it."""
    each = pair.treated[:, places, -1, TREATED].mean(axis=0)
    return float(each[1] - each[0])


def _with_information(draws: DrawResults, study: Study, view: View, policy: str, ideal: str) -> dict[str, float]:
    """Value of knowing everything as the policy is carried out, and of knowing everything and carrying it out so, both
    over the choice that would be made now.
    """
    names = choosable(study)
    now, then = (
        net_benefit_of(among(draws, chosen), view).clean
        for chosen in (names, tuple(ideal if name == policy else name for name in names))
    )
    return {
        "information": perfect_information(now)[0],
        "both": float(then.max(axis=1).mean() - now.mean(axis=0).max()),
    }
