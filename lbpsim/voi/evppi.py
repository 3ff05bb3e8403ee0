"""What it would be worth to know some parameters for sure (EVPPI), with reasons to trust the figure or not.

Strong, Oakley and Brennan 2014 (doi 10.1177/0272989X13505910): net benefit expected given some parameters is its
regression on them, and the value of knowing them is the mean of the best expectation less the best mean. Noise of the
draws is averaged out by the regression. What a regression finds by pure chance is measured by moving the parameters
along the draws, which breaks every tie, and taken off. The error is from leaving out a tenth of the draws in turn.

Checks: the decision rule that nine tenths of the draws teach is tried on the last tenth (`held_out`), which can only
err low; a second regression has to agree; nothing may be worth more than to know everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from lbpsim.outcomes.arrays import Numbers
from lbpsim.voi.metamodel import Predict, Regression, kernels, splines

BLOCKS, SHIFTS = 10, 5
FEWEST = 2 * BLOCKS  # draws
CLEAR = 2.0  # standard errors
TOLERANCE = 0.05  # of the value, between two regressions
SMALL = 0.01  # of the value of everything: no doubt is worth raising about less


@dataclass(frozen=True)
class Evppi:
    """Value of knowing some parameters, in the unit of net benefit.

    `value` with its standard error `se`, never below 0 nor above `everything`, the value of knowing all (EVPI);
    `by_chance`: what was taken off; `held_out`, `held_out_se`: gained in draws left out by the rule that the
    others teach; `r2`: share of variance explained in draws left out, of the best policy less its closest rival;
    `other`, `other_r2`: value and share by the second regression, not a number where it was not needed.
    """

    value: float
    se: float
    everything: float
    by_chance: float
    held_out: float
    held_out_se: float
    r2: float
    other: float = np.nan
    other_r2: float = np.nan

    @property
    def clear(self) -> bool:
        """Whether the value is more than two standard errors above 0."""
        return self.value > CLEAR * self.se

    @property
    def doubt(self) -> str:
        """Why the figure should not be trusted, in words; empty where every check is passed."""
        if self.value - CLEAR * self.se > self.held_out + CLEAR * self.held_out_se + TOLERANCE * self.value:
            return "draws left out of the regression gain less"
        apart = abs(self.value - min(self.other, self.everything))
        as_good = self.other_r2 > self.r2 - TOLERANCE
        if as_good and apart > max(TOLERANCE * self.value, CLEAR * self.se, SMALL * self.everything):
            return "a second regression disagrees"
        return ""


def known_for_sure(value: float, se: float) -> Evppi:
    """The value of knowing everything (EVPI), which takes no regression and so has no checks of one."""
    return Evppi(value, se, value, by_chance=0.0, held_out=np.nan, held_out_se=np.nan, r2=np.nan)


def evppi(benefits: Numbers, parameters: Numbers, everything: Sequence[float]) -> tuple[Evppi, ...]:
    """Value of knowing `parameters` for a choice between policies, in several views at once.

    A view is a perspective and a threshold, at which benefits are net benefits.

    Estimated by regression on the draws: splines of each parameter, or kernels where parameters act together.

    Args:
        benefits: over the first policy, noise and all, shape (views, draws, policies).
        parameters: shape (draws, parameters).
        everything: value of perfect information in each view.
    """
    inputs = standard(parameters)
    if len(inputs) < FEWEST or inputs.shape[1] == 0:
        return tuple(_nothing(best, known=inputs.shape[1] == 0) for best in everything)
    with _at_its_quickest():
        return _by_regression(over_the_best(benefits), inputs, everything)


def expectation(benefits: Numbers, parameters: Numbers) -> Numbers:
    """Benefits expected given parameters, by whichever regression explains more of them; shapes as for `evppi`."""
    inputs, over = standard(parameters), over_the_best(benefits)
    with _at_its_quickest():
        explained = {each: _explained(over, _left_out(each, over, inputs)[1]).mean() for each in (splines, kernels)}
        return _Fit(over).learn(max(explained, key=explained.__getitem__), inputs)(inputs)


@contextmanager
def _at_its_quickest() -> Iterator[None]:
    """In one thread: many would wait for each other on small matrices, and their number could change the last bits.
    And without a look at how regressions are set, which are set here, thousands of times: a tenth of all time.
    """
    from sklearn import config_context  # noqa: PLC0415 - slow to import
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - scans what is loaded

    with threadpool_limits(limits=1), config_context(skip_parameter_validation=True):
        yield


def _by_regression(benefits: Numbers, inputs: Numbers, everything: Sequence[float]) -> tuple[Evppi, ...]:
    """By splines; by kernels where these explain more, as they do when parameters work together."""
    main, other = _tried(splines, benefits, inputs), None
    if inputs.shape[1] > 1 or (main.value > CLEAR * main.se).any():
        other = _tried(kernels, benefits, inputs)
    if other is not None and inputs.shape[1] > 1 and other.r2.mean() > main.r2.mean():
        main, other = other, main
    return tuple(_worth(main, other, view, float(best)) for view, best in enumerate(everything))


def _worth(main: _Trial, other: _Trial | None, view: int, everything: float) -> Evppi:
    figures = {name: float(each[view]) for name, each in vars(main).items()}
    figures["value"] = float(np.clip(figures["value"], 0.0, everything))
    second = {} if other is None else {"other": float(other.value[view]), "other_r2": float(other.r2[view])}
    return Evppi(everything=everything, **figures, **second)


@dataclass(frozen=True)
class _Trial:
    """What one regression says, a number a view; names as in `Evppi`."""

    value: Numbers
    se: Numbers
    by_chance: Numbers
    held_out: Numbers
    held_out_se: Numbers
    r2: Numbers


def _tried(regression: Regression, benefits: Numbers, inputs: Numbers) -> _Trial:
    fit = _Fit(benefits)
    raw = fit.values(regression, inputs)
    steps = [len(inputs) * (number + 1) // (SHIFTS + 1) for number in range(SHIFTS)]
    shifted = np.array([fit.values(regression, np.roll(inputs, step, axis=0)) for step in steps])
    kept, guessed = _left_out(regression, benefits, inputs)
    se = np.hypot(np.sqrt((BLOCKS - 1) * kept.var(axis=0)), shifted.std(axis=0) / np.sqrt(SHIFTS))
    by_chance = shifted.mean(axis=0)
    return _Trial(
        np.maximum(raw - by_chance, 0.0), se, by_chance, *_gain(benefits, guessed), _explained(benefits, guessed)
    )


def over_the_best(benefits: Numbers) -> Numbers:
    """Benefits over the policy that is best on average in each view: what its rivals share with it drops out.

    The value does not change, but a small difference between close rivals is fitted better than two large benefits.
    """
    best = benefits.mean(axis=1).argmax(axis=1)
    return np.asarray(benefits - np.take_along_axis(benefits, best[:, None, None], axis=2))


def standard(parameters: Numbers) -> Numbers:
    """Columns with mean 0 and standard deviation 1; those that do not vary are left out."""
    varies = np.ptp(parameters, axis=0) > 0.0
    kept = parameters[:, varies]
    return np.asarray((kept - kept.mean(axis=0)) / kept.std(axis=0))


def _left_out(regression: Regression, benefits: Numbers, inputs: Numbers) -> tuple[Numbers, Numbers]:
    """Leaving out each block of draws: values without it, shape (blocks, views); benefits guessed in it, as given."""
    guessed = np.empty_like(benefits)
    kept = []
    for block in np.array_split(np.arange(len(inputs)), BLOCKS):
        rest = np.setdiff1d(np.arange(len(inputs)), block)
        predict = _Fit(benefits[:, rest]).learn(regression, inputs[rest])
        kept.append(_value(predict(inputs[rest])))
        guessed[:, block] = predict(inputs[block])
    return np.array(kept), guessed


def _gain(benefits: Numbers, guessed: Numbers) -> tuple[Numbers, Numbers]:
    """What choosing by guess gains on average over the one best choice, and its standard error; a number a view."""
    chosen = np.take_along_axis(benefits, guessed.argmax(axis=2)[..., None], axis=2)[..., 0]
    best = benefits.mean(axis=1).argmax(axis=1)
    over = chosen - np.take_along_axis(benefits, best[:, None, None], axis=2)[..., 0]
    return over.mean(axis=1), over.std(axis=1, ddof=1) / np.sqrt(over.shape[1])


def _explained(benefits: Numbers, guessed: Numbers) -> Numbers:
    """Share of variance explained of the closest rival, the policy from which most is to be gained; a number a view."""
    rival = np.maximum(benefits, 0.0).mean(axis=1).argmax(axis=1)[:, None, None]
    true, guess = (np.take_along_axis(each, rival, axis=2)[..., 0] for each in (benefits, guessed))
    left, total = ((true - guess) ** 2).sum(axis=1), ((true - true.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    return np.asarray(np.maximum(1.0 - np.divide(left, total, out=np.ones_like(left), where=total > 0.0), 0.0))


def _value(expected: Numbers) -> Numbers:
    """Mean of the best less the best mean, a number a view; `expected`: shape (views, draws, policies)."""
    return np.asarray(expected.max(axis=2).mean(axis=1) - expected.mean(axis=1).max(axis=1))


class _Fit:
    """All views and policies as outcomes of one regression, each on its own scale; those that do not vary stay."""

    def __init__(self, benefits: Numbers) -> None:
        self.shape = benefits.shape
        columns = np.moveaxis(benefits, 1, 0).reshape(self.shape[1], -1)
        self.mean, self.size = columns.mean(axis=0), columns.std(axis=0)
        self.moving = np.flatnonzero(np.ptp(columns, axis=0) > 0.0)
        self.outcome = (columns - self.mean)[:, self.moving] / self.size[self.moving]

    def learn(self, regression: Regression, inputs: Numbers) -> Predict:
        """A function from inputs to expected benefits, shape (views, draws, policies)."""
        known = regression(inputs, self.outcome) if len(self.moving) else None

        def predict(other: Numbers) -> Numbers:
            columns = np.tile(self.mean, (len(other), 1))
            if known is not None:
                columns[:, self.moving] += known(other) * self.size[self.moving]
            return np.moveaxis(columns.reshape(len(other), self.shape[0], self.shape[2]), 1, 0)

        return predict

    def values(self, regression: Regression, inputs: Numbers) -> Numbers:
        """Value of knowing the inputs, a number a view, with what chance adds to it."""
        return _value(self.learn(regression, inputs)(inputs))


def _nothing(everything: float, *, known: bool) -> Evppi:
    """Nothing to learn from parameters that do not vary; too few draws, and nothing can be said."""
    value = 0.0 if known else np.nan
    return Evppi(value, value, float(everything), value, value, value, value)
