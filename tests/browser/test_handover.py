"""The hand-over in a real browser: looked through, rehearsed, done at the portal, tried again; by file without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from config.catalogue import load_catalogue
from config.moodle import MoodleService, default_courses
from registry.models import Registration
from registry.moodle.turn import take_turn
from registry.portal import PortalResult
from tests.browser.axe import assert_accessible, assert_fits
from tests.review.factory import ADO, IRAT, KATI, Applicant, make_registration
from tests.servers.moodle import TOKEN, Moodle, run_moodle
from worker.services.leases import later

pytestmark = pytest.mark.browser
ANNA = Applicant("Kovácsné Nagy Anna", modules=(ADO, IRAT))
BELA = Applicant("Nagy Béla", email="nagy.bela@tiszacsege.hu", modules=(KATI,))
EKES = Applicant("Ékes Éva", email="ékes.éva@tiszacsege.hu")
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture
def moodle(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moodle]:
    """A portal, configured."""
    with run_moodle() as running:
        running.courses = {name: number for number, name in enumerate(default_courses().values(), 11)}
        portal = replace(settings.ASPOKTATAS.moodle, service=MoodleService(running.url, TOKEN, 0))
        monkeypatch.setattr(settings, "ASPOKTATAS", replace(settings.ASPOKTATAS, moodle=portal))
        yield running


def work() -> None:
    """The worker's turn, which no worker takes here."""
    PortalResult.objects.filter(state="waiting").update(next_attempt_at=later(-1))
    take_turn(settings.ASPOKTATAS.moodle, load_catalogue(), for_s=10)


def look(page: Page) -> None:
    """Nothing to object to, at a desk and on a phone."""
    assert_accessible(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert_fits(page)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


def test_looked_through_rehearsed_done_and_tried_again(page: Page, moodle: Moodle) -> None:
    for one in (ANNA, BELA, EKES):
        make_registration(one, status="approved")
    moodle.add("nagy.bela@tiszacsege.hu", "mas@x.hu")
    page.goto("/handover")
    look(page)
    page.get_by_role("button", name="Tovább az előnézethez").click()
    expect(page.get_by_role("heading", name="Nem adható át (1)")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Kovácsné Nagy Anna.*ADÓ, Irat teljes.*új"))).to_be_visible()
    look(page)
    page.get_by_role("button", name="Próba (nem módosít)").click()
    expect(page.get_by_role("heading", name="Folyamatban")).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="Befejeződött")).to_be_visible(timeout=8_000)  # by itself
    expect(page.get_by_text("beíratná").first).to_be_visible()
    look(page)
    page.get_by_role("link", name="« Az átadás előnézete").click()
    page.get_by_text("Átadás a portálnak (2 személy)").click()
    page.get_by_role("button", name="Igen, átadom").click()
    work()
    page.get_by_role("link", name="Frissítés").click()
    expect(page.get_by_text("beíratva").first).to_be_visible()
    expect(page.get_by_text("Ez a felhasználónév a portálon más e-mail címhez tartozik.")).to_be_visible()
    look(page)
    moodle.users[0].username = "masik"
    page.get_by_role("button", name=re.compile("Újra.*Nagy Béla")).click()
    work()
    expect(page.get_by_role("heading", name="Befejeződött")).to_be_visible(timeout=8_000)
    assert sorted(Registration.objects.values_list("status", flat=True)) == ["approved", "registered", "registered"]


def test_by_file_without_a_script(chromium: Browser, live_server: LiveServer, page: Page) -> None:
    """Everything essential works without JavaScript: a file made, fetched, marked, confirmed."""
    make_registration(ANNA, status="approved")
    plain = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    visitor = plain.new_page()
    visitor.goto("/handover")
    visitor.get_by_role("button", name="Tovább az előnézethez").click()
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="Letöltés").click()
    content = download.value.path().read_text("utf-8")
    assert content.splitlines()[1].startswith("kovacs.anna@tiszacsege.hu;Anna;Kovácsné Nagy;")
    visitor.get_by_text("Megjelölés átadottnak (1)").click()
    visitor.get_by_role("button", name="Igen, feltöltöttem").click()
    assert Registration.objects.get().status == "exported"
    visitor.go_back()
    visitor.reload()
    visitor.get_by_role("button", name="A regisztráció megerősítése (1)").click()
    assert Registration.objects.get().status == "registered"
    plain.close()
