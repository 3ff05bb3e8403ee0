"""What `lbpsim optimise` left beside the outputs of a study, read back for the page and the brief."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lbpsim.report.file_names import OPTIMISED
from lbpsim.report.file_records import found_whole
from lbpsim.study import Study

FOLDER = "optimum"
MAY_DIFFER = ("people", "replications", "policies", "follow")  # of the run beside it: size, and what it compares


@dataclass(frozen=True)
class EarlierOptimum:
    """A finished search: what it found in `sentences`, the values of its levers by label (`found`), and in which
    settings its study is `other` than the one beside it.
    """

    folder: Path
    sentences: tuple[str, ...]
    found: Mapping[str, str]
    other: tuple[str, ...]


def read_optimum(folder: Path, study: Study) -> EarlierOptimum | None:
    """What a search left in `folder`, beside the results of a `study`; None where there was none.

    Raises DamagedError where it is not as it was written.
    """
    record = found_whole(folder / OPTIMISED)
    if record is None:
        return None
    told, asked = record.told["study"], json.loads(json.dumps(study.resolved(), default=str))
    other = [name for name in asked if name not in MAY_DIFFER and told.get(name) != asked[name]]
    return EarlierOptimum(folder, tuple(record.told["sentences"]), dict(record.told["found"]), tuple(other))
