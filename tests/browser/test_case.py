"""The case page in a real browser: values shown in the mail and taken from it, by mouse, by key, without JavaScript."""

from __future__ import annotations

import base64
import zlib
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from registry.models import Account, Registration
from rules.model import Problem, Status
from tests.browser.axe import assert_accessible, assert_fits
from tests.review.factory import Applicant, make_raw, make_registration, request_text

pytestmark = pytest.mark.browser
TEXT = (
    "Tisztelt ASP Oktatás!\n\nKérem, regisztrálják az alábbi kollégát.\n\n"
    "Név: Kovács Anna\nÖnkormányzat: Tiszacsege Város Önkormányzata\nPIR szám: 740746\nMegye: Hajdú-Bihar\n"
    "E-mail: kovacs.anna@tiszacsege.hu\nSzakrendszer: adó, irat\n\n"
    "A régi kolléga Szabó Péter volt, az ő címe szabo.peter@balmazujvaros.hu, ott a PIR 740373.\n"
    + "\n".join(f"{number}. sor, amelyben semmi sincs." for number in range(40))
    + "\n\nÜdvözlettel:\nKovács Anna\n"
)


def png() -> bytes:
    """A red picture of 40 by 20 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (40).to_bytes(4, "big") + (20).to_bytes(4, "big") + bytes((8, 2, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\xc0\x20\x20" * 40) * 20)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def rich_raw() -> bytes:
    """A mail in two forms with a picture inside, a text, a picture and an SVG attached."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Kovács Anna <kovacs.anna@tiszacsege.hu>", "aspoktatas@allamkincstar.gov.hu"
    mail["Cc"], mail["Subject"] = "Minta Béla jegyző <jegyzo@tiszacsege.hu>", "Regisztráció Kovács Anna részére"
    mail["Date"], mail["Message-ID"] = "Fri, 20 Nov 2026 09:14:00 +0100", "<gazdag@tiszacsege.hu>"
    mail.set_content(TEXT)
    lines = "".join(f"<p style='color:#224488'>{line}</p>" for line in TEXT.split("\n"))
    picture = "<img src='cid:cimer@tiszacsege.hu' alt='címer'><img src='http://tracker.example/p.gif' alt='követő'>"
    mail.add_alternative(f"<html><body>{picture}<b>{lines}</b></body></html>", subtype="html")
    html = mail.get_payload()[1]  # type: ignore[index]
    html.add_related(png(), "image", "png", cid="<cimer@tiszacsege.hu>")  # type: ignore[union-attr]
    mail.add_attachment("Név;PIR\nKovács Anna;740746\n".encode(), maintype="text", subtype="csv", filename="lista.csv")
    mail.add_attachment(png(), maintype="image", subtype="png", filename="kép.png")
    mail.add_attachment(b"<svg onload='alert(1)'/>", maintype="image", subtype="svg+xml", filename="rajz.svg")
    return bytes(mail)


@pytest.fixture
def case(user: object) -> Registration:
    """A request with a wrong number, whose mail has everything."""
    one = Applicant(
        pir="740747",
        status=Status.INCOMPLETE,
        problems=(Problem.PIR_INVALID,),
        suggestions={"pir_invalid": "740746"},
    )
    make_registration(Applicant(), status="approved")
    Account.objects.create(email="kovacs.anna@tiszacsege.hu", username="kovacsanna", full_name="Kovács Anna")
    return make_registration(one, raw=rich_raw())


def mark(page: Page, words: str) -> Locator:
    """The first place in the mail's text where these words are marked."""
    return page.locator(".mailtext mark", has_text=words).first


def test_a_field_shows_its_place_in_the_mail(page: Page) -> None:
    registration = make_registration(raw=make_raw(TEXT.replace("Tisztelt", "\n" * 60 + "Tisztelt")))
    page.goto(f"/registrations/{registration.pk}")
    place = mark(page, "740746")
    box = page.locator(".mailtext").first.bounding_box()
    assert box
    page.get_by_label("PIR szám").focus()
    expect(place).to_have_class("f-pir read strong")
    shown = place.bounding_box()
    assert shown
    assert box["y"] <= shown["y"] <= box["y"] + box["height"]
    page.get_by_label("E-mail cím").hover()
    expect(mark(page, "kovacs.anna@tiszacsege.hu")).to_have_class("f-email read strong")
    expect(place).not_to_have_class("f-pir read strong")


def test_a_place_in_the_mail_gives_its_value(page: Page, case: Registration) -> None:
    page.goto(f"/registrations/{case.pk}")
    pir = page.get_by_label("PIR szám")
    expect(pir).to_have_value("740747")
    mark(page, "740373").click()
    expect(pir).to_have_value("740373")
    expect(page.locator("[data-taken]")).to_have_text("PIR szám: 740373 átvéve, még nincs mentve.")
    changed = page.locator("#case-form [data-field=pir] [data-changed]")
    expect(changed).to_contain_text("Mentett érték: 740747")
    changed.get_by_role("button", name="Visszaállítás").click()
    expect(pir).to_have_value("740747")
    expect(changed).to_be_hidden()
    page.get_by_role("button", name="740746 (átveszem)").click()
    expect(pir).to_have_value("740746")
    mark(page, "Szabó Péter").click()
    expect(page.get_by_label("Teljes név")).to_have_value("Szabó Péter")
    irat = page.get_by_role("checkbox", name="Irat", exact=False).first
    mark(page, "irat").click()
    expect(irat).to_be_checked()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Csak mentés").click()
    case.refresh_from_db()
    assert (case.pir, case.full_name, len(case.module_ids)) == ("740746", "Szabó Péter", 2)
    expect(page.locator("#case-form [data-field=pir]")).to_contain_text("kijavította: Minta Márta ma")
    expect(page.locator("#case-form [data-field=pir] .tag")).to_have_text("javítva")


def test_values_are_taken_by_key_alone(page: Page, case: Registration) -> None:
    page.goto(f"/registrations/{case.pk}")
    first = page.locator("mark[data-take][tabindex='0']")
    expect(first).to_have_count(1)
    first.focus()
    for _ in range(60):
        if page.evaluate("document.activeElement.dataset.take") == "740373":
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_label("PIR szám")).to_have_value("740373")


def test_a_suggestion_is_taken_and_approved_by_two_keys(page: Page, case: Registration) -> None:
    page.goto(f"/registrations/{case.pk}")
    page.keyboard.press("e")
    expect(page.get_by_label("PIR szám")).to_have_value("740746")
    page.keyboard.press("a")
    expect(page.get_by_text("Kovács Anna: a kérelem jóváhagyva.")).to_be_visible()
    case.refresh_from_db()
    assert (case.status, case.pir, case.problems) == ("approved", "740746", [])


def test_selected_text_is_taken_by_button_and_by_number(page: Page, case: Registration) -> None:
    page.goto(f"/registrations/{case.pk}")
    bar = page.get_by_role("toolbar", name="A kijelölt szöveg átvétele")
    expect(bar).to_be_hidden()
    select = """(words) => {
      const walker = document.createTreeWalker(document.querySelector(".mailtext"), NodeFilter.SHOW_TEXT);
      for (let node; (node = walker.nextNode());) {
        const at = node.data.indexOf(words);
        if (at >= 0) { getSelection().setBaseAndExtent(node, at, node, at + words.length); return; }
      }
    }"""
    page.evaluate(select, "régi kolléga")
    bar.get_by_role("button", name="Átvétel a név mezőbe").click()
    expect(page.get_by_label("Teljes név")).to_have_value("régi kolléga")
    page.evaluate(select, "semmi sincs")
    page.keyboard.press("2")
    expect(page.get_by_label("Önkormányzat")).to_have_value("semmi sincs")


def test_the_views_of_a_mail(page: Page, case: Registration) -> None:
    page.goto(f"/registrations/{case.pk}")
    views = page.get_by_role("navigation", name="A levél nézetei")
    views.get_by_role("link", name="Formázott").click()
    frame = page.frame_locator("iframe[data-frame]")
    expect(frame.locator("mark#m-municipality")).to_have_text("Tiszacsege")
    expect(frame.locator("img[alt=címer]")).to_have_js_property("naturalWidth", 40)
    expect(frame.get_by_text("Kimaradt képek: 1")).to_be_visible()
    page.get_by_label("E-mail cím").focus()
    expect(frame.locator("mark#m-email:target")).to_be_visible()
    expect(page.get_by_role("link", name="Formázott")).to_have_attribute("aria-current", "page")
    views.get_by_role("link", name="Fejlécek").click()
    expect(page.get_by_role("row", name="message-id <gazdag@tiszacsege.hu>")).to_be_visible()
    views.get_by_role("link", name="Mellékletek (4)").click()
    expect(page.locator(".files img")).to_have_count(2)
    expect(page.get_by_alt_text("kép.png")).to_have_js_property("naturalWidth", 40)
    expect(page.locator(".files")).to_contain_text("Kovács Anna")
    views.get_by_role("link", name="Nyers").click()
    expect(page.get_by_role("region", name="A levél nyersen")).to_contain_text("Message-ID: <gazdag@tiszacsege.hu>")
    views.get_by_role("link", name="Szöveg").click()
    expect(mark(page, "740373")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_is_accessible_in_each_view(page: Page, case: Registration, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for view in ("text", "html", "headers", "files", "raw"):
        page.goto(f"/registrations/{case.pk}?mail={case.mail_id}&view={view}")
        page.get_by_text("Miért így döntött a rendszer?").click()
        assert_accessible(page)
        assert_fits(page)


def test_without_javascript(chromium: Browser, live_server: LiveServer, page: Page, case: Registration) -> None:
    state = page.context.storage_state()
    with chromium.new_context(base_url=live_server.url, java_script_enabled=False, storage_state=state) as context:
        plain = context.new_page()
        plain.goto(f"/registrations/{case.pk}")
        plain.get_by_text("Átvehető adatok a levélből").click()
        plain.get_by_label("Teljes név").fill("Kézzel Írt")
        plain.get_by_role("button", name="PIR szám: 740373").click()
        expect(plain.get_by_label("PIR szám")).to_have_value("740373")
        expect(plain.get_by_label("Teljes név")).to_have_value("Kézzel Írt")
        expect(plain.locator("#case-form [data-field=pir]")).to_contain_text("Az eddigi érték: 740747")
        plain.get_by_role("link", name="Fejlécek").click()
        expect(plain.get_by_role("row", name="message-id <gazdag@tiszacsege.hu>")).to_be_visible()
    case.refresh_from_db()
    assert case.pir == "740747"


def test_a_large_mail_is_fetched_after_the_page(page: Page) -> None:
    text = request_text(Applicant()) + "\n".join(f"{number}. sor" for number in range(1000))
    raw = make_raw(text, files=[("nagy.bin", "application/octet-stream", base64.b64encode(bytes(600_000)))])
    registration = make_registration(raw=raw)
    page.goto(f"/registrations/{registration.pk}")
    expect(mark(page, "740746")).to_be_visible()
