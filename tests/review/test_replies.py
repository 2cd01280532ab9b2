"""Drafts, uncertain and failed replies on the page."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from config.celery import app
from config.environment import ReplyMode
from registry.services.stop_replies import stop_replies
from registry.services.write_reply import text_mark
from review.outbox import BELL
from tests.review.factory import NOW, make_registration, make_reply
from worker.models import Control, Folder, Reply, ReplyState

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Reply:
    return make_reply(make_registration().mail)


def test_a_draft_is_shown_edited_and_released(page: Client, draft: Reply) -> None:
    text = page.get(f"/replies/{draft.pk}").content.decode()
    assert "Kérjük, pótolja." in text
    assert "jegyzo@tiszacsege.hu" in text
    entered = {"text": "Tisztelt Kovács Anna!\r\n\r\nKérjük a PIR számot.", "seen": text_mark(draft.text)}
    page.post(f"/replies/{draft.pk}/edit", entered)
    draft.refresh_from_db()
    assert (draft.state, draft.text.strip()) == ("draft", "Tisztelt Kovács Anna!\n\nKérjük a PIR számot.")
    page.post(f"/replies/{draft.pk}/edit", {"text": draft.text, "seen": text_mark(draft.text), "release": "1"})
    draft.refresh_from_db()
    assert draft.state == "queued"


def test_a_draft_that_somebody_else_changed_is_not_released(page: Client, draft: Reply) -> None:
    entered = {"text": draft.text, "seen": text_mark("régi szöveg"), "release": "1"}
    response = page.post(f"/replies/{draft.pk}/edit", entered, follow=True)
    assert "közben más átírta" in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_an_empty_text_is_refused(page: Client, draft: Reply) -> None:
    entered = {"text": " ", "seen": text_mark(draft.text), "release": "1"}
    assert page.post(f"/replies/{draft.pk}/edit", entered).status_code == 400


def test_marked_drafts_or_all_are_released(page: Client, draft: Reply) -> None:
    other, third = make_reply(make_registration().mail), make_reply(make_registration().mail)
    page.post("/replies/release", {"row": [str(draft.pk), "x"]})
    assert [Reply.objects.get(pk=one.pk).state for one in (draft, other, third)] == ["queued", "draft", "draft"]
    assert "Igen, mindet elküldöm" in page.get("/?tab=drafts").content.decode()  # all of them: asked once more
    page.post("/replies/release", {"all": "1"})
    assert not Reply.objects.filter(state=ReplyState.DRAFT).exists()


@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [
        ("draft", "reply_discarded", "discarded"),
        ("uncertain", "reply_settled_sent", "sent"),
        ("uncertain", "reply_sent_again", "queued"),
        ("failed", "reply_sent_again", "queued"),
        ("failed", "reply_discarded", "discarded"),
        ("draft", "reply_settled_sent", "draft"),
        ("queued", "reply_discarded", "queued"),
    ],
)
def test_the_fate_of_a_reply(page: Client, state: str, verb: str, after: str) -> None:
    started = NOW if state == "uncertain" else None
    reply = make_reply(make_registration().mail, state=state, data_started_at=started)
    response = page.post(f"/replies/{reply.pk}/settle/{verb}", follow=True)
    assert ("A művelet nem történt meg" in response.content.decode()) is (state == after)
    reply.refresh_from_db()
    assert reply.state == after
    assert page.get(f"/replies/{reply.pk}").status_code == 200


def test_an_unknown_verb_is_not_found(page: Client, draft: Reply) -> None:
    assert page.post(f"/replies/{draft.pk}/settle/torol").status_code == 404


def test_staff_stop_and_resume_all_replies(page: Client, draft: Reply) -> None:
    asked = page.post("/replies/switch", {"to": "stop", "back": "/?tab=drafts"}).content.decode()
    assert "Leállítja minden válasz küldését?" in asked
    assert not Control.objects.exists()
    stopped = page.post("/replies/switch", {"to": "stop", "sure": "1", "back": "/?tab=drafts"})
    assert stopped.headers["Location"] == "/?tab=drafts"
    assert Control.objects.get(name="replies_stopped").value == {"reason": "staff"}
    assert "egy munkatárs leállította" in page.get("/").content.decode()
    away = page.post("/replies/switch", {"to": "resume", "back": "//example.org/"})
    assert away.headers["Location"] == "/"
    assert not Control.objects.filter(name="replies_stopped").exists()


def test_while_stopped_letters_are_said_to_wait_and_are_listed(
    page: Client, draft: Reply, staff: User, settings: Settings
) -> None:
    stop_replies(staff)
    released = page.post("/replies/release", {"all": "1"}, follow=True).content.decode()
    assert "A küldés szünetel, 1 válasz várakozik." in released
    registration = make_registration()
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies="on")
    address = f"/registrations/{registration.pk}/ask"
    asked = page.post(address, page.get(address).context["form"].initial, follow=True).content.decode()
    assert "a küldés szünetel, a levél várakozik" in asked
    listed = page.get("/?tab=drafts")
    assert [reply.state for reply in listed.context["lists"]["outgoing"].rows] == ["queued", "queued"]
    assert '<span class="count">2</span>' in listed.content.decode()
    assert "2 levél várakozik" in page.get("/").content.decode()
    assert "A küldés szünetel, a levél várakozik." in page.get(f"/replies/{draft.pk}").content.decode()


def test_a_letter_to_a_held_folder_is_said_to_wait(page: Client) -> None:
    mail = make_registration().mail
    Folder.objects.create(mailbox=mail.mailbox, name=mail.folder, uidvalidity=1, held="uidvalidity")
    reply = make_reply(mail, state="failed")
    response = page.post(f"/replies/{reply.pk}/settle/reply_sent_again", follow=True)
    assert "A küldés szünetel, a levél várakozik." in response.content.decode()


def purge_bell() -> int:
    """How often the bell was rung since the last call."""
    for thread in threading.enumerate():
        if thread.name == BELL:
            thread.join()
    return int(app.control.purge())


def test_what_is_let_go_rings_the_bell_unless_sending_is_stopped(page: Client, staff: User, draft: Reply) -> None:
    purge_bell()
    page.post("/replies/release", {"all": "1"})
    assert purge_bell() == 1
    make_reply(make_registration().mail)
    stop_replies(staff)
    page.post("/replies/release", {"all": "1"})
    assert purge_bell() == 0
    page.post("/replies/switch", {"to": "resume"})
    assert purge_bell() == 1


@pytest.mark.parametrize(("mode", "words"), [("draft", "Piszkozat üzemmód"), ("off", "ki vannak kapcsolva")])
def test_the_lists_tell_how_replies_are_treated(page: Client, settings: Settings, mode: ReplyMode, words: str) -> None:
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies="on")
    assert words not in page.get("/?tab=drafts").content.decode()
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies=mode)
    assert words in page.get("/").content.decode()
    assert words in page.get("/?tab=drafts").content.decode()
