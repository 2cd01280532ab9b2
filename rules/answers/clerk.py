"""The jegyző of a case: as seen in any of its mails; the answer need not copy him again (policy.md §4, §8)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rules.answers.thread import Thread
from rules.catalogue import Catalogue
from rules.findings import in_header
from rules.model import Address, Evidence, Jegyzo, JegyzoStatus, Person, Problem
from rules.reading.email_address import find_emails
from rules.reading.fitting import fits_name
from rules.reading.jegyzo import find_jegyzo, says_jegyzo
from rules.reading.lexicon import Lexicon, lexicon_of
from rules.reading.names import find_names
from rules.reading.phrases import find_phrases
from rules.reading.prose import Role, find_roles
from rules.reading.sources import Source
from rules.text import fold

STRENGTH = (
    JegyzoStatus.ABSENT,
    JegyzoStatus.UNCLEAR,
    JegyzoStatus.STATED,
    JegyzoStatus.SENDER,
    JegyzoStatus.CONFIRMED,
)
ENOUGH = frozenset({JegyzoStatus.STATED, JegyzoStatus.SENDER, JegyzoStatus.CONFIRMED})
_CLERK = re.compile(r"(?<!al)(?:fo|kor)?jegyzo(?!konyv)")


def find_case_jegyzo(thread: Thread, people: Sequence[Person], sources: Iterable[Source]) -> Jegyzo:
    """The strongest of what the case knew and what this mail shows; `sources` are the answer's texts and forms.

    An address that was among the recipients all along, and of which the answer says that it is the jegyző's, counts.
    """
    catalogue, earlier = thread.scanner.catalogue, thread.case.jegyzo
    now = find_jegyzo(thread.message, people, catalogue, thread.context)
    best = now if earlier is None or STRENGTH.index(now.status) > STRENGTH.index(earlier.status) else earlier
    if best.status is not JegyzoStatus.UNCLEAR:
        return best
    unclear = [seen.excerpt for one in (earlier, now) if one and one.status is best.status for seen in one.evidence]
    places = {person.municipality.value for person in people if person.municipality}
    known = frozenset().union(*(thread.context.clerks.get(place, frozenset()) for place in places))
    for address in unclear:
        if address in known:
            return Jegyzo(JegyzoStatus.CONFIRMED, address, evidence=(in_header("to/cc", address),))
    return _named(unclear, sources, catalogue, asked=Problem.JEGYZO_UNCLEAR in thread.asked) or best


def _named(unclear: Sequence[str], sources: Iterable[Source], catalogue: Catalogue, *, asked: bool) -> Jegyzo | None:
    """The one of the `unclear` addresses that a line says to be the jegyző's."""
    lexicon = lexicon_of(catalogue)
    for source in sources:
        at = 0
        for line in source.part.text.split("\n"):
            seen = Evidence(source.index, at, at + len(line), line.strip(), source.part.source)
            at += len(line) + 1
            speaks = bool(_CLERK.search(fold(line)))
            if not speaks and not asked:
                continue
            told = {hit.value for hit in find_emails(line)}
            names = _clerks_in(line, lexicon) if speaks else []
            for address in unclear:
                if address in told or any(fits_name(Address("", address), name, lexicon) for name in names):
                    return Jegyzo(JegyzoStatus.STATED, address, evidence=(seen,))
            if speaks and len(unclear) == 1 and find_phrases(line, catalogue.words, ("confirm_clerk",)):
                return Jegyzo(JegyzoStatus.STATED, unclear[0], evidence=(seen,))
    return None


def _clerks_in(line: str, lexicon: Lexicon) -> list[str]:
    """The names in a line about the jegyző: those that it gives to him, else all."""
    called = [role.name.name for role in find_roles(line, lexicon) if role.role is Role.JEGYZO]
    return called or [hit.name for hit in find_names(line, lexicon)]


def names_clerk(sources: Iterable[Source], catalogue: Catalogue) -> bool:
    """Does the answer say who the jegyző is, by an address or a name, copied or not?"""
    lexicon = lexicon_of(catalogue)
    for line in (line for source in sources for line in source.part.text.split("\n")):
        if any(says_jegyzo(Address("", hit.value), catalogue) for hit in find_emails(line)):
            return True
        if _CLERK.search(fold(line)) and (find_names(line, lexicon) or find_emails(line)):
            return True
    return False
