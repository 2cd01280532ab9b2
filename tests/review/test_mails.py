"""The page of one mail: manual work, quarantine, the original in every form."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from registry.models import Handling, Registration
from staff.roles import Role
from tests.review.factory import NOW, make_mail, make_raw, make_registration, make_user
from worker.models import Event, Mail, MailState, Reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Mail:
    return make_mail(make_raw("Hány kreditpont jár?", subject="Kredit"), kind="other", outcomes=["review"])


def test_a_mail_for_staff_is_read_finished_and_reopened(page: Client, question: Mail) -> None:
    assert "Hány kreditpont jár?" in page.get(f"/mails/{question.pk}").content.decode()
    page.post(f"/mails/{question.pk}/finish", {"outcome": "no_registration"})
    assert Handling.objects.get().outcome == "no_registration"
    assert "Kredit" not in page.get("/?tab=review").content.decode()
    assert "nem igényel intézkedést" in page.get(f"/mails/{question.pk}").content.decode()
    page.post(f"/mails/{question.pk}/reopen")
    assert "Kredit" in page.get("/?tab=review").content.decode()


def test_an_answer_finishes_the_mail(page: Client, question: Mail) -> None:
    form = page.get(f"/mails/{question.pk}/write").context["form"]
    assert form.initial["subject"] == "Re: Kredit"
    assert form.initial["text"].startswith("Tisztelt Kérelmező!")
    page.post(f"/mails/{question.pk}/write", form.initial | {"text": "Kettő."})
    assert Reply.objects.get().mail == question
    assert Handling.objects.get().outcome == "answered"


def test_a_second_answer_is_asked_about_and_then_goes(page: Client, staff: User, question: Mail) -> None:
    address = f"/mails/{question.pk}/write"
    seen = page.get(address).context["form"].initial
    page.post(address, seen | {"text": "Kettő."})
    anew = page.get(address).context["form"].initial  # as the browser's "back" does
    again = page.post(address, anew | {"text": "Kettő, mint írtuk."})
    assert again.status_code == 409
    assert f"Erre a levélre {staff.last_name} {staff.first_name}".strip() in again.content.decode()
    assert "Kettő, mint írtuk." in again.content.decode()
    assert Reply.objects.count() == 1
    page.post(address, {name: again.context["form"][name].value() for name in (*seen, "version")})
    assert [reply.text for reply in Reply.objects.order_by("pk")][1].startswith("Kettő, mint írtuk.")


def test_a_second_request_of_a_mail_is_asked_about_and_then_opened(page: Client, question: Mail) -> None:
    page.post(f"/mails/{question.pk}/register", {"seen": "0"})
    again = page.post(f"/mails/{question.pk}/register", {"seen": "0"})
    assert again.status_code == 409
    assert "közben már felvettek kérelmet" in again.content.decode()
    assert '<input type="hidden" name="seen" value="1">' in again.content.decode()
    page.post(f"/mails/{question.pk}/register", {"seen": "1"})
    assert Registration.objects.count() == 2


def test_a_registration_is_opened_by_hand(page: Client, question: Mail) -> None:
    response = page.post(f"/mails/{question.pk}/register")
    registration = Registration.objects.get()
    assert response.headers["Location"] == f"/registrations/{registration.pk}"
    assert page.get(f"/registrations/{registration.pk}").status_code == 200


def test_quarantine_shows_reason_and_raw_and_retries(page: Client, staff: object) -> None:
    mail = make_mail(make_raw("törött"), state=MailState.FAILED, failure="KeyError", trace="Traceback: KeyError <b>")
    text = page.get(f"/mails/{mail.pk}").content.decode()
    assert "A levél olyan, amilyenre a program nincs felkészítve (programhiba: KeyError)." in text
    assert "Traceback" not in text
    User.objects.update(is_staff=True)
    text = page.get(f"/mails/{mail.pk}").content.decode()
    assert "Traceback: KeyError &lt;b&gt;" in text
    assert "Message-ID: " in text
    page.post(f"/mails/{mail.pk}/retry")
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.STORED, 0)
    assert Event.objects.get(verb="retry_asked").actor == staff
    again = page.post(f"/mails/{mail.pk}/retry")
    assert again.status_code == 409
    assert "már nincs a karanténban (feldolgozásra vár)" in again.content.decode()
    assert Event.objects.filter(verb="retry_asked").count() == 1


def test_a_mail_without_a_body_has_a_page(page: Client) -> None:
    mail = make_mail(b"", state=MailState.FAILED, failure="no_body")
    assert "A kiszolgáló nem adta ki" in page.get(f"/mails/{mail.pk}").content.decode()


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff\xfe", b"From: \r\n\r\n", b"Content-Type: multipart/mixed\n\nx", b"\n" * 99]
)
def test_any_bytes_have_a_page(page: Client, raw: bytes) -> None:
    mail = make_mail(raw, kind="other", outcomes=["review"])
    for address in ("", "/html", "/raw", "/write"):
        assert page.get(f"/mails/{mail.pk}{address}").status_code == 200


def test_attachments_come_as_inert_files(page: Client) -> None:
    files = [("kérelem 1.html", "text/html", b"<script>alert(1)</script>"), ('..\\"x.exe', "image/svg+xml", b"<svg/>")]
    mail = make_registration(raw=make_raw("Lásd a mellékletet.", files=files)).mail
    text = page.get(f"/mails/{mail.pk}").content.decode()
    assert "kérelem 1.html" in text
    response = page.get(f"/mails/{mail.pk}/attachments/1")
    assert response.content == b"<script>alert(1)</script>"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    second = page.get(f"/mails/{mail.pk}/attachments/2").headers["Content-Disposition"]
    assert "\\" not in second.replace('\\"', "")
    assert "/" not in second
    assert page.get(f"/mails/{mail.pk}/attachments/3").status_code == 404


def test_the_original_is_downloaded_as_it_came(page: Client) -> None:
    raw = make_raw("Árvíztűrő")
    mail = make_registration(raw=raw).mail
    response = page.get(f"/mails/{mail.pk}/raw")
    assert response.content == raw
    assert response.headers["Content-Disposition"] == f'attachment; filename="level-{mail.pk}.eml"'


@pytest.mark.parametrize(("folder", "words"), [("Kézi ügyintézés", "a Kézi"), ("Automatikus", "az Automatikus")])
def test_a_mail_says_where_it_was_moved(page: Client, folder: str, words: str) -> None:
    mail = make_mail(make_raw("?"), kind="other", state="filed", filed_as="moved", filed_to=folder, filed_at=NOW)
    assert f"áthelyezve {words}" in page.get(f"/mails/{mail.pk}").content.decode()


def test_the_bytes_are_for_those_who_may_uncover_what_the_page_covers(client: Client) -> None:
    mail = make_registration(raw=make_raw("Lásd a mellékletet.", files=[("a.txt", "text/plain", b"a")])).mail
    client.force_login(make_user("nezo", role=Role.READER))
    for address in (f"/mails/{mail.pk}", f"/mails/{mail.pk}/view/files"):
        text = client.get(address).content.decode()
        assert f'"/mails/{mail.pk}/raw"' not in text
        assert f'"/mails/{mail.pk}/attachments/1"' not in text
    for address in ("raw", "attachments/1"):
        assert client.get(f"/mails/{mail.pk}/{address}").status_code == 403
