"""Which browser the tests drive, and how it is started."""

from __future__ import annotations

import os
import shutil

# Debian's headless shell draws and runs what Chromium does; it leaves out the browser around the page, which costs more
# computing than our pages
NAMES = ("chromium-headless-shell", "chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str:
    """The program's path: what CHROMIUM names, else the first installed. Raises FileNotFoundError."""
    found = next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM", ""), *NAMES))), None)
    if found is None:
        raise FileNotFoundError("no Chromium: ./tools/install-test-servers installs it")
    return found
