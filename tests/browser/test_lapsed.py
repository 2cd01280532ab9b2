"""The session ends while somebody types: what was typed is there after the log-in, for that person alone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from registry.models import Registration
from staff.roles import Role
from tests.review.factory import make_registration, make_user

pytestmark = pytest.mark.browser
KEPT = "sessionStorage.getItem('aspoktatas-typed')"
SAID = "Amit a bejelentkezés lejárta előtt beírt"


def log_in(page: Page, name: str) -> None:
    page.get_by_label("Felhasználónév").fill(name)
    page.get_by_label("Jelszó").fill("jelszo-12345")
    page.get_by_role("button", name="Bejelentkezés").click()


@pytest.fixture
def typed(page: Page) -> Registration:
    """A case in whose fields somebody typed; its session is over by now, which the page does not know."""
    row = make_registration()
    page.goto(f"/registrations/{row.pk}")
    page.get_by_label("Teljes név").fill("Kovács Anna Mária")
    page.get_by_label("Iparker").check()
    page.locator("summary", has_text="Elutasítás").click()
    page.get_by_label("Kész indok").select_option("no_data")
    page.locator("summary", has_text="Feljegyzés írása").click()
    page.get_by_label("Feljegyzés a munkatársaknak").fill("Felhívni holnap.")
    Session.objects.all().delete()
    return row


def test_what_was_typed_is_there_after_the_log_in(page: Page, user: User, typed: Registration) -> None:
    page.get_by_role("button", name="Csak mentés").click()
    expect(page.get_by_text("a művelet nem történt meg")).to_be_visible()
    log_in(page, user.username)
    expect(page.get_by_text(SAID)).to_be_visible()
    expect(page.get_by_label("Teljes név")).to_have_value("Kovács Anna Mária")
    expect(page.get_by_label("Iparker")).to_be_checked()
    expect(page.get_by_label("Kész indok")).to_have_value("no_data")
    expect(page.get_by_label("Kész indok")).to_be_visible()  # what is folded away was opened
    expect(page.get_by_label("Feljegyzés a munkatársaknak")).to_have_value("Felhívni holnap.")
    expect(page.get_by_text("Módosítva, még nincs mentve").first).to_be_visible()
    assert page.evaluate(KEPT) is None
    page.get_by_role("button", name="Csak mentés").click()
    expect(page.get_by_text(SAID)).to_be_hidden()
    typed.refresh_from_db()
    assert (typed.full_name, len(typed.module_ids)) == ("Kovács Anna Mária", 2)


def test_nobody_else_is_shown_what_was_typed(page: Page, typed: Registration) -> None:
    other = make_user("masik", role=Role.REVIEWER)
    page.reload()
    log_in(page, other.username)
    expect(page.get_by_label("Teljes név")).to_have_value("Kovács Anna")
    assert page.evaluate(KEPT) is None


def test_nothing_is_kept_without_need(page: Page) -> None:
    row = make_registration()
    page.goto(f"/registrations/{row.pk}")
    page.get_by_label("Teljes név").fill("Kovács Anna Mária")
    page.goto("/")  # given up
    assert page.evaluate(KEPT) is None
    page.goto(f"/registrations/{row.pk}")
    expect(page.get_by_label("Teljes név")).to_have_value("Kovács Anna")
    page.get_by_label("Teljes név").fill("Kovács Anna Mária")
    page.locator("details.person > summary").click()
    page.get_by_role("button", name="Kijelentkezés").click()
    expect(page.get_by_role("button", name="Bejelentkezés")).to_be_visible()
    assert page.evaluate(KEPT) is None


def test_a_password_is_never_kept(page: Page) -> None:
    page.goto("/password")
    for field in page.locator("main input[type=password]").all():
        field.fill("titkos-jelszo")
    Session.objects.all().delete()
    page.goto("/")
    expect(page.get_by_role("button", name="Bejelentkezés")).to_be_visible()
    assert page.evaluate(KEPT) is None
