"""run.json: everything that a run came from, so that it can be repeated; the one output that differs between twins."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shlex
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbpsim.report.file_records import MADE_BY, write_record
from lbpsim.study.notes import Note, notes

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import DrawResults
    from lbpsim.outcomes.results import Results
    from lbpsim.study import Study

RUN_FILE = "run.json"
BY_RUN = "lbpsim run"
PACKAGES = (
    "jinja2", "matplotlib", "numba", "numpy", "pandas", "pyarrow", "pydantic", "PyYAML", "rich", "scikit-learn",
    "scipy", "simpy", "typer", "XlsxWriter",
)  # fmt: skip

OF_RESULTS = ("events", "engine", "seed", "people", "replications", "country_cases", "in_remission")


def write_run(results: Results, folder: Path, *, started: datetime, files: Iterable[str] = ()) -> Path:
    """Write `run.json` into the folder of a study's outputs and return its path.

    Args:
        results: what the run came to.
        folder: outputs of the study.
        started: when the run began, with its time zone.
        files: in that folder, which are read again and have to be as they are now.
    """
    path = folder / RUN_FILE
    write_record(path, provenance(results, started=started), files)
    return path


def provenance(results: Results, *, started: datetime) -> dict[str, Any]:
    """The content of `run.json`, as plain values for JSON; arguments as for `write_run`.

    Raises:
        ValueError: when `started` has no time zone.
    """
    if started.tzinfo is None:
        raise ValueError(f"the start of a run needs a time zone; got {started.isoformat()}, say datetime.now(tz=UTC)")
    draws = _draws_in(results)
    return {
        MADE_BY: BY_RUN,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(results.seconds, 3),
        **{name: getattr(results, name) for name in OF_RESULTS},
        "registry_hash": registry_hash(),
        "file_hashes": dict(results.study.file_hashes),
        "folder": results.study.folder,
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "machine": machine(),
        "study": results.study.resolved(),
        "notes": [str(note) for note in notes_on(results)],
        "parameters": results.study.values(results.study.policies[0]),
        **({"draws": of_draws(draws)} if draws is not None else {}),
    }


def folder_of(study: Study) -> str:
    """The folder of the files of a study, as a command names it; that of the first steps where it is not known."""
    return f"{study.folder or 'scenarios'}/"


def command(results: Results) -> str:
    """The command that gives these results again."""
    words = [
        *(f"lbpsim run {shlex.quote(folder_of(results.study))}", f"--people {results.study.people}"),
        *(f"--years {results.study.years}", f"--seed {results.seed}"),
    ]
    draws = _draws_in(results)
    words += ["--draws 0"] if draws is None else [f"--draws {len(draws.numbers)} --draw-people {draws.plan.people}"]
    return " ".join(words)


def notes_on(results: Results) -> tuple[Note, ...]:
    """What looks odd in what was asked; what concerns draws only where there are some."""
    every = notes((results.whole or results).study, drawn=_draws_in(results) is not None)
    kept = tuple(note for note in every if not note.policy or note.policy in results.scenarios)
    more = len(every) - len(kept)
    return (
        (*kept, Note(f"{more} more notes, on policies that are not shown here, are in {RUN_FILE}.")) if more else kept
    )


def _draws_in(results: Results) -> DrawResults | None:
    from lbpsim.outcomes.draws import ProbabilisticResults  # noqa: PLC0415 - needs pandas: slow to import

    return results.draws if isinstance(results, ProbabilisticResults) else None


def of_draws(draws: DrawResults) -> dict[str, Any]:
    """How many draws there are, how it was planned, what they took, and what they varied."""
    return {
        "number": len(draws.numbers),
        "plan": asdict(draws.plan),
        "seconds": round(draws.seconds, 3),
        "parameters": list(draws.parameters.columns),
        "rates_cut_in": draws.cut,
    }


def registry_hash() -> str:
    """SHA-256 of every registered parameter: names, values, units, distributions, sources, grades."""
    from lbpsim.evidence import parameters  # noqa: PLC0415 - the registry takes a moment to read

    return hash_of({name: parameter.model_dump(mode="json") for name, parameter in parameters().items()})


def hash_of(content: Any) -> str:
    """SHA-256 of plain values for JSON; the order of keys does not matter."""
    return f"sha256:{hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()}"


def machine() -> dict[str, Any]:
    """Operating system, processor, number of cores and Python of this machine; neither its name nor its user."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
