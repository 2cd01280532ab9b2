"""Names in text, cells and display names; who they are to the mail."""

from __future__ import annotations

import pytest

from config.catalogue import load_catalogue
from rules.reading.fitting import local_part_fits
from rules.reading.lexicon import lexicon_of
from rules.reading.name_forms import nominative
from rules.reading.names import find_names, read_display_name, read_name, same_person
from rules.reading.prose import find_roles

LEXICON = lexicon_of(load_catalogue())


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Anna", "Anna"),
        ("Annának", "Anna"),
        ("Évát", "Éva"),
        ("Évával", "Éva"),
        ("Péterrel", "Péter"),
        ("Balázzsal", "Balázs"),
        ("Györggyel", "György"),
        ("Bencének", "Bence"),
        ("Józsefné", "Józsefné"),
        ("Józsefnének", "Józsefné"),
        ("Margit", "Margit"),
        ("Szabolcsot", "Szabolcs"),
        ("Kérem", None),
        ("Hivatal", None),
        ("ANNÁNAK", "ANNA"),
    ],
)
def test_nominative(word: str, expected: str | None) -> None:
    assert nominative(word, LEXICON) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kérem Kovács Anna regisztrációját.", ["Kovács Anna"]),
        ("Kovács Annának és Nagy Évának kérném", ["Kovács Anna", "Nagy Éva"]),
        ("Kovácsné Nagy Éva, Kun Béláné", ["Kovácsné Nagy Éva", "Kun Béláné"]),
        ("Pékné dr. Csefkó Judit és dr. Kis Pál", ["Pékné dr. Csefkó Judit", "dr. Kis Pál"]),
        ("B. Kovács Éva", ["B. Kovács Éva"]),
        ("Nagy-Török Beáta", ["Nagy-Török Beáta"]),
        ("Szabó Anna Mária", ["Szabó Anna Mária"]),
        ("Németh Szabolcs", ["Németh Szabolcs"]),
        ("Magyar Tibor a Magyar Államkincstárnál", ["Magyar Tibor"]),
        ("HORVATH JOZSEFNE", ["HORVATH JOZSEFNE"]),
        ("Tisztelt Oktatás! Üdvözlettel: Éva", []),
        ("9970 Szentgotthárd, Széll Kálmán tér 11.", []),
        ("a Móra Ferenc Általános Iskola", []),
        ("N. Csaba", []),
        ("Gazdálkodás KATI", []),
        ("Iktató\nKovács Anna", ["Kovács Anna"]),
        ("Zsuzsi Mintafaluról", []),
        ("Éva Mintaházából", []),
        ("Gabriella Funk", ["Funk Gabriella"]),
    ],
)
def test_find_names(text: str, expected: list[str]) -> None:
    assert [hit.name for hit in find_names(text, LEXICON)] == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Kovács Anna", "Kovács Anna"),
        ("Kovács Anna (szül.: Nagy Anna)", "Kovács Anna"),
        ("Kovács Anna pénzügyi ügyintéző", "Kovács Anna"),
        ("Kovács Anna, Tab", "Kovács Anna"),
        ("kovács anna", "kovács anna"),
        ("Anna Kovács", "Anna Kovács"),
        ("Xyloné Qwert Zsanelka", "Xyloné Qwert Zsanelka"),
        ("Évi", ""),
        ("Kovácsné", ""),
        ("......", ""),
        ("Kovács A.", ""),
        ("Pénzügyi Iroda", ""),
    ],
)
def test_read_name(value: str, expected: str) -> None:
    assert read_name(value, LEXICON) == expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("Vince Pordány", "Pordány Vince"),
        ("Pordány Vince", "Pordány Vince"),
        ("Nagy-Török Beáta [Hatvan]", "Nagy-Török Beáta"),
        ("Kovács, Anna", "Kovács Anna"),
        ("Polgármesteri Hivatal", ""),
        ("Titkárság", ""),
        ("dr. Fazekas Ildikó jegyző", "dr. Fazekas Ildikó"),
        ("ASP Oktatás", ""),
        ("", ""),
    ],
)
def test_display_name(shown: str, expected: str) -> None:
    assert read_display_name(shown, LEXICON) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kovács Anna", "KOVÁCS ANNA", True),
        ("Kovács Anna", "dr. Kovács Anna", True),
        ("Somlainé Vinkler Andrea", "Vinkler Andrea", True),
        ("Anna Kovács", "Kovács Anna", True),
        ("Kovács Anna", "Kovács Éva", False),
        ("Bakk Károly", "Bakk Károlyné", False),
        ("Kovács", "Kovács Anna", False),
    ],
)
def test_same_person(one: str, other: str, same: bool) -> None:
    assert same_person(one, other, LEXICON) is same


@pytest.mark.parametrize(
    ("address", "name", "fits"),
    [
        ("kovacs.anna@tab.hu", "Kovács Anna", True),
        ("anna.kovacs@tab.hu", "Kovács Anna", True),
        ("kovacsa@tab.hu", "Kovács Anna", True),
        ("drkovacsanna@tab.hu", "dr. Kovács Anna", True),
        ("nagyeva@tab.hu", "Kovácsné Nagy Éva", True),
        ("kovacs.bela@tab.hu", "Kovács Anna", False),
        ("titkarsag@tab.hu", "Kovács Anna", False),
    ],
)
def test_local_part_fits(address: str, name: str, fits: bool) -> None:
    assert local_part_fits(address, name, LEXICON) is fits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tisztelt Kovács Anna!", "addressee"),
        ("Sziasztok, Kovács Anna vagyok Tabról", "writer"),
        ("Alulírott Kovács Anna", "writer"),
        ("dr. Kovács Anna jegyző", "jegyzo"),
        ("jegyzőnk, Kovács Anna tud róla", "jegyzo"),
        ("Jegyző: dr. Kovács Anna", "jegyzo"),
        ("Kovács Anna aljegyző", "other"),
        ("Kovács Anna polgármester", "other"),
        ("Kovács Anna helyett", "other"),
        ("Kovács Anna kolléganőm nyugdíjba ment", "other"),
        ("Kovács Annával egyeztettem", "other"),
        ("kolléganőm, Kovács Anna", "applicant"),
        ("Kovács Anna részére", "applicant"),
        ("Kovács Anna nevű munkatársunk", "applicant"),
        ("ma találkoztam, Kovács Anna, ebéd", "neutral"),
    ],
)
def test_role(text: str, expected: str) -> None:
    assert [one.role.value for one in find_roles(text, LEXICON)] == [expected]


def test_a_row_of_names_shares_its_role() -> None:
    roles = find_roles("Nagy Éva, Kis Pál és Vas Béla munkatársaink részére", LEXICON)
    assert [(one.name.name, one.role.value) for one in roles] == [
        ("Nagy Éva", "applicant"),
        ("Kis Pál", "applicant"),
        ("Vas Béla", "applicant"),
    ]
