"""The data tables that ship with the package, each verified against its registered checksum when first read."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Literal

from lbpsim.evidence.bibliography import FILE as SOURCES
from lbpsim.evidence.bibliography import bibliography
from lbpsim.evidence.entry_errors import Fault, every_entry
from lbpsim.evidence.grades import Grade
from lbpsim.evidence.reading import HOME, Declared, EvidenceError, parse_entries, read_text

if TYPE_CHECKING:
    import pandas as pd

FOLDER = HOME / "tables"
INDEX = "index.yaml"
CURVES = ("classes", "eq5d_chain")


class Table(Declared):
    """Entry of a table in the index: its `file`, `what` it holds, `sources` (bibliography keys), `grade`, `sha256`."""

    file: str
    what: str
    sources: tuple[str, ...]
    grade: Grade
    sha256: str


@cache
def index() -> Mapping[str, Table]:
    """Entries of all tables by name.

    Raises EvidenceError, a line for everything that is wrong in the file.
    """
    entries = parse_entries(read_text(FOLDER / INDEX), f"{FOLDER.name}/{INDEX}")
    faults: list[Fault] = []
    found = every_entry(Table, entries, faults)
    for name, table in found.items():
        unknown = [key for key in table.sources if key not in bibliography()]
        faults.extend(Fault.at(entries, (name, "sources"), f"{key} is not in {SOURCES}") for key in unknown)
    if faults:
        raise EvidenceError("\n".join(map(str, faults)))
    return found


def verified(file: Traversable, sha256: str) -> bytes:
    """Content of `file`, which must have the SHA-256 checksum `sha256` (line ends of any system).

    Raises EvidenceError when it has another, with what to do.
    """
    content = file.read_bytes().replace(b"\r\n", b"\n")
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise EvidenceError(
            f"the table {file.name} is not the one registered: its checksum is {found}, expected {sha256}. "
            "Reinstall the package, or, if the change is meant, register the new checksum in tables/index.yaml."
        )
    return content


@cache
def table(name: str) -> pd.DataFrame:
    """A table by its name in the index, not to be changed: all readers have the same."""
    import pandas as pd  # noqa: PLC0415 - half a second, which a command that reads no table need not wait

    entry = index()[name]
    return pd.read_csv(io.BytesIO(verified(FOLDER / entry.file, entry.sha256)), comment="#")


def disability_weight_curve(choice: Literal["classes", "eq5d_chain"] | str) -> pd.DataFrame:
    """Knots of a curve from disability to disability weight: columns rmdq (0-24, rising), weight.

    Raises ValueError for a choice that has no curve.
    """
    if choice not in CURVES:
        raise ValueError(f"there is no disability weight curve {choice!r}; there are {', '.join(CURVES)}")
    curves = table("disability_weight_curves")
    return curves.loc[curves["curve"] == choice, ["rmdq", "weight"]].reset_index(drop=True)


def posterior() -> pd.DataFrame:
    """Fitted parameters: a row a draw, a column a parameter by its registered name, in canonical units.

    Row d belongs to draw d; the rows together are a sample of their joint posterior.
    """
    return table("posterior").copy()
