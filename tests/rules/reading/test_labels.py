"""Which fields labels announce, and what is no label at all."""

from __future__ import annotations

import pytest

from config.catalogue import load_catalogue
from rules.reading.labels import read_label


@pytest.mark.parametrize(
    ("label", "slots"),
    [
        ("Viselt név", "full_name"),
        ("Köztisztviselő neve", "full_name"),
        ("Ki?", "full_name"),
        ("A kérelmező teljes neve (nyomtatott betűvel)", "full_name"),
        ("Polgármesteri hivatal", "municipality"),
        ("Az önkormányzat pontos megnevezése, ahol a kérelmező dolgozik", "municipality"),
        ("Hely", "municipality"),
        ("Önk. neve", "municipality"),
        ("Vm.", "county"),
        ("PIR kódszám", "pir"),
        ("Önkorm. PIR", "pir"),
        ("6 jegyű PIR", "pir"),
        ("Levelezési cím (e-mail)", "email"),
        ("E-postacím", "email"),
        ("Villanyposta", "email"),
        ("Elérhetőség", "contact"),
        ("Címe", "contact"),
        ("Mit szeretne", "modules"),
        ("Melyik modulhoz kér hozzáférést?", "modules"),
        ("A kért tananyagok (a megfelelő megjelölve)", "modules"),
        ("Kapcsolattartó e-mail címe", "other"),
        ("Polgármester neve", "other"),
        ("Felettes neve", "other"),
        ("Születési név", "other"),
        ("Telefonos elérhetőség", "other"),
        ("Jegyző neve", "jegyzo"),
        ("Név, e-mail cím", "email full_name"),
        ("Település, megye", "county municipality"),
        ("Települési portál", ""),
        ("Gárdony", ""),
        ("Kérjük az alábbi kollégák felvételét", ""),
    ],
)
def test_label(label: str, slots: str) -> None:
    assert sorted(read_label(label, load_catalogue().words)) == slots.split()


def test_strange_words_count_only_among_labels() -> None:
    words = load_catalogue().words
    assert not read_label("Becses neve", words)
    assert sorted(read_label("Becses neve", words, among_labels=True)) == ["full_name"]
