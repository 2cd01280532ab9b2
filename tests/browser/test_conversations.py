"""Conversations and quarantine in a real browser: every button that came with them, with and without JavaScript."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from registry.models import Registration
from tests.services.correspondence import STRANGER, Correspondence, letter_to, only_request, request, write
from worker.models import Mail, Reply

pytestmark = pytest.mark.browser


@pytest.fixture
def worker(user: object) -> Correspondence:
    return Correspondence()


def completed(worker: Correspondence, text: str = "Íme: 740746") -> tuple[Mail, Mail]:
    first = worker.receive_one(write(request(PIR=None, Szakrendszer=None)))
    return first, worker.receive_one(write(text, cc="", answers=letter_to(first).message_id))


def open_case(page: Page) -> None:
    page.goto(f"/registrations/{only_request().pk}")


def fail(mail: Mail) -> None:
    Mail.objects.filter(pk=mail.pk).update(state="failed", failure="RecursionError", attempts=3, trace="Traceback …")


def test_a_merge_is_undone_by_a_click(page: Page, worker: Correspondence) -> None:
    completed(worker)
    open_case(page)
    expect(page.locator("#merges + ol")).to_contain_text("PIR szám: – → 740746")
    page.get_by_role("link", name="2. levél").first.click()
    expect(page.locator("mark", has_text="740746")).to_be_in_viewport()
    page.get_by_role("button", name="Módosítás visszavonása").click()
    expect(page.get_by_role("status").first).to_contain_text("visszavonva")
    assert (only_request().pir, only_request().status) == ("", "incomplete")


def test_a_mail_is_taken_out_and_linked_again(page: Page, worker: Correspondence) -> None:
    first, answer = completed(worker)
    open_case(page)
    page.get_by_text("Nem ide tartozik?").click()
    page.get_by_role("button", name="Leválasztás önálló ügyként").click()
    expect(page.get_by_role("status").first).to_contain_text("A levél önálló ügy lett")
    worker.decide()
    page.goto(f"/mails/{answer.pk}")
    page.get_by_role("link", name="Kapcsolás másik ügyhöz").click()
    page.get_by_label("Ügyszám vagy keresés").fill(str(first.conversation_id))
    page.get_by_role("button", name="Keresés").click()
    page.get_by_role("button", name=f"Ehhez kapcsolom: {first.conversation_id}. ügy").click()
    expect(page.get_by_role("status").first).to_contain_text(
        f"A levél átkerült a következő ügyhöz: {first.conversation_id}."
    )
    worker.decide()
    assert Registration.objects.get(mail=first).pir == "740746"


def test_a_stranger_is_warned_of_and_linked(page: Page, worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    worker.receive_one(write("PIR: 740746", sender=STRANGER, cc="", answers=letter_to(first).message_id))
    open_case(page)
    page.locator(".alert", has_text="Idegen címről").get_by_role("link").click()
    expect(page.locator("#waits")).to_contain_text("amely nem tartozik az ügyhöz")
    page.get_by_role("link", name="Kapcsolás az ügyhöz").click()
    page.get_by_role("button", name="Ehhez kapcsolom").click()
    expect(page.get_by_role("status").first).to_contain_text("átkerült")


def test_of_two_values_one_is_chosen(page: Page, worker: Correspondence) -> None:
    first = worker.receive_one(write(request(Szakrendszer=None)))
    worker.receive_one(write("Szakrendszer: ADÓ\nPIR: 740009", cc="", answers=letter_to(first).message_id))
    open_case(page)
    page.get_by_label("740009").check()
    page.get_by_role("button", name="A választott adatok mentése").click()
    expect(page.get_by_role("status").first).to_contain_text("a választott adatok mentve")
    assert (only_request().pir, only_request().status) == ("740009", "ready")


def test_a_withdrawn_request_is_taken_up_again(page: Page, worker: Correspondence) -> None:
    worker.receive_one(write(request()))
    worker.receive_one(write("Mégsem kérem a regisztrációt.", cc="", subject="Visszavonás"))
    page.goto(f"/registrations/{Registration.objects.get().pk}")
    page.get_by_role("button", name="Mégis elővesszük").click()
    expect(page.get_by_role("status").first).to_contain_text("visszavonva")
    assert Registration.objects.get().status == "ready"


def test_a_rejection_is_previewed_and_sent_without_a_letter(
    page: Page, worker: Correspondence, settings: Settings
) -> None:
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies="on")
    worker.receive_one(write(request()))
    open_case(page)
    page.keyboard.press("r")
    page.keyboard.type("Nem dolgozik ott.")
    page.get_by_role("button", name="A levél megtekintése").click()
    expect(page.locator(".mailtext")).to_contain_text("Nem dolgozik ott.")
    page.get_by_role("button", name="Vissza a kérelemhez").click()
    expect(page.get_by_label("Saját szavakkal")).to_have_value("Nem dolgozik ott.")
    page.get_by_label("levél nélkül").check()
    page.get_by_role("button", name="Elutasítás", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Levél nem készült.")
    assert not Reply.objects.exists()
    page.get_by_role("button", name="Visszavonás").click()
    expect(page.get_by_role("status").first).to_contain_text("visszavonva")
    assert only_request().status == "ready"


def test_quarantine_is_worked_through(page: Page, worker: Correspondence) -> None:
    mails = [worker.receive_one(write(f"Mikor lesz oktatás {n}?", subject=f"Kérdés {n}")) for n in range(3)]
    for mail in mails:
        fail(mail)
    page.goto("/?tab=quarantine")
    page.get_by_role("button", name="Feldolgozás újra: Kérdés 0").click()
    expect(page.get_by_role("status").first).to_contain_text("ismét feldolgozásra vár")
    page.goto("/?tab=quarantine")
    page.get_by_role("link", name="Kérdés 1").click()
    expect(page.get_by_text("A levél túl mélyen egymásba ágyazott részekből áll.")).to_be_visible()
    page.get_by_role("button", name="Kézi ügyintézésre").click()
    expect(page.get_by_role("status").first).to_contain_text("kikerült a karanténból")
    page.goto("/?tab=quarantine")
    page.get_by_role("button", name="Mindegyik feldolgozása újra").click()
    expect(page.get_by_role("status").first).to_contain_text("1 levél ismét feldolgozásra vár.")
    expect(page.locator("#list")).to_contain_text("a karantén üres")


def test_sending_is_stopped_from_any_list(page: Page, worker: Correspondence) -> None:
    page.goto("/?tab=closed")
    page.get_by_role("button", name="Küldés leállítása: minden válasz").click()
    page.get_by_role("button", name="A küldés leállítása").click()
    expect(page.get_by_role("alert")).to_contain_text("egy munkatárs leállította")
    page.get_by_role("button", name="A küldés újraindítása").click()
    expect(page.get_by_role("status").first).to_contain_text("újraindítva")
    page.get_by_role("link", name="Levélminták").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Levélminták")


def test_the_pages_of_a_conversation_fit_a_phone(page: Page, worker: Correspondence) -> None:
    first, answer = completed(worker, "PIR: 740746\n" + "x" * 300)
    page.set_viewport_size({"width": 360, "height": 740})
    for address in (
        f"/registrations/{only_request().pk}",
        f"/mails/{answer.pk}",
        f"/mails/{answer.pk}/link?q={first.conversation_id}",
        "/letters",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_it_works_without_javascript(
    chromium: Browser, user: object, live_server: LiveServer, worker: Correspondence
) -> None:
    completed(worker)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/registrations/{only_request().pk}")
    page.get_by_label("Felhasználónév").fill("ugyintezo")
    page.get_by_label("Jelszó").fill("jelszo-12345")
    page.get_by_role("button", name="Bejelentkezés").click()
    page.get_by_role("button", name="Módosítás visszavonása").click()
    expect(page.get_by_role("status").first).to_contain_text("visszavonva")
    page.get_by_text("Elutasítás", exact=True).first.click()
    page.get_by_label("Saját szavakkal").fill("Próba.")
    page.get_by_role("button", name="A levél megtekintése").click()
    page.get_by_role("button", name="Elutasítás levél nélkül").click()
    expect(page.get_by_role("status").first).to_contain_text("Levél nem készült.")
    context.close()
