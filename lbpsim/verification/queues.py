"""The weekly booking round: the exact law of the list's length, and nobody lost at any booking."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lbpsim.engine import compiled_engine
from lbpsim.engine.simpy_engine import SimpyEngine
from lbpsim.engine.waiting_list import Booking, Clinic
from lbpsim.outcomes.arrays import Numbers
from lbpsim.verification.check import Check, CheckedFigure, above, described, exactly, sampled
from lbpsim.verification.check_figures import BAND, EXPECTED, OBSERVED, SECOND, panels
from lbpsim.verification.models import bulk_queue as model

WARM_UP = 200  # weeks; the list forgets its start at a rate of about 1 in 20 weeks or faster
BATCHES = 20
CALLED = -1
CASES = {
    "busy: 4.5 arrive, 5 places": (4.5, (5,)),
    "quiet: 2 arrive, 4 places": (2.0, (4,)),
    "one place: 0.8 arrive": (0.8, (1,)),
    "4 arrive, 4.5 places": (4.0, (4, 5)),
}


def checks(*, fast: bool) -> Iterator[Check]:
    """Everything about queues."""
    yield list_length(weeks=20_200 if fast else 200_200, margin=0.5 if fast else 0.15)
    yield conservation(weeks=120 if fast else 520)


@dataclass(frozen=True)
class Observed:
    """People left waiting after each booking past the warm-up, weeks waited by those who were treated, in the order of
    arrival, and the exact law of the number left waiting.
    """

    waiting: npt.NDArray[np.int64]
    waits: Numbers
    law: Numbers


def list_length(*, weeks: int, margin: float) -> Check:
    """Mean list length and its whole law against the exact stationary solution."""
    found = {name: observe(case, weeks) for name, case in CASES.items()}
    comparisons = [one for name, seen in found.items() for one in _compare(name, seen, CASES[name][0], margin)]
    return described("queue", comparisons, partial(_draw_lists, found))


def observe(case: tuple[float, tuple[int, ...]], weeks: int) -> Observed:
    """One clinic for many weeks, on the compiled engine."""
    rate, places = case
    arrivals = model.poisson_arrivals(rate, weeks, seed=31)
    people = model.new_people(arrivals)
    inputs = model.new_inputs(horizon=weeks + 0.5)
    clinic = Clinic(0, np.full(weeks, float(np.mean(places))), 1.0)
    lived = compiled_engine.run(model.__name__, people, inputs, np.zeros(model.COUNTS, np.int64), (clinic,))
    waiting = np.array([booking.waiting for booking in lived.bookings])[WARM_UP:]
    treated = (people["joined"][:, 0] == math.inf) & (arrivals > WARM_UP)
    return Observed(waiting, people["waited"][treated], model.stationary_law(rate, places))


def _compare(name: str, seen: Observed, rate: float, margin: float) -> Iterator[CheckedFigure]:
    exact = float(seen.law @ np.arange(len(seen.law)))
    yield sampled(f"{name}: mean left waiting", "people", exact, *_batched(seen.waiting), margin=margin)
    wait = exact / rate + 0.5  # Little's law, and half a week to the first booking
    yield sampled(f"{name}: mean wait", "weeks", wait, *_batched(seen.waits), margin=margin)
    empty = _batched((seen.waiting == 0).astype(float))
    yield sampled(f"{name}: empty lists", "share", float(seen.law[0]), *empty, margin=margin)


def _batched(each: npt.NDArray[Any]) -> tuple[float, float]:
    """Mean of a series that remembers, and its error from the means of long batches."""
    means = each[: len(each) // BATCHES * BATCHES].reshape(BATCHES, -1).mean(axis=1)
    return float(means.mean()), float(means.std(ddof=1)) / math.sqrt(BATCHES)


@dataclass(frozen=True)
class Flow:
    """Everybody up to each booking: who has joined, started, lost patience or died waiting, and who still waits."""

    joined: Numbers
    started: Numbers
    left: Numbers
    died: Numbers
    waiting: Numbers


def conservation(weeks: int) -> Check:
    """At every booking, joined = started + left + died waiting + still waiting."""
    flow = follow(weeks)
    lost = flow.joined - flow.started - flow.left - flow.died - flow.waiting
    return described(
        "conservation",
        (
            exactly("bookings at which the sum is out", "bookings", 0, int((lost != 0).sum())),
            above("people who started", "people", 0, float(flow.started[-1])),
            above("people who lost patience", "people", 0, float(flow.left[-1])),
            above("people who died waiting", "people", 0, float(flow.died[-1])),
            above("people still waiting", "people", 0, float(flow.waiting[-1])),
        ),
        partial(_draw_flow, flow),
    )


def follow(weeks: int) -> Flow:
    """A clinic with too few places, on the SimPy engine, every event logged."""
    log: list[tuple[int, float, int]] = []
    arrivals = model.poisson_arrivals(4.0, weeks, seed=5)
    people = model.new_people(arrivals)
    inputs = model.new_inputs(horizon=weeks + 0.5, impatience=0.05, mortality=0.01, treatment=6.0)
    clinic = Clinic(0, np.full(weeks, 2.6), 1.0)
    totals = np.zeros(model.COUNTS, np.int64)
    engine = SimpyEngine(model.RULES, people, inputs, totals, (clinic,), lambda *event: log.append(event))
    return _flow(engine.run(), arrivals, np.array(log))


def _flow(bookings: list[Booking], arrivals: Numbers, log: Numbers) -> Flow:
    rows, times, kinds = log[:, 0].astype(int), log[:, 1], log[:, 2].astype(int)
    called = np.full(len(arrivals), math.inf)
    called[rows[kinds == CALLED]] = times[kinds == CALLED]
    still = times < called[rows]  # had not been called when it happened
    moments = np.array([booking.time for booking in bookings])

    def by_then(each: Numbers) -> Numbers:
        return np.searchsorted(np.sort(each), moments, side="right").astype(float)

    return Flow(
        joined=by_then(arrivals),
        started=by_then(times[kinds == CALLED]),
        left=by_then(times[(kinds == model.LOSE_PATIENCE) & still]),
        died=by_then(times[(kinds == model.DIE) & still]),
        waiting=np.array([booking.waiting for booking in bookings], float),
    )


def _draw_lists(found: dict[str, Observed], figure: Figure) -> None:
    for axes, (name, seen) in zip(panels(figure, 2, 2), found.items(), strict=True):
        top = int(np.searchsorted(np.cumsum(seen.law), 0.999)) + 1
        shares = np.bincount(np.minimum(seen.waiting, top), minlength=top + 1) / len(seen.waiting)
        axes.bar(np.arange(top + 1), shares, color=OBSERVED, alpha=0.55, width=0.8, label="Observed")
        axes.plot(np.arange(top + 1), seen.law[: top + 1], "_", color=EXPECTED, markersize=9, label="Exact")
        axes.set_title(name, fontsize=8.5)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    figure.axes[0].legend()
    figure.supxlabel("People left waiting after a booking", fontsize=9)
    figure.supylabel("Share of weeks", fontsize=9)


def _draw_flow(flow: Flow, figure: Figure) -> None:
    (axes,) = panels(figure)
    weeks = np.arange(len(flow.joined)) + 1
    parts = (flow.started, flow.left, flow.died, flow.waiting)
    labels = ("Started", "Lost patience", "Died waiting", "Still waiting")
    hatches, colours = ("", "//", "xx", ".."), (OBSERVED, SECOND, "#8c8c8c", BAND)
    for area, hatch in zip(axes.stackplot(weeks, *parts, labels=labels, colors=colours), hatches, strict=True):
        area.set(hatch=hatch, edgecolor="white")
    axes.plot(weeks, flow.joined, color=EXPECTED, linewidth=1.4, label="Joined")
    axes.legend(loc="upper left")
    axes.set(xlabel="Week", ylabel="People, from the start")
