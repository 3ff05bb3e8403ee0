"""Two engines with one answer, the same bytes however the work is divided, and lives that nothing touches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from lbpsim.outcomes.measures import COUNTED
from lbpsim.simulation.engines import COMPILED, SIMPY
from lbpsim.simulation.run import run_study
from lbpsim.study import Policy
from lbpsim.verification import small_country as country
from lbpsim.verification.check import Check, Draw, above, described, exactly
from lbpsim.verification.check_figures import BAND, EXPECTED, OBSERVED, SECOND, panels
from lbpsim.verification.small_country import Lives, live, study

POLICIES = (country.BUSY, country.CFT, country.USUAL_CARE, country.OPIOIDS_INSTEAD, country.SURGERY_INSTEAD)
MONTH = 1.0 / 12.0
Steps = npt.NDArray[np.int64]


def checks(*, fast: bool) -> Iterator[Check]:
    """Everything about engines."""
    yield two_engines(POLICIES[:2] if fast else POLICIES, people=60 if fast else 400, seeds=(1,) if fast else (1, 2, 3))
    yield same_bytes(people=240 if fast else 4_000)
    yield untouched(people=600 if fast else 4_000)
    yield one_person_less(people=400 if fast else 4_000)


def two_engines(policies: Sequence[Policy], *, people: int, seeds: Sequence[int]) -> Check:
    """The SimPy engine and the compiled one: the same events at the same moments, and the same sums."""
    pairs = []
    for policy in policies:
        for seed in seeds:
            asked = study(policy, people=people, years=4, seed=seed, assume=country.FREQUENT)
            pairs.append((live(asked, engine=COMPILED), live(asked, engine=SIMPY)))
    return described(
        "two-engines",
        (
            exactly("people whose events differ", "people", 0, sum(_differing(*pair) for pair in pairs)),
            exactly("runs whose sums differ", "runs", 0, sum((a.totals != b.totals).any() for a, b in pairs)),
            exactly("runs whose bookings differ", "runs", 0, sum(a.bookings != b.bookings for a, b in pairs)),
            exactly("runs whose people differ at the end", "runs", 0, sum(_ends_differ(a, b) for a, b in pairs)),
            above("events compared", "events", 1_000, sum(len(a.log) for a, _ in pairs)),
        ),
        _draw_pairs(pairs),
        policies=len(policies),
        seeds=len(seeds),
        people=people,
    )


def same_bytes(people: int) -> Check:
    """The same sums for one worker or two, and for people in another order."""
    asked = study(country.USUAL_CARE, country.BUSY, people=people, years=3, replications=4, assume=country.FREQUENT)
    first, second = (run_study(asked, workers=workers).totals for workers in (1, 2))
    alone = study(country.BUSY, people=people, years=3, assume=country.FREQUENT)
    usual = live(alone)
    order = np.argsort(usual.before["id"] * 7919 % 10_007, kind="stable")
    permuted = live(alone, people=usual.before[order])
    differences = {
        "two workers": (second - first).sum(axis=(0, 1, 2, 3, 4)),
        "another order of people": (permuted.totals - usual.totals).sum(axis=(0, 1, 2)),
    }
    return described(
        "same-bytes",
        (
            exactly("cells that differ, two workers", "cells", 0, int((first != second).sum())),
            exactly("cells that differ, people permuted", "cells", 0, int((permuted.totals != usual.totals).sum())),
            exactly("people whose events differ, permuted", "people", 0, _differing(usual, permuted)),
            above("cells that are not 0", "cells", 100, int((first != 0).sum())),
        ),
        partial(_draw_differences, differences),
    )


def untouched(people: int) -> Check:
    """Nothing differs from the comparator before the first date of a policy, and much does after."""
    asked = study(country.USUAL_CARE, country.BUSY, people=people, years=4, assume=country.FREQUENT)
    usual, busy = (live(asked, policy) for policy in asked.policies)
    moments = events_apart(usual, busy)
    return described(
        "untouched",
        (
            exactly("events that differ before the date", "events", 0, int((moments < country.FIRST_DATE).sum())),
            above("events that differ after it", "events", 0, int((moments >= country.FIRST_DATE).sum())),
        ),
        partial(_draw_apart, moments),
        first_date=country.FIRST_DATE,
    )


def one_person_less(people: int) -> Check:
    """Leaving one person out changes nobody else, where nobody waits for a place."""
    asked = study(country.UNLIMITED, people=people, years=3, assume=country.FREQUENT)
    whole = live(asked)
    without = live(asked, people=whole.before[1:])
    gone = int(whole.before["id"][0])
    changed = [one for one, events in without.by_person.items() if whole.by_person[one] != events]
    counts = np.array([[len(lives.by_person[one]) // 16 for lives in (whole, without)] for one in without.by_person])
    return described(
        "one-less",
        (
            exactly("other people whose events differ", "people", 0, len(changed)),
            above("events of the person left out", "events", 0, len(whole.by_person[gone]) // 16),
        ),
        partial(_draw_diagonal, counts, "Events with everybody", "Events with one person less"),
    )


def events_apart(one: Lives, other: Lives) -> npt.NDArray[np.float64]:
    """Moments of events that a person has in one run and not in the other, in order."""
    both = [{(int(row), float(time), int(kind)) for row, time, kind in lives.log} for lives in (one, other)]
    return np.sort([time for _, time, _ in both[0] ^ both[1]])


def _differing(one: Lives, other: Lives) -> int:
    assert one.by_person.keys() == other.by_person.keys()
    return sum(one.by_person[who] != other.by_person[who] for who in one.by_person)


def _ends_differ(one: Lives, other: Lives) -> bool:
    names = one.after.dtype.names or ()
    return any(not np.array_equal(one.after[name], other.after[name], equal_nan=True) for name in names)


def _draw_pairs(pairs: Sequence[tuple[Lives, Lives]]) -> Draw:
    sizes = [
        (len(a.by_person[who]) // 16, len(b.by_person[who]) // 16) for a, b in pairs for who in a.by_person
    ]  # a time and a kind, 8 bytes each
    return partial(_draw_diagonal, np.array(sizes), "Events, compiled engine", "Events, SimPy engine")


def _draw_diagonal(counts: npt.NDArray[np.int64], x: str, y: str, figure: Figure) -> None:
    (axes,) = panels(figure)
    top = float(counts.max()) * 1.05
    axes.plot([0.0, top], [0.0, top], color=EXPECTED, linewidth=0.8)
    different = np.unique(counts, axis=0)  # many people share a point
    axes.plot(different[:, 0], different[:, 1], "o", color=OBSERVED, markersize=3)
    axes.set(aspect="equal", xlabel=f"{x}, a person", ylabel=y)


def _draw_differences(differences: dict[str, Steps], figure: Figure) -> None:
    (axes,) = panels(figure)
    axes.axhline(0.0, color=BAND, linewidth=4.0)
    for (name, steps), marker, colour in zip(differences.items(), "o+", (OBSERVED, SECOND), strict=True):
        axes.plot(np.arange(len(steps)), steps, marker, color=colour, label=name[:1].upper() + name[1:])
    axes.set_ylim(-5, 5)
    axes.legend(loc="upper right", ncols=2)
    axes.set(xlabel=f"Outcome, of {len(COUNTED)} that are counted", ylabel="Difference (fixed-point steps)")


def _draw_apart(moments: npt.NDArray[np.float64], figure: Figure) -> None:
    (axes,) = panels(figure)
    edges = np.arange(0.0, 4.0 + MONTH, MONTH)
    axes.plot(edges, np.searchsorted(moments, edges, side="right"), color=OBSERVED, drawstyle="steps-post")
    axes.axvline(country.FIRST_DATE, color=EXPECTED, linewidth=1.0, linestyle="--")
    axes.text(country.FIRST_DATE + 0.05, axes.get_ylim()[1] * 0.9, "First date of the policy", size=8.5)
    axes.set(xlabel="Years from the start", ylabel="Events that differ, from the start")
