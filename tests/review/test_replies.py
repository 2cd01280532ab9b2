"""Drafts, uncertain and failed replies on the page."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.services.write_reply import text_mark
from tests.review.factory import NOW, make_registration, make_reply
from worker.models import Control, Reply, ReplyState

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
    page.post("/replies/switch", {"to": "stop"})
    assert Control.objects.get(name="replies_stopped").value == {"reason": "staff"}
    assert "egy munkatárs leállította" in page.get("/").content.decode()
    page.post("/replies/switch", {"to": "resume"})
    assert not Control.objects.filter(name="replies_stopped").exists()
