"""The directories in the browser: searched, renewed from a file, corrected by hand, by whom that is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from registry.corrections import ModuleWord
from registry.models import Clerk, Municipality
from staff.models import Member
from staff.roles import Role
from tests.browser.axe import assert_accessible, assert_fits

pytestmark = pytest.mark.browser
REGISTER = "PIR;Megnevezés;Vármegye\n740009;Orfű Község Önkormányzata;Baranya\n740373;Kerecsend Község;Heves\n"
RENEWED = "PIR;Megnevezés;Vármegye\n740009;Orfű Nagyközség Önkormányzata;Baranya\n12;Rossz;Vas\n"
PHONE = 360


def become(user: User, role: Role) -> None:
    Member.objects.filter(pk=user.pk).update(role=role)


def upload(page: Page, folder: Path, text: str) -> None:
    file = folder / "jegyzek.csv"
    file.write_text(text, "utf-8")
    page.goto("/directories/register")
    page.get_by_label("Állomány", exact=True).set_input_files(file)
    page.get_by_role("button", name="Megnézem, mi változna").click()
    expect(page.get_by_role("heading", name="Mi változna?")).to_be_visible()


@pytest.mark.parametrize("width", [1280, PHONE])
def test_a_lead_renews_the_register_and_corrects_a_row(page: Page, user: User, tmp_path: Path, width: int) -> None:
    become(user, Role.LEAD)
    page.set_viewport_size({"width": width, "height": 800})
    upload(page, tmp_path, REGISTER)
    page.get_by_role("button", name="Alkalmazás").click()
    expect(page.get_by_text("A névtár frissült.")).to_be_visible()
    upload(page, tmp_path, RENEWED)
    expect(page.get_by_text("A PIR szám nem hat számjegy: 12")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Töröljük azt").check()
    page.get_by_role("button", name="Alkalmazás").click()
    expect(page.get_by_text("1 sor törölve")).to_be_visible()
    assert list(Municipality.objects.values_list("name", flat=True)) == ["Orfű Nagyközség Önkormányzata"]

    page.goto("/directories/register")
    page.get_by_role("button", name="Javítás").click()
    page.get_by_label("Megnevezés").fill("Orfű Község Önkormányzata")
    page.get_by_role("button", name="Mentés").click()
    expect(page.get_by_text("A javítás megtörtént.")).to_be_visible()
    page.get_by_role("button", name="Javítás").click()
    Municipality.objects.update(name="Más írta")
    page.get_by_label("Megnevezés").fill("Az enyém")
    page.get_by_role("button", name="Mentés").click()
    expect(page.get_by_role("alert")).to_contain_text("időközben más módosította")
    expect(page.get_by_label("Megnevezés")).to_have_value("Más írta")
    page.get_by_text("Törlés a névtárból").click()
    page.get_by_role("button", name="Igen, törlöm").click()
    expect(page.get_by_text("Ez a névtár még üres.")).to_be_visible()


def test_search_answers_while_typing_and_by_keyboard_alone(page: Page, user: User) -> None:
    become(user, Role.READER)
    Clerk.objects.create(municipality="Őriszentpéter", address="jegyzo@oriszentpeter.hu", name="dr. Minta Ödön")
    Clerk.objects.create(municipality="Aba", address="jegyzo@aba.hu", name="dr. Próba Pál")
    page.goto("/directories/clerks")
    expect(page.get_by_role("button", name="Javítás")).to_have_count(0)
    page.get_by_role("searchbox", name="Keresés").press_sequentially("odon")
    expect(page.get_by_text("Próba Pál")).to_have_count(0)
    expect(page.get_by_text("dr. Minta Ödön")).to_be_visible()
    page.get_by_role("link", name="Őriszentpéter").click()
    expect(page.get_by_role("heading", name="Őriszentpéter")).to_be_visible()
    expect(page.get_by_text("jegyzo@oriszentpeter.hu")).to_be_visible()
    assert_accessible(page)


def test_a_word_is_refused_with_the_reason_then_drafted(page: Page, user: User) -> None:
    become(user, Role.LEAD)
    page.goto("/directories/modules?q=ADÓ")
    page.get_by_role("link", name="ADÓ", exact=True).click()
    page.get_by_label("Szó vagy kifejezés").fill("hagyaték")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("egy szó nem jelenthet kettőt")
    page.get_by_label("Szó vagy kifejezés").fill("zöldfülke")
    page.keyboard.press("Enter")
    expect(page.get_by_text("tervezet: bekerül")).to_be_visible()
    page.get_by_role("button", name="Visszavonás").click()
    expect(page.get_by_text("A szót visszavontuk.")).to_be_visible()
    assert not ModuleWord.objects.exists()
    page.get_by_label("A kurzus rövid neve").fill("ADO-2027")
    page.get_by_role("button", name="Mentés").click()
    expect(page.get_by_text("ADO-2027").first).to_be_visible()
