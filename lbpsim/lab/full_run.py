"""`lbpsim run` of the saved policies, started from the lab in a process of its own, into the study's folder."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lbpsim.report.file_names import PAGE_FILE

State = Literal["none", "running", "done", "failed", "stopped"]
READ = {PAGE_FILE: "The report", "brief.pdf": "The brief, one page (PDF)", "brief.html": "The brief, one page (HTML)"}
LONGEST_COMPLAINT = 2000  # characters of what the command said


@dataclass
class FullRun:
    """The last run that was started: its `state`, how long it takes or took, and what it complained of.

    `folder`: of its outputs.
    """

    folder: Path
    complaint: str = ""
    titles: tuple[str, ...] = ()
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _started: float = 0.0
    _ended: float = 0.0
    _stopped: bool = False

    @property
    def state(self) -> State:
        """How it stands with it."""
        if self._process is None:
            return "done" if (self.folder / PAGE_FILE).is_file() else "none"
        status = self._process.poll()
        if status is None:
            return "running"
        self._note_end(self._process)
        if self._stopped:
            return "stopped"
        return "done" if status == 0 else "failed"

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return (self._ended or time.monotonic()) - self._started

    def start(self, files: Sequence[Path], titles: Sequence[str], draws: int | None) -> None:
        """Run these files; `draws` as of `lbpsim run`, None: as many as it makes by itself."""
        self.stop()
        options = [] if draws is None else ["--draws", str(draws)]
        command = [sys.executable, "-m", "lbpsim.cli", "run", *map(str, files), *options]
        command += ["--out", str(self.folder), "--overwrite", "--quiet"]
        self.titles, self.complaint, self._stopped = tuple(titles), "", False
        self._started, self._ended = time.monotonic(), 0.0
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def stop(self) -> None:
        """End it where it is at work."""
        if self._process is not None and self._process.poll() is None:
            self._stopped = True
            self._process.terminate()
            self._process.wait()

    def _note_end(self, process: subprocess.Popen[bytes]) -> None:
        if not self._ended:
            self._ended = time.monotonic()
            said = process.stderr.read() if process.stderr is not None else b""
            self.complaint = said.decode("utf-8", "replace").strip()[-LONGEST_COMPLAINT:]
