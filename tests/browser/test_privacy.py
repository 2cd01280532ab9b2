"""Privacy in a real browser: a person is found, held, handed out and erased; numbers are covered and shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from registry.models import Registration
from tests.browser.axe import assert_accessible
from tests.review.factory import NOW, make_raw, make_registration
from worker.models import Conversation, LinkedBy, Mail

pytestmark = pytest.mark.browser
TEXT = "Kérem Kovács Anna regisztrálását.\nTAJ szám: 123 456 788\n"


@pytest.fixture
def registration(transactional_db: None) -> Registration:
    row = make_registration(raw=make_raw(TEXT), status="registered")
    case = Conversation.objects.create()
    Mail.objects.update(state="filed", filed_at=NOW, filed_as="moved", conversation=case, linked_by=LinkedBy.OPENED)
    return row


@pytest.mark.parametrize("width", [1280, 360])
def test_a_person_from_the_question_to_the_erasure(page: Page, registration: Registration, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/privacy/")
    assert_accessible(page)
    page.get_by_label("E-mail-cím").fill("kovacs.anna@tiszacsege.hu")
    page.get_by_role("button", name="Keresés").click()
    page.get_by_role("heading", name="Kérelmek (1)").wait_for()
    assert "kovacs" not in page.url
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_download() as download:
        page.get_by_role("button", name="Kiadás a kérelmezőnek").click()
    assert download.value.suggested_filename.endswith(".zip")
    page.get_by_label("Zárolás oka").fill("per folyik")
    page.get_by_role("button", name="Az ügyek zárolása").click()
    page.get_by_text("1 ügy zárolva").wait_for()
    page.get_by_role("button", name="Törlés előkészítése").click()
    page.get_by_text("Ez most nem törölhető.").wait_for()
    page.goto("/privacy/")
    page.get_by_role("button", name="Feloldás").click()
    page.get_by_text("A zárolás feloldva.").wait_for()
    page.get_by_label("vagy teljes név").fill("kovács anna")
    page.get_by_role("button", name="Keresés").click()
    page.get_by_role("button", name="Törlés előkészítése").click()
    assert_accessible(page)
    page.get_by_label("A megerősítéshez írja be").fill("TÖRLÉS")
    page.get_by_role("button", name="Végleges törlés").click()
    page.get_by_text("Törölve: 1 kérelem").wait_for()
    assert Registration.objects.get().full_name == "–"


def test_retention_and_covered_numbers(page: Page, registration: Registration) -> None:
    page.goto(f"/mails/{registration.mail_id}")
    assert page.get_by_text("123 456 788").count() == 0
    page.get_by_role("button", name="Megmutatás").click()
    page.get_by_text("123 456 788").first.wait_for()
    page.get_by_role("button", name="Elrejtés").click()
    page.get_by_role("button", name="Megmutatás").wait_for()
    Mail.objects.update(stored_at="2020-01-01T00:00Z", received_at="2020-01-01T00:00Z")
    Registration.objects.update(updated_at="2020-01-01T00:00Z")
    page.goto("/privacy/")
    page.get_by_role("link", name="Mi járt le?").click()
    assert_accessible(page)
    page.get_by_label("Tudom, hogy a kiürítés nem vonható vissza.").check()
    page.get_by_role("button", name="Kiürítés most").click()
    page.get_by_text("Kiürítve: 1 levél és 1 kérelem.").wait_for()
    page.goto(f"/mails/{registration.mail_id}")
    page.get_by_text("napján kiürült").wait_for()
