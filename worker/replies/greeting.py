"""The writer's own full name, where it is certain: for the greeting. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.catalogue import Catalogue
from rules.model import Message, Origin, Person, Problem
from rules.text import fold
from worker.replies.hygiene import phrase

_TITLE = re.compile(r"\b(?:dr|ifj|id|özv|prof|phd)\b\.?", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*\.?(?:-[^\W\d_]+)*(?: [^\W\d_][^\W\d_.'’-]*\.?(?:-[^\W\d_]+)*){1,4}")
_CERTAIN = 0.8


def writer_name(message: Message, people: Sequence[Person], catalogue: Catalogue) -> str:
    """How to greet the writer, or "" where the name is not certain (policy.md §8, domain.md §10.2).

    Two signs: the display name of the sender in Hungarian order, and the person who asks for access of their own.
    Where both speak they must agree; the display name wins because it holds the titles.
    """
    shown = _display_name(message, catalogue)
    own = _own_request(message, people)
    if shown and own and _tokens(shown) != _tokens(own):
        return ""
    return _cased(shown or own)


def certain_name(person: Person) -> str:
    """How to greet `person`, who did not write to us; "" where the name is not certain."""
    return _cased(_clear_name(person))


def _display_name(message: Message, catalogue: Catalogue) -> str:
    """The sender's display name if it is a person's, family name first; "" for offices and foreign order."""
    if len(message.from_) != 1:
        return ""
    name = phrase(message.from_[0].name)
    words = _TITLE.sub(" ", name).split()
    if not _NAME.fullmatch(name) or len(words) < 2:
        return ""
    ends_given = _is_given_name(words[-1], catalogue)
    return name if ends_given and not _is_given_name(words[0], catalogue) else ""


def _own_request(message: Message, people: Sequence[Person]) -> str:
    """The name of the one person who, by name or address, is the sender."""
    addresses = {one.address for one in message.from_}
    names = [_clear_name(person) for person in people if _is_writer(person, addresses)]
    return names[0] if len(names) == 1 else ""


def _is_writer(person: Person, addresses: set[str]) -> bool:
    if Problem.EMAIL_SHARED in person.problems or Problem.EMAIL_NOT_PERSONAL in person.problems:
        return False
    return person.email is not None and (person.email.origin is Origin.SENDER or person.email.value in addresses)


def _clear_name(person: Person) -> str:
    field = person.full_name
    if field is None or field.certainty < _CERTAIN or Problem.FULL_NAME_MISSING in person.problems:
        return ""
    name = phrase(field.value)
    return name if _NAME.fullmatch(name) else ""


def _is_given_name(word: str, catalogue: Catalogue) -> bool:
    folded = fold(word)
    stem = folded[:-2] if folded.endswith("ne") else folded
    return bool({folded, stem} & catalogue.given_names)


def _tokens(name: str) -> set[str]:
    return set(fold(_TITLE.sub(" ", name)).replace("-", " ").split())


def _cased(name: str) -> str:
    """`name` with capitals where a letter has them: KOVÁCS ÉVA → Kovács Éva, dr. → Dr. at the head."""
    if name.islower():
        return ""  # quickly typed, most often without its accents: no way to greet somebody
    words = [word.title() for word in name.split()] if name.isupper() else name.split()
    if words and words[0].lower() in ("dr.", "dr"):
        words[0] = "Dr."
    return " ".join(words)
