"""Life and death of child processes: none of them outlives its parent."""

import contextlib
import ctypes
import os
import signal
import socket
import sys
import time
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: only with servers named in the environment
    fcntl = None

PR_SET_PDEATHSIG = 1


class ServerError(RuntimeError):
    """A server did not start; the text says what to look at."""


def die_with_parent(sig: int, parent: int | None = None):
    """What a child runs before exec: the kernel signals it when its parent is gone (Linux)."""
    parent = parent or os.getpid()

    def ask():
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, sig)
            if os.getppid() != parent:
                os._exit(1)

    return ask


def is_running(pid: int) -> bool:
    """Whether the process exists and is not a corpse nobody has collected."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def stop_process(pid: int, sig: int, patience: float = 15) -> None:
    """Ask the process to end, insist after a while, return when it is gone."""
    for ask, seconds in ((sig, patience), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, ask)
        if wait_until(lambda: not _alive_after_reaping(pid), seconds):
            return


def _alive_after_reaping(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return is_running(pid)


def wait_until(condition, seconds: float, pause: float = 0.02) -> bool:
    """Poll until the condition holds; False when the time ran out."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def accepts(path: Path) -> bool:
    """Whether somebody listens on the unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        return probe.connect_ex(str(path)) == 0


def private_folder(path: Path) -> Path:
    """A folder only its owner may enter; refused when somebody else made it first."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if found.st_uid != os.getuid() or path.is_symlink():
        raise ServerError(f"{path} belongs to somebody else; remove it and start again.")
    path.chmod(0o700)
    return path


class Lock:
    """A lock the kernel releases when its holder dies, however it dies."""

    def __init__(self, path: Path):
        self.path = path
        self.file = None

    def acquire(self) -> bool:
        """Take the lock; False at once when somebody holds it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self.file = file
        return True

    def release(self) -> None:
        if self.file:
            self.file.close()
            self.file = None
