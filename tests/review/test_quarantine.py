"""Quarantine on the page: what is there, why, tried again, taken over by hand."""

from __future__ import annotations

import html
import zlib

import pytest
from django.contrib.auth.models import User
from django.test import Client

from registry.models import Registration
from review.headlines import read_headline
from review.labels import label
from tests.review.factory import make_mail, make_raw
from tests.services.correspondence import Correspondence
from worker.models import Event, LinkedBy, Mail, MailState
from worker.packing import HEADER_BYTES
from worker.services.file import folder_key

pytestmark = pytest.mark.django_db


def fail(subject: str = "Törött kérelem", failure: str = "KeyError") -> Mail:
    """As the ledger has it: never read, so without subject and sender."""
    mail = make_mail(make_raw("Kérem.", subject=subject), state=MailState.FAILED, failure=failure, attempts=3)
    Mail.objects.filter(pk=mail.pk).update(subject="", sender="")
    return mail


def shown(page: Client, address: str) -> str:
    response = page.get(address)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def test_the_list_names_mails_that_were_never_read(page: Client) -> None:
    fail()
    fail("Másik", "RecursionError")
    text = shown(page, "/?tab=quarantine")
    for words in ("Törött kérelem", "kovacs.anna@tiszacsege.hu", "a levél túl mélyen egymásba ágyazott", "KeyError"):
        assert words in text, words
    assert page.get("/").context["tabs"][3].number == 2


def test_all_are_tried_again_at_once(page: Client, staff: User) -> None:
    mails = [fail(), fail()]
    other = make_mail(make_raw("rendben"))
    done = page.post("/mails/retry", follow=True).content.decode()
    assert "2 levél ismét feldolgozásra vár." in done
    assert set(Mail.objects.filter(pk__in=[one.pk for one in mails]).values_list("state", flat=True)) == {"stored"}
    asked = Event.objects.filter(verb="retry_asked", actor=staff)
    assert set(asked.values_list("mail", flat=True)) == {one.pk for one in mails}
    other.refresh_from_db()
    assert other.state == "decided"
    assert "ismét feldolgozásra vár" not in page.post("/mails/retry", follow=True).content.decode()


def test_a_mail_is_handed_over_to_the_manual_list(page: Client, staff: User) -> None:
    mail = fail()
    done = page.post(f"/mails/{mail.pk}/hand-over", follow=True)
    text = html.unescape(done.content.decode())
    assert "A levél kikerült a karanténból" in text
    assert "A rendszer nem tudta feldolgozni, ezért egy munkatárs kivette a karanténból." in text
    assert "Kérem." in text
    mail.refresh_from_db()
    assert (mail.state, mail.kind, mail.outcomes) == ("decided", "other", ["review"])
    assert (mail.subject, mail.sender) == ("Törött kérelem", "kovacs.anna@tiszacsege.hu")
    assert (mail.conversation is not None, mail.linked_by) == (True, LinkedBy.OPENED)
    assert folder_key(mail) == "REVIEW"
    assert "Törött kérelem" in shown(page, "/?tab=review")
    assert "Törött kérelem" not in shown(page, "/?tab=quarantine")
    event = Event.objects.get(verb="handed_over")
    assert (event.actor, event.details) == (staff, {"failure": "KeyError"})
    again = page.post(f"/mails/{mail.pk}/hand-over")
    assert again.status_code == 409
    assert "már nincs a karanténban" in again.content.decode()


def test_a_request_is_opened_of_a_mail_in_quarantine(page: Client) -> None:
    mail = fail()
    response = page.post(f"/mails/{mail.pk}/hand-over", {"request": "1"})
    row = Registration.objects.get()
    assert response.headers["Location"] == f"/registrations/{row.pk}"
    assert (row.mail, row.status) == (mail, "review")
    assert shown(page, f"/registrations/{row.pk}")
    listed = page.get("/?tab=review")
    lists = listed.context["lists"]
    assert [one.registration for one in lists["registrations"].rows] == [row]
    assert "mails" not in lists


def test_a_mail_that_ended_the_worker_does_not_end_the_page(page: Client) -> None:
    mail = fail(failure="died")
    page.post(f"/mails/{mail.pk}/hand-over", {"request": "1"})
    row = Registration.objects.get()
    for address in (f"/mails/{mail.pk}", f"/registrations/{row.pk}"):
        text = shown(page, address)
        assert "itt csak a fejléce látható" in text
        assert "Kérem." not in text
        assert "Törött kérelem" in text
    assert page.get(f"/registrations/{row.pk}/ask").context["form"].initial["to"] == "kovacs.anna@tiszacsege.hu"
    assert b"K" in page.get(f"/mails/{mail.pk}/raw").content


def test_no_machine_decides_what_was_handed_over(page: Client) -> None:
    mail = fail()
    page.post(f"/mails/{mail.pk}/hand-over")
    Correspondence().decide()
    mail.refresh_from_db()
    assert (mail.state, mail.verdict) == ("decided", None)


@pytest.mark.parametrize(
    "failure", ["oversize", "no_body", "died", "RecursionError", "MemoryError", "UnicodeDecodeError", "IntegrityError"]
)
def test_known_failures_are_told_in_plain_words(failure: str) -> None:
    words = label("failure", failure)
    assert failure not in words
    assert len(words.split()) > 3


def test_a_headline_is_read_of_anything() -> None:
    for raw in (b"", b"\x00\xff", b"Subject: x", b"Subject: " + b"y" * (4 * HEADER_BYTES), b"\r\n\r\nSubject: no"):
        read_headline(zlib.compress(raw))
    assert read_headline(zlib.compress(b"From: a@b.hu\nSubject: =?utf-8?q?=C3=81rv=C3=ADz?=\n\nx")).subject == "Árvíz"
    assert read_headline(zlib.compress(b"\r\n\r\nSubject: no")).subject == ""
