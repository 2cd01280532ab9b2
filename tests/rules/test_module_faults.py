"""Words that may not name a module, each with the reason; the product's own words are without fault."""

from __future__ import annotations

import pytest

from config.catalogue import load_catalogue
from rules.catalogue import Module
from rules.module_faults import Fault, find_faults

LISTS = {"module_asks": ("kerem", "kerni*"), "module_nouns": ("modul*",)}


def faults(a: dict[str, tuple[str, ...]], b: dict[str, tuple[str, ...]] | None = None) -> list[Fault]:
    modules = [Module("A", "a", "a", **a), Module("B", "b", "b", **(b or {}))]  # type: ignore[arg-type]
    return list(find_faults(modules, LISTS))


def test_the_products_own_words_are_without_fault() -> None:
    catalogue = load_catalogue()
    assert list(find_faults(catalogue.modules, catalogue.words)) == []


@pytest.mark.parametrize(
    ("word", "tier", "code"),
    [
        ("", "asked", "empty"),
        ("**", "asked", "empty"),
        ("a!b", "asked", "signs"),
        ("* ado", "asked", "signs"),
        ("x" * 121, "asked", "long"),
        ("a b c d e f g h i", "asked", "long"),
        ("a", "field", "short"),
        ("ab", "aliases", "short"),
        ("kérem", "asked", "common"),
        ("kérni", "field", "common"),
        ("modul", "aliases", "common"),
    ],
)
def test_what_a_word_alone_may_be(word: str, tier: str, code: str) -> None:
    assert [(one.code, one.module) for one in faults({tier: (word,)})] == [(code, "A")]


@pytest.mark.parametrize("word", ["ab", "zöld fülke*", "asp-adó", "335 2005"])
def test_what_is_well(word: str) -> None:
    assert faults({"asked": (word,)}) == []


def test_no_word_names_two_modules_whatever_its_tier_accents_and_star() -> None:
    assert faults({"asked": ("fülke",)}, {"field": ("Fulke*",)})[0] == Fault("another", "B", "Fulke*", "A")


def test_a_stem_swallows_no_word_of_another_module() -> None:
    assert faults({"asked": ("ful*",)}, {"field": ("fülke",)}) == [Fault("swallows", "A", "ful*", "fulke")]
    assert faults({"asked": ("ful*", "fülke")}) == []
    assert faults({"asked": ("ful*",)}, {"field": ("zöld fülke",)}) == []
