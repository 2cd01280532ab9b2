"""The frame of the pages by keyboard alone, without JavaScript, on paper, and in the system's own colours."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from review.theme import COOKIE
from tests.browser.axe import assert_accessible
from tests.review.factory import Applicant, make_raw, make_registration, make_reply, request_text

pytestmark = pytest.mark.browser


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))


def test_the_first_tab_leads_past_the_menu(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Ugrás a tartalomra")).to_be_focused()
    expect(page.get_by_role("link", name="Ugrás a tartalomra")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)"), focused(page)


def test_tab_comes_by_everything_in_its_order_and_out_again(page: Page) -> None:
    make_registration()
    page.goto("/")
    tops = []
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        tops.append(page.evaluate("document.activeElement.closest('header, main, footer')?.tagName ?? 'BODY'"))
    else:
        pytest.fail("the focus is caught on the page")
    assert [one for at, one in enumerate(tops) if at == 0 or tops[at - 1] != one] == ["BODY", "HEADER", "MAIN"]


def test_the_persons_menu_by_keyboard(page: Page) -> None:
    page.goto("/")
    menu = page.locator("details.person > summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Kijelentkezés")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('details.person').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Kijelentkezés")).to_be_hidden()
    expect(menu).to_be_focused()


def test_only_one_menu_is_open_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/")
    page.locator(".narrow-menu > summary").click()
    expect(page.get_by_role("navigation", name="Fő menü").get_by_role("link", name="Adatátadás")).to_be_visible()
    assert_accessible(page)
    page.locator("details.person > summary").click()
    expect(page.get_by_role("navigation", name="Fő menü")).to_be_hidden()
    page.locator("main").click(position={"x": 5, "y": 400})
    expect(page.get_by_role("button", name="Kijelentkezés")).to_be_hidden()


def test_the_help_keeps_the_focus_and_gives_it_back(page: Page) -> None:
    page.goto("/")
    search = page.locator("[data-search]")
    search.focus()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("dialog#help")).to_be_visible()
    for _ in range(5):
        page.keyboard.press("Tab")
        outside = "document.activeElement.matches('body *') && !document.activeElement.closest('#help')"
        assert not page.evaluate(outside), focused(page)
    page.keyboard.press("Escape")
    expect(page.locator("dialog#help")).to_be_hidden()


def test_the_theme_without_javascript(chromium: Browser, live_server: LiveServer, user: User) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="hu-HU")
    page = context.new_page()
    page.goto("/login")
    page.locator("details.person > summary").click()
    page.get_by_role("button", name="Sötét").click()
    expect(page.locator("html[data-theme=dark]")).to_have_count(1)
    page.locator("details.person > summary").click()
    expect(page.get_by_role("button", name="Sötét")).to_have_attribute("aria-pressed", "true")
    context.close()


def test_the_system_decides_until_somebody_chooses(page: Page) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    page.goto("/")
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(background)
    page.emulate_media(color_scheme="dark", contrast="more")
    contrast = page.evaluate(background)
    assert len({light, dark, contrast}) == 3
    page.emulate_media(forced_colors="active")
    assert_accessible(page)


def test_in_forced_colours_a_ticked_box_is_told_from_an_empty_one(page: Page) -> None:
    row = make_registration()
    page.goto(f"/registrations/{row.pk}")
    page.emulate_media(forced_colors="active")
    box = page.get_by_label("ADÓ")
    ticked = box.screenshot()
    box.evaluate("box => { box.checked = false; }")
    assert box.screenshot() != ticked


def test_on_paper_there_is_no_menu(page: Page) -> None:
    registration = make_registration()
    page.goto(f"/registrations/{registration.pk}")
    page.emulate_media(media="print")
    expect(page.locator("header.site")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_on_paper_stands_what_is_seen_and_our_letters(page: Page) -> None:
    row = make_registration(raw=make_raw(request_text(Applicant()) + "Kérem szépen.\n" * 200))
    letter = make_reply(row.mail).text
    page.context.add_cookies([{"name": COOKIE, "value": "dark", "url": page.url}])
    page.goto(f"/registrations/{row.pk}")
    text = page.locator(".original .mailtext").first
    clipped = "box => box.scrollHeight > box.clientHeight"
    assert text.evaluate(clipped)  # on the screen it scrolls
    page.emulate_media(media="print")
    assert not text.evaluate(clipped)
    expect(page.locator(".thread .mailtext")).to_have_text(letter)
    expect(page.locator(".thread .mailtext")).to_be_visible()
    expect(page.get_by_label("ADÓ")).to_be_visible()
    for folded in ("Miért így döntött a rendszer?", "Elutasítás", "Feljegyzés írása", "Átvehető adatok a levélből"):
        expect(page.get_by_text(folded).first).to_be_hidden()
    expect(page.get_by_label("Iparker")).to_be_hidden()  # a module that nobody asked for
    ink = text.evaluate("box => getComputedStyle(box).color")
    assert max(map(int, re.findall(r"\d+", ink)[:3])) < 90, f"light ink on white paper: {ink}"
