"""`lbpsim run` and `lbpsim brief` of the saved policies, each in a process of its own, into the study's folder."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lbpsim.report.file_names import BRIEF_PAGE, BRIEF_SHEET, PAGE_FILE

State = Literal["none", "running", "done", "failed", "stopped"]
READ = {PAGE_FILE: "The report", BRIEF_PAGE: "The brief, one page", BRIEF_SHEET: "The brief, one page, to print (PDF)"}
LONGEST_COMPLAINT = 2000  # characters of what a command said


@dataclass
class FullRun:
    """The last run that was started: its `state`, of which policies it is, how long it took, what it complained of.

    `folder`: of its outputs.
    """

    folder: Path
    state: State = field(init=False)
    titles: tuple[str, ...] = ()
    seconds: float = 0.0
    complaint: str = ""
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _thread: threading.Thread | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.state = "done" if (self.folder / PAGE_FILE).is_file() else "none"

    def start(self, files: Sequence[Path], titles: Sequence[str], draws: int | None) -> None:
        """Run these files; `draws` as of `lbpsim run`, None: as many as it makes by itself."""
        self.stop()
        options = [] if draws is None else ["--draws", str(draws)]
        run = ["run", *map(str, files), *options, "--out", str(self.folder), "--overwrite", "--quiet"]
        self.state, self.titles, self.complaint = "running", tuple(titles), ""
        self._thread = threading.Thread(target=self._carry_out, args=([run, ["brief", str(self.folder)]],), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it where it is at work."""
        if self._thread is not None and self._thread.is_alive():
            self.state = "stopped"
            if self._process is not None:
                self._process.terminate()
            self._thread.join()

    def _carry_out(self, commands: Sequence[Sequence[str]]) -> None:
        started = time.monotonic()
        done = all(self._done(command) for command in commands)
        self.seconds = time.monotonic() - started
        if self.state == "running":
            self.state = "done" if done else "failed"

    def _done(self, command: Sequence[str]) -> bool:
        """Whether a command of lbpsim did what it was to do."""
        if self.state != "running":
            return False
        asked = [sys.executable, "-m", "lbpsim.cli", *command]
        self._process = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = self._process.communicate()[1].decode("utf-8", "replace").strip()
        self.complaint = said[-LONGEST_COMPLAINT:]
        return self._process.returncode == 0
