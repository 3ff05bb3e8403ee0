"""The lab open on this machine, until it is ended: one address of the loopback interface, which has a token in it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from lbpsim.lab.app import application
from lbpsim.lab.laboratory import Laboratory
from lbpsim.lab.pictures import Painter
from lbpsim.lab.security import LARGEST, LOOPBACK, Guard

LET_GO = 2  # seconds that open connections have when the lab is ended


def serve(folder: Path, *, port: int = 0, workers: int | None = None, opened: Callable[[str], None]) -> None:
    """Serve the lab of a study folder until it is interrupted; `opened` is given its address.

    `port`: 0 for any that is free; `workers`: threads that simulate, by default one a core.

    Raises InputErrors where the folder is no study; OSError where the port is taken.
    """
    with socket.socket() as listening, _laboratory(folder, workers) as (lab, painter):
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen()
        guard = Guard(application(lab, painter), listening.getsockname()[1])
        opened(guard.address)
        settings = uvicorn.Config(
            guard, log_level="critical", ws_max_size=LARGEST, timeout_graceful_shutdown=LET_GO, server_header=False
        )
        uvicorn.Server(settings).run(sockets=[listening])


@contextmanager
def _laboratory(folder: Path, workers: int | None) -> Iterator[tuple[Laboratory, Painter]]:
    lab = Laboratory(folder, workers=workers)
    painter = Painter(lambda: lab.run.figures)
    try:
        yield lab, painter
    finally:
        painter.close()
        lab.close()
