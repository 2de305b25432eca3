"""Run a function over untrusted bytes in a process of its own, short of time and memory.

The child knows nothing of Django, of secrets or of the database. What goes in and out is
JSON; a function that makes files gets the path of a folder as an argument.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "FONTCONFIG_PATH")


class LimitedError(Exception):
    """The work did not succeed: `reason` is time, memory, crash or error.

    For «error» `name` is the class of the exception in the child, and str() is its text.
    """

    def __init__(self, reason, text="", name=""):
        super().__init__(text or reason)
        self.reason, self.name = reason, name


def run_limited(function_path, *args, seconds, megabytes):
    """Result of `function_path` («package.module.function»), or a `LimitedError`.

    Grandchildren (converters of files) share the limits and die with the child.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "communities.limited", str(seconds), str(megabytes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PYTHONIOENCODING": "utf-8", **_environment()},
        start_new_session=True,
    )
    task = json.dumps([function_path, args]).encode()
    try:
        answer, _ = child.communicate(task, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise LimitedError("time") from None
    finally:
        _end(child)
    return _result(child.returncode, answer)


def _environment():
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def _end(child):
    """Kill the whole session of the child: also what it started and left behind."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:  # all of it has ended by itself
        child.poll()
    child.communicate()


def _result(code, answer):
    if code == -signal.SIGXCPU:
        raise LimitedError("time")
    try:
        outcome = json.loads(answer)
    except ValueError:
        raise LimitedError("crash", f"exit code {code}") from None
    if "error" in outcome:
        raise LimitedError(**outcome["error"])
    return outcome["result"]


def _limit(seconds, megabytes):
    size = megabytes * MEGABYTE
    for what, value in (
        (resource.RLIMIT_AS, size),
        (resource.RLIMIT_CPU, seconds + 1),
        (resource.RLIMIT_FSIZE, size),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(what)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))


def _work(function_path, args):
    module, _, name = function_path.rpartition(".")
    try:
        return {"result": getattr(import_module(module), name)(*args)}
    except MemoryError:
        return {"error": {"reason": "memory"}}
    except Exception as error:  # the parent raises it again
        return {
            "error": {
                "reason": "error",
                "text": str(error)[:500],
                "name": type(error).__name__,
            }
        }


def main():
    """The child: read the task, work within the limits, answer on the first stdout."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints does not spoil the answer
    seconds, megabytes = (int(float(word)) for word in sys.argv[1:3])
    function_path, args = json.load(sys.stdin)
    _limit(seconds, megabytes)
    outcome = _work(function_path, args)
    answers.write(json.dumps(outcome).encode())
    answers.close()


if __name__ == "__main__":
    main()
