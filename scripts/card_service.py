"""A private smart card service with two virtual readers, for tests and benchmarks: the real pcscd and driver.

Each run has its own socket and ports, so that many run at once beside the machine's own service. pcscd takes
no socket's name; it takes one that is handed over open, as systemd does it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.services import STOP_SECONDS, ServiceFailed, ServiceMissing, _folder, _server_user, free_port

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
OWN_FOLDER = Path("/run/pcscd")
"""pcscd insists on its folder although it is handed a socket elsewhere; it puts nothing there for us."""
SOCKET_NAME = "PCSCLITE_CSOCK_NAME"
"""The environment variable by which libpcsclite finds another socket than the machine's."""
READERS = ("Virtual PCD 00 00", "Virtual PCD 00 01")
START_SECONDS = 10

# systemd's way of handing over a socket: it is the third descriptor, and the process's own number is told.
_HAND_OVER = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True);"
    "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); os.execvp(sys.argv[2], sys.argv[2:])"
)


@dataclass
class CardService:
    """The service: where clients find it, and the ports on which its two readers wait for a virtual card."""

    folder: Path
    user: str | None
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def ports(self) -> tuple[int, int]:
        """A reader each."""
        return self.port, self.port + 1

    @property
    def socket(self) -> Path:
        """What SOCKET_NAME must name."""
        return self.folder / "pcscd.comm"

    def start(self, *, readers: bool = True) -> None:
        """Start it and wait until it answers; ServiceFailed with its log when it does not. ``readers``: plugged in."""
        self._plug_in(readers)
        self.socket.unlink(missing_ok=True)
        if self.user:
            # Gone after a restart of a machine on which no service manager makes it; pcscd itself may not.
            OWN_FOLDER.mkdir(exist_ok=True)
        with socket.socket(socket.AF_UNIX) as listener, (self.folder / "log").open("ab") as log:
            listener.bind(str(self.socket))
            listener.listen(64)
            self.socket.chmod(0o666)
            self.process = subprocess.Popen(
                [sys.executable, "-c", _HAND_OVER, str(listener.fileno()), *self._command()],
                pass_fds=(listener.fileno(),), stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self._wait()

    def _plug_in(self, readers: bool) -> None:
        # pcscd notices readers of a file only when it starts: who unplugs one restarts it, too.
        there = self.folder / "readers" / "virtual"
        there.parent.mkdir(exist_ok=True)
        if not readers:
            there.unlink(missing_ok=True)
            return
        there.write_text(
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{self.port:#x}\n'
            f"LIBPATH {DRIVER}\nCHANNELID {self.port:#x}\n"
        )

    def _command(self) -> list[str]:
        as_user = [f"--reuid={self.user}", "--clear-groups"] if self.user else []
        pcscd = shutil.which("pcscd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if pcscd is None or not DRIVER.exists():
            raise ServiceMissing("pcscd and vsmartcard-vpcd are not installed; `make test` installs them")
        # A killed test run takes the service along.
        guard = ["setpriv", "--pdeathsig=TERM", *as_user]
        return [*guard, pcscd, "--foreground", "--info", "--config", str(self.folder / "readers")]

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        log = self.folder / "log"
        while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
            if b"daemon ready" in log.read_bytes():
                return
            time.sleep(0.01)
        raise ServiceFailed(log.read_text(errors="replace")[-2000:])

    def stop(self) -> None:
        """End it as the system does; clients then find no service."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        (self.folder / "log").unlink()
        self.socket.unlink(missing_ok=True)


@contextmanager
def card_service() -> Iterator[CardService]:
    """A running service with two empty readers."""
    with _folder("thabian-cards-") as folder:
        user = _server_user(folder)
        folder.chmod(0o711)
        made = CardService(folder, user, _two_free_ports())
        made.start()
        try:
            yield made
        finally:
            made.stop()


def _two_free_ports() -> int:
    """The first of two neighbouring loopback ports that nobody listens on."""
    while True:
        port = free_port()
        with socket.socket() as second:
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
        return port
