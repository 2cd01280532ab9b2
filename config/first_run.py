"""`aspoktatas init`: asks for what the program needs, writes `.env`, makes the first login, has the doctor try it all.

It starts in draft mode. A wrong answer is asked for again; nothing is written before all are known, and an existing
`.env` is left alone.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from urllib.parse import quote, urlsplit

from rich.console import Console
from rich.prompt import Confirm, Prompt

from worker.mail.server import is_loopback, parse_server

OWN = "aspoktatas@allamkincstar.gov.hu"
IMAP, SMTP = ("imaps", "imap+starttls"), ("smtp+starttls", "smtps")
PLAIN = {IMAP: "imap", SMTP: "smtp"}  # offered on this very machine alone
NO_LOGIN = "-"
ENDS_A_VALUE = ('"', "'", "\\", "\n", "#", " ")


@dataclass(frozen=True, slots=True)
class Asking:
    """How questions are put; tests answer in place of a person."""

    text: Callable[[str, str], str]  # question, default
    secret: Callable[[str], str]
    one_of: Callable[[str, tuple[str, ...]], str]
    sure: Callable[[str], bool]
    tell: Callable[[str], object]

    def until(self, question: str, default: str, check: Callable[[str], object]) -> str:
        """An answer that `check` finds nothing wrong with; else what its ValueError says is told."""
        while True:
            answer = self.text(question, default).strip()
            try:
                check(answer)
            except ValueError as error:
                self.tell(f"  {error}")
            else:
                return answer


def ask_a_person() -> Asking:
    """In the terminal; secrets are not shown."""
    console = Console()
    return Asking(
        text=lambda question, default: Prompt.ask(question, default=default or None, console=console) or "",
        secret=lambda question: Prompt.ask(question, password=True, console=console) or "",
        one_of=lambda question, words: Prompt.ask(question, choices=list(words), default=words[0], console=console),
        sure=lambda question: Confirm.ask(question, default=True, console=console),
        tell=console.print,
    )


def main(arguments: list[str], asking: Asking | None = None, run: Callable[[str], int] | None = None) -> int:
    """Returns the exit status: 0 done, 1 the doctor found something, 2 nothing was written.

    `run` carries out another word of this program and returns its exit status.
    """
    parser = argparse.ArgumentParser(prog="aspoktatas init", description=__doc__)
    parser.parse_args(arguments)
    file = Path.cwd() / ".env"
    if file.exists():
        _complain(f"{file} is there already; change it by hand, or move it away first")
        return 2
    try:
        write(file, gather(asking or ask_a_person()))
    except (ValueError, KeyboardInterrupt, EOFError) as error:
        _complain(f"nothing was written: {error or 'interrupted'}")
        return 2
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{file} is written (readable by you alone).")
    run = run or _run_ourselves
    healthy = run("doctor") == 0
    console.print("Now your own login for the staff page; it may do everything there.")
    made = run("createsuperuser") == 0
    program = "aspoktatas" if which("aspoktatas") else sys.argv[0]
    if healthy and made:
        console.print(f"All is well. Start it here with: {program} run. Letters wait for staff (draft mode).")
    else:
        console.print(f"Mend what was said above (in {file}, or at the servers), then: {program} doctor")
    return 0 if healthy and made else 1


def gather(asking: Asking) -> dict[str, str]:
    """The variables of `.env`, each tried for its form."""
    address = asking.until("Address of the mailbox", OWN, _check_address)
    imap = _ask_server(asking, "IMAP", IMAP, address)
    smtp = _ask_server(asking, "SMTP", SMTP, imap.user, imap.password)
    variables = {
        "IMAP_URL": imap.url + "/INBOX",
        "SMTP_URL": smtp.url,
        "ADDRESS": address,
        "REPLIES": "draft",
    }
    public = asking.until("Address of the staff page, https://… (empty: on this machine only)", "", _check_public)
    if public:
        variables |= {"PUBLIC_URL": public, "PROXIES": "1"}
    alarms = asking.until("Who is mailed when something is wrong (empty: nobody)", "", _check_addresses)
    return variables | ({"ALARM_TO": alarms} if alarms else {})


@dataclass(frozen=True, slots=True)
class _Login:
    url: str
    user: str
    password: str


def _ask_server(asking: Asking, name: str, schemes: tuple[str, str], user: str, password: str = "") -> _Login:
    host = asking.until(f"{name} server (host or host:port)", "", _check_host)
    here = is_loopback(urlsplit(f"//{host}").hostname or "")
    scheme = asking.one_of(f"{name} by", (*schemes, *([PLAIN[schemes]] if here else [])))
    without = f" ({NO_LOGIN}: a relay that asks for none)" if schemes is SMTP else ""
    user = asking.until(f"{name} user{without}", user, _check_named)
    if without and user == NO_LOGIN:
        return _Login(f"{scheme}://{host}", "", "")
    if not (password and asking.sure(f"{name} with the same password?")):
        password = asking.secret(f"{name} password (empty: OAuth2, docs/microsoft365.md)")
    login = quote(user, safe="") + (":" + quote(password, safe="") if password else "")
    return _Login(f"{scheme}://{login}@{host}", user, password)


def _check_host(answer: str) -> None:
    if not answer or any(sign in answer for sign in (*ENDS_A_VALUE, "/", "@", "?")):
        raise ValueError("a host's name is needed, as mail.example.hu or mail.example.hu:993")
    parse_server(f"imaps://{answer}", "imap")


def _check_named(answer: str) -> None:
    if not answer:
        raise ValueError("a user's name is needed")


def _check_address(answer: str) -> None:
    before, _, behind = answer.partition("@")
    if not before or "." not in behind or any(sign in answer for sign in (*ENDS_A_VALUE, "@@", ",", "<")):
        raise ValueError(f"{answer or 'nothing'} is no e-mail address")


def _check_addresses(answer: str) -> None:
    for one in answer.split(",") if answer else ():
        _check_address(one)


def _check_public(answer: str) -> None:
    parts = urlsplit(answer)
    if answer and (parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query):
        raise ValueError("must be an address that begins with https:// and ends with the host's name")


def write(file: Path, variables: Mapping[str, str]) -> None:
    """Write `variables` (without their prefix) as a file that only its owner may read."""
    for name, value in variables.items():
        if any(sign in value for sign in ENDS_A_VALUE):
            raise ValueError(f"{name}: {value!r} cannot stand in .env as it is")
    lines = ["# docs/configuration.md has every variable", *(f"ASPOKTATAS_{k}={v}" for k, v in variables.items()), ""]
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write("\n".join(lines))


def _complain(what: str) -> None:
    sys.stderr.write(f"aspoktatas: {what}\n")


def _run_ourselves(word: str) -> int:
    return subprocess.run([sys.executable, "-m", "config.cli", word], check=False).returncode  # noqa: S603  # our own
