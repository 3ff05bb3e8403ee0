"""What `lbpsim optimise` and `lbpsim research` left beside the outputs of a study, read back for page and brief."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from lbpsim.report.file_names import OPTIMISED, RESEARCHED
from lbpsim.report.file_records import Record, found_whole
from lbpsim.study import Study

RECORDS = {"optimum": OPTIMISED, "research": RESEARCHED}  # by the folder of each
MAY_DIFFER = ("people", "replications", "policies", "follow")  # of the run beside it: size, and what it compares


@dataclass(frozen=True)
class EarlierAnalysis:
    """A finished analysis in a `folder`: what it found in `sentences`, and in which settings its study is `other` than
    the one beside it.
    """

    folder: Path
    sentences: tuple[str, ...]
    other: tuple[str, ...]


def read_analysis(outputs: Path, name: str, study: Study) -> EarlierAnalysis | None:
    """What the analysis "optimum" or "research" left in the `outputs` of a `study`; None where there was none.

    Raises DamagedError where it is not as it was written.
    """
    record = found_whole(outputs / name / RECORDS[name])
    if record is None:
        return None
    return EarlierAnalysis(outputs / name, tuple(record.told["sentences"]), asked_otherwise(record, study, MAY_DIFFER))


def asked_otherwise(record: Record, study: Study, may_differ: Collection[str]) -> tuple[str, ...]:
    """In which settings, but for those that `may_differ`, the study of a record is another than this one."""
    told, asked = record.told["study"], json.loads(json.dumps(study.resolved(), default=str))
    return tuple(each for each in asked if each not in may_differ and told.get(each) != asked[each])
