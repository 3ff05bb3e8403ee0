"""Examples in docstrings, and tests, are of the reference country unless they say otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lbpsim.evidence import in_force
from lbpsim.evidence.shipped_countries import reference

in_force.put(reference())  # tests are made, and things for several of them, before any begins


@pytest.fixture(autouse=True)
def in_the_reference_country() -> Iterator[None]:
    """The reference country is in force, and whatever a test loads is forgotten after it."""
    yield
    in_force.put(reference())
