"""What operators type: quarantine, purge, replay and status say what there is, and refuse in one line."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config.catalogue import load_catalogue
from rules.chain import decide
from tests.review.factory import Applicant, make_mail, make_raw, request_text
from tests.services.test_retain import make_case
from worker.intake.parse import parse_message
from worker.models import Mail, MailState
from worker.services.controls import stop_replies

pytestmark = pytest.mark.django_db


def said(*words: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=out, **options)
    return out.getvalue()


def broken(failure: str = "KeyError") -> Mail:
    return make_mail(make_raw("Kérem."), state=MailState.FAILED, failure=failure, attempts=3, trace="Traceback: x")


def test_the_quarantine_is_listed_shown_and_put_back() -> None:
    one, other = broken(), broken("RecursionError")
    make_mail(make_raw("rendben"))
    listed = said("quarantine", "list")
    assert [word in listed for word in ("3x  KeyError", "3x  RecursionError", "2 in quarantine")] == [True] * 3
    shown = said("quarantine", "show", str(one.pk))
    assert f"mail {one.pk} in INBOX (UID {one.uid} of INBOX)" in shown
    assert shown.endswith("reason: KeyError\n\nTraceback: x\n")
    assert "1 put back in line" in said("quarantine", "retry", str(one.pk))
    assert "1 put back in line" in said("quarantine", "retry", "--all")
    assert set(Mail.objects.filter(pk__in=[one.pk, other.pk]).values_list("state", flat=True)) == {"stored"}


def test_the_bytes_of_a_mail_go_where_they_can_be_kept(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    mail = broken()
    call_command("quarantine", "show", str(mail.pk), "--raw")
    sys.stdout.flush()
    assert bytes(mail.raw) in capfdbinary.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "7"), "no mail 7 in quarantine"),
        (("retry",), "name one or more ids, or --all"),
        (("retry", "7", "8"), "0 of 2 put back in line"),
    ],
)
def test_what_is_not_in_quarantine_is_told(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        said("quarantine", *words)


class Terminal(io.StringIO):
    """Somebody who types one line."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "remains"), [("yes\n", 0), ("y\n", 1), ("\n", 1), (None, 1)])
def test_nothing_is_purged_unless_a_person_says_yes(
    monkeypatch: pytest.MonkeyPatch, typed: str | None, remains: int
) -> None:
    make_case("withdrawn", days=9000)
    monkeypatch.setattr(sys, "stdin", io.StringIO() if typed is None else Terminal(typed))
    if remains:
        with pytest.raises(CommandError, match="nothing was purged"):
            said("purge")
    else:
        assert "purged: 1 mails, 1 requests" in said("purge")
    assert sum(bool(mail.raw) for mail in Mail.objects.all()) == remains


def test_a_replay_tells_differences_and_values_only_when_asked() -> None:
    raw = make_raw(request_text(Applicant()))
    verdict = decide(parse_message(raw), load_catalogue())
    [person] = verdict.people
    other = replace(verdict, people=(replace(person, pir=None),))
    make_mail(raw, verdict=verdict)
    make_mail(raw, verdict=other)
    told = said("replay")
    assert "2 mails decided again, 1 would change, 0 failed; nothing was changed" in told
    assert "740746" not in told
    assert "740746" in said("replay", "--values")
    assert "0 mails decided again" in said("replay", "--since", "2099-01-01")
    with pytest.raises(CommandError, match="is no date like"):
        said("replay", "--since", "tegnap")


def test_the_status_names_what_is_wrong_first_of_all() -> None:
    assert "STOPPED" not in said("status")
    stop_replies("hourly_budget")
    assert "STOPPED        no replies are sent: hourly_budget" in said("status")
    with pytest.raises(SystemExit) as ended:
        said("status", alive="watcher")
    assert ended.value.code == 1
