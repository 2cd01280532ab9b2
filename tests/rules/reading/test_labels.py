"""Labels by their words, and labelled values in running text."""

from __future__ import annotations

import pytest

from config.catalogue import load_catalogue
from rules.reading.labelled import find_entries
from rules.reading.labels import read_label


def slots(label: str) -> set[str]:
    return {slot.value for slot in read_label(label, load_catalogue().words)}


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Név", {"full_name"}),
        ("1. Teljes név", {"full_name"}),
        ("A kérelmező neve", {"full_name"}),
        ("Ügyintéző neve", {"full_name"}),
        ("Nevem", {"full_name"}),
        ("Anyja neve", {"other"}),
        ("Jegyző neve", {"jegyzo"}),
        ("A jegyző e-mail címe", {"jegyzo"}),
        ("PIR szám", {"pir"}),
        ("PIR-szám", {"pir"}),
        ("P.I.R.", {"pir"}),
        ("Törzskönyvi azonosító (PIR)", {"pir"}),
        ("Önkormányzat PIR száma", {"pir"}),
        ("Adószám", {"tax"}),
        ("E-mail cím", {"email"}),
        ("Elektronikus levelezési cím", {"email"}),
        ("Telefon/e-mail", {"email"}),
        ("Vármegye neve", {"county"}),
        ("Önkormányzat (munkavégzés helye)", {"municipality"}),
        ("Munkahely neve, címe", {"municipality"}),
        ("hivatal / PIR", {"municipality", "pir"}),
        ("Megye/település", {"county", "municipality"}),
        ("Program rövid neve az oktatási portálon", {"modules"}),
        ("Kért szakrendszer(ek)", {"modules"}),
        ("Munkakör", {"other"}),
        ("Felhasználói név", {"other"}),
        ("Ssz.", {"other"}),
        ("Hivatkozási szám", {"other"}),
        ("Kedves Kollégák", set()),
        ("dr. Kovács Anna", set()),
        ("Irat", set()),
        ("Üdv", set()),
        ("", set()),
    ],
)
def test_label(label: str, expected: set[str]) -> None:
    assert slots(label) == expected


def entries(text: str) -> list[tuple[str, str]]:
    """Each entry as (slots joined by "+", value)."""
    found = find_entries(text, load_catalogue().words)
    return [("+".join(sorted(one.slots)), text[one.start : one.end].strip()) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Név: Kovács Anna", [("full_name", "Kovács Anna")]),
        ("név = Kovács Anna", [("full_name", "Kovács Anna")]),
        ("Név - Kovács Anna", [("full_name", "Kovács Anna")]),
        ("Név\tKovács Anna", [("full_name", "Kovács Anna")]),
        ("Név: Kovács Anna; PIR: 740009", [("full_name", "Kovács Anna"), ("pir", "740009")]),
        ("Név: Kovács Anna, e-mail: a@b.hu", [("full_name", "Kovács Anna"), ("email", "a@b.hu")]),
        ("PIR:\n740009", [("pir", "740009")]),
        ("PIR:\n\n740009", [("pir", "740009")]),
        ("PIR:\nMegye: Zala", [("pir", ""), ("county", "Zala")]),
        ("Megye: Zala, e-mail:\na@b.hu, modul: adó", [("county", "Zala"), ("email", "a@b.hu"), ("modules", "adó")]),
        ("Modul:\n - Iktató\n - Adó\n\nÜdv", [("modules", "- Iktató\n - Adó")]),
        ("Tananyag: Bank,\nPénztár\nÜdv", [("modules", "Bank,\nPénztár")]),
        ("Tananyag: Bank\nKovács Anna", [("modules", "Bank")]),
        ("E-mail: régi@b.hu, helyesen a@b.hu", [("email", "régi@b.hu, helyesen a@b.hu")]),
        ("(PIR: 740009) részére adó modult kérek", [("pir", "740009")]),
        ("Kezdés: 10:30, lásd http://x.hu", []),
        ("Kérem a regisztrációmat: Kovács Anna", []),
    ],
)
def test_entries(text: str, expected: list[tuple[str, str]]) -> None:
    assert entries(text) == expected
