"""A sample of the posterior: prior times likelihood, the likelihood by the emulator, sampled by elliptical slices.

Murray, Adams and MacKay 2010: a Markov chain that walks along ellipses through the present state and a fresh normal
one, and always moves. The normal law here is what a linear model finds, close to the posterior already; the chains,
many side by side from places of their own, are left to correct the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lbpsim.calibration.emulator import Emulator, Frame
from lbpsim.calibration.normal_scores import normals
from lbpsim.calibration.search import Loss
from lbpsim.engine.random_numbers import uniforms
from lbpsim.outcomes.arrays import Numbers

Density = Callable[[Numbers], Numbers]
BEGINNINGS, MOVES, HEIGHTS, ANGLES = 10, 11, 12, 13  # streams of chance


@dataclass(frozen=True)
class Chains:
    """States of Markov chains: standard numbers of the frame, shape (rows, parameters).

    Row i is of chain i modulo `chains`: neighbours are of different chains.
    """

    states: Numbers
    chains: int

    @property
    def effective_rows(self) -> float:
        """Independent rows that they are worth, for the parameter that mixes worst: from the spread between chains."""
        by_chain = self.states.reshape(-1, self.chains, self.states.shape[1])
        between = by_chain.mean(axis=0).var(axis=0, ddof=1) * len(by_chain)
        inflation = between / self.states.var(axis=0, ddof=1)
        return float(len(self.states) / max(inflation.max(), 1.0))


def density(emulator: Emulator, frame: Frame, loss: Loss) -> Density:
    """Log of the posterior density over that of the frame's normal law, at standard numbers (sets, parameters)."""
    wide = Loss(loss.targets, np.hypot(loss.within, emulator.error))

    def log_ratio(standard: Numbers) -> Numbers:
        scores = frame.scores(standard)
        return np.asarray(((standard**2).sum(axis=1) - wide.of(emulator.figures(scores), scores)) / 2.0)

    return log_ratio


def sample(
    log_ratio: Density, parameters: int, *, rows: int, chains: int, burn_in: int, thinning: int, seed: int
) -> Chains:
    """`rows` states, a whole number of each chain: the first after `burn_in` steps, then one every `thinning` steps."""
    state = normals(seed, BEGINNINGS, chains, parameters)
    height = log_ratio(state)
    kept = []
    for step in range(burn_in + rows // chains * thinning):
        state, height = _move(log_ratio, state, height, seed, step)
        if step >= burn_in and (step - burn_in) % thinning == 0:
            kept.append(state)
    return Chains(np.concatenate(kept), chains)


def _move(log_ratio: Density, state: Numbers, height: Numbers, seed: int, step: int) -> tuple[Numbers, Numbers]:
    """A new state of each chain, on an ellipse through its old one, and its log ratio: above a level drawn below it."""
    walkers, whole = np.arange(len(state)), 2.0 * np.pi
    other = normals(seed, MOVES, len(state), state.shape[1], step)
    level = height + np.log(uniforms(seed, HEIGHTS, walkers, 0, step))
    angle = whole * np.asarray(uniforms(seed, ANGLES, walkers, 0, step))
    low, high = angle - whole, angle.copy()
    moved, reached, attempt = state.copy(), height.copy(), 0
    while len(walkers):
        there = np.cos(angle)[:, None] * state[walkers] + np.sin(angle)[:, None] * other[walkers]
        heights = log_ratio(there)
        done = heights > level[walkers]
        moved[walkers[done]], reached[walkers[done]] = there[done], heights[done]
        walkers, angle, low, high = (each[~done] for each in (walkers, angle, low, high))
        low, high = np.where(angle < 0.0, angle, low), np.where(angle < 0.0, high, angle)
        attempt += 1
        angle = low + (high - low) * np.asarray(uniforms(seed, ANGLES, walkers, attempt, step))
    return moved, reached
