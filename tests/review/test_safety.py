"""Strangers' content never acts on the page; nobody gets in without a login; nothing changes by a GET."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver

from registry.models import Account, Municipality, Registration
from review.originals import read_html
from rules.model import Note, Problem, Status
from staff import urls as staff_urls
from staff.roles import Role
from tests.review.factory import Applicant, make_mail, make_raw, make_registration, make_reply, make_user
from worker.models import Conversation, Event, Folder, Mail, MailState

pytestmark = pytest.mark.django_db
XSS = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'>{{ 7|add:7 }}"
OPEN_TO_ALL = {one.name for one in staff_urls.OPEN} | {"health", "health-live", "health-ready", "metrics", "theme"}
CHANGING = {
    "bulk-approve",
    "case-save",
    "case-reject",
    "case-clerk",
    "case-undo",
    "case-choose",
    "decide",
    "mail-finish",
    "mail-reopen",
    "mail-retry",
    "mail-register",
    "mails-retry",
    "mail-hand-over",
    "mail-unlink",
    "reply-edit",
    "replies-release",
    "replies-switch",
    "reply-settle",
    "folder-release",
    "handover-make",
    "handover-mark",
    "logout",
}


def addresses(resolver: URLResolver | None = None, before: str = "/") -> dict[str, str]:
    """Name → address of every page, with numbers and words put in."""
    found: dict[str, str] = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + re.sub(r"<int:\w+>", "1", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            found |= addresses(pattern, route)
        else:
            found[str(pattern.name)] = re.sub(r"<\w+:\w+>", "approved", route)
    return found


@pytest.mark.parametrize("name", sorted(set(addresses()) - OPEN_TO_ALL))
def test_every_page_demands_a_login(client: Client, db: None, name: str) -> None:
    make_registration()
    for call in (client.get, client.post):
        response = call(addresses()[name])
        assert response.status_code in (302, 405)
        if response.status_code == 302:
            assert response.headers["Location"].startswith("/login")


@pytest.mark.parametrize("name", sorted(CHANGING))
def test_nothing_changes_by_a_get(page: Client, name: str) -> None:
    assert page.get(addresses()[name]).status_code == 405


@pytest.mark.parametrize("name", sorted((CHANGING | {"mail-link", "mail-write", "case-ask"}) - {"logout"}))
def test_every_change_demands_the_token(staff: User, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    assert client.post(addresses()[name]).status_code == 403


def test_no_field_of_a_stranger_becomes_markup(page: Client) -> None:
    raw = make_raw(XSS, subject=XSS, sender=f'"{XSS[:40]}" <a@b.hu>', files=[(XSS[:60], "text/plain", b"x")])
    one = Applicant(
        full_name=XSS[:150],
        municipality=XSS[:150],
        pir="<b>1</b>"[:6],
        county="<b>megye</b>",
        email=XSS,
        modules=("<i>PM</i>",),
        problems=(Problem.PIR_INVALID,),
        suggestions={"pir_invalid": XSS},
        status=Status.INCOMPLETE,
    )
    registration = make_registration(one, raw=raw)
    Municipality.objects.create(pir=registration.pir, name=XSS, county=XSS[:60])
    Account.objects.create(email=XSS.lower(), username=XSS, full_name=XSS[:150])
    reply = make_reply(registration.mail, text=XSS, subject=XSS, answer=XSS)
    failed = make_mail(raw, state=MailState.FAILED, failure=XSS, trace=XSS)
    Folder.objects.create(mailbox="m", name=XSS, uidvalidity=1, held=XSS[:40])
    Event.objects.create(
        verb=XSS[:40],
        mail=registration.mail,
        registration=registration,
        details={"version": 9, "changed": {XSS: [XSS, XSS]}},
    )
    Registration.objects.filter(pk=registration.pk).update(reject_reason=XSS, status="rejected")
    pages = [f"/?tab={tab}&q=" for tab in ("closed", "mails", "quarantine", "drafts")]
    pages += [f"/registrations/{registration.pk}", f"/registrations/{registration.pk}/ask", f"/replies/{reply.pk}"]
    pages += [f"/mails/{registration.mail_id}", f"/mails/{registration.mail_id}/html", f"/mails/{failed.pk}"]
    for address in pages:
        text = page.get(address).content.decode()
        tree = lxml.html.document_fromstring(text)
        assert not [one for one in tree.iter("img", "script") if not str(one.get("src")).startswith("/static/")], (
            address
        )
        assert not [name for one in tree.iter() for name in one.attrib if str(name).startswith("on")], address
        assert "{{ 14 }}" not in text, address
    assert XSS[:10] not in page.get("/", {"q": XSS}).content.decode()


def test_nor_does_what_a_conversation_holds(page: Client) -> None:
    raw = make_raw(XSS, subject=XSS, sender=f'"{XSS[:40]}" <a@b.hu>')
    one = Applicant(full_name=XSS[:150], notes=(Note.ANSWER_CONTRADICTS,), status=Status.REVIEW)
    registration = make_registration(one, raw=raw)
    answer = make_mail(raw, kind="registration", outcomes=["review"], linked_by="reply")
    Mail.objects.update(conversation=Conversation.objects.create(), linked_by="staff", sender=XSS[:100])
    details = {"field": "pir", "before": XSS, "now": XSS}
    finding = {"rule": "answer_contradicts", "hit": True, "person": 0, "code": "answer_contradicts", "details": details}
    Mail.objects.filter(pk=answer.pk).update(verdict={"people": [{"problems": [XSS]}], "findings": [finding]})
    Event.objects.create(
        verb="completed",
        mail=registration.mail,
        registration=registration,
        details={
            "version": 2,
            "by_mail": answer.pk,
            "from": XSS,
            "to": XSS,
            "changed": {"pir": [XSS, XSS]},
            "stood": {"problems": [XSS]},
        },
    )
    Event.objects.create(verb="decided", mail=answer, details={"withheld": XSS})
    make_reply(answer, text=XSS, subject=XSS, kind=XSS[:20])
    outside = make_mail(raw, kind="other", outcomes=["review"])
    preview = {"version": str(registration.version), "reason": XSS, "preview": "1"}
    shown = [
        page.get(f"/registrations/{registration.pk}"),
        page.post(f"/registrations/{registration.pk}/reject", preview),
        page.get(f"/mails/{answer.pk}"),
        page.get(f"/mails/{outside.pk}/link", {"q": "script", "back": f"javascript:{XSS}"}),
        page.get("/?tab=review"),
    ]
    for response in shown:
        assert response.status_code == 200
        tree = lxml.html.document_fromstring(response.content.decode())
        assert not [one for one in tree.iter("img", "script") if not str(one.get("src")).startswith("/static/")]
        assert not [name for one in tree.iter() for name in one.attrib if str(name).startswith("on")]
        assert not [one for one in tree.iter("a") if str(one.get("href")).startswith("javascript")]
    assert "&lt;script&gt;" in shown[0].content.decode()


HOSTILE_HTML = (Path(__file__).parent / "hostile.html").read_text("utf-8")


def test_hostile_html_becomes_harmless() -> None:
    shown = read_html(make_raw("szöveg", html=HOSTILE_HTML)).markup
    assert "Kérem a regisztrációt" in shown
    assert '<td colspan="2">Cella</td>' in shown
    for trace in ("evil", "alert", "style", "<a", "<img", "<form", "<input", "svg", "src", "href", "cid:", "on"):
        assert not re.search(rf"<[^>]*{trace}", shown), trace
    assert "alert" not in shown


def test_the_html_frame_may_neither_act_nor_fetch(page: Client) -> None:
    mail = make_registration(raw=make_raw("szöveg", html=HOSTILE_HTML)).mail
    policy = page.get(f"/mails/{mail.pk}/html").headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "style-src 'self'", "img-src data:", "form-action 'none'", "sandbox"} <= set(policy)
    assert not any("script" in one or "allow-" in one for one in policy)
    shown = lxml.html.document_fromstring(page.get(f"/mails/{mail.pk}?mail={mail.pk}&view=html").content)
    assert [frame.get("sandbox") for frame in shown.iter("iframe")] == [""]


def test_the_pages_policy_allows_nothing_inline(page: Client) -> None:
    registration = make_registration()
    for address in ("/", f"/registrations/{registration.pk}", "/handover", "/password"):
        response = page.get(address)
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        text = response.content.decode()
        assert not re.search(r"<[^>]+\s(style|on\w+)=", text), address
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), address


def test_a_wrong_password_is_told_and_too_many_are_locked(client: Client, staff: object) -> None:
    wrong = {"username": "ugyintezo", "password": "rossz"}
    response = client.post("/login", wrong)
    assert "nem megfelelő" in response.content.decode()
    for _ in range(5):
        response = client.post("/login", wrong)
    assert response.status_code == 429
    assert "átmenetileg zárolva" in response.content.decode()
    assert client.post("/login", {"username": "ugyintezo", "password": "jelszo-12345"}).status_code == 429


def test_login_and_logout(client: Client, staff: object) -> None:
    response = client.post(
        "/login?next=/handover", {"username": "ugyintezo", "password": "jelszo-12345", "next": "/handover"}
    )
    assert response.headers["Location"] == "/handover"
    assert client.post("/logout").headers["Location"] == "/login"
    assert client.get("/").status_code == 302


def test_health_needs_no_login_and_tells_no_data(client: Client) -> None:
    make_registration()
    Folder.objects.create(mailbox="titkos", name="INBOX", uidvalidity=1, polled_at="2026-11-23T07:00Z")
    assert client.get("/health/live").json() == {"status": "ok"}
    ready = client.get("/health/ready").json()
    assert ready["database"] == "ok"
    assert isinstance(ready["last_poll_age_s"], float)
    assert ready["last_heartbeat_age_s"] is None


def test_health_is_red_without_the_database(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE worker_folder RENAME TO elsewhere")
    response = client.get("/health/ready")
    assert (response.status_code, response.json()["database"]) == (503, "unreachable")
    assert client.get("/health/live").status_code == 200


def test_what_no_database_can_hold_is_no_error_of_ours(client: Client) -> None:
    registration = make_registration()
    client.force_login(make_user(role=Role.LEAD))
    sent = (
        ("/queue/views", {"name": "a\x00b"}),
        (f"/registrations/{registration.pk}/clerk", {"address": "a@b\x00.hu", "version": registration.version}),
        ("/directories/gazetteer/edit", {"key": "A\x00"}),
        ("/replies/release", {"row": ["9" * 40]}),
    )
    assert {client.post(address, data).status_code for address, data in sent} <= {302, 404}
