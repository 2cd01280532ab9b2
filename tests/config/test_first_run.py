"""The first run: what is asked, what is written, and what is not when an answer is wrong."""

from __future__ import annotations

import os
import pty
import select
import stat
import subprocess
import sys
import termios
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from config.first_run import Asking, gather, main
from worker.mail.server import Security, parse_server

USUAL = ["asp@example.hu", "mail.example.hu", "asp@example.hu", "mail.example.hu:587", "asp@example.hu", "", ""]


def answering(
    texts: Iterable[str],
    secret: str = "tit:k@s/é",
    *,
    same: bool = True,
    told: list[str] | None = None,
    choice: int = 0,
) -> Asking:
    """A person who gives these answers in turn, then goes away; `told` collects what was wrong."""
    left = list(texts)

    def text(_question: str, _default: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    return Asking(
        text=text,
        secret=lambda _question: secret,
        one_of=lambda _question, words: words[choice],
        sure=lambda _question: same,
        tell=(told if told is not None else []).append,
    )


def test_what_was_answered_is_what_the_program_reads() -> None:
    variables = gather(answering(USUAL))
    imap, smtp = parse_server(variables["IMAP_URL"], "imap"), parse_server(variables["SMTP_URL"], "smtp")
    assert (imap.host, imap.port, imap.security, imap.folder) == ("mail.example.hu", 993, Security.TLS, "INBOX")
    assert (smtp.port, smtp.security) == (587, Security.STARTTLS)
    assert (imap.user, imap.password) == (smtp.user, smtp.password) == ("asp@example.hu", "tit:k@s/é")
    assert variables["REPLIES"] == "draft"
    assert "PUBLIC_URL" not in variables


def test_a_page_for_others_stands_behind_one_proxy() -> None:
    variables = gather(answering([*USUAL[:5], "https://asp.example.hu", "it@example.hu"]))
    assert (variables["PUBLIC_URL"], variables["PROXIES"]) == ("https://asp.example.hu", "1")
    assert variables["ALARM_TO"] == "it@example.hu"


def test_the_file_is_for_its_owner_and_then_the_doctor_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    called: list[str] = []

    def run(word: str) -> int:
        called.append(word)
        return 0

    assert main([], answering(USUAL), run) == 0
    assert called == ["doctor", "createsuperuser"]
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_what_the_doctor_finds_is_the_exit_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([], answering(USUAL), lambda word: int(word == "doctor")) == 1


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        (0, "oktatas"), (1, ""), (2, ""),
        (1, "imaps://mail.example.hu/x"), (1, "two words"), (1, "mail.example.hu:imap"),
        (5, "http://asp.example.hu"), (5, "https://asp.example.hu/page"), (6, "it@example.hu, somebody"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_asked_for_again(place: int, answer: str) -> None:
    told: list[str] = []
    assert gather(answering([*USUAL[:place], answer, *USUAL[place:]], told=told)) == gather(answering(USUAL))
    assert len(told) == 1


def test_who_leaves_in_the_middle_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([], answering(USUAL[:4]), lambda _: 0) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / ".env").exists()


def test_only_this_very_machine_is_spoken_to_in_the_clear() -> None:
    here = ["asp@example.hu", "localhost:143", "asp@example.hu", "127.0.0.1:25", "asp@example.hu", "", ""]
    variables = gather(answering(here, choice=-1))
    assert parse_server(variables["IMAP_URL"], "imap").security is Security.PLAIN
    assert parse_server(variables["SMTP_URL"], "smtp").security is Security.PLAIN
    elsewhere = gather(answering(USUAL, choice=-1))
    assert parse_server(elsewhere["IMAP_URL"], "imap").security is Security.STARTTLS


def test_a_relay_without_a_login() -> None:
    variables = gather(answering([*USUAL[:4], "-", *USUAL[5:]]))
    smtp = parse_server(variables["SMTP_URL"], "smtp")
    assert (smtp.host, smtp.user, smtp.password) == ("mail.example.hu", "", "")
    assert parse_server(variables["IMAP_URL"], "imap").user == "asp@example.hu"


def test_an_existing_file_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("ASPOKTATAS_REPLIES=on\n")
    assert main([], answering(USUAL), lambda _: 0) == 2
    assert (tmp_path / ".env").read_text() == "ASPOKTATAS_REPLIES=on\n"


def test_in_a_terminal_the_password_is_not_shown(tmp_path: Path) -> None:
    """A real terminal: the password is asked for without an echo, and the doctor speaks at the end."""
    leader, follower = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ASPOKTATAS_", "DJANGO_"))}
    command = [str(Path(sys.executable).with_name("aspoktatas")), "init"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=follower, stdout=follower, stderr=follower, start_new_session=True
    )
    os.close(follower)
    shown = ""
    answers = [
        ("Address of the mailbox", "asp@example.hu"), ("IMAP server", "127.0.0.1:1"), ("IMAP by", ""),
        ("IMAP user", ""), ("IMAP password", "titkos-szó"), ("SMTP server", "127.0.0.1:1"), ("SMTP by", ""),
        ("SMTP user", ""), ("same password", "y"), ("Address of the staff page", ""), ("Who is mailed", ""),
    ]  # fmt: skip
    try:
        for question, answer in answers:
            shown += read_until(leader, question)
            if "password" in question and answer != "y":
                wait_for_silence(leader)
            os.write(leader, f"{answer}\n".encode())
        shown += read_until(leader, ".env is written")
    finally:
        process.kill()
        process.wait()
        os.close(leader)
    assert "titkos" not in shown
    assert "titkos-sz%C3%B3" in (tmp_path / ".env").read_text()


def wait_for_silence(terminal: int) -> None:
    """Return when what is typed is not shown any more; what was typed before would be thrown away."""
    deadline = time.monotonic() + 60
    while termios.tcgetattr(terminal)[3] & termios.ECHO:
        assert time.monotonic() < deadline
        time.sleep(0.01)  # a terminal gives no signal of it


def read_until(terminal: int, words: str) -> str:
    """What the terminal shows until `words` have come."""
    shown, deadline = "", time.monotonic() + 60
    while words not in shown:
        assert time.monotonic() < deadline, shown
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 4096).decode("utf-8", "replace")
    return shown
