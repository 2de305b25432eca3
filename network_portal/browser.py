"""Which Chromium the browser tests drive: the one named in CHROMIUM, else the one installed."""

import os
import shutil
import sys

# Debian's build without windows of its own comes first: it runs scripts three times as fast.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def find_chromium() -> str | None:
    """Path of the program, None where the machine has none."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *NAMES) if name)
    return next(filter(None, found), None)


if __name__ == "__main__":
    sys.exit(0 if find_chromium() else 1)
