"""Words of the module catalogue: drafted, refused with the reason, switched on for every mail after that."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import strip_tags

from config.catalogue import load_catalogue
from registry.corrections import ModuleCourse, ModuleWord
from registry.directory import extend_catalogue
from registry.exports.gather import load_courses
from registry.services.switch_on_words import get_drafts, mark_of
from rules.chain import decide
from staff.roles import Role
from tests.review.factory import make_raw, make_user
from worker.intake.parse import parse_message
from worker.models import Event

pytestmark = pytest.mark.django_db
ADO, HAGYATEK = "PM-2777-2105-BS", "PM-2363-1710-BS"
RAW = make_raw("Kérem Kovács Anna regisztrációját.\nSzakrendszer: zöldfülke\nE-mail: kovacs.anna@tiszacsege.hu\n")


def draft(page: Client, word: str, module: str = ADO, tier: str = "asked", **more: str) -> str:
    answer = page.post(f"/directories/modules/{module}/draft", {"word": word, "tier": tier, **more}, follow=True)
    return " ".join(strip_tags(answer.content.decode()).split())


def read(*, drafts: bool = False) -> set[str]:
    verdict = decide(parse_message(RAW), extend_catalogue(load_catalogue(), drafts=drafts))
    return {field.value for person in verdict.people for field in person.modules}


def switch_on(page: Client, **more: str) -> None:
    page.post("/rules/drafts/switch-on", {"seen": mark_of(get_drafts()), "unseen": "1", **more})


def test_a_word_counts_once_it_is_switched_on(page: Client, staff: User) -> None:
    assert "tervezet: bekerül" in draft(page, "Zöldfülke")
    assert (read(), read(drafts=True)) == (set(), {ADO})
    switch_on(page)
    assert read() == {ADO}
    event = Event.objects.get(verb="module_words_switched_on")
    assert event.actor == staff
    assert event.details["changes"][0]["word"] == "zoldfulke"
    assert "+" in extend_catalogue(load_catalogue()).version


def test_a_word_in_force_goes_with_the_next_switching_on(page: Client) -> None:
    draft(page, "zöldfülke")
    switch_on(page)
    page.post(f"/directories/words/{ModuleWord.objects.get().pk}/drop")
    assert read() == {ADO}
    switch_on(page)
    assert read() == set()
    assert not ModuleWord.objects.exists()


def test_a_word_of_the_files_may_be_left_out_and_come_back(page: Client) -> None:
    word = load_catalogue().modules[0].asked[0]
    module = load_catalogue().modules[0].id
    draft(page, word, module, removes="1")
    switch_on(page)
    assert word not in extend_catalogue(load_catalogue()).modules[0].asked
    page.post(f"/directories/words/{ModuleWord.objects.get().pk}/drop")
    assert "tervezet: a kivett szó visszakerül" in strip_tags(
        page.get(f"/directories/modules/{module}").content.decode()
    )
    draft(page, word, module, removes="1")  # thought better of it
    assert get_drafts() == []


@pytest.mark.parametrize(
    ("word", "tier", "said"),
    [
        ("hagyaték", "asked", "már egy másik tananyagot jelent (Hagyaték)"),
        ("hagyat*", "asked", "elnyelné egy másik tananyag szavát"),
        ("kérem", "asked", "hétköznapi szó"),
        ("modul", "field", "hétköznapi szó"),
        ("za", "anywhere", "túl rövid"),
        ("!!", "asked", "Írjon be egy szót"),
        ("<b>x</b>", "asked", "csak betű, számjegy"),
        ("adó", "asked", "már szerepel ennél a tananyagnál"),
    ],
)
def test_a_word_that_would_spoil_the_reading_is_refused_with_the_reason(
    page: Client, word: str, tier: str, said: str
) -> None:
    assert said in draft(page, word, tier=tier)
    assert not ModuleWord.objects.exists()


def test_a_word_that_moves_cannot_stay_at_both(page: Client) -> None:
    draft(page, "hagyaték", HAGYATEK, removes="1")
    for tier in ("anywhere", "field"):
        for word in load_catalogue().modules[[m.id for m in load_catalogue().modules].index(HAGYATEK)].field:
            if tier == "field" and word == "hagyatek":
                draft(page, word, HAGYATEK, tier, removes="1")
    assert "tervezet: bekerül" in draft(page, "hagyaték", ADO)
    removal = ModuleWord.objects.get(module=HAGYATEK)
    told = strip_tags(page.post(f"/directories/words/{removal.pk}/drop", follow=True).content.decode())
    assert "egy szó nem jelenthet kettőt" in told
    assert ModuleWord.objects.filter(module=HAGYATEK).exists()


def test_drafts_that_changed_or_were_never_replayed_are_not_switched_on(page: Client) -> None:
    draft(page, "zöldfülke")
    seen = mark_of(get_drafts())
    page.post("/rules/drafts/switch-on", {"seen": seen})
    assert not ModuleWord.objects.filter(live=True).exists()
    draft(page, "kékfülke")
    page.post("/rules/drafts/switch-on", {"seen": seen, "unseen": "1"})
    assert not ModuleWord.objects.filter(live=True).exists()


def test_search_finds_a_module_by_its_words(page: Client) -> None:
    told = strip_tags(page.get("/directories/modules?q=hagyatekle").content.decode())
    assert "Tananyagok (1)" in told


def test_a_course_is_set_and_goes_back_to_the_configuration(page: Client) -> None:
    address = f"/directories/modules/{ADO}/course"
    page.post(address, {"course": " ADO-2027 ", "seen": ""})
    assert load_courses({ADO: "X"})[ADO] == "ADO-2027"
    assert page.post(address, {"course": "Y", "seen": ""}).status_code == 409
    page.post(address, {"course": "", "seen": "ADO-2027"})
    assert not ModuleCourse.objects.exists()
    assert Event.objects.filter(verb="course_set").count() == 2


def test_a_reviewer_sees_words_and_may_not_switch_on(client: Client) -> None:
    client.force_login(make_user("r", role=Role.REVIEWER))
    shown = client.get(f"/directories/modules/{ADO}").content.decode()
    assert "new-word" not in shown
    assert client.post("/rules/drafts/switch-on").status_code == 403
    assert client.get("/rules/drafts").status_code == 403


def test_every_change_stands_with_before_and_after(page: Client, staff: User) -> None:
    draft(page, "zöldfülke")
    switch_on(page)
    page.post(f"/directories/modules/{ADO}/course", {"course": "ADO-2027", "seen": ""})
    page.post("/directories/clerks/add", {"municipality": "Aba", "address": "jegyzo@aba.hu", "name": "dr. Minta Béla"})
    case = {"address": "uj@aba.hu", "municipality": "Aba", "learned": True}
    Event.objects.create(verb="clerk_confirmed", actor=staff, details=case)
    told = " ".join(strip_tags(page.get("/directories/changes").content.decode()).split())
    for words in (
        "Bekapcsolta a tananyagok új szavait",
        "ADÓ, Kérésben: zoldfulke",
        "Kurzus rövid neve: ADO-2027",
        "Aba – jegyzo@aba.hu",
        "Aba – uj@aba.hu",
        "Minta Márta",
    ):
        assert words in told


def test_words_from_a_file_become_drafts_and_the_bad_ones_are_told_by_line(page: Client) -> None:
    text = (
        "Tananyag;Szó;Hol\nADÓ;zöldfülke;kérésben\nPM-2363-1710-BS;kékfülke;\nADÓ;hagyaték;kérésben\nADÓ;adó;kérésben\n"
        "Narnia;x;\nADÓ;kérem;\nADÓ;pirosfülke;valahol\nADÓ;pirosfülke;\nHagyaték;pirosfülke;\n"
    )
    file = SimpleUploadedFile("szavak.csv", text.encode())
    told = " ".join(strip_tags(page.post("/directories/modules/words/upload", {"file": file}).content.decode()).split())
    for part in (
        "2 új tervezet",
        "1 már szerepelt",
        "4.„hagyatek” már egy másik",
        "6.„x”: ismeretlen",
        "7.„kerem” hétköznapi",
        "8.",
    ):
        assert part in told
    assert set(ModuleWord.objects.values_list("word", "tier")) == {("zoldfulke", "asked"), ("kekfulke", "asked")}
    assert read() == set()
    assert "pirosfülke" not in str(Event.objects.get(verb="module_word_drafted").details)


def test_the_words_download_can_be_taken_in_again(page: Client) -> None:
    draft(page, "zöldfülke")
    data = page.get("/directories/modules/words").content
    assert "zoldfulke;tervezet: bekerül" in data.decode("utf-8-sig")
    file = SimpleUploadedFile("szavak.csv", data)
    told = strip_tags(page.post("/directories/modules/words/upload", {"file": file}).content.decode())
    assert "0 új tervezet" in told
    assert "0 kihagyott sor" in told
    bad = SimpleUploadedFile("x.csv", b"a;b\n1;2\n")
    answer = page.post("/directories/modules/words/upload", {"file": bad}, follow=True)
    assert "Nem található a fejléc" in answer.content.decode()


def test_a_correction_that_a_new_release_contradicts_is_told(page: Client, staff: User) -> None:
    word = next(one for one in load_catalogue().modules if one.id == HAGYATEK).asked[0]
    ModuleWord.objects.create(module=ADO, tier="asked", word=word, live=True, author=staff)
    assert "Egy javítás ütközik" in page.get("/directories/modules").content.decode()
    ModuleWord.objects.all().delete()
    assert "Egy javítás ütközik" not in page.get("/directories/modules").content.decode()
