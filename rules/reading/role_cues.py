"""The words around a name that say whose it is, from config/data/phrases/names.toml, as patterns over folded text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rules.reading.lexicon import Lexicon
from rules.text import any_of

_GAP = r"\W{0,4}"
_ARTICLE = r"(?:a |az )?(?:[a-z]+i )?"  # "a tabi"
_SIGNED = r"(?:,?\s{0,2}s\.?\s?k\.?(?![a-z]))?"  # "s.k."
_ON_LEAVE = r"gye[sd](?![a-z]*\W{1,3}(?:vissza|hazater|ujra))"  # gone, not come back
_WHEN = (  # "november 30-ával", "2026. december 1-jétől", "a hónap végén"
    r"(?:(?:20\d\d\.?|(?:januar|februar|marcius|aprilis|majus|junius|julius|augusztus|szeptember|oktober|november|december)"
    r"[a-z]*|\d{1,2}[.-]?[a-z]*|az?|ev|honap|jovo|het[a-z]*|veg[a-z]+|mar|most|hamarosan|sajnos|idokozben|nalunk|tolunk|hivatal[a-z]*)"
    r"\W{1,3}){0,5}"
)
_CLAUSE = r"(?:(?![.!?]\s|\n\n| es | de | viszont|nincs|nem ).){0,45}?"


@dataclass(frozen=True, slots=True)
class RoleCues:
    """`…_after` patterns match from the end of a name on, `…_before` ones end where it begins."""

    jegyzo_after: re.Pattern[str]
    jegyzo_before: re.Pattern[str]
    other_after: re.Pattern[str]
    other_before: re.Pattern[str]
    writer_after: re.Pattern[str]
    writer_before: re.Pattern[str]
    for_after: re.Pattern[str]
    for_before: re.Pattern[str]
    settled_after: re.Pattern[str]


@lru_cache(maxsize=4)
def role_cues(lexicon: Lexicon) -> RoleCues:
    """The cues of the lexicon's word lists."""

    def words(name: str) -> str:
        return any_of(lexicon.words.get(name, ()))

    jegyzo = r"(?:fo|kor)?jegyzo"
    grades = rf"(?:{words('jegyzo_grades')}\s+)*"
    colleague = rf"(?:(?:volt )?{words('colleague_words')}\W{{1,3}})?"
    return RoleCues(
        jegyzo_after=re.compile(rf"{_SIGNED}{_GAP}{_ARTICLE}{grades}{jegyzo}(?!konyv|i(?![a-z])|helyett|seg)"),
        jegyzo_before=re.compile(
            rf"(?<![a-z]){jegyzo}(?:nk|je|nket|nknek|vel|nkkel|t|jet|jenek)?\W{{0,3}}(?:ur\w*|asszony\w*|no)?\W{{0,6}}$"
        ),
        other_after=re.compile(
            rf"{_GAP}{_ARTICLE}(?:al|fo)?polgarmester(?!i)|{_GAP}aljegyzo"
            rf"|\W{{0,3}}{colleague}{_WHEN}(?:{words('after_one_who_leaves')}|{_ON_LEAVE})"
            rf"|\W{{0,3}}{words('after_one_who_is_not_asked_for')}"
        ),
        other_before=re.compile(rf"(?<!vala){words('before_somebody_else')}{_GAP}$"),  # "mint", but not "valamint"
        writer_after=re.compile(
            rf"(?:[^.!?\n:]|\n(?!\n)|(?<=dr)\.){{0,60}}?(?<![a-z]){words('after_the_writer')}(?![a-z])"
        ),
        writer_before=re.compile(rf"{words('before_the_writer')}{_GAP}$"),
        for_after=re.compile(rf"[a-z]{{0,5}}\W{{0,3}}{words('after_an_applicant')}"),
        for_before=re.compile(rf"{words('before_an_applicant')}{_GAP}$"),
        settled_after=re.compile(
            rf"{_CLAUSE}(?<![a-z])(?:{words('settled_when')} (?:[a-z]+ ){{0,3}}{words('settled_how')}"
            rf"|megkapta (?:a |az )?(?:hozzafer|belep|jelsz|jogosult|regisztr))",
            re.S,
        ),
    )
