"""What each repair of the second version does to results: runs the model, writes the tables of changes-in-results.md.

    python docs/changes.py [--people 10000 | --kept] [--write]

Each repair is made alone on top of version 1's reading, and all together. With `--write` the figures are kept in
changes-in-results.csv and the tables replace those of the page.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml
from pages import DOCS, filled, table

from lbpsim import __version__
from lbpsim.outcomes.measures import OUTCOMES
from lbpsim.outcomes.results import Results
from lbpsim.simulation.consistency import check
from lbpsim.simulation.run import run_study
from lbpsim.study import CftPolicy, Policy, Study, load

SCENARIOS = Path(__file__).parents[1] / "scenarios"
PAGE, KEPT, REPAIRS = DOCS / "changes-in-results.md", DOCS / "changes-in-results.csv", DOCS / "changes.yaml"
PEOPLE = 10_000
VERSION_1, TOGETHER = "version-1", "together"
MILLION = 1e6
FIGURES = {  # outcome: whether discounted, head of its column, what its figures are divided by
    "qalys": (True, "QALYs", 1.0),
    "dalys": (True, "DALYs", 1.0),
    "cost_health_system": (True, "Health care (AUD million)", MILLION),
    "cost_societal": (True, "Health care and lost work (AUD million)", MILLION),
    "opioid_years": (False, "Years on opioids", 1.0),
}
COLUMNS = ["step", "people", "policy", "outcome", "difference", "mcse", "change", "change_mcse"]
FINEST = 0.1  # of what is shown
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Repair:
    """What version 1 did and what is done now, in words; `options`, `assume` and `policy_keys` that give version 1's
    reading; `policies` whose figures are shown.
    """

    title: str
    before: str
    now: str
    policies: tuple[str, ...]
    options: Mapping[str, str] = field(default_factory=dict)
    assume: Mapping[str, float] = field(default_factory=dict)
    policy_keys: Mapping[str, str] = field(default_factory=dict)

    def undone(self, study: Study) -> Study:
        """The study as version 1 read it in this respect."""
        policies = tuple(replace(policy, cft=self._before(policy)) for policy in study.policies)
        return replace(
            study,
            options={**study.options, **self.options},
            assume={**study.assume, **self.assume},
            policies=policies,
        )

    def _before(self, policy: Policy) -> CftPolicy:
        cft = policy.cft
        if self.policy_keys.get("cft.referral_stops_at") == "never":
            cft = replace(cft, referral_stops_at=math.inf)
        if self.policy_keys.get("cft.capacity") == "unlimited" and cft.replaced_by is not None:
            cft = replace(cft, capacity_limited=False)
        return cft


def repairs() -> dict[str, Repair]:
    """Every repair by its name, in the order of the file."""
    known = yaml.safe_load(REPAIRS.read_text(encoding="utf-8"))["repairs"]
    return {name: Repair(**{**told, "policies": tuple(told["policies"])}) for name, told in known.items()}


def kept_from_version_1() -> set[str]:
    """Options whose base choice is version 1's reading."""
    return set(yaml.safe_load(REPAIRS.read_text(encoding="utf-8"))["as_in_version_1"])


def steps(study: Study, known: Mapping[str, Repair]) -> Iterator[tuple[str, Study]]:
    """Version 1's reading, each repair alone on top of it, and all together."""
    yield VERSION_1, undone(study, known.values())
    for name, repair in known.items():
        others = [other for each, other in known.items() if each != name]
        shown = tuple(policy for policy in study.policies if policy.name in (study.comparator, *repair.policies))
        yield name, undone(replace(study, policies=shown), others)
    yield TOGETHER, study


def undone(study: Study, some: Iterable[Repair]) -> Study:
    """The study without these repairs."""
    for repair in some:
        study = repair.undone(study)
    return study


def differences(results: Results) -> dict[tuple[str, str], Numbers]:
    """Policies less usual care over the horizon, one value a replication, by policy and outcome."""
    order, found = list(OUTCOMES), {}
    for place, policy in enumerate(results.scenarios[1:], start=1):
        for outcome, (discounted, _, _) in FIGURES.items():
            each = results.horizon_by_replication[:, :, int(discounted), order.index(outcome)]
            found[policy, outcome] = each[place] - each[0]
    return found


def simulated(people: int) -> pd.DataFrame:
    """Every figure of every step, columns as in COLUMNS."""
    known = repairs()
    shown = {policy for repair in known.values() for policy in repair.policies}
    study = load(SCENARIOS).with_changes(people=people)
    study = replace(study, policies=tuple(each for each in study.policies if each.name in (study.comparator, *shown)))
    first: dict[tuple[str, str], Numbers] = {}
    rows: list[tuple[Any, ...]] = []
    for name, asked in steps(study, known):
        found = differences(run_study(check(asked)))
        first = first or found
        for (policy, outcome), each in found.items():
            change = each - first[policy, outcome]
            rows.append((name, people, policy, outcome, *mean_and_error(each), *mean_and_error(change)))
        print(name, flush=True)
    return pd.DataFrame(rows, columns=COLUMNS)


def kept() -> pd.DataFrame:
    """The figures of the last run that was kept."""
    return pd.read_csv(KEPT)


def mean_and_error(each: Numbers) -> tuple[float, float]:
    """Mean over replications and its Monte Carlo standard error."""
    return float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each)))


def tables(figures: pd.DataFrame) -> dict[str, str]:
    """Every generated part of the page by its name."""
    known = repairs()
    policies = {policy: None for repair in known.values() for policy in repair.policies}
    parts = {policy: _of_policy(figures, known, policy) for policy in policies}
    words = [(repair.title, repair.before, repair.now, _switches(repair)) for repair in known.values()]
    return {
        "run": about(figures),
        "repairs": table(("Repair", "Version 1", "Now", "Version 1's reading by"), words),
        **parts,
    }


def _switches(repair: Repair) -> str:
    given = {**repair.options, **repair.assume, **repair.policy_keys}
    plain = {key: f"{value:g}" if isinstance(value, float) else value for key, value in given.items()}
    return ", ".join(f"`{key}: {value}`" for key, value in plain.items())


def _of_policy(figures: pd.DataFrame, known: Mapping[str, Repair], policy: str) -> str:
    """What a policy comes to by version 1's reading, what each repair changes in that, and what it comes to now."""
    mine = figures[figures["policy"] == policy].set_index(["step", "outcome"])
    rows = [("Version 1's reading", *_cells(mine, VERSION_1, "difference", "mcse"))]
    rows += [
        (f"{repair.title}: change", *_cells(mine, name, "change", "change_mcse"))
        for name, repair in known.items()
        if policy in repair.policies
    ]
    rows += [("All together: change", *_cells(mine, TOGETHER, "change", "change_mcse"))]
    rows += [("All together", *_cells(mine, TOGETHER, "difference", "mcse"))]
    return table(("", *(head for _, head, _ in FIGURES.values())), rows)


def _cells(mine: pd.DataFrame, step: str, value: str, error: str) -> Iterator[str]:
    for outcome, (_, _, divisor) in FIGURES.items():
        row = mine.loc[(step, outcome)]
        yield with_error(float(row[value]) / divisor, float(row[error]) / divisor)


def with_error(value: float, error: float) -> str:
    """A difference with its Monte Carlo error, rounded to what the error allows, to a tenth at the finest.

    >>> with_error(-1234.5, 32.1), with_error(-0.2, 31.0), with_error(0.001, 0.002)
    ('-1,230 (±30)', '0 (±30)', '0')
    """
    if max(abs(value), error) < FINEST / 2.0:
        return "0"
    digits = min(-math.floor(math.log10(max(error, FINEST))), 1)
    shown, places = round(value, digits), max(digits, 0)
    return f"{f'{shown:+,.{places}f}' if shown else '0'} (±{round(error, digits):,.{places}f})"


def about(figures: pd.DataFrame) -> str:
    """What was run."""
    study, (people,) = load(SCENARIOS), figures["people"].unique()
    return (
        f"These numbers come from lbpsim {__version__}: {people:,} simulated people in pain at the start, "
        f"{study.replications} replications, {study.years} years, seed {study.seed}. What stands after ± is a Monte "
        "Carlo standard error; of a change it is that of the paired change. QALYs, DALYs and money are discounted, "
        "years on opioids are not."
    )


def main() -> None:
    """Print the tables, or keep the figures and write the page."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, default=PEOPLE, help="people simulated at the start")
    options.add_argument("--kept", action="store_true", help="take the figures that were kept, and simulate nothing")
    options.add_argument("--write", action="store_true", help="keep the figures, and write docs/changes-in-results.md")
    chosen = options.parse_args()
    figures = kept() if chosen.kept else simulated(chosen.people)
    parts = tables(figures)
    if chosen.write:
        figures.to_csv(KEPT, index=False, float_format="%.6g", lineterminator="\n")
        PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), parts), encoding="utf-8")
    else:
        print("\n\n".join(parts.values()))


if __name__ == "__main__":
    main()
