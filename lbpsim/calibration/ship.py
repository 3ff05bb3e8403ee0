"""Puts a fit into the registry: values and laws of the free parameters, and the sample of the posterior.

For those who keep the package: it changes source files of a checkout. Analysts take what a fit found into the `assume`
of their study instead.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from lbpsim.calibration.fit import Fit, canonical
from lbpsim.calibration.fit_tables import parameter_table

EVIDENCE = Path(__file__).parents[1] / "evidence"
TABLE = "posterior"
HEAD = """\
# Free parameters fitted to their targets, in canonical units (years, shares, points): one row a draw.
# Written by `lbpsim calibrate --ship`; see docs/calibration.md. Rows are draws of the joint posterior, nearly
# independent.
"""


class NotShippedError(RuntimeError):
    """Source files that are not as expected; nothing was changed."""


def posterior_csv(fit: Fit) -> str:
    """The sample as it ships: a row a draw, a column a free parameter."""
    frame = pd.DataFrame(canonical(fit), columns=list(fit.task.scores.names))
    return HEAD + frame.to_csv(index=False, float_format="%.7g", lineterminator="\n")


def ship(fit: Fit, evidence: Path = EVIDENCE) -> list[Path]:
    """Write values, laws, intervals and the sample into the source files; returns those that were written.

    Raises NotShippedError where a parameter is not found; then nothing is changed.
    """
    contents = _registry(fit, sorted((evidence / "parameters").glob("*.yaml")))
    sample = posterior_csv(fit)
    index = evidence / "tables" / "index.yaml"
    checksum = {"sha256": hashlib.sha256(sample.encode()).hexdigest()}
    contents[index] = _entry_changed(index.read_text(encoding="utf-8"), TABLE, checksum)
    contents[evidence / "tables" / f"{TABLE}.csv"] = sample
    for path, text in contents.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(contents)


def _registry(fit: Fit, files: Iterable[Path]) -> dict[Path, str]:
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    changed: dict[Path, str] = {}
    for row in parameter_table(fit).itertuples():
        path = next((path for path, text in texts.items() if f"\n{row.parameter}:\n" in f"\n{text}"), None)
        if path is None:
            raise NotShippedError(f"{row.parameter} is in no file of parameters")
        texts[path] = changed[path] = _entry_changed(
            texts[path],
            str(row.parameter),
            {
                "value": f"{row.value:g}",
                "distribution": str(row.distribution),
                "interval": f"[{row.low:.3g}, {row.high:.3g}]",
            },
        )
    return changed


def _entry_changed(text: str, name: str, lines: dict[str, str]) -> str:
    """The text with some lines of one entry replaced."""
    entry = re.search(rf"^{re.escape(name)}:\n(?:  .*\n)+", text, re.MULTILINE)
    assert entry is not None
    changed = entry.group()
    for key, content in lines.items():
        changed, times = re.subn(rf"^  {key}: .*$", f"  {key}: {content}", changed, flags=re.MULTILINE)
        if times != 1:
            raise NotShippedError(f"{name}: expected one line `{key}:` in its entry, found {times}")
    return text[: entry.start()] + changed + text[entry.end() :]
