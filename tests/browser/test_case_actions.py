"""Actions on a case in a real browser: by keyboard, by two people at once, on a phone, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from registry.models import CaseNote, Registration
from registry.services.change import Target
from registry.services.correct import Correction, correct
from rules.model import Problem, Status
from staff.roles import Role
from tests.browser.axe import assert_accessible, assert_fits
from tests.review.factory import Applicant, make_mail, make_raw, make_registration, make_user
from worker.models import Reply

pytestmark = pytest.mark.browser
Colleague = Callable[..., Page]
OFFICE = Applicant(
    full_name="Kiss Ádám", email="ado@tiszacsege.hu", status=Status.INCOMPLETE, problems=(Problem.EMAIL_NOT_PERSONAL,)
)


@pytest.fixture
def case(page: Page) -> Registration:
    """An open case, and another one after it."""
    first, second = make_registration(), make_registration(Applicant(full_name="Nagy Béla"))
    Registration.objects.filter(pk=first.pk).update(created_at="2026-01-01T00:00Z")
    assert second.pk != first.pk
    return first


@pytest.fixture
def colleague(chromium: Browser, live_server: LiveServer) -> Iterator[Colleague]:
    """Pages of other members of staff, logged in beside the login form."""
    contexts: list[BrowserContext] = []

    def open_page(user: User, **options: object) -> Page:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        context = chromium.new_context(base_url=live_server.url, locale="hu-HU", **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        context.set_default_timeout(10_000)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def at(case: Registration) -> Registration:
    return Registration.objects.get(pk=case.pk)


def test_from_open_to_approved_with_one_key_and_back_with_another(page: Page, case: Registration) -> None:
    page.goto(f"/registrations/{case.pk}")
    page.keyboard.press("a")
    expect(page.get_by_role("status").first).to_contain_text("Kovács Anna: a kérelem jóváhagyva.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nagy Béla")
    assert at(case).status == "approved"
    page.goto(f"/registrations/{case.pk}")
    page.keyboard.press("u")
    expect(page.get_by_role("status").first).to_contain_text("visszavonva (jóváhagyás)")
    assert at(case).status == "ready"


def test_take_note_put_aside_by_keyboard(page: Page, case: Registration, user: User) -> None:
    page.goto(f"/registrations/{case.pk}")
    page.keyboard.press("t")
    expect(page.locator(".case-head")).to_contain_text("intézi: Ön")
    page.keyboard.press("m")
    page.keyboard.type("Telefonon egyeztetve.")
    page.keyboard.press("Escape")  # closes, what was typed stays
    expect(page.get_by_label("Feljegyzés a munkatársaknak")).to_be_hidden()
    page.keyboard.press("m")
    page.get_by_role("button", name="Feljegyzés mentése").click()
    expect(page.locator("#notes")).to_contain_text("Telefonon egyeztetve.")
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("nem szerepel a listákon")
    row = at(case)
    assert (row.assignee, row.snoozed_until is not None) == (user, True)
    page.get_by_role("button", name="Visszavonás").first.click()
    expect(page.get_by_role("status").first).to_contain_text("visszavonva (halasztás)")
    assert at(case).snoozed_until is None
    page.keyboard.press("u")
    expect(page.get_by_role("status").first).to_contain_text("az ügyintéző kijelölése")
    assert at(case).assignee is None
    page.keyboard.press("j")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nagy Béla")


def test_reject_with_a_ready_made_reason(page: Page, case: Registration) -> None:
    page.goto(f"/registrations/{case.pk}")
    page.keyboard.press("r")
    page.get_by_label("Kész indok").select_option("not_supported")
    page.get_by_label("Saját szavakkal").fill("Kérjük, egyeztessenek.")
    page.get_by_role("button", name="A levél megtekintése").click()
    expect(page.locator(".mailtext")).to_contain_text("nem támogatja")
    page.get_by_role("button", name="Elutasítás", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("a kérelem elutasítva")
    assert at(case).reject_reason.endswith("nem támogatja.\n\nKérjük, egyeztessenek.")


def test_an_accepted_address_is_no_problem_any_more(page: Page) -> None:
    case = make_registration(OFFICE)
    page.goto(f"/registrations/{case.pk}")
    page.get_by_role("button", name="A cím személyes").click()
    expect(page.get_by_role("status").first).to_contain_text("a cím elfogadva")
    expect(page.get_by_text("nem személyhez köthető")).to_have_count(0)
    assert at(case).status == "ready"


def test_the_letter_is_seen_as_it_goes_out(page: Page) -> None:
    case = make_registration(OFFICE)
    page.goto(f"/registrations/{case.pk}")
    page.keyboard.press("q")
    frame = page.frame_locator("iframe[name=look]")
    expect(frame.locator("body")).to_contain_text("ado@tiszacsege.hu")
    expect(page.get_by_label("Címzett", exact=True)).to_have_value("kovacs.anna@tiszacsege.hu")
    assert_accessible(page)
    page.get_by_label("Szöveg").fill("Kedves Ádám!\n\nKérjük a saját címét.")
    expect(frame.locator("body")).to_contain_text("Kérjük a saját címét.")
    page.get_by_role("button", name="Mentés piszkozatként").click()
    expect(page.get_by_role("status").first).to_contain_text("a piszkozatok között")
    letter = Reply.objects.get()
    assert (letter.state, "Kérjük a saját címét." in letter.text) == ("draft", True)
    page.get_by_role("button", name="Visszavonás").first.click()
    expect(page.get_by_role("status").first).to_contain_text("még nem ment el")


def test_two_people_on_one_case_see_each_other(page: Page, case: Registration, colleague: Colleague) -> None:
    page.goto(f"/registrations/{case.pk}")
    other = colleague(make_user("masik", name="Próba Péter"))
    other.goto(f"/registrations/{case.pk}")
    expect(other.locator(".present")).to_have_text("Minta Márta is ezt az ügyet nézi")
    page.evaluate("dispatchEvent(new Event('focus'))")  # as when the window is come back to
    expect(page.locator(".present")).to_have_text("Próba Péter is ezt az ügyet nézi")
    assert_accessible(page)
    names = ("full_name", "municipality", "county", "email", "modules")
    fields = {name: getattr(case, name) for name in names}
    correct(Target(case.pk, 1), User.objects.get(username="masik"), Correction(pir="740009", **fields), approve=False)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator(".present.changed")).to_contain_text("Az ügyet közben módosították.")
    page.evaluate("setInterval(() => dispatchEvent(new Event('focus')), 200)")
    other.goto("/")
    expect(page.get_by_text("is ezt az ügyet nézi")).to_have_count(0)


def test_the_second_save_sees_both_values_and_takes_theirs_with_one_click(page: Page, case: Registration) -> None:
    page.goto(f"/registrations/{case.pk}")
    names = ("municipality", "county", "email", "modules")
    fields = {name: getattr(case, name) for name in names}
    theirs = Correction(pir="740009", full_name="Kovács Annamária", **fields)
    correct(Target(case.pk, 1), make_user("masik", name="Próba Péter"), theirs, approve=False)
    page.get_by_label("Teljes név").fill("Kovács Anikó")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Csak mentés").click()
    expect(page.get_by_role("alert").first).to_contain_text("közben más módosította")
    table = page.get_by_role("region", name="A két érték egymás mellett")
    row = table.get_by_role("row", name="Teljes név")
    expect(row).to_contain_text("Kovács Anikó")
    expect(row).to_contain_text("Kovács Annamária")
    expect(table.get_by_role("row")).to_have_count(2)  # with the head: what was not touched is no conflict
    expect(page.get_by_label("Teljes név")).to_have_value("Kovács Anikó")
    expect(page.get_by_label("PIR szám")).to_have_value("740009")
    assert_accessible(page)
    table.get_by_role("button", name="Teljes név").click()
    expect(page.get_by_label("Teljes név")).to_have_value("Kovács Annamária")
    page.get_by_label("E-mail cím").fill("kovacs.annamaria@tiszacsege.hu")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Csak mentés").click()
    expect(page.get_by_role("status").first).to_contain_text("a javítás mentve")
    assert (at(case).pir, at(case).full_name) == ("740009", "Kovács Annamária")


def test_a_reader_reads(case: Registration, colleague: Colleague) -> None:
    CaseNote.objects.create(registration=case, author=User.objects.get(), text="Belső megjegyzés.")
    page = colleague(make_user("olvaso", role=Role.READER))
    page.goto(f"/registrations/{case.pk}")
    expect(page.locator("#notes")).to_contain_text("Belső megjegyzés.")
    names = [one.inner_text().strip() for one in page.locator("main button").all() if one.is_visible()]
    assert not {"Jóváhagyás", "Csak mentés", "Elutasítás", "Én intézem", "Feljegyzés mentése"} & set(names)
    assert_accessible(page)


def test_on_a_phone_without_javascript(case: Registration, colleague: Colleague) -> None:
    case = make_registration(OFFICE)
    user = make_user("telefonos", role=Role.REVIEWER)
    page = colleague(user, java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.goto(f"/registrations/{case.pk}")
    page.get_by_role("button", name="Én intézem").click()
    expect(page.locator(".case-head")).to_contain_text("intézi: Ön")
    page.get_by_text("Feljegyzés írása").click()
    page.get_by_label("Feljegyzés a munkatársaknak").fill("Útközben írva.")
    page.get_by_role("button", name="Feljegyzés mentése").click()
    expect(page.locator("#notes")).to_contain_text("Útközben írva.")
    page.get_by_role("link", name="Kérdés a kérelmezőhöz").click()
    letter = page.frame_locator("iframe[name=look]").locator("body")
    expect(letter).to_contain_text("Tisztelt")  # its first look, which would else come after the asked one
    page.get_by_label("Szöveg").fill("Kérjük a saját címét.")
    page.get_by_role("button", name="Megtekintés").click()
    expect(letter).to_contain_text("Kérjük a saját címét.")
    page.get_by_role("button", name="Mentés piszkozatként").click()
    expect(page.get_by_role("status").first).to_contain_text("a piszkozatok között")
    page.get_by_text("Halasztás", exact=True).first.click()
    page.get_by_role("button", name="Jövő hétfőig").click()
    expect(page.get_by_role("status").first).to_contain_text("nem szerepel a listákon")
    assert at(case).snoozed_until is not None


def test_everything_fits_a_phone(case: Registration, colleague: Colleague) -> None:
    long = "polgarmesteri.hivatal.adougyi.osztaly@a.kozos.onkormanyzati.hivatal.tiszacsege.es.kornyeke.hu"
    office = replace(OFFICE, email=long, problems=(*OFFICE.problems, Problem.JEGYZO_UNCLEAR))
    case = make_registration(office, raw=make_raw("Kérem.", sender=f"Nagy Béla <nagy.{long}>"))
    page = colleague(make_user("telefonos", role=Role.REVIEWER), viewport={"width": 320, "height": 740})
    page.goto(f"/registrations/{case.pk}")
    for summary in page.locator(".actions summary, .note-new summary").all():
        summary.click()
    assert_fits(page)
    page.goto(f"/registrations/{case.pk}/ask")
    assert_fits(page)


def test_a_second_answer_to_a_mail_is_asked_about_within_the_screen(colleague: Colleague) -> None:
    mail = make_mail(make_raw("Hány kreditpont jár?"), kind="other", outcomes=["review"])
    page = colleague(make_user("telefonos", role=Role.REVIEWER), viewport={"width": 360, "height": 740})
    for _ in range(2):
        page.goto(f"/mails/{mail.pk}/write")
        page.get_by_label("Szöveg").fill("Kettő.")
        page.get_by_role("button", name="Elküldés").click()
        page.wait_for_load_state()
    expect(page.get_by_role("alert")).to_contain_text("már válaszolt")
    assert_fits(page)
    page.get_by_role("button", name="Elküldés").click()
    expect(page.get_by_role("status").first).to_contain_text("A levél hamarosan elmegy")
    assert Reply.objects.filter(mail=mail).count() == 2
