"""Settlements in text: offices, fields, districts, inflections, and the people and words that look like them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue import load_catalogue
from rules.reading.municipality import How, find_municipalities

CATALOGUE = load_catalogue()


def found(text: str, *, in_field: bool = False) -> list[str]:
    return [hit.value for hit in find_municipalities(text, CATALOGUE, in_field=in_field)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tiszaföldvár Város Önkormányzata", "Tiszaföldvár"),
        ("TISZAFÖLDVÁR VÁROS ÖNKORMÁNYZATA", "Tiszaföldvár"),
        ("Tiszafoldvar Varos Onkormanyzata", "Tiszaföldvár"),
        ("Tiszaföldvár-i Önkormányzat", "Tiszaföldvár"),
        ("dolgozom Tiszaföldvár  Városi Önkormányzatánál", "Tiszaföldvár"),
        ("Polgármesteri Hivatal Tiszaföldvár", "Tiszaföldvár"),
        ("Tiszaföldvár\nPolgármesteri Hivatal", "Tiszaföldvár"),
        ("tiszaföldvári polgármesteri hivatal", "Tiszaföldvár"),
        ("Lukácsházi Közös Önkormányzati Hivatal", "Lukácsháza"),
        ("Hegyeshalmi Polgármesteri Hivatal", "Hegyeshalom"),
        ("Sándorfalvi Polgármesteri Hivatal", "Sándorfalva"),
        ("az Egri Polgármesteri Hivatalban", "Eger"),
        ("Balatonfüredi Közös Önk. Hivatal", "Balatonfüred"),
        ("Hmvhelyi Polgármesteri Hivatal", "Hódmezővásárhely"),
        ("Győr Megyei Jogú Város Önkormányzata", "Győr"),
        ("Szolnok MJV Önkormányzata", "Szolnok"),
        ("Pécs M.J.V. Önkormányzata; PIR: 741116; Baranya", "Pécs"),
        ("Heves Város Önkormányzata, Heves megye", "Heves"),
        ("Pap Község Önkormányzata", "Pap"),
        ("dolgozom a Varga Községi Önkormányzatnál", "Varga"),
        ("Tab Városi Önkormányzat", "Tab"),
        ("tab varos onkormanyzata", "Tab"),
        ("a vepi kozos hivatal", "Vép"),
        ("a szobi hivatalban dolgozom", "Szob"),
        ("Debreceni Óvoda", "Debrecen"),
        ("Tarjáni KÖH", "Tarján"),
        ("Mezőkovácsházi PH", "Mezőkovácsháza"),
        ("Csepeli Önkormányzat", "Budapest XXI. kerület"),
        ("Fővárosi Önkormányzat", "Budapest"),
        ("Budapest Főváros Önkormányzata", "Budapest"),
    ],
)
def test_knows_a_settlement_by_its_institution(text: str, name: str) -> None:
    (hit,) = find_municipalities(text, CATALOGUE)
    assert (hit.value, hit.how, hit.known) == (name, How.INSTITUTION, True)
    assert hit.county == CATALOGUE.settlements[name].county


@pytest.mark.parametrize(
    "text",
    [
        "Budapest XIII. kerület",
        "Bp. XIII. ker.",
        "Bp XIII.ker",
        "Budapest, XIII. kerület",
        "Budapest Főváros XIII. Kerületi Önkormányzat",
        "a 13. kerületben dolgozom",
        "13. ker. Önkormányzat",
        "Budapest XIII.",
        "1138 Budapest, Béke tér 1.",
        "Angyalföldön dolgozom",
    ],
)
def test_knows_districts_of_the_capital(text: str) -> None:
    assert found(text) == ["Budapest XIII. kerület"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Budapest I. Kerület Budavári Önkormányzat", "I"),
        ("Budapest Főváros VI. Kerület Terézváros Önkormányzata", "VI"),
        ("Belváros-Lipótváros Budapest Főváros V. ker. Önkormányzata", "V"),
        ("Budafok-Tétény Budapest XXII. kerületi Önkormányzata", "XXII"),
        ("Budapest Főváros XV. Kerület Rákospalota, Pestújhely, Újpalota Önkormányzata", "XV"),
    ],
)
def test_official_names_of_districts(text: str, number: str) -> None:
    assert set(found(text)) == {f"Budapest {number}. kerület"}


def test_a_joint_office_names_its_seat_and_its_branch() -> None:
    seat, branch = find_municipalities("Kővágóörsi Közös Önkormányzati Hivatal Szentbékkállai Kirendeltsége", CATALOGUE)
    assert (seat.value, seat.branch) == ("Kővágóörs", False)
    assert (branch.value, branch.branch) == ("Szentbékkálla", True)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("Tiszaföldváron dolgozom", How.INFLECTED),
        ("Pápán dolgozom, Hatvanból jöttem át", How.INFLECTED),
        ("5430 Tiszaföldvár, Bajcsy u. 2.", How.POSTAL),
        ("4800 Pap", None),
        ("4631 Pap, Kossuth u. 1.", How.POSTAL),
        ("a tiszaföldvári kolléga", How.ADJECTIVE),
        ("Tiszaföldvár városban", How.STATUS),
        ("Tiszaföldvár, 2026. március 4.", How.DATELINE),
        ("Önkormányzat: Pap", How.FIELD),
        ("Település neve: Ács", How.FIELD),
        ("Tóth Gizella, Tab, pir 749255, Somogy", How.BARE),
        ("Jó napot Kovács Éva vagyok tiszaföldvár pir 740009", How.BARE),
    ],
)
def test_tells_how_a_place_was_named(text: str, how: How | None) -> None:
    hits = find_municipalities(text, CATALOGUE)
    assert (hits[0].how if hits else None) == how


@pytest.mark.parametrize(
    "text",
    [
        "Pap Éva vagyok",
        "Varga Anna",
        "Izsák Éva",
        "Szilágyi Éva pénzügyi ügyintéző",
        "Gyulának kérném a hozzáférést",
        "Erzsébet kolléganőm",
        "Zala megye",
        "Győr-Moson-Sopron vármegye",
        "Komárom-Esztergom",
        "Szül. hely: Szeged",
        "Lakcím: 6720 Szeged, Fő u. 1.",
        "Közös Önkormányzati Hivatal",
        "Helyi Önkormányzat",
        "az Önkormányzat dolgozója",
        "Munkáltató\nÖnkormányzat: ",
        "KOVÁCS JÁNOSNÉ\nÖNKORMÁNYZAT",
        "Kovács Iván\tÖnkormányzat",
        "Napsugár Óvoda és Bölcsőde",
        "Szent László Völgye Többcélú Kistérségi Társulás",
        "Kovács Éva Hivatalvezető",
        "2026. II. negyedév",
        "iker",
        "a heti önkormányzati ülés",
        "a zalai hivatal",
        "a mi városi önkormányzatunk",
        "Terem, levél, udvar, hét, kulcs, patak",
        "kovacs@tiszafoldvar.hu, www.tiszafoldvar.hu",
        "",
    ],
)
def test_people_counties_and_words_are_no_settlements(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Barackosvölgy Község Önkormányzata", "Barackosvölgy"),
        ("Barackosvölgyi Közös Önkormányzati Hivatalban dolgozom", "Barackosvölgy"),
        ("BARACKOSVÖLGY KÖZSÉG ÖNKORMÁNYZATA", "Barackosvölgy"),
        ("Mintaházi Polgármesteri Hivatal", "Mintaháza"),
    ],
)
def test_keeps_the_name_of_an_institution_that_no_list_holds(text: str, name: str) -> None:
    (hit,) = find_municipalities(text, CATALOGUE)
    assert (hit.value, hit.known, hit.how) == (name, False, How.INSTITUTION)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tiszaföldvr Város Önkormányzata", "Tiszaföldvár"),
        ("Balatonfüerdi Közös Önkormányzati Hivatal", "Balatonfüred"),
        ("Hajdúböszörményy Város Önkormányzata", "Hajdúböszörmény"),
    ],
)
def test_sets_a_slip_of_the_pen_right_in_an_institution(text: str, name: str) -> None:
    (hit,) = find_municipalities(text, CATALOGUE)
    assert (hit.value, hit.known, hit.typo) == (name, True, True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tiszaföldvár", "Tiszaföldvár"),
        ("tiszafoldvar", "Tiszaföldvár"),
        ("Tiszaföldva", "Tiszaföldvár"),
        ("Pap", "Pap"),
        ("Hmvhely", "Hódmezővásárhely"),
        ("Alsógöd", "Göd"),
        ("Bp. 13. ker.", "Budapest XIII. kerület"),
        ("Budapest", "Budapest"),
        ("KÖH Ozora", "Ozora"),
        ("Kál Nagyközség", "Kál"),
        ("Önkormányzat Tiszaföldvár", "Tiszaföldvár"),
        ("Tiszaföldvár Szolnok megye", "Tiszaföldvár"),
        ("Szentes Város Önkormányzata (6600 Szentes, Kossuth tér 6.)", "Szentes"),
        ("Barackosvölgy", "Barackosvölgy"),
        ("Közös Önkormányzati Hivatal", None),
        ("önkormányzat", None),
        ("Baranya vármegye", None),
        ("741116; Baranya", None),
        ("-", None),
    ],
)
def test_reads_municipality_fields(text: str, name: str | None) -> None:
    assert found(text, in_field=True) == ([name] if name else [])


def test_every_settlement_is_known_in_a_field() -> None:
    assert [name for name in CATALOGUE.settlements if found(name, in_field=True) != [name]] == []


def test_accents_tell_twins_apart() -> None:
    assert found("Komlói Közös Önkormányzati Hivatal") == ["Komló"]
    assert found("Kömlői Közös Önkormányzati Hivatal") == ["Kömlő"]
    assert found("Kömörő Község Önkormányzatánál") == ["Kömörő"]


def test_every_council_and_joint_office_is_known() -> None:
    missed = [
        name
        for name in CATALOGUE.settlements
        if "Budapest" not in name and found(f"a(z) {name} Község Önkormányzatánál dolgozom") != [name]
    ]
    assert missed == []


@settings(deadline=None)  # other work may hold the machine
@given(st.text(max_size=200), st.booleans())
def test_no_text_is_too_strange(text: str, in_field: bool) -> None:
    for hit in find_municipalities(text, CATALOGUE, in_field=in_field):
        assert text[hit.start : hit.end] == hit.excerpt


def test_time_grows_with_the_text_only() -> None:
    text = "Tiszaföldvár Város Község Roma Nemzetiségi és Helyi 5430 Pap Budapest XIII ker. "
    seconds = []
    for times in (100, 400):
        start = time.process_time()
        find_municipalities(text * times, CATALOGUE)
        seconds.append(time.process_time() - start)
    assert seconds[1] < 12 * seconds[0] + 0.2
