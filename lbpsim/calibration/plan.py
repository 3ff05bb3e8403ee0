"""The plan of a calibration, read from plan.yaml: which parameters are free, which targets they have to meet, how well.

Numbers of parameters and targets are in the registry; the plan names them. How well a target has to be met is part of
the plan, because it is a judgement on the fit and not a finding of the source.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import Field, model_validator

from lbpsim.evidence import Parameter, parameters
from lbpsim.evidence.reading import Declared, shipped_plan


class Free(Declared):
    """A free parameter: `because` says why it is free and not taken as registered."""

    name: str
    because: str

    @property
    def parameter(self) -> Parameter:
        """Its registry entry, whose prior is what was known before."""
        return parameters()[self.name]


class CalibrationTarget(Declared):
    """A target: met `within` so much (one standard deviation, in the target's unit); `because` says why so much.

    Its weight in the fit is 1/within squared.
    """

    name: str
    within: float = Field(gt=0.0, allow_inf_nan=False)
    because: str

    @property
    def target(self) -> Parameter:
        """Its registry entry."""
        return parameters()[self.name]


class Settings(Declared):
    """Sizes of the work.

    `people`: at the start of each simulation; `work_years`: length of the run of the country; `starts`: of the search;
    `search_steps`: at most, from each start; `step`: of numerical derivatives, in prior standard deviations;
    `design`: simulations for the emulator; `held_out`: of these, kept to test it; `spread`: of the design, relative to
    the posterior first guessed; `chains`: Markov chains side by side; `burn_in`: steps of each before its first row,
    `thinning`: from one of its rows to the next; `sample`: rows of the posterior, a whole number for each chain;
    `checked`: rows that are simulated to see what they give.
    """

    people: int = Field(gt=0)
    work_years: int = Field(gt=0)
    starts: int = Field(gt=0)
    search_steps: int = Field(gt=0)
    step: float = Field(gt=0.0)
    design: int = Field(gt=0)
    held_out: int = Field(gt=0)
    spread: float = Field(gt=0.0)
    chains: int = Field(gt=1)
    burn_in: int = Field(ge=0)
    thinning: int = Field(gt=0)
    sample: int = Field(gt=0)
    checked: int = Field(gt=0)

    @model_validator(mode="after")
    def _rows_come_out_even(self) -> Settings:
        if self.sample % self.chains:
            raise ValueError(f"sample {self.sample} is not a whole number of rows for each of {self.chains} chains")
        return self


class CalibrationPlan(Declared):
    """Free parameters, targets, those that are met by construction, some that only validate (both with the reason), and
    sizes of the work.
    """

    free: tuple[Free, ...] = Field(min_length=1)
    targets: tuple[CalibrationTarget, ...] = Field(min_length=1)
    by_construction: Mapping[str, str]
    validation_only: Mapping[str, str] = {}
    settings: Settings

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the free parameters."""
        return tuple(free.name for free in self.free)

    @property
    def aims(self) -> tuple[str, ...]:
        """Names of the targets."""
        return tuple(aim.name for aim in self.targets)

    @model_validator(mode="before")
    @classmethod
    def _names_are_keys(cls, written: dict[str, Any]) -> dict[str, Any]:
        return {**written, **{key: _named(written.get(key), key) for key in ("free", "targets")}}

    @model_validator(mode="after")
    def _fits_the_registry(self) -> CalibrationPlan:
        for name in (*self.names, *self.aims, *self.by_construction, *self.validation_only):
            if name not in parameters():
                raise ValueError(f"{name} is not in the registry")
        for free in self.free:
            if free.parameter.role != "input" or free.parameter.prior is None:
                raise ValueError(f"{free.name} is free, and so must be a registered input with a `prior`")
        for name in (*self.aims, *self.by_construction):
            if parameters()[name].used_to != "calibrate":
                raise ValueError(f"{name} is aimed at, so the registry must say `used_to: calibrate`")
        for name in self.validation_only:
            if parameters()[name].used_to != "validate":
                raise ValueError(f"{name} only validates, so the registry must say `used_to: validate`")
        return self


def _named(entries: Any, key: str) -> list[dict[str, Any]]:
    if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
        raise ValueError(f"{key} should be a mapping from registered names to what the plan says of each")
    return [{"name": name, **entry} for name, entry in entries.items()]


@cache
def shipped() -> CalibrationPlan:
    """The plan that the base case comes from."""
    return shipped_plan(CalibrationPlan, __package__)
