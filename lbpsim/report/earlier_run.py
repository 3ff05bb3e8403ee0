"""Whether what an earlier run left in a folder has the same inputs as a new one.

A run of the same inputs gives the same bytes and may write over them. One of others is refused before the work, unless
the user says that it may.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbpsim.report.file_names import FITTED, OPTIMISED, RESEARCHED, VALIDATED, WHY
from lbpsim.report.file_records import MADE_BY, DamagedError, read_record
from lbpsim.report.folder_lock import LOCK
from lbpsim.report.provenance import BY_RUN, RUN_FILE, registry_hash
from lbpsim.study import InputErrors, Place, Problem, Study
from lbpsim.study.differences import Difference, study_differences
from lbpsim.study.files.errors import short

if TYPE_CHECKING:
    from lbpsim.outcomes.draws import Terms

RECORDS = (RUN_FILE, WHY, VALIDATED, FITTED, OPTIMISED, RESEARCHED)  # one of them says what a folder is of
More = Callable[[Mapping[str, Any]], Iterator[str]]
MOST = 5  # differences that are told
REMEDY = "To write over it, add --overwrite (overwrite=True in Python); to keep it, name another folder (--out)"


def refuse_other(folder: Path, study: Study, terms: Terms | None) -> None:
    """Raise InputErrors where a folder holds results of other inputs than a study's; `terms`: of its draws."""
    if not (folder / RUN_FILE).exists():
        _refuse(folder, _of_nothing_finished(folder, _left(folder), BY_RUN))
        return

    def draws(told: Mapping[str, Any]) -> Iterator[str]:
        from lbpsim.outcomes.draws import DrawPlan  # noqa: PLC0415 - needs pandas: slow to import

        mine = DrawPlan(**told["draws"]["plan"]).terms if "draws" in told else None
        if mine != terms:
            yield f"{_draws(mine)} there, {_draws(terms)} now"

    _refuse(folder, _other(folder / RUN_FILE, {MADE_BY: BY_RUN, **evidence()}, study, draws))


def refuse_other_record(path: Path, asked: Mapping[str, Any], study: Study, earlier: Iterable[Path] = ()) -> None:
    """Raise InputErrors where a record, such as that of a sensitivity analysis, is of other inputs than `asked`.

    `earlier`: files that would go; where there is no record, nobody knows what they are of.
    """
    folder = path.parent
    found = next((each for each in (path, *(folder / name for name in RECORDS)) if each.exists()), None)
    if found is None:
        _refuse(folder, _of_nothing_finished(folder, earlier, asked[MADE_BY]))
    else:
        _refuse(folder, _other(found, asked, study, lambda _: iter(())))


def evidence() -> dict[str, Any]:
    """What every record tells of the evidence that it rests on."""
    return {"registry_hash": registry_hash()}


def _left(folder: Path) -> Iterable[Path]:
    """What a run left in a folder, unfinished; a new folder is told without loading all that draws and writes."""
    if {path.name for path in folder.iterdir()} <= {LOCK}:
        return ()
    from lbpsim.report.run_files import outputs_in  # noqa: PLC0415 - a slow import

    return outputs_in(folder)


def _of_nothing_finished(folder: Path, paths: Iterable[Path], command: str) -> str:
    names = sorted({path.relative_to(folder).parts[0] for path in paths if path.exists()})
    return f"{', '.join(names)}, though nothing that `{command}` finished" if names else ""


def _refuse(folder: Path, there: str) -> None:
    if there:
        raise InputErrors([Problem(Place("command line"), "out", f"{folder} holds {there}", REMEDY)])


def _other(path: Path, asked: Mapping[str, Any], study: Study, more: More) -> str:
    """What was written with a record, in words; "" where its inputs are those that are asked now."""
    try:
        told = read_record(path).told
    except DamagedError as problem:
        return f"results that cannot be compared with what is asked now ({problem})"
    if told.get(MADE_BY) != asked[MADE_BY]:
        return f"what `{told.get(MADE_BY)}` found"
    words = [*_of_studies(told.get("study"), study), *_of_rest(told, asked), *more(told)]
    if not words:
        return ""
    rest = f"; and {len(words) - MOST} more" if len(words) > MOST else ""
    return f"what `{asked[MADE_BY]}` found for other inputs ({'; '.join(words[:MOST])}{rest})"


def _of_studies(told: Any, study: Study) -> list[str]:
    if told == json.loads(json.dumps(study.resolved())):
        return []
    try:
        found = study_differences(Study.from_resolved(told), study)
    except (KeyError, TypeError, ValueError, AttributeError):  # of a version under development
        found = ()
    return [_in_words(each) for each in found] or ["another study"]


def _of_rest(told: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    for key, value in json.loads(json.dumps(asked)).items():
        if told.get(key) != value:
            yield "other registered parameters" if key == "registry_hash" else f"other {key.replace('_', ' ')}"


def _in_words(each: Difference) -> str:
    if not each.key:
        return f"the policy {each.where} only {'there' if each.change == 'removed' else 'now'}"
    of = "" if each.where == "study" else f"{each.where}: "
    before, after = (short(words) or "not set" for words in (each.before, each.after))
    return f"{of}{' '.join(part for part in (each.key, each.when) if part)} {before} there, {after} now"


def _draws(terms: Terms | None) -> str:
    if terms is None:
        return "no draws"
    number, precision, until_settled, people = terms
    words = f"draws until right to {precision:.2%}" if until_settled else f"{number:,} draws"
    return words if people is None else f"{words} of {people:,} people"
