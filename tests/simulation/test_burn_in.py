"""The start is where the model itself settles: from anywhere, after 60 years of usual care in a population held still.

From anywhere: everybody in pain, in their first year of it, free of opioids and operations, at work or not as their age
has it. Shares: |z| < 4 of two samples, or 4% of the share, for what the yearly arithmetic of the balance leaves out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lbpsim.engine import compiled_engine
from lbpsim.evidence.shipped_countries import from_name
from lbpsim.pathways import person as s
from lbpsim.simulation.engines import MODEL
from lbpsim.simulation.replication import PreparedStudy
from lbpsim.study import load
from lbpsim.study.shipped import of_country

People = npt.NDArray[Any]
BLANK = ("on_opioids", "opioid_step", "disorder", "treated", "surgery", "surgery_step", "operations")
pytestmark = pytest.mark.slow


def prepared_study(country: str, years: int) -> PreparedStudy:
    usual_care = load(of_country(from_name(country))[0].parent).of_comparator
    still = replace(usual_care, options={**usual_care.options, "population": "still"})
    return PreparedStudy(still.with_changes(people=100_000, years=years, replications=1))


@pytest.fixture(scope="module", params=["australia", "england"])
def place(request: pytest.FixtureRequest) -> str:
    """The folder of a country."""
    return str(request.param)


@pytest.fixture(scope="module")
def start(place: str) -> People:
    """Those alive at the start, as they are drawn."""
    people = prepared_study(place, 1).persons(0)
    return people[people["origin"] == s.AT_START]


@pytest.fixture(scope="module")
def settled(place: str) -> People:
    """Those alive after 60 years that began from somewhere else."""
    country = prepared_study(place, 60)
    people = country.persons(0).copy()
    here = people["origin"] == s.AT_START
    changed = people[here]
    for name in BLANK:
        changed[name] = 0
    for line in ("opioid", "surgery"):
        changed[f"{line}_to_time"] = s.NEVER
        for end in ("from_rmdq", "from_pain", "to_rmdq", "to_pain"):
            changed[f"{line}_{end}"] = 0.0
    changed["joined"] = s.NEVER
    changed["in_pain"], changed["first_year"] = 1, 1
    for date in (s.OPIOID_STEP, s.SURGERY_STEP, s.BACK_TO_WORK):
        changed["next_time"][:, date] = s.NEVER
    changed["next_time"][:, s.ESTABLISHED] = 1.0
    changed["work"] = np.where(changed["work"] == s.NOT_WORKING, s.NOT_WORKING, s.WORKING)
    people[here] = changed
    compiled_engine.run(MODEL, people, country.base_inputs, country.blank_totals(), ())
    return people[people["alive"] == 1]


SHARES: dict[str, tuple[Callable[[People], Any], Callable[[People], Any]]] = {
    "in remission": (lambda p: p["in_pain"] == 0, lambda p: p["alive"] >= 0),
    "in the first year, of those in pain": (lambda p: p["first_year"] == 1, lambda p: p["in_pain"] == 1),
    "very disabled usually, of those in pain": (lambda p: p["trait"] > 12.0, lambda p: p["in_pain"] == 1),
    "little disabled usually, of those in remission": (lambda p: p["trait"] < 4.0, lambda p: p["in_pain"] == 0),
    "on opioids, of those in pain": (lambda p: p["on_opioids"] == 1, lambda p: p["in_pain"] == 1),
    "on opioids, of those in remission": (lambda p: p["on_opioids"] == 1, lambda p: p["in_pain"] == 0),
    "in the first year of use": (lambda p: p["opioid_step"] <= 1, lambda p: p["on_opioids"] == 1),
    "in later use": (lambda p: p["opioid_step"] >= 3, lambda p: p["on_opioids"] == 1),
    "with disorder, of users": (lambda p: p["disorder"] == 1, lambda p: p["on_opioids"] == 1),
    "in treatment, of those with disorder": (lambda p: p["treated"] == 1, lambda p: p["disorder"] == 1),
    "operated": (lambda p: p["surgery"] == s.OPERATED, lambda p: p["alive"] >= 0),
    "waiting for an operation": (lambda p: p["surgery"] == s.AWAITING_SURGERY, lambda p: p["alive"] >= 0),
    "in a flare, of those in pain": (lambda p: p["in_flare"] == 1, lambda p: p["in_pain"] == 1),
    "75 or older": (lambda p: p["age"] >= 75, lambda p: p["alive"] >= 0),
    "under 35": (lambda p: p["age"] < 35, lambda p: p["alive"] >= 0),
    **{
        f"at work at {low} to {low + 9}": (
            lambda p: p["work"] == s.WORKING,
            lambda p, low=low: (p["age"] >= low) & (p["age"] < low + 10),
        )
        for low in (25, 35, 45, 55)
    },
    "out of work because of pain, of working age": (
        lambda p: p["work"] == s.LEFT_BECAUSE_OF_PAIN,
        lambda p: p["age"] < 67,
    ),
}


@pytest.mark.parametrize("share", SHARES)
def test_the_state_at_the_start_is_that_after_60_years_from_anywhere(
    start: People, settled: People, share: str
) -> None:
    which, of = SHARES[share]
    shares, numbers = [], []
    for people in (start, settled):
        among = people[of(people)]
        numbers.append(len(among))
        shares.append(float(np.mean(which(among))))
    pooled = np.average(shares, weights=numbers)
    error = np.sqrt(pooled * (1.0 - pooled) * (1.0 / numbers[0] + 1.0 / numbers[1]))
    assert numbers[0] > 50
    assert abs(shares[1] - shares[0]) < 4.0 * error + 0.04 * pooled, f"{share}: {shares[0]:.4f}, then {shares[1]:.4f}"


def test_as_many_are_in_pain_after_60_years(start: People, settled: People) -> None:
    assert (settled["in_pain"] == 1).sum() == pytest.approx((start["in_pain"] == 1).sum(), rel=0.03)
