"""The rule desk in the browser: a mail tried, a period replayed with drafts, the drafts switched on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.catalogue import load_catalogue
from registry.corrections import ModuleWord
from registry.directory import extend_catalogue
from registry.services.draft_word import draft_word
from rules.chain import decide
from staff.models import Member
from staff.roles import Role
from tests.browser.axe import assert_accessible, assert_fits
from tests.review.factory import Applicant, make_mail, make_raw, request_text
from worker.intake.parse import parse_message
from worker.models import Mail
from worker.services.run_replay import run_turn
from worker.services.thinking import load_thinking

pytestmark = pytest.mark.browser
ADO = "PM-2777-2105-BS"
RAW = make_raw(request_text(Applicant()).replace("Szakrendszer: adó, irat", "Szakrendszer: zöldfülke"))


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is there to ring at; the test takes the worker's turn itself."""
    monkeypatch.setattr("review.ruledesk.replays.ring", lambda *tasks: None)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_reviewer_tries_a_mail_as_text_and_as_a_file(page: Page, user: User, tmp_path: Path, width: int) -> None:
    Member.objects.filter(pk=user.pk).update(role=Role.REVIEWER)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/rules/")
    expect(page.get_by_role("link", name="Visszajátszás")).to_have_count(0)
    page.get_by_label("Feladó").fill("Kovács Anna <kovacs.anna@tiszacsege.hu>")
    page.get_by_label("A levél szövege").fill("Kérem Kovács Anna regisztrációját.\nSzakrendszer: adó")
    page.get_by_role("button", name="Kipróbálás").click()
    expect(page.get_by_role("status")).to_contain_text("regisztrációs kérelem")
    expect(page.get_by_role("region", name="A válaszlevél szövege")).to_contain_text("Tisztelt Kovács Anna!")
    assert_accessible(page)
    assert_fits(page)
    file = tmp_path / "level.eml"
    file.write_bytes(make_raw(request_text(Applicant())))
    page.get_by_label("Levél állománya").set_input_files(file)
    page.get_by_role("button", name="Kipróbálás").click()
    expect(page.locator("#tried")).to_contain_text("740746")
    assert not Mail.objects.exists()


def test_a_lead_replays_the_drafts_and_switches_them_on(page: Page, user: User) -> None:
    Member.objects.filter(pk=user.pk).update(role=Role.LEAD)
    verdict = decide(parse_message(RAW), load_catalogue())
    make_mail(RAW, verdict=verdict, received_at=timezone.now() - timedelta(days=1))
    draft_word(user, load_catalogue(), ModuleWord(module=ADO, tier="asked", word="zöldfülke"))
    page.goto("/rules/drafts")
    page.get_by_role("link", name="Visszajátszás a tervezetekkel").click()
    page.get_by_role("button", name="Az elmúlt 7 nap").click()
    expect(page.get_by_text("folyamatban")).to_be_visible()
    run_turn(load_thinking(), settings.ASPOKTATAS.addresses)
    expect(page.get_by_role("cell", name="ADÓ")).to_be_visible()  # the page asked by itself
    expect(page.get_by_text("kész", exact=True)).to_be_visible()
    page.get_by_role("link", name="1. levél").or_(page.locator("tbody th a")).first.click()
    expect(page.get_by_role("heading", name="levél újra értékelve")).to_be_visible()
    assert_accessible(page)
    page.goto("/rules/drafts")
    expect(page.get_by_text("1 levélből 1 értékelése változna")).to_be_visible()
    page.get_by_role("button", name="Bekapcsolás").click()
    expect(page.get_by_text("1 javítás bekapcsolva")).to_be_visible()
    assert "+" in extend_catalogue(load_catalogue()).version


def test_a_replay_is_cancelled(page: Page, user: User) -> None:
    make_mail(RAW, verdict=decide(parse_message(RAW), load_catalogue()), received_at=timezone.now() - timedelta(days=1))
    page.goto("/rules/replays")
    page.get_by_role("button", name="Tegnap").click()
    page.get_by_role("button", name="Megszakítás").click()
    expect(page.get_by_text("megszakítva", exact=True)).to_be_visible()
    page.goto("/rules/feedback")
    expect(page.get_by_text("egy szabályt sem bíráltak felül")).to_be_visible()
