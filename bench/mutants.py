"""How many small faults in the rules' checks and the worker's services the tests notice: `make mutation`.

mutmut writes the faults, one by one, and runs for each the tests that reach its function. It works in copies of what
git knows, in .state/mutation. All faults of `rules.checks` are tried; of `worker.services` a sample drawn with --seed,
for there are some eleven thousand. Prints the score of both, and every fault that nobody noticed, for a person to read.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".state" / "mutation"
MUTMUT = (sys.executable, "-m", "mutmut")
FAILED, OUT_OF_TIME = {1, 3}, {24, 36, 152, -24, 255}  # mutmut's words for how the tests of a mutant ended


@dataclass(frozen=True)
class Part:
    """A package that is changed, and the tests that should notice."""

    package: str
    tests: tuple[str, ...]
    leave: tuple[str, ...] = ()  # files that no test reaches within its own process

    def settings(self) -> str:
        """What stands in pyproject.toml for mutmut."""
        folder = self.package.replace(".", "/")
        top = folder.split("/")[0]
        copied = [path.name for path in (PLACE / self.package).iterdir() if path.name not in ("tests", top)]
        values = {
            "source_paths": [top],
            "only_mutate": [f"{folder}/*"],
            "do_not_mutate": list(self.leave),
            "also_copy": copied,
            "pytest_add_cli_args": ["--reuse-db", "-p", "no:cacheprovider"],
            "pytest_add_cli_args_test_selection": list(self.tests),
        }
        lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
        return "\n".join(["", "[tool.mutmut]", *lines, "timeout_constant = 20.0", "timeout_multiplier = 3.0", ""])


CHECKS = Part("rules.checks", ("tests/rules/checks", "tests/rules/test_chain.py"))
SERVICES = Part(
    "worker.services",
    (
        *("tests/services", "tests/mail/test_envelope.py", "tests/mail/test_sent_folder.py"),
        *(f"--ignore=tests/services/test_{name}.py" for name in ("doctor", "doctor_look", "watch")),  # time-outs, fonts
        *("tests/registry/test_register.py", "tests/registry/test_replies.py", "tests/registry/test_forget_person.py"),
        *("tests/review/privacy", "tests/review/ruledesk", "tests/review/test_metrics.py"),
    ),
    # run as a process (tests/integration/test_backup.py), and against servers that do not answer (test_doctor.py)
    leave=("worker/services/backup.py", "worker/services/doctor/*"),
)


def prepare(part: Part) -> Path:
    """A copy of all that git knows, as it lies here, with the settings of this part."""
    place = PLACE / part.package
    shutil.rmtree(place, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    with (place / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(part.settings())
    return place


def results(place: Path) -> dict[str, int | None]:
    """Every mutant's name and how its tests ended; None where it has not been tried."""
    found: dict[str, int | None] = {}
    for meta in sorted((place / "mutants").rglob("*.meta")):
        found.update(json.loads(meta.read_text("utf-8"))["exit_code_by_key"])
    return found


def run(place: Path, names: list[str], pause_while: Path | None) -> None:
    """Have mutmut try these mutants, stopped for as long as the file `pause_while` is there."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(place), os.environ.get("PYTHONPATH", "")])}
    command = [*MUTMUT, "run", "--max-children", "1", *names]
    with (place / "mutmut.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=place, env=environment, stdout=log, start_new_session=True)
    paused = False
    while process.poll() is None:
        wanted = pause_while is not None and pause_while.exists()
        if wanted != paused:
            os.killpg(process.pid, signal.SIGSTOP if wanted else signal.SIGCONT)
            paused = wanted
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:
            continue
    if process.returncode:
        raise SystemExit(f"mutmut ended with {process.returncode}: {place / 'mutmut.log'}")


def survey(part: Part, sample: int | None, seed: int, pause_while: Path | None) -> None:
    """Try the mutants of a part, all or a sample of them, and tell the score and the survivors."""
    place = prepare(part)
    modules = (ROOT / part.package.replace(".", "/")).glob("[a-z]*.py")
    first = min(modules, key=lambda path: path.stat().st_size).stem  # the names of all are known after any
    run(place, [f"{part.package}.{first if sample else '*'}.*"], pause_while)
    names = sorted(name for name in results(place) if name.startswith(part.package))
    drawn = names
    if sample and sample < len(names):
        drawn = random.Random(seed).sample(names, sample)
        run(place, drawn, pause_while)
    late = [name for name in drawn if results(place)[name] in OUT_OF_TIME]
    if late:  # it may have been the machine: once more
        run(place, late, pause_while)
    after = results(place)
    alive = sorted(name for name in drawn if after[name] not in FAILED | OUT_OF_TIME)
    print(f"{part.package}: {len(drawn) - len(alive)} of {len(drawn)} noticed; there are {len(names)}", flush=True)
    for name in alive:
        shown = subprocess.run([*MUTMUT, "show", name], cwd=place, capture_output=True, text=True, check=True)
        print(shown.stdout, flush=True)


def main() -> None:
    """Both parts, one after the other."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--part", choices=("checks", "services"), help="only this one")
    arguments.add_argument("--sample", type=int, default=200, help="how many of the services' mutants")
    arguments.add_argument("--seed", type=int, default=8)
    arguments.add_argument("--pause-while", type=Path, help="stand still while this file is there")
    given = arguments.parse_args()
    if given.part != "services":
        survey(CHECKS, None, given.seed, given.pause_while)
    if given.part != "checks":
        survey(SERVICES, given.sample, given.seed, given.pause_while)


if __name__ == "__main__":
    main()
