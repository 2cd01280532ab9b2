"""The lists in a real browser: keys, partial updates, news, work on many, and all of it without a script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils.timezone import now
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from registry.models import Registration
from review.models import SavedView
from review.paging import PAGE_SIZE
from rules.model import Problem, Status
from tests.browser.axe import assert_accessible, assert_fits
from tests.review.factory import Applicant, make_mail, make_raw, make_registration, make_registrations

pytestmark = pytest.mark.browser

WATCH_REQUESTS = "window.stayed = true"


def stayed(page: Page) -> bool:
    """Whether the document is the one in which WATCH_REQUESTS was run: nothing was loaded anew."""
    return bool(page.evaluate("window.stayed === true"))


def fill(number: int) -> None:
    """As many ready requests, a minute apart."""
    for place in range(number):
        one = Applicant(f"Sorban {place:03d}", email=f"s{place}@tiszacsege.hu")
        make_registration(one, received_at=now() - timedelta(minutes=1000 - place))


def test_from_the_open_list_to_approved_in_two_keys(page: Page) -> None:
    registration = make_registration()
    page.goto("/")
    pressed = ["j", "a"]  # of the four that are allowed
    for key in pressed:
        page.keyboard.press(key)
    expect(page.get_by_role("status").filter(has_text="a kérelem jóváhagyva")).to_be_visible()
    registration.refresh_from_db()
    assert registration.status == "approved"


def test_through_the_case_it_takes_three_and_the_next_case_follows(page: Page) -> None:
    first = make_registration(Applicant("Első Elek"), received_at=now() - timedelta(hours=2))
    make_registration(Applicant("Második Mária"), received_at=now() - timedelta(hours=1))
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Első Elek")
    page.wait_for_load_state()  # the keys come with the page's scripts
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Második Mária")
    first.refresh_from_db()
    assert first.status == "approved"


def test_keys_move_mark_and_search_and_leave_the_browsers_own_alone(page: Page) -> None:
    fill(3)
    page.goto("/")
    current = page.locator("[data-row][aria-current]")
    for key, name in (("j", "000"), ("j", "001"), ("n", "002"), ("j", "002"), ("k", "001")):
        page.keyboard.press(key)
        expect(current).to_contain_text(f"Sorban {name}")
    page.keyboard.press("x")
    expect(current.get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("x")
    expect(current.get_by_role("checkbox")).not_to_be_checked()
    for chord in ("Control+a", "Alt+a", "Meta+a", "Shift+A"):
        page.keyboard.press(chord)
    page.keyboard.press("/")
    page.keyboard.type("ajkxnq")
    expect(page.get_by_label("Keresés")).to_have_value("ajkxnq")
    assert set(Registration.objects.values_list("status", flat=True)) == {"ready"}


def test_a_key_acts_on_no_row_that_nobody_chose(page: Page) -> None:
    make_registration()
    page.goto("/")
    page.keyboard.press("a")
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name="Kijelölés: Kovács Anna")).not_to_be_checked()
    assert Registration.objects.get().status == "ready"


def test_keys_can_be_switched_off_and_stay_so(page: Page) -> None:
    make_registration()
    page.goto("/")
    page.keyboard.press("?")
    page.get_by_label("a billentyűk működjenek").uncheck()
    page.get_by_role("button", name="Bezárás").click()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("[data-row][aria-current]")).to_have_count(0)
    page.locator("[data-help]").first.click()
    page.get_by_label("a billentyűk működjenek").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[data-row][aria-current]")).to_have_count(1)


def test_tabs_filters_and_pages_swap_only_the_list(page: Page) -> None:
    fill(PAGE_SIZE + 2)
    make_registration(Applicant("Zárt Zita", county="Heves"), status="exported")
    page.goto("/")
    page.evaluate(WATCH_REQUESTS)
    page.locator("#next-registrations").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?tab=ready&part=registrations&after=\d+$"))
    page.locator("#previous-registrations").click()
    expect(page.locator("[data-row]")).to_have_count(PAGE_SIZE)
    expect(page).to_have_url(re.compile(r"&before=\d+$"))
    page.locator("#tab-closed").press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text("Zárt Zita")
    expect(page.locator("#tab-closed")).to_be_focused()
    page.get_by_label("Vármegye").focus()
    page.get_by_label("Vármegye").select_option("Zala")
    expect(page.locator("#list")).to_contain_text("Nincs a szűrésnek megfelelő tétel")
    expect(page.get_by_label("Vármegye")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/\?tab=closed&county=Zala$"))
    assert stayed(page)
    page.go_back()
    expect(page.locator("[data-row]")).to_contain_text("Zárt Zita")


def test_the_search_finds_words_of_the_mail_as_one_types(page: Page) -> None:
    make_registration(raw=make_raw("Kérem a regisztrációt. A szélmalom ügyeit ő viszi majd."))
    make_registration(Applicant("Más Márta"), raw=make_raw("x"))
    page.goto("/")
    page.get_by_label("Keresés").press_sequentially("szelm", delay=30)
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row] mark")).to_have_text("szélmalom")
    expect(page.get_by_label("Keresés")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Kérelmek: 1")
    expect(page).to_have_url(re.compile(r"/\?tab=ready&q=szelm$"))


def test_a_list_that_could_not_be_fetched_says_so_until_it_is(page: Page) -> None:
    make_registration()
    page = page.context.new_page()  # its console tells of the connection, which is no fault here
    page.goto("/")
    page.context.set_offline(True)
    page.get_by_label("Keresés").press_sequentially("szelm", delay=30)
    notice = page.get_by_role("alert").filter(has_text="A kiszolgáló most nem érhető el")
    expect(notice).to_be_visible()
    page.context.set_offline(False)
    page.get_by_label("Keresés").press("Backspace")
    expect(page.locator("#list")).to_contain_text("Nincs a szűrésnek megfelelő tétel")
    expect(notice).to_be_hidden()


def test_new_cases_announce_themselves_and_move_no_row(page: Page) -> None:
    page.clock.install()
    fill(2)
    Registration.objects.update(updated_at=now() - timedelta(days=1))
    page.goto("/")
    page.keyboard.press("j")
    page.evaluate(WATCH_REQUESTS)
    make_registration(Applicant("Friss Fanni"))
    Registration.objects.filter(full_name="Friss Fanni").update(updated_at=now() + timedelta(seconds=5))
    with page.expect_response(re.compile("/queue/news")):
        page.clock.run_for(10_500)
    bar = page.locator("#arrivals")
    expect(bar).to_contain_text("1 új vagy megváltozott tétel – megjelenítés")
    expect(page.locator('[data-count="ready"]')).to_have_text("3")
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.locator("[data-row][aria-current]")).to_contain_text("Sorban 000")
    with page.expect_response(re.compile("/queue/news")) as again:
        page.clock.run_for(10_500)
    assert again.value.status == 304
    bar.get_by_role("link").click()
    expect(page.locator("[data-row]")).to_have_count(3)
    expect(bar).to_be_empty()
    assert stayed(page)


def test_nobody_asks_for_news_in_a_hidden_tab(page: Page) -> None:
    page.clock.install()
    page.goto("/")
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(35_000)
    assert not [url for url in asked if "/news" in url]


def test_all_of_a_search_are_approved_with_a_look_at_the_plan(page: Page) -> None:
    fill(PAGE_SIZE + 3)
    make_registration(Applicant("Gondos Gizi", problems=(Problem.EMAIL_NOT_PERSONAL,)))
    page.goto("/")
    page.locator(".toolbar .all").get_by_role("button", name="jóváhagyás…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{PAGE_SIZE + 3} kérelem: jóváhagyja mindet?")
    expect(page.get_by_role("main")).to_contain_text("1 hiányos kérelem")
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text=f"{PAGE_SIZE + 3} kérelem jóváhagyva.")).to_be_visible()
    assert Registration.objects.filter(status="ready").count() == 1


def test_marked_rows_are_given_away_and_one_finds_ones_own(page: Page, user: User) -> None:
    fill(3)
    page.goto("/")
    page.get_by_label("Kijelölés: Sorban 001").check()
    page.get_by_role("button", name="Kijelöltek kiosztása").click()
    page.get_by_role("button", name="Kiosztás (1)").click()
    expect(page.locator("[data-row]", has_text="Sorban 001")).to_contain_text("rám osztva")
    page.get_by_label("Ügyintéző").select_option("me")
    expect(page.locator("[data-row]")).to_have_count(1)
    assert Registration.objects.get(full_name="Sorban 001").assignee == user


def test_a_view_is_saved_opened_and_deleted(page: Page) -> None:
    make_registration(Applicant("Hevesi Hugó", county="Heves"))
    make_registration(Applicant("Zalai Zoé", county="Zala"))
    page.goto("/?county=Zala")
    page.locator("#views summary").click()
    page.get_by_label("A mostani szűrés mentése").fill("Zala megye")
    page.get_by_role("button", name="Nézet mentése").click()
    expect(page.get_by_role("status").filter(has_text="A nézet mentve: „Zala megye”.")).to_be_visible()
    page.goto("/")
    page.locator("#views summary").click()
    page.get_by_role("link", name="Zala megye").click()
    expect(page.locator("[data-row]")).to_contain_text(["Zalai Zoé"])
    page.locator("#views summary").click()
    page.get_by_role("button", name="Törlés: Zala megye").click()
    expect(page.get_by_role("status").filter(has_text="A nézet törölve")).to_be_visible()
    assert not SavedView.objects.exists()


def test_lists_are_accessible_and_fit_a_phone(page: Page, user: User) -> None:
    long = Applicant(
        full_name="Nagyon-Hosszúnevű Bartholomeidesz Konstantina", status=Status.REVIEW, problems=tuple(Problem)[:6]
    )
    make_registrations([long, Applicant()])
    Registration.objects.update(assignee=user)
    make_mail(make_raw("?", subject="Kérdés " * 30), kind="other", outcomes=["review"])
    SavedView.objects.create(owner=user, name="Egy hosszú nevű mentett nézet, amelyet sokáig olvas az ember", query="")
    fill(PAGE_SIZE + 1)
    for width, height in ((1280, 900), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        for address in ("/", "/?tab=review", "/?q=kerem", "/?tab=closed"):
            page.goto(address)
            page.locator("#views summary").click()
            assert_fits(page)
            assert_accessible(page)


def test_everything_works_without_a_script(page: Page, chromium: Browser, live_server: LiveServer) -> None:
    fill(PAGE_SIZE + 1)
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.set_default_timeout(10_000)
    plain.goto("/")
    plain.locator("#next-registrations").click()
    expect(plain.locator("[data-row]")).to_have_count(1)
    plain.get_by_label("Keresés").fill("sorban 007")
    plain.get_by_role("button", name="Szűrés").click()
    expect(plain.locator("[data-row]")).to_have_count(1)
    plain.locator("#views summary").click()
    plain.get_by_label("A mostani szűrés mentése").fill("Hetes")
    plain.get_by_role("button", name="Nézet mentése").click()
    assert SavedView.objects.get().query == "tab=ready&q=sorban+007"
    plain.get_by_label("Kijelölés: Sorban 007").check()
    plain.get_by_role("button", name="Kijelöltek jóváhagyása").click()
    expect(plain.get_by_role("status").filter(has_text="1 kérelem jóváhagyva.")).to_be_visible()
    expect(plain.get_by_label("Az oldal összes sora")).to_be_hidden()
    context.close()
