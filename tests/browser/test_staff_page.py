"""A morning's work in a real browser: by mouse, by keyboard, on a phone, without JavaScript."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from registry.models import Registration
from rules.model import JegyzoStatus, Problem, Status
from tests.review.factory import Applicant, make_raw, make_registration, make_reply, request_text
from worker.models import Reply

pytestmark = pytest.mark.browser
HOSTILE = (Path(__file__).parents[1] / "review" / "hostile.html").read_text("utf-8")


def status(registration: Registration) -> str:
    registration.refresh_from_db()
    return registration.status


def test_a_wrong_password_stays_outside(visitor: Page, user: object) -> None:
    visitor.goto("/handover")
    visitor.get_by_label("Felhasználónév").fill("ugyintezo")
    visitor.get_by_label("Jelszó").fill("rossz")
    visitor.get_by_role("button", name="Bejelentkezés").click()
    expect(visitor.get_by_role("alert")).to_contain_text("nem megfelelő")


def test_open_a_case_and_see_the_values_in_the_mail(page: Page) -> None:
    make_registration()
    page.goto("/")
    page.get_by_role("link", name="Kovács Anna").click()
    expect(page.locator("mark", has_text="740746")).to_be_visible()
    expect(page.get_by_label("PIR szám")).to_have_value("740746")
    page.get_by_text("Miért így döntött a rendszer?").click()
    expect(page.locator("#trace")).to_contain_text("PIR szám")


def test_approve_by_keyboard_from_the_list(page: Page) -> None:
    first, second = make_registration(), make_registration(Applicant(full_name="Nagy Béla"))
    Registration.objects.filter(pk=first.pk).update(created_at="2026-01-01T00:00Z")
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-row][aria-current]")).to_contain_text("Nagy Béla")
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect(page.get_by_role("status").first).to_contain_text("Kovács Anna: a kérelem jóváhagyva.")
    assert (status(first), status(second)) == ("approved", "ready")
    page.get_by_role("button", name="Visszavonás").click()
    expect(page.get_by_role("status").first).to_contain_text("visszavonva")
    assert status(first) == "ready"


def test_work_through_the_cases_by_keyboard(page: Page) -> None:
    first, second = make_registration(), make_registration(Applicant(full_name="Nagy Béla"))
    Registration.objects.filter(pk=first.pk).update(created_at="2026-01-01T00:00Z")
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kovács Anna")
    page.wait_for_load_state()  # the heading is there before the keys are
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nagy Béla")
    page.wait_for_load_state()
    page.keyboard.press("a")
    expect(page.get_by_role("status").first).to_contain_text("Nagy Béla: a kérelem jóváhagyva.")
    assert (status(first), status(second)) == ("ready", "approved")


def test_a_problem_takes_two_keys(page: Page) -> None:
    one = Applicant(pir="740747", status=Status.INCOMPLETE, problems=(Problem.PIR_INVALID,))
    registration = make_registration(one)
    page.goto(f"/registrations/{registration.pk}")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jóváhagyja a hiányosság ellenére?")
    page.keyboard.press("a")
    assert status(registration) == "incomplete"
    expect(page.get_by_role("button", name="Jóváhagyás a hiányosság ellenére")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Kovács Anna: a kérelem jóváhagyva.")
    assert status(registration) == "approved"


def test_keys_do_not_act_while_somebody_types(page: Page) -> None:
    registration = make_registration()
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("/")
    page.keyboard.type("ajrq?")
    expect(page.get_by_label("Keresés")).to_have_value("ajrq?")
    expect(page.locator("#list")).to_contain_text("Nincs a szűrésnek megfelelő tétel")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("a")
    assert status(registration) == "ready"


def test_search_as_one_types(page: Page) -> None:
    make_registration()
    make_registration(Applicant(full_name="Őry Zsófia"))
    page.goto("/")
    page.get_by_label("Keresés").press_sequentially("ory")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text("Őry Zsófia")
    expect(page).to_have_url("http://" + page.url.split("/")[2] + "/?tab=ready&q=ory")


def test_correct_and_approve(page: Page) -> None:
    one = Applicant(
        pir="740747",
        status=Status.INCOMPLETE,
        problems=(Problem.PIR_INVALID,),
        suggestions={"pir_invalid": "740746"},
    )
    registration = make_registration(one)
    page.goto(f"/registrations/{registration.pk}")
    page.get_by_role("button", name="740746").click()
    page.get_by_label("Teljes név").fill("Kovács Anna Mária")
    page.get_by_label("Irat teljes").check()
    page.get_by_role("button", name="Jóváhagyás a hiányosság ellenére").click()
    expect(page.get_by_role("status").first).to_contain_text("Kovács Anna Mária: a kérelem jóváhagyva.")
    assert status(registration) == "approved"
    assert (registration.pir, registration.full_name, len(registration.module_ids)) == (
        "740746",
        "Kovács Anna Mária",
        2,
    )


def test_reject_by_keyboard_with_a_reason(page: Page) -> None:
    registration = make_registration()
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.get_by_label("Saját szavakkal")).to_be_focused()
    page.keyboard.type("Nem önkormányzati dolgozó.")
    page.get_by_role("button", name="Elutasítás").click()
    expect(page.get_by_role("status").first).to_contain_text("elutasítva")
    assert status(registration) == "rejected"


def test_ask_again_by_keyboard(page: Page) -> None:
    one = Applicant(pir="", status=Status.INCOMPLETE, problems=(Problem.PIR_MISSING,))
    registration = make_registration(one)
    page.goto(f"/registrations/{registration.pk}")
    page.keyboard.press("q")
    letter = page.get_by_label("Szöveg")
    expect(letter).to_contain_text("PIR")
    letter.fill("Tisztelt Kovács Anna!\n\nKérjük, küldje meg a PIR számot.")
    page.get_by_role("button", name="Mentés piszkozatként").click()
    expect(page.get_by_role("status").first).to_contain_text("a levél a piszkozatok között van")
    assert "küldje meg a PIR számot" in Reply.objects.get().text


def test_two_people_on_one_case(page: Page) -> None:
    registration = make_registration()
    page.goto(f"/registrations/{registration.pk}")
    Registration.objects.filter(pk=registration.pk).update(full_name="Más Márta", version=2)
    page.get_by_label("Teljes név").fill("Kovács Annamária")
    page.get_by_role("button", name="Jóváhagyás", exact=True).click()
    expect(page.locator("#refusal")).to_contain_text("közben más módosította")
    expect(page.get_by_label("Teljes név")).to_have_value("Kovács Annamária")
    expect(page.get_by_text("Az eddigi érték: Más Márta")).to_be_visible()
    assert status(registration) == "ready"


def test_the_moodle_file_downloads_and_closes(page: Page) -> None:
    registration = make_registration(status="approved")
    page.goto("/?tab=approved")
    page.get_by_label("Az oldal összes sora").check()
    page.get_by_role("button", name="Kijelöltek átadása (Moodle)").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Letöltés").click()
    text = Path(waiting.value.path()).read_text("utf-8")
    assert waiting.value.suggested_filename.startswith("asp-moodle-")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["email"] for row in rows] == ["kovacs.anna@tiszacsege.hu"]
    page.get_by_text("Megjelölés átadottnak (1)").click()
    page.get_by_role("button", name="Igen, feltöltöttem").click()
    expect(page.get_by_role("status").first).to_contain_text("1 kérelem átadottnak jelölve.")
    assert status(registration) == "exported"


def test_drafts_are_released_together(page: Page) -> None:
    make_reply(make_registration().mail)
    make_reply(make_registration().mail)
    page.goto("/?tab=drafts")
    page.get_by_label("Az oldal összes sora").check()
    page.get_by_role("button", name="Kijelöltek elküldése").click()
    expect(page.get_by_role("status").first).to_contain_text("2 válasz hamarosan elmegy.")


def test_hostile_html_neither_acts_nor_fetches(page: Page) -> None:
    mail = make_registration(raw=make_raw("szöveg", html=HOSTILE)).mail
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(f"/mails/{mail.pk}")
    page.get_by_role("link", name="Formázott").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Kérem a regisztrációt")).to_be_visible()
    expect(frame.locator("td")).to_have_css("border-top-width", "1px")
    assert not [url for url in asked if "evil" in url]


def test_it_fits_a_phone(chromium: Browser, page: Page, live_server: LiveServer) -> None:
    one = Applicant(
        full_name="Nagyon-Hosszúnevű Bartholomeidesz Konstantina", status=Status.REVIEW, problems=tuple(Problem)
    )
    registration = make_registration(one, raw=make_raw(request_text(one) + "x" * 300), jegyzo=JegyzoStatus.UNCLEAR)
    reply = make_reply(registration.mail)
    page.set_viewport_size({"width": 360, "height": 740})
    for address in (
        "/",
        "/?tab=review",
        "/?tab=drafts",
        f"/registrations/{registration.pk}",
        "/handover",
        f"/replies/{reply.pk}",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_the_decision_is_in_reach_and_covers_no_box(page: Page) -> None:
    registration = make_registration(Applicant(status=Status.REVIEW, problems=(Problem.JEGYZO_UNCLEAR,)))
    for width, height in ((1280, 800), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/registrations/{registration.pk}")
        expect(page.get_by_role("button", name="Jóváhagyás a hiányosság ellenére")).to_be_in_viewport(ratio=1)
        for name in ("ADÓ", "Irat teljes"):
            page.get_by_label(name, exact=True).click(trial=True)  # fails where something lies over it


def test_the_tabs_are_one_row_and_a_phones_first_screen_shows_a_request(page: Page) -> None:
    make_registration()
    page.goto("/")
    assert len({box["y"] for link in page.locator(".tabs a").all() if (box := link.bounding_box())}) == 1
    assert page.evaluate("(list => list.scrollWidth <= list.clientWidth)(document.querySelector('.tabs ul'))")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/")
    expect(page.get_by_label("Vármegye")).to_be_hidden()
    expect(page.get_by_role("link", name="Kovács Anna")).to_be_in_viewport()
    page.get_by_text("Szűrők és sorrend").click()
    expect(page.get_by_label("Vármegye")).to_be_visible()


def test_everything_works_without_javascript(chromium: Browser, user: object, live_server: LiveServer) -> None:
    registration = make_registration()
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Felhasználónév").fill("ugyintezo")
    page.get_by_label("Jelszó").fill("jelszo-12345")
    page.get_by_role("button", name="Bejelentkezés").click()
    page.get_by_label("Keresés").fill("kovács")
    page.get_by_role("button", name="Szűrés").click()
    page.get_by_role("link", name="Kovács Anna").click()
    page.get_by_text("Elutasítás", exact=True).first.click()
    page.get_by_label("Saját szavakkal").fill("Próba.")
    page.get_by_role("button", name="Elutasítás").click()
    expect(page.get_by_role("status").first).to_contain_text("elutasítva")
    assert status(registration) == "rejected"
    context.close()


def test_landmarks_labels_and_focus(page: Page) -> None:
    make_registration()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Ugrás a tartalomra")).to_be_focused()
    for role in ("banner", "main", "contentinfo", "search"):
        expect(page.get_by_role(role)).to_have_count(1)
    page.get_by_role("link", name="Kovács Anna").click()
    inputs = "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
    assert page.evaluate(f"{inputs}.filter(input => !input.labels.length).length") == 0
    assert page.evaluate("document.documentElement.lang") == "hu"
