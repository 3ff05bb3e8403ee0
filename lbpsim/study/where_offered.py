"""In which regions policies offer CFT, in a sentence for whoever reads their figures."""

from __future__ import annotations

from collections.abc import Iterable

from lbpsim.study.files.errors import listed
from lbpsim.study.policies import Policy
from lbpsim.study.regions import Regions

MOST_NAMED = 5  # regions
ALIKE = "Pain and its care are taken to be alike in all regions"


def where_offered(policies: Iterable[Policy], regions: Regions | None) -> str:
    """Where CFT is offered under those of the policies that choose regions, by how many of all people live there, and
    what is taken to be alike; "" where none chooses any.
    """
    some = [policy for policy in policies if policy.cft.regions]
    if regions is None or not some:
        return ""
    told = "; ".join(f"“{policy.title}”, only in {_in_words(policy.cft.regions, regions)}" for policy in some)
    return f"CFT is offered under {told}. {ALIKE}."


def _in_words(names: tuple[str, ...], regions: Regions) -> str:
    """Regions by name, with their share of all people."""
    living = sum(part.people for part in regions.parts if part.name in names)
    told = listed(names, "and") if len(names) <= MOST_NAMED else f"{len(names)} of {len(regions.parts)} regions"
    return f"{told} ({living / regions.people:.0%} of people)"
