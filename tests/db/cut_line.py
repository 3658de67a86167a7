"""A line to a real server that can be cut: it hands bytes on both ways until a write is being saved, and then no more.

The cut is made where it hurts most: the program has asked the server to save and has no answer yet. Either the server
got that question (and saved), or it did not.
"""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
from pathlib import Path
from typing import Literal

Cut = Literal["before", "after"]
"""Before or after the server was told to save."""
_NAME = ".s.PGSQL.5432"
_WRITES, _SAVES = b"INSERT INTO audit", b"COMMIT\x00"


class Line:
    """A socket of its own in front of the server's socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._server = folder / _NAME
        self._own = tempfile.TemporaryDirectory(prefix="replete-line-")
        self.folder = Path(self._own.name)
        self._cut: Cut | None = None
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self.is_cut = threading.Event()
        self.mend()

    def cut_next_save(self, where: Cut) -> None:
        """From now on the line works until a write is to be saved; then it is cut and stays so."""
        self._cut = where

    def mend(self) -> None:
        """Take connections again."""
        self.is_cut.clear()
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self.folder / _NAME))
        self._door.listen()
        threading.Thread(target=self._welcome, args=(self._door,), daemon=True).start()

    def close(self) -> None:
        """Cut everything and leave nothing behind."""
        self._sever()
        self._own.cleanup()

    def _welcome(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = door.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server))
                with self._lock:
                    self._open += [client, server]
                threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(client, server), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        """Hand on what the program says; cut where it was told to."""
        writes = False
        with contextlib.suppress(OSError):
            while said := client.recv(65536):
                writes = writes or _WRITES in said
                if self._cut is not None and writes and _SAVES in said:
                    if self._cut == "after":
                        self._deaf = client
                        server.sendall(said)
                        self.is_cut.wait(20)
                    self._cut = None
                    self._sever()
                    return
                writes = writes and _SAVES not in said
                server.sendall(said)
        self._hang_up(client, server)

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        """Hand on what the server says, but not that it saved what the cut is for."""
        with contextlib.suppress(OSError):
            while said := server.recv(65536):
                if getattr(self, "_deaf", None) is client:
                    self.is_cut.set()
                    return
                client.sendall(said)
        self._hang_up(client, server)

    def _sever(self) -> None:
        """Close the door and every connection."""
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        (self.folder / _NAME).unlink(missing_ok=True)
        with self._lock:
            gone, self._open = self._open, []
        self._hang_up(*gone)
        self.is_cut.set()

    @staticmethod
    def _hang_up(*sockets: socket.socket) -> None:
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
