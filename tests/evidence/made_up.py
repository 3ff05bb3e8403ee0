"""A country that nobody lives in, written as the guide says: half of what there is to know is missing."""

from __future__ import annotations

import re
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "write-a-country-pack.md"
BLOCK = re.compile(
    r"^```(?:yaml|text)\n# (?P<file>zealand/\S+?)(?::[^\n]*)?\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL
)
SURVEYS = """
  health_survey: {citation: "Health survey of Zealand, 2023"}
  fee_schedule: {citation: "Schedule of fees of Zealand, 2025"}
"""


def blocks_of_the_guide() -> dict[str, str]:
    """Text of the files of a pack that the guide shows, by name."""
    found = BLOCK.finditer(GUIDE.read_text(encoding="utf-8"))
    return {match["file"].partition("/")[2]: match["text"] for match in found}


def write_pack(folder: Path, *, whole: bool = True) -> Path:
    """Write the pack of the guide into a folder; not `whole`: only its first step."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in blocks_of_the_guide().items():
        if whole or name != "parameters.yaml":
            (folder / name).write_text(text, encoding="utf-8")
    if whole:
        edit(folder / "country.yaml", "sources:\n", f"sources:{SURVEYS.rstrip()}\n")
    return folder


def edit(file: Path, old: str, new: str) -> None:
    """Replace what stands in a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old!r}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
