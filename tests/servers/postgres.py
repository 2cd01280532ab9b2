"""A real PostgreSQL with its own data folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.dovecot import short_folder
from tests.servers.processes import STARTS_WITHIN_S, free_port, server_process

USER = "aspoktatas"
# What it committed survives its own death, not the machine's: no test pulls the plug, and the disk is not waited for
FORGETFUL = ("-c", "fsync=off", "-c", "full_page_writes=off")


@dataclass(frozen=True)
class Postgres:
    """A running server; everybody on this machine may log in."""

    port: int
    bin: Path

    def url(self, database: str) -> str:
        """The ASPOKTATAS_DATABASE_URL of `database`."""
        return f"postgres://{USER}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template1") -> str:
        """Make a database like `template`, without which it is empty; returns its URL."""
        options = ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-T", template]
        subprocess.run([str(self.bin / "createdb"), *options, database], check=True)
        return self.url(database)


def find_binaries() -> Path:
    """The newest PostgreSQL's programs; raises RuntimeError where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    if initdb:
        return Path(initdb).parent
    raise RuntimeError("PostgreSQL is not installed (tools/install-test-servers does it)")


@dataclass(frozen=True)
class Cluster:
    """The data of a server in `home`, which may be started more than once; run as root it becomes the user postgres."""

    home: Path
    port: int
    bin: Path
    become: tuple[str, ...]

    @contextmanager
    def serve(self, *options: str) -> Iterator[tuple[Postgres, subprocess.Popen[bytes]]]:
        """The server until the block ends, with further `options`; and its process."""
        command = [*self.become, str(self.bin / "postgres"), "-D", str(self.home / "data"), "-h", "127.0.0.1"]
        command += ["-p", str(self.port), "-k", str(self.home), *options]
        log = self.home / "start.log"
        with server_process(command, port=self.port, log=log, env=_environment()) as process:
            _wait_until_ready(self.bin, self.port)
            yield Postgres(self.port, self.bin), process


def make_cluster(home: Path) -> Cluster:
    """An empty one."""
    binaries = find_binaries()
    become: tuple[str, ...] = ()
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(home, owner.pw_uid, owner.pw_gid)
        become = ("setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups")
    command = [*become, str(binaries / "initdb"), "-D", str(home / "data"), "-U", USER, "-A", "trust"]
    subprocess.run([*command, "--no-sync", "-E", "UTF8"], check=True, capture_output=True, env=_environment(), cwd="/")
    return Cluster(home, free_port(), binaries, become)


@contextmanager
def run_postgres(home: Path, *options: str) -> Iterator[Postgres]:
    """A server with its data in `home`."""
    with make_cluster(home).serve(*options) as (server, _):
        yield server


def _environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def _wait_until_ready(binaries: Path, port: int) -> None:
    """The port opens before the database takes anybody in. Raises RuntimeError where it never does."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while subprocess.run(
        [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)], check=False
    ).returncode:
        if time.monotonic() > deadline:
            raise RuntimeError("PostgreSQL does not become ready")
        time.sleep(0.05)  # it gives no other sign


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for the whole session; make a database of your own in it."""
    with short_folder() as home, run_postgres(home, *FORGETFUL) as server:
        yield server
