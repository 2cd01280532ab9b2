"""Does an address or a display name fit a person's name? (domain.md §6.3: how local parts are formed)"""

from __future__ import annotations

import re

from rules.model import Address
from rules.reading.lexicon import Lexicon
from rules.reading.names import name_key, read_display_name, same_person
from rules.text import fold

_SPLIT = re.compile(r"[^a-z]+")
LONG = 3  # letters from which a name's word is more than an initial


def fits_name(address: Address, name: str, lexicon: Lexicon) -> bool:
    """Do display name or local part name this very person: family and given name, or one of them and an initial?"""
    shown = read_display_name(address.name, lexicon)
    if shown:
        return same_person(shown, name, lexicon)
    return local_part_fits(address.address, name, lexicon)


def local_part_fits(address: str, name: str, lexicon: Lexicon) -> bool:
    """Is the local part made of two words of the name, one of them perhaps shortened?"""
    local = fold(address.partition("@")[0])
    words = {form for word in name_key(name, lexicon) for form in (word, word.removesuffix("ne")) if len(form) >= LONG}
    held = [word for word in words if word in local]
    if not held:
        return False
    longest = max(held, key=len)
    rest = _SPLIT.sub("", local.replace(longest, " ", 1))
    rest = rest.removeprefix("dr").removesuffix("dr")
    others = words - {longest} - {word for word in words if word in longest or longest in word}
    return bool(rest) and any(word.startswith(rest) or rest in word or word in rest for word in others)
