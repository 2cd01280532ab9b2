"""The data files: complete, consistent, held against the statistical office's list, and refused with a clear word."""

import csv
import shutil
import time
from pathlib import Path

import pytest

from config.catalogue import DATA, DataError, load_catalogue, read_catalogue
from rules.text import fold

KSH = Path(__file__).parents[3] / "shared" / "data" / "settlements-ksh-2015.csv"  # beside the project, where given
CATALOGUE = load_catalogue()


def test_the_faqs_table_is_whole() -> None:
    ids = [module.id for module in CATALOGUE.modules]
    assert len(ids) >= 21  # as the FAQ had them in November 2026; nothing counts those added since
    inside = [module.short_name for module in CATALOGUE.modules if module.inside]
    assert len(inside) >= 10  # five of irat, five of gazdálkodás
    assert "Irat alkalmazásgazda" not in inside
    assert "Gazdálkodás - VIR, ETRIUSZ" not in inside


def test_there_are_nineteen_counties_and_the_capital() -> None:
    assert len(CATALOGUE.counties) == 20
    assert "Csongrád-Csanád" in CATALOGUE.counties


def test_settlements_and_districts() -> None:
    districts = [name for name in CATALOGUE.settlements if name.startswith("Budapest ")]
    assert len(districts) == 23
    assert CATALOGUE.settlements["Budapest XIII. kerület"].county == "Budapest"
    assert "Angyalföld" in CATALOGUE.settlements["Budapest XIII. kerület"].aliases
    assert "Alsógöd" in CATALOGUE.settlements["Göd"].parts
    assert {place.county for place in CATALOGUE.settlements.values()} == set(CATALOGUE.counties)


@pytest.mark.skipif(not KSH.exists(), reason="the statistical office's list is not at hand")
def test_every_settlement_of_the_statistical_office_is_there_in_its_county() -> None:
    renamed = {"Csongrád": "Csongrád-Csanád", "főváros": "Budapest"}
    with KSH.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if not row["name"].startswith("Budapest")]
    wrong = [
        row["name"]
        for row in rows
        if row["name"] not in CATALOGUE.settlements
        or CATALOGUE.settlements[row["name"]].county != renamed.get(row["county"], row["county"])
    ]
    assert wrong == []
    assert len(rows) == 3154  # and Budapest


def test_words_are_folded_and_names_are_many() -> None:
    assert len(CATALOGUE.given_names) > 1000
    assert {"eva", "zsuzsanna", "laszlo"} <= CATALOGUE.given_names
    assert "kati" in CATALOGUE.nicknames["katalin"]
    for key in ("role_words", "role_words_ambiguous", "role_words_short", "jegyzo_words", "place_offices"):
        assert all(word == fold(word) for word in CATALOGUE.words[key]), key


def test_phrase_files_are_loaded_under_their_keys() -> None:
    assert "label_pir" in CATALOGUE.words


def test_the_catalogue_is_read_quickly_and_names_its_state() -> None:
    start = time.process_time()
    again = read_catalogue(DATA)
    assert time.process_time() - start < 2  # a quarter of a second on a free machine
    assert again.version == CATALOGUE.version
    assert load_catalogue() is CATALOGUE


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("modules.toml", 'inside = "PM-2770-2105-BS"', 'inside = "PM-0000"', "modules.toml: PM-2772-2105-BS: inside"),
        (
            "modules.toml",
            'id = "PM-2871-2204-BS"',
            'id = "PM-2870-2204-BS"',
            "modules.toml: PM-2870-2204-BS stands twice",
        ),
        ("modules.toml", 'short_name = "ADÓ"\n', "", "modules.toml: PM-2777-2105-BS: short_name is missing"),
        (
            "modules.toml",
            'field = ["portal", ',
            'field = ["adó", ',
            "modules.toml: PM-2870-2204-BS: 'adó' names already PM-2777",
        ),
        ("modules.toml", "joins = [", "joins = [1, ", "modules.toml: joins"),
        ("counties.toml", "source =", "sauce =", "counties.toml: source is missing"),
        ("counties.toml", "[[county]]", "[[county", "counties.toml:"),
        (
            "counties.toml",
            'spellings = ["Zala"',
            'spellings = ["Zala", "VAS"',
            "counties.toml: Zala: 'VAS' is a spelling of Vas",
        ),
        ("settlements.csv", "Aba,Fejér,", "Aba,Feher,", "settlements.csv: line 5"),
        ("settlements.csv", "Aba,Fejér,", "Abasár,Fejér,", "settlements.csv: line 7"),
        ("settlement_names.toml", '"Kecskemét" =', '"Kecskemet" =', "settlement_names.toml: Kecskemet"),
        ("phrases/labels.toml", "label_pir =", "role_words =", "labels.toml: role_words: this list stands in another"),
    ],
)
def test_a_mistake_in_a_file_is_named(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DataError, match="^" + message):
        read_catalogue(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    (folder / "settlements.csv").unlink()
    with pytest.raises(DataError, match=r"settlements\.csv"):
        read_catalogue(folder)


def test_a_word_more_needs_no_code(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    path = folder / "role_words.toml"
    path.write_text(path.read_text("utf-8").replace('tax = """', 'tax = """\nsarkanyetetes', 1), "utf-8")
    assert "sarkanyetetes" in read_catalogue(folder).words["role_words"]
