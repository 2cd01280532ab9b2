"""Writes docs/licences.md, the licence of every package that an installation brings: `python -m tools.licences`.

`--check` writes nothing and fails where the page is old; both fail where a licence is none that ALLOWED names. What is
only for development is not part of it: it reaches no installation.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
BETWEEN = re.compile(r" AND | OR |; |, ")
ALLOWED = {
    "0BSD", "3-Clause BSD License", "Apache Software License", "Apache-2.0", "BSD License", "BSD-2-Clause",
    "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT License", "MIT-0", "MIT-CMU", "PSF-2.0",
    "Python Software Foundation License", "The Unlicense (Unlicense)", "Zlib", "Zope Public License",
    # used as they come, as packages of their own: that is all these ask for
    "LGPL-3.0-only", "Mozilla Public License 2.0 (MPL 2.0)",
}  # fmt: skip
LOOKED_AT = {  # package: why its wording is in order
    "pypdfium2": "its own code BSD-3-Clause or Apache-2.0; PDFium and what is built in are BSD, MIT, Zlib and the like",
    "qrcode": "BSD; the other classifier is for the word QR Code, a trademark of Denso Wave",
}
HEAD = """# Licences

Made by `python -m tools.licences`, which `make audit` runs with `--check`; do not edit by hand. Every Python package
that `pip install .` brings, with the extras for tracing and error reports, and what it declares. The look of the staff
page adds dap-design-system (MIT) and the typeface Inter (OFL-1.1); their texts lie beside the files. The settlements
come from a database under the ODbL ([data.md](data.md)).

| package | licence |
| --- | --- |
"""


def main(arguments: list[str]) -> int:
    """The exit code: 1 for a licence that nobody has looked at, or with `--check` for an old page."""
    licences = read_licences(brought())
    page = HEAD + "".join(f"| {name} | {licence} |\n" for name, licence in licences.items())
    strange = unexpected(licences)
    for name in strange:
        print(f"{name}: {licences[name]!r} is no licence that tools/licences.py allows", file=sys.stderr)
    if arguments == ["--check"]:
        if PAGE.read_text("utf-8") != page:
            print("docs/licences.md is old: python -m tools.licences", file=sys.stderr)
            return 1
    else:
        PAGE.write_text(page, "utf-8")
    return int(bool(strange))


def unexpected(licences: dict[str, str]) -> list[str]:
    """The packages of which not every licence is allowed."""
    return [
        name for name, text in licences.items() if name not in LOOKED_AT and not set(BETWEEN.split(text)) <= ALLOWED
    ]


def brought() -> set[str]:
    """The names of all packages that the product needs, or that those need, as far as this machine installs them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project.get("optional-dependencies", {})
    waiting = [Requirement(text) for texts in (project["dependencies"], *extras.values()) for text in texts]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        needed = waiting.pop()
        key = canonicalize_name(needed.name), frozenset(needed.extras)
        if key not in seen:
            seen.add(key)
            waiting += _needs(needed)
    return {name for name, _ in seen}


def _needs(package: Requirement) -> Iterator[Requirement]:
    for text in requires(package.name) or ():
        needed = Requirement(text)
        marker = needed.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *package.extras)):
            yield needed


def read_licences(names: Iterable[str]) -> dict[str, str]:
    """What each of these installed packages declares, in the order of their names."""
    command = [
        sys.executable,
        "-m",
        "piplicenses",
        "--from=mixed",
        "--format=json",
        "--with-system",
        "--packages",
        *names,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(sorted((canonicalize_name(row["Name"]), row["License"]) for row in json.loads(done.stdout)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
