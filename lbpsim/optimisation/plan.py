"""How a search for the best policy goes about it, read from plan.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import ConfigDict, Field

from lbpsim.evidence.reading import Declared, shipped_plan

AS_THE_POLICY = "policy"  # an end of a lever's range: what the policy itself sets


class Size(Declared):
    """How much is simulated for one policy: so many draws of the parameters, so many people at the start of each."""

    draws: int = Field(gt=1)
    people: int = Field(gt=0)


class LeverPlan(Declared):
    """Between which ends a key of policy files is moved, in which steps, as the file writes them.

    `always`: whether or not the policy sets it.
    """

    model_config = ConfigDict(populate_by_name=True, coerce_numbers_to_str=True)

    low: str = Field(default="", alias="from")
    high: str = Field(default="", alias="to")
    step: str = ""
    always: bool = False


class Plan(Declared):
    """Everything that a search is told beside the question; fields as plan.yaml explains them."""

    trial: Size
    check: Size
    report: Size
    margin: float = Field(ge=0.0)
    population: int = Field(gt=0)
    generations: int = Field(ge=0)
    nearby: int = Field(gt=0)
    step: float = Field(gt=0.0, le=1.0)
    last_step: float = Field(gt=0.0, le=1.0)
    repairs: int = Field(ge=0)
    shortlist: int = Field(gt=0)
    rounds: int = Field(gt=0)
    binding: float = Field(ge=0.0)
    more: float = Field(gt=0.0)
    frontier: tuple[float, ...]
    nearby_again: int = Field(gt=0)
    short: float = Field(ge=0.0)
    aside: float = Field(gt=0.0, le=1.0)
    levers: Mapping[str, LeverPlan]


@cache
def shipped() -> Plan:
    """The plan that ships with the package."""
    return shipped_plan(Plan, __package__)
