"""A mail tried at the rule desk: verdict, trace and letter are shown, and nothing anywhere is changed by it."""

from __future__ import annotations

import logging

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from registry.directory import mark_directories_changed
from registry.models import Clerk
from staff.roles import Role
from tests.review.factory import Applicant, make_raw, make_user, request_text

pytestmark = pytest.mark.django_db
SECRET = "Zöldfülkéné Próba Piroska"
KEPT_BY_THE_PAGE = {"staff.Access", "sessions.Session"}  # who opened which page; no word of the mail


def told(page: Client, **fields: object) -> str:
    answer = page.post("/rules/", fields)
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode()).split())


def as_file(raw: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("level.eml", raw, "message/rfc822")


def count_rows() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.label not in KEPT_BY_THE_PAGE
    }


def test_a_whole_request_as_a_file(page: Client) -> None:
    shown = told(page, file=as_file(make_raw(request_text(Applicant()))))
    for words in ("Kovács Anna", "740746", "Tiszacsege", "Miért így döntött", "Erre a levélre a rendszer nem válaszol"):
        assert words in shown


def test_a_text_with_fields_lacks_something_and_shows_the_letter(page: Client) -> None:
    fields = {
        "sender": "Kovács Anna <kovacs.anna@tiszacsege.hu>",
        "to": "aspoktatas@allamkincstar.gov.hu",
        "cc": "dr. Minta Béla jegyző <jegyzo@tiszacsege.hu>",
        "subject": "Regisztráció kérése",
        "text": request_text(Applicant()).replace("PIR szám: 740746\n", ""),
    }
    shown = told(page, **fields)
    assert "Tisztelt " in shown
    assert "kovacs.anna@tiszacsege.hu" in shown
    assert "PIR" in shown


def test_the_source_as_text_keeps_headers_and_accents(page: Client) -> None:
    raw = make_raw(request_text(Applicant(full_name="Őzné Űrhegyi Éva")))
    assert "Őzné Űrhegyi Éva" in told(page, source=raw.decode())


def test_the_directories_count_as_in_earnest(page: Client) -> None:
    raw = make_raw(request_text(Applicant()), cc="Valaki <v.b@tiszacsege.hu>")
    before = told(page, file=as_file(raw))
    Clerk.objects.create(municipality="Tiszacsege", address="v.b@tiszacsege.hu")
    mark_directories_changed()
    assert before != told(page, file=as_file(raw))


def test_nothing_is_stored_and_nothing_logged(page: Client, caplog: pytest.LogCaptureFixture) -> None:
    raw = make_raw(request_text(Applicant(full_name=SECRET)).replace("740746", "740747"))
    told(page, file=as_file(raw))  # whatever is made once is made now
    before = count_rows()
    with (
        caplog.at_level(logging.DEBUG),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        assert SECRET in told(page, file=as_file(raw))
    assert count_rows() == before
    writes = [one["sql"] for one in queries if not one["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert all("staff_access" in sql or "django_session" in sql for sql in writes)
    assert not any(SECRET in sql or "Piroska" in sql for sql in writes)
    assert "Piroska" not in caplog.text.replace(str([one["sql"] for one in queries]), "")


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\xff\xfe" * 1000,
        b"From: <script>alert(1)</script>@x.hu\r\nSubject: <img src=x onerror=alert(1)>\r\n\r\n<script>alert(1)",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
        + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 500,
        b"Subject: =?utf-8?B?" + b"A" * 100_000 + b"?=\r\n\r\nx",
    ],
    ids=["noise", "markup", "nested", "long-header"],
)
def test_hostile_mails_show_as_text(page: Client, raw: bytes) -> None:
    answer = page.post("/rules/", {"file": as_file(raw)})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content
    assert b"<img" not in answer.content


def test_no_line_end_gets_into_a_header(page: Client) -> None:
    shown = told(page, sender="a@b.hu\r\nBcc: titok@x.hu", subject="x", text="szia")
    assert "Erre a levélre a rendszer nem válaszol" in shown or "Tisztelt" in shown


@pytest.mark.parametrize("fields", [{}, {"text": "  "}, {"source": "\n"}])
def test_an_empty_form_asks_for_a_mail(page: Client, fields: dict[str, str]) -> None:
    answer = page.post("/rules/", fields)
    assert answer.status_code == 400
    assert "Adjon meg egy levelet" in answer.content.decode()


def test_a_reader_may_not_try(client: Client) -> None:
    client.force_login(make_user("r", role=Role.READER))
    assert client.get("/rules/").status_code == 403
    client.force_login(make_user("v", role=Role.REVIEWER))
    assert client.get("/rules/").status_code == 200
    assert client.get("/rules/replays").status_code == 403
    assert client.get("/rules/feedback").status_code == 403


def test_personal_numbers_that_nobody_asked_for_are_covered_here_too(page: Client) -> None:
    raw = make_raw(request_text(Applicant()) + "TAJ szám: 123 456 788\n")
    assert "123 456 788" not in told(page, file=as_file(raw))
