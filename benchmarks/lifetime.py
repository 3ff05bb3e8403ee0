"""What following everyone to death takes, relative to the same study to its horizon; fails where it is 5 times or more.

python -m benchmarks.lifetime [people]
"""

from __future__ import annotations

import sys
import time

from benchmarks.one_run import WARM_UP, study
from lbpsim.simulation.run import run_study
from lbpsim.study import Study

YEARS, PEOPLE, REPLICATIONS, ROUNDS = 10, 10_000, 4, 3
POLICIES = ["usual-care", "cft-rollout"]
MOST = 5.0  # times the time to the horizon


def seconds(asked: Study) -> float:
    """Shortest of a few runs on one core."""

    def once() -> float:
        started = time.perf_counter()
        run_study(asked, workers=1)
        return time.perf_counter() - started

    return min(once() for _ in range(ROUNDS))


def ratio(people: int = PEOPLE) -> float:
    """Time of a lifetime to that of ten years, compiled code loaded before."""
    asked = study(people, YEARS, POLICIES, REPLICATIONS)
    run_study(asked.with_changes(people=WARM_UP), workers=1)
    return seconds(asked.with_changes(follow="lifetime")) / seconds(asked)


def main() -> None:
    """Print the ratio."""
    found = ratio(*(int(people) for people in sys.argv[1:2]))
    print(f"Following everyone to death takes {found:.2f} times as long as {YEARS} years.")
    if found >= MOST:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
