"""What is drawn or assumed of CFT's effects is what the emulated trial then shows, at both ends of their intervals."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from lbpsim.calibration.simulated_targets import simulate
from lbpsim.evidence import parameters
from tests.pathways.small_country import shipped

pytestmark = pytest.mark.gate
EFFECTS = tuple(
    f"{arm}.{outcome}_{time}"
    for arm in ("cft", "biofeedback")
    for outcome in ("rmdq", "pain")
    for time in ("week13", "week52", "year3")
)
ALLOWED = {"rmdq": 0.125, "pain": 0.1}
UNBENT = (("cft.latent_bend", 0.0), ("cft.latent_bend_pain", 0.0))


@cache
def shown(end: int | None, given: tuple[tuple[str, float], ...] = ()) -> dict[str, float]:
    """Differences in an emulated trial of 20,000 people's participants, every effect at an end of its interval."""
    known = {name: parameters()[name] for name in EFFECTS}
    moved = {} if end is None else {name: one.interval[end] for name, one in known.items() if one.interval}
    study = shipped()
    small = replace(study, policies=study.policies[:1]).with_changes(people=20_000, replications=1)
    found = simulate(small, {**moved, **dict(given)}, work_years=1)
    return {name: found["restore." + name.replace(".", "_")] for name in EFFECTS}


def kept(name: str, end: int, given: tuple[tuple[str, float], ...] = ()) -> float:
    """How much of a change of the effect the emulated trial shows; 1: all of it."""
    one = parameters()[name]
    assert one.interval is not None
    return (shown(end, given)[name] - shown(None)[name]) / (one.interval[end] - one.value)


@pytest.mark.parametrize("end", [0, 1], ids=["larger", "smaller"])
@pytest.mark.parametrize("name", EFFECTS)
def test_a_change_of_the_effect_shows_in_full(name: str, end: int) -> None:
    assert kept(name, end) == pytest.approx(1.0, abs=ALLOWED["rmdq" if "rmdq" in name else "pain"])


def test_without_the_bend_a_larger_effect_shows_less() -> None:
    assert kept("cft.rmdq_week52", 0, UNBENT) < 0.8


def test_at_the_registered_effects_nothing_is_bent() -> None:
    assert shown(None, UNBENT) == shown(None)


def test_no_effect_stays_none() -> None:
    assert shown(None, tuple((name, 0.0) for name in EFFECTS)) == pytest.approx(dict.fromkeys(EFFECTS, 0.0), abs=0.01)
