"""Counties in text: every spelling with "megye", the bare names that may stand alone, and the towns that may not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue import load_catalogue
from rules.catalogue import County
from rules.reading.county import find_counties

CATALOGUE = load_catalogue()


def found(text: str, *, in_field: bool = False) -> list[str]:
    return [hit.value for hit in find_counties(text, CATALOGUE, in_field=in_field)]


@pytest.mark.parametrize("county", CATALOGUE.county_data, ids=lambda county: county.name)
def test_every_spelling_counts_with_megye_and_in_a_field(county: County) -> None:
    for spelling in county.spellings:
        assert found(f"{spelling} megye") == [county.name]
        assert found(f"{spelling.upper()} VÁRMEGYE") == [county.name]
        assert found(f"Megye: {spelling}") == [county.name]
        assert found(spelling, in_field=True) == [county.name]


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("Zala vármegyei", "Zala"),
        ("Zala vármegyéből", "Zala"),
        ("Zala-megye", "Zala"),
        ("Zala m.", "Zala"),
        ("Zala vm., Mintafalu", "Zala"),
        ("Zala Megyében dolgozom", "Zala"),
        ("megye: Zala", "Zala"),
        ("Megye megnevezése: Zala", "Zala"),
        ("vármegye neve - Zala", "Zala"),
        ("Vármegye mindkettőnél: Zala", "Zala"),
        ("a vármegye mindenkinél Zala", "Zala"),
        ("ZALA VÁRMEGYE", "Zala"),
        ("Borsod - Abaúj - Zemplén vm.", "Borsod-Abaúj-Zemplén"),
        ("B.A.Z. megye", "Borsod-Abaúj-Zemplén"),
        ("B.-A.-Z. megye", "Borsod-Abaúj-Zemplén"),
        ("Szabolcs-Szatmár-\nBereg vármegye", "Szabolcs-Szatmár-Bereg"),
        ("Hajdú Bihar megyei", "Hajdú-Bihar"),
        ("Gyor-Moson-Sopron megye", "Győr-Moson-Sopron"),
        ("Fehér megye", "Fejér"),
        ("Csongrád megyében", "Csongrád-Csanád"),
        ("Pest megye", "Pest"),
        ("JNSZ m.", "Jász-Nagykun-Szolnok"),
    ],
)
def test_reads_labelled_counties(text: str, county: str) -> None:
    (hit,) = find_counties(text, CATALOGUE)
    assert (hit.value, hit.labelled) == (county, True)
    assert text[hit.start : hit.end] == hit.excerpt


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("Bács-Kiskun", "Bács-Kiskun"),
        ("Mintafalu, Jász-Nagykun-Szolnok", "Jász-Nagykun-Szolnok"),
        ("a BAZ", "Borsod-Abaúj-Zemplén"),
        ("Mintafalu Község Önkormányzata (Tolna)", "Tolna"),
        ("siklós város önkormányzata (baranya), pir", "Baranya"),
        ("Füzesabony Város Önkormányzata, Heves\nPIR", "Heves"),
        ("Önkormányzat\nVas\nadó", "Vas"),
    ],
)
def test_some_bare_names_count_too_but_are_less_sure(text: str, county: str) -> None:
    (hit,) = find_counties(text, CATALOGUE)
    assert (hit.value, hit.labelled) == (county, False)
    assert hit.certainty < 0.9


@pytest.mark.parametrize(
    "text",
    [
        "Heves városában",
        "Zala partján, Vas Éva és Somogyi Anna",
        "megyei jogú város",
        "a baz",
        "Győr Megyei Jogú Város Önkormányzata",
        "pe, he, to, va",
        "Szolnok",
        "Zalai Éva",
        "vas@zala.hu",
        "",
    ],
)
def test_towns_people_and_words_are_no_counties(text: str) -> None:
    assert [hit for hit in find_counties(text, CATALOGUE) if hit.certainty > 0.5] == []


def test_another_office_of_the_county_is_less_sure() -> None:
    (hit,) = find_counties("Zala Vármegyei Kormányhivatal", CATALOGUE)
    assert hit.certainty < 0.8


@settings(deadline=None)  # other work may hold the machine
@given(st.text(max_size=200), st.booleans())
def test_no_text_is_too_strange(text: str, in_field: bool) -> None:
    for hit in find_counties(text, CATALOGUE, in_field=in_field):
        assert text[hit.start : hit.end] == hit.excerpt
