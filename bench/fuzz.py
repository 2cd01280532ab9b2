"""Fuzz intake, rules and replies with atheris: no exception, no broken promise, no input over two CPU seconds.

    python -m bench.fuzz [--structured] [--seconds 600] [LIBFUZZER OPTION …]

Needs `pip install --group fuzz`. Seeds are the labelled mails of `tests/mails`, the fixtures of `tests/intake`, and the
mails of `../shared` where they lie there. `--structured` cuts and joins mails as mails (see `bench.mutation`) instead
of changing single bytes. A finding is written to `.state/fuzz/`, told with its traceback, and ends the run with a
status other than 0; `python -m bench.fuzz FILE` tries it again.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["rules", "worker.intake", "worker.replies", "worker.services.verdicts"]):
    from bench.mutation import mutate
    from config.catalogue import load_catalogue
    from tests.rules.whole import read_whole

ROOT = Path(__file__).resolve().parents[1]
SEEDS = (ROOT / "tests" / "mails", ROOT / "tests" / "intake" / "fixtures", ROOT.parent / "shared")
FINDINGS = ROOT / ".state" / "fuzz"
LONGEST = 200_000  # bytes of an input; larger ones belong to bench.reading
CPU_SECONDS = 2.0  # with atheris counting every branch, which doubles the time
HANGS_AFTER_S = 60


class TooSlowError(Exception):
    """An input took longer than CPU_SECONDS."""


def try_mail(raw: bytes) -> None:
    """Read `raw` wholly; whatever is raised is a finding."""
    begun = time.process_time()
    read_whole(raw, load_catalogue())
    spent = time.process_time() - begun
    if spent > CPU_SECONDS:
        raise TooSlowError(f"{spent:.1f} s for {len(raw)} bytes")


def main() -> None:
    """Lay out the seeds and hand over to libFuzzer, which ends the process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--structured", action="store_true", help="change mails as mails, not as bytes")
    parser.add_argument("--seconds", type=int, default=600, help="how long to run")
    options, rest = parser.parse_known_args()
    load_catalogue()
    FINDINGS.mkdir(parents=True, exist_ok=True)
    arguments = [f"-max_total_time={options.seconds}", f"-max_len={LONGEST}", f"-timeout={HANGS_AFTER_S}"]
    arguments += [f"-artifact_prefix={FINDINGS}/", *rest]
    with tempfile.TemporaryDirectory() as folder:
        if all(one.startswith("-") for one in rest):
            arguments.append(_lay_out_seeds(Path(folder)))
        custom = {"custom_mutator": mutate} if options.structured else {}
        atheris.Setup([sys.argv[0], *arguments], try_mail, **custom)
        atheris.Fuzz()


def _lay_out_seeds(folder: Path) -> str:
    paths = sorted(path for seeds in SEEDS if seeds.is_dir() for path in seeds.rglob("*.eml"))
    for number, path in enumerate(paths):
        shutil.copyfile(path, folder / f"{number:05}.eml")
    return str(folder)


if __name__ == "__main__":
    main()
