"""The small language of phrases (config/data/phrases/wishes.toml tells it)."""

from __future__ import annotations

import pytest

from config.catalogue import load_catalogue
from rules.reading.phrases import find_phrases, norm_of
from rules.text import fold


def found(line: str, text: str, **words: tuple[str, ...]) -> list[str]:
    return [text[hit.start : hit.end] for hit in find_phrases(text, {"list": (line,), **words}, ("list",))]


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("kerem", "Kérem szépen", ["Kérem"]),
        ("kerem", "kéremé", []),
        ("regisztral*", "Regisztráljanak!", ["Regisztráljanak"]),
        ("uj|masik jelszo", "Új jelszó kell", ["Új jelszó"]),
        ("uj jelszo", "új szép jelszó", []),
        ("uj .. jelszo", "új szép nagy jelszó", ["új szép nagy jelszó"]),
        ("uj .. jelszo", "új a b c d e jelszó", []),
        ("uj ... jelszo", "új a b c d e jelszó", ["új a b c d e jelszó"]),
        ("uj .. jelszo", "Új. Jelszó kell", []),
        ("uj .. jelszo", "új\njelszó", ["új\njelszó"]),
        ("uj .. jelszo", "új\n\njelszó", []),
        ("& jelszo uj", "új kell, mert a jelszó rossz", ["új kell, mert a jelszó"]),
        ("& jelszo uj", "Új kell. A jelszó rossz.", []),
        ("jelszoemlekezteto", "jelszó-emlékeztető", ["jelszó-emlékeztető"]),
        ("van e", "van-e fiókom", ["van-e"]),
    ],
)
def test_language(line: str, text: str, expected: list[str]) -> None:
    assert found(line, text) == expected


def test_macro() -> None:
    assert found("<want> jelszo", "szeretnék jelszó", phrase_words=("want=kerek|szeretnek",)) == ["szeretnék jelszó"]


@pytest.mark.parametrize(
    "word", ["regsztráció", "regisztrácio", "regiszráció", "hozzáfrés", "bejelenkezni", "jogosúltság"]
)
def test_a_slip_is_forgiven(word: str) -> None:
    spelling = load_catalogue().words["phrase_spelling"]
    assert any(norm_of(fold(word), spelling).startswith(stem) for stem in spelling)


@pytest.mark.parametrize("word", ["register", "hozzátartozó", "bejelentés", "jogosan", "tanulmány"])
def test_other_words_stay(word: str) -> None:
    spelling = load_catalogue().words["phrase_spelling"]
    assert norm_of(fold(word), spelling) == norm_of(fold(word))


def test_every_list_of_the_catalogue_compiles() -> None:
    words = load_catalogue().words
    names = tuple(name for name in words if name.startswith(("ask_", "say_", "point_", "for_", "speak_", "refuse_")))
    assert len(names) > 20
    assert find_phrases("Kérem a regisztrációmat.", words, names)
