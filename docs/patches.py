"""The parts of a patch as code blocks, for the guide that explains it."""

from __future__ import annotations

import re
from pathlib import Path


def parts(patch: Path) -> dict[str, str]:
    """A code block for each file that a patch changes, by a name made of the file's; new files are shown whole."""
    files = re.split(r"^(?=diff )", patch.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(_patch(text) for text in files if text.strip())


def _patch(text: str) -> tuple[str, str]:
    name = re.findall(r"^\+\+\+ b/(\S+)", text, re.MULTILINE)[0]
    body = text[text.index("@@") :]
    if text.startswith("diff") and "--- /dev/null" in text:
        kind = {"py": "python", "yaml": "yaml"}[name.rsplit(".", 1)[1]]
        body = "".join(line[1:] for line in body.splitlines(keepends=True)[1:] if line.startswith("+"))
        return _part_name(name), f"```{kind}\n{body.strip()}\n```"
    return _part_name(name), f"```diff\n{body.strip()}\n```"


def _part_name(file: str) -> str:
    return re.sub(r"[^a-z]+", "-", file.removeprefix("lbpsim/").rsplit(".", 1)[0])
