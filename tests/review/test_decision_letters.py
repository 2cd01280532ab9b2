"""Letters about what staff decide: seen before they are written, told afterwards, edited as drafts."""

from __future__ import annotations

import email
import html
from dataclasses import replace
from email import policy

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from config.environment import ReplyMode
from registry.models import Account, Registration
from registry.services.write_reply import text_mark
from tests.services.correspondence import VOICE, Correspondence, letter_to, only_request, request, write
from worker.models import Event, Mail, Reply

pytestmark = pytest.mark.django_db
REASON = "Nem önkormányzati dolgozó."


@pytest.fixture
def worker() -> Correspondence:
    return Correspondence()


@pytest.fixture
def row(worker: Correspondence) -> Registration:
    worker.receive_one(write(request()))
    return only_request()


def configure(settings: Settings, mode: ReplyMode, *notices: str) -> None:
    kept = frozenset(notices) if notices else settings.ASPOKTATAS.notices
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies=mode, notices=kept)


def refuse(page: Client, row: Registration, **values: str) -> str:
    entered = {"version": str(row.version), "reason": REASON} | values
    response = page.post(f"/registrations/{row.pk}/reject", entered, follow=True)
    return html.unescape(response.content.decode())


def test_the_letter_of_a_rejection_is_seen_before_and_nothing_is_done(
    page: Client, row: Registration, settings: Settings
) -> None:
    configure(settings, "on")
    events = Event.objects.count()
    text = refuse(page, row, preview="1")
    assert REASON in text
    assert "Tisztelt Kovács Anna!" in text
    assert "kovacs.anna@tiszacsege.hu" in text
    assert "A levél két perc múlva indul el" in text
    assert (only_request().status, Reply.objects.count(), Event.objects.count()) == ("ready", 0, events)
    back = refuse(page, row, back="1")
    assert f">{REASON}</textarea>" in back
    assert only_request().status == "ready"


@pytest.mark.parametrize(
    ("mode", "state", "words"),
    [("on", "queued", "két percen belül elindul"), ("draft", "draft", "a piszkozatok között vár")],
)
def test_a_rejection_says_what_became_of_its_letter(  # noqa: PLR0917  # fixtures and cases
    page: Client, row: Registration, settings: Settings, mode: ReplyMode, state: str, words: str
) -> None:
    configure(settings, mode)
    assert words in refuse(page, row)
    assert Reply.objects.get(kind="rejected").state == state
    assert only_request().status == "rejected"


def test_a_rejection_without_a_letter(page: Client, row: Registration, settings: Settings) -> None:
    configure(settings, "on")
    assert "levél nélkül" in page.get(f"/registrations/{row.pk}").content.decode()
    assert "Értesítő levél nem készül." in refuse(page, row, preview="1", without_letter="1")
    assert "Levél nem készült." in refuse(page, row, without_letter="1")
    assert not Reply.objects.exists()
    assert "(levél nélkül)" in page.get(f"/registrations/{row.pk}").content.decode()


def test_where_no_such_letter_is_configured_none_is_offered(
    page: Client, row: Registration, settings: Settings
) -> None:
    configure(settings, "on", "registered")
    text = page.get(f"/registrations/{row.pk}").content.decode()
    assert "a kérelmező nem kapja meg" in text
    assert "levél nélkül" not in text
    assert "A beállítások szerint ilyen levél nem készül." in text


def test_why_there_is_no_letter_is_told(page: Client, row: Registration, settings: Settings) -> None:
    configure(settings, "on")
    Mail.objects.update(answerable=False)
    assert "Értesítő levél nem készül: a rendszer indulása előtt érkezett" in refuse(page, row, preview="1")
    assert "Értesítő levél nem készült: a rendszer indulása előtt érkezett" in refuse(page, row)


def test_a_rejection_that_somebody_was_faster_with_is_refused(page: Client, row: Registration) -> None:
    Registration.objects.update(version=9)
    for values in ({}, {"preview": "1"}):
        response = page.post(f"/registrations/{row.pk}/reject", {"version": "1", "reason": REASON} | values)
        assert response.status_code == 409


@pytest.mark.parametrize(
    ("mode", "before", "after"),
    [
        ("on", "1 levél készül a regisztrációról és 1 a meglévő fiókról", "2 értesítő levél hamarosan elmegy."),
        ("draft", "piszkozatként", "2 értesítő levél a piszkozatok között vár."),
        ("off", "értesítő levél nem készül", "Levél nem készült."),
    ],
)
def test_a_hand_over_says_how_many_letters_go(  # noqa: PLR0917  # fixtures and cases
    page: Client, worker: Correspondence, settings: Settings, mode: ReplyMode, before: str, after: str
) -> None:
    configure(settings, mode)
    Account.objects.create(email="nagy.bela@tab.hu", username="nagybela")
    worker.receive_one(write(request()))
    other = request(Név="Nagy Béla", E_mail="nagy.bela@tab.hu", Önkormányzat="Tab", Vármegye="Somogy", PIR="740009")
    worker.receive_one(write(other, sender="Nagy Béla <nagy.bela@tab.hu>", cc="Kis Éva jegyző <jegyzo@tab.hu>"))
    assert Registration.objects.update(status="approved") == 2
    address = str(page.post("/handover/make", {"format": "moodle"}).headers["Location"])
    assert before in page.get(address).content.decode()
    assert after in page.post(f"{address}/mark", follow=True).content.decode()
    assert set(Registration.objects.values_list("status", flat=True)) == {"exported"}


def edited(page: Client, reply: Reply) -> Reply:
    """The draft with another text, let go."""
    assert page.get(f"/replies/{reply.pk}").status_code == 200
    entered = {"text": "Tisztelt Ügyfelünk!\n\nÁtírt szöveg.", "seen": text_mark(reply.text), "release": "1"}
    page.post(f"/replies/{reply.pk}/edit", entered)
    reply.refresh_from_db()
    assert reply.state == "queued"
    return reply


def headers(reply: Reply) -> dict[str, str]:
    message = email.message_from_bytes(bytes(reply.data), policy=policy.default)
    names = ("To", "Cc", "Subject", "Message-ID", "In-Reply-To", "References", "X-Loop")
    return {name: str(message[name]) for name in names}


def test_drafts_of_every_kind_keep_their_envelope_when_edited(
    page: Client, worker: Correspondence, settings: Settings
) -> None:
    configure(settings, "draft")
    drafting = replace(worker, voice=replace(VOICE, mode="draft"))
    first = drafting.receive_one(write(request(PIR=None, Szakrendszer=None)))
    Reply.objects.update(state="sent", sent_at="2026-11-20T09:00Z", data_started_at="2026-11-20T09:00Z")
    last = letter_to(drafting.receive_one(write("PIR: 740746", cc="", answers=letter_to(first).message_id)))
    colleague = "Titkár Tamás <titkar.tamas@tiszacsege.hu>"
    drafting.receive_one(write(request(Név="Nagy Béla", E_mail="nagy.bela@tiszacsege.hu"), sender=colleague))
    Account.objects.create(email="nagy.bela@tiszacsege.hu", username="nagybela")
    Registration.objects.filter(full_name="Nagy Béla").update(status="approved")
    address = str(page.post("/handover/make", {"format": "moodle"}).headers["Location"])
    page.post(f"{address}/mark")
    account = Reply.objects.get(kind="account_exists")
    for reply in (last, account):
        before = headers(reply)
        assert reply.state == "draft"
        after = headers(edited(page, reply))
        assert after == before
        assert "Átírt szöveg." in reply.text
    assert headers(account)["In-Reply-To"] == "None"
