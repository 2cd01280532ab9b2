"""People in the browser: invited, logged in with a code, given a role, shut out; and the log of it all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from staff.models import Access
from staff.roles import Role
from tests.browser.axe import assert_accessible, assert_fits
from tests.review.factory import make_registration, make_user
from tests.servers.smtp_sink import Sink, run_sink
from tests.staff.codes import code_of, enrol, link_in
from worker.mail.server import parse_server

pytestmark = pytest.mark.browser
PASSWORD, NEW_PASSWORD = "jelszo-12345", "vasalo-felho-korte"
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def post(settings: Settings) -> Iterator[Sink]:
    """A server that takes letters to staff."""
    with run_sink() as sink:
        settings.ASPOKTATAS = replace(django_settings.ASPOKTATAS, smtp=parse_server(sink.url(), "smtp"))
        yield sink


@pytest.fixture
def newcomer(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Another person's browser."""
    context = chromium.new_context(base_url=live_server.url, locale="hu-HU", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def let_ten_minutes_pass() -> None:
    """Since every login: its password counts no more."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        for record in session["account_authentication_methods"]:
            record["at"] -= 601
        session.save()


def confirm(page: Page) -> None:
    """Show the password once more, where it is asked for."""
    page.get_by_label("Jelszó").fill(PASSWORD)
    page.get_by_role("button", name="Tovább").click()


def log_in(page: Page, username: str, password: str) -> None:
    """By the form."""
    page.goto("/login")
    page.get_by_label("Felhasználónév").fill(username)
    page.get_by_label("Jelszó").fill(password)
    page.get_by_role("button", name="Bejelentkezés").click()


def look(page: Page) -> None:
    """Accessible and within the screen, on a desk and on a phone."""
    wide = page.viewport_size
    for size in (wide, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert_accessible(page)
        assert_fits(page)
    page.set_viewport_size(wide)  # type: ignore[arg-type]


def test_from_the_invitation_to_the_code(page: Page, newcomer: Page, post: Sink) -> None:
    page.goto("/people")
    look(page)
    page.get_by_label("Név", exact=True).fill("Minta Béla")
    page.get_by_label("E-mail cím").fill("minta.bela@hivatal.hu")
    page.get_by_label("vezető ügyintéző").check()
    let_ten_minutes_pass()
    page.get_by_role("button", name="Meghívás", exact=True).click()
    look(page)
    confirm(page)
    expect(page.get_by_role("status")).to_contain_text("A meghívólevél elment: Minta Béla.")
    look(page)
    assert post.wait_for(1)

    newcomer.goto(link_in(post.accepted[0].data))
    look(newcomer)
    newcomer.get_by_label("Felhasználónév").fill("minta.bela")
    newcomer.get_by_label("Jelszó", exact=True).fill(NEW_PASSWORD)
    newcomer.get_by_label("Jelszó még egyszer").fill(NEW_PASSWORD)
    newcomer.get_by_role("button", name="Fiók létrehozása").click()
    expect(newcomer.get_by_role("heading", name="Saját fiók")).to_be_visible()
    look(newcomer)

    newcomer.get_by_role("link", name="Bekapcsolás").click()
    look(newcomer)
    secret = newcomer.locator(".secret").inner_text()
    assert newcomer.locator(".qr svg").bounding_box()["width"] > 100  # type: ignore[index]
    newcomer.get_by_role("textbox", name="Kód").fill(code_of(secret))
    newcomer.get_by_role("button", name="Bekapcsolás").click()
    expect(newcomer.locator(".codes li")).to_have_count(10)
    look(newcomer)
    with newcomer.expect_download() as download:
        newcomer.get_by_role("link", name="Letöltés").click()
    assert len(download.value.path().read_text().strip().splitlines()) >= 10

    newcomer.locator(".person summary").click()
    newcomer.get_by_role("button", name="Kijelentkezés").click()
    log_in(newcomer, "minta.bela", NEW_PASSWORD)
    look(newcomer)
    newcomer.get_by_role("textbox", name="Kód").fill(code_of(secret, ago=-1))
    newcomer.get_by_role("button", name="Bejelentkezés", exact=True).click()
    newcomer.wait_for_url("**/")


def test_a_colleague_gets_another_role_and_is_shut_out(page: Page, newcomer: Page) -> None:
    cache.clear()
    other = make_user("masik", name="Minta Ödön", role=Role.READER)
    enrol(other)
    page.goto("/people")
    page.get_by_role("link", name="Minta Ödön").click()
    look(page)
    page.get_by_role("radio", name="ügyintéző").first.check()
    page.get_by_role("button", name="Szerepkör mentése").click()
    expect(page.get_by_role("status")).to_contain_text("Az új szerepkör azonnal érvényes.")
    page.get_by_role("button", name="Törlés").click()
    expect(page.get_by_role("status")).to_contain_text("A kétlépcsős azonosítás törölve")

    log_in(newcomer, "masik", PASSWORD)
    newcomer.wait_for_url("**/")
    page.get_by_role("button", name="Kijelentkeztetés").click()
    expect(page.get_by_role("status")).to_contain_text("kijelentkeztettük")
    newcomer.goto("/")
    expect(newcomer.get_by_role("button", name="Bejelentkezés")).to_be_visible()
    page.get_by_role("button", name="Lezárás").click()
    expect(page.get_by_role("status")).to_contain_text("A fiók lezárva")
    look(page)
    log_in(newcomer, "masik", PASSWORD)
    expect(newcomer.get_by_role("heading")).to_contain_text("A fiók le van zárva")
    page.get_by_role("button", name="Megnyitás").click()
    expect(page.get_by_role("status")).to_contain_text("újra használható")


def test_the_log_is_searched_and_taken_away(page: Page) -> None:
    case = make_registration()
    page.goto(f"/registrations/{case.pk}")
    page.goto("/log")
    look(page)
    expect(page.get_by_role("table")).to_contain_text("Bejelentkezett (jelszóval)")
    page.get_by_label("Száma").fill(str(case.pk))
    page.get_by_role("button", name="Keresés").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text(f"{case.pk}. kérelmet")
    with page.expect_download() as download:
        page.get_by_role("link", name="Letöltés (CSV)").click()
    assert len(download.value.path().read_text("utf-8-sig").strip().splitlines()) == 2
    page.get_by_role("link", name="Alaphelyzet").click()
    expect(page.get_by_role("table")).to_contain_text("Letöltötte a naplót")
    page.get_by_role("link", name=f"{case.pk}. kérelem").first.click()
    page.wait_for_url(f"**/registrations/{case.pk}")


def test_devices_and_a_forgotten_password(page: Page, newcomer: Page, user: User, post: Sink) -> None:
    User.objects.update(email="minta.marta@hivatal.hu")
    log_in(newcomer, "ugyintezo", PASSWORD)
    newcomer.wait_for_url("**/")
    page.goto("/account/devices")
    look(page)
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Kijelentkeztetés", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    newcomer.goto("/")
    newcomer.get_by_role("link", name="Elfelejtettem a jelszavamat").click()
    look(newcomer)
    newcomer.get_by_label("E-mail cím").fill("minta.marta@hivatal.hu")
    newcomer.get_by_role("button", name="Levelet kérek").click()
    look(newcomer)
    assert post.wait_for(1)
    newcomer.goto(link_in(post.accepted[0].data))
    look(newcomer)
    newcomer.get_by_label("Új jelszó", exact=True).fill(NEW_PASSWORD)
    newcomer.get_by_label("Új jelszó még egyszer").fill(NEW_PASSWORD)
    newcomer.get_by_role("button", name="Mentés").click()
    expect(newcomer.get_by_role("heading")).to_contain_text("Az új jelszó mentve")
    page.goto("/")
    expect(page.get_by_role("button", name="Bejelentkezés")).to_be_visible()


def test_too_many_attempts(newcomer: Page, user: User) -> None:
    for _ in range(6):
        log_in(newcomer, "ugyintezo", "rossz")
    expect(newcomer.get_by_role("heading")).to_contain_text("átmenetileg zárolva")
    look(newcomer)
    assert Access.objects.filter(page="login_locked", user=user).count() == 1
    cache.clear()
