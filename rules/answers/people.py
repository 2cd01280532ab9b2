"""The people of a case as an answer leaves them, and those whom it brings besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rules.answers.asked import asked_of_all, asked_slots
from rules.answers.bare_values import find_bare
from rules.answers.claim import Claim, Claims, Force
from rules.answers.form import added_blocks, form_claims, match_blocks, read_blocks
from rules.answers.merge import Merged, merge_person
from rules.answers.module_changes import find_change, split_by_person
from rules.answers.office import heir_of, inherited, office_of
from rules.answers.replaced import Replacement, find_replacements
from rules.answers.shares import BY_THE_WAY, Debtor, named_in, share_out
from rules.answers.sources import form_sources, signature_sources
from rules.answers.suggestions import agreed_claims
from rules.answers.text import Pool, text_claims
from rules.answers.thread import Thread
from rules.answers.weighing import Said
from rules.model import Address, Evidence, Field, Finding, Origin, PartKind, Person
from rules.reading.jegyzo import says_jegyzo
from rules.reading.labels import Slot
from rules.reading.lexicon import Lexicon
from rules.reading.names import name_key, same_person
from rules.reading.phrases import find_phrases
from rules.reading.spots import Scan, Spot
from rules.reading.writer import Writer, read_writer
from rules.text import fold

WISHES = ("ask_to_register", "ask_registration", "ask_access", "ask_training")
PLACES = frozenset({Slot.MUNICIPALITY, Slot.COUNTY})  # looked for again line by line: they are taken for each other


@dataclass(frozen=True, slots=True)
class ReadPeople:
    """The case's people first, then new ones; the PIR that a tax number yields, one by one; what the merge found.

    `changed` are the places of the case's people to whom it adds or whom it contradicts, `told` says whether it gives
    data of any of them at all. `replaced` are those for whom somebody else is wanted, with where it says so.
    """

    people: tuple[Person, ...]
    tax_pirs: tuple[str, ...]
    findings: tuple[Finding, ...]
    changed: frozenset[int]
    told: bool
    replaced: Mapping[int, Evidence]


def read_people(scans: Sequence[Scan], thread: Thread) -> ReadPeople:
    """The case's people with what `scans` and the forms in the mail add to each, and new ones."""
    asked = asked_of_all(thread.case.people)
    found = frozenset(spot.slot for scan in scans for spot in scan.spots if spot.known) - PLACES
    read = [_read(scan, find_bare(scan.source, asked, found, thread.names, thread.scanner), thread) for scan in scans]
    count = len(thread.case.people)
    instead = find_replacements([scan for scan, _ in read], thread.names, thread.scanner)
    names, given = _names(read, instead, thread)
    heirs = [heir_of(thread.case.people[one.place]) for one in instead]
    bases = [*thread.case.people, *heirs, *(Person() for _ in names[count + len(heirs) :])]
    claims = _with_forms(_text_claims(read, names, given, bases, thread), names, thread)
    merged = [_merged(base, claims, index, thread) for index, base in enumerate(bases[:count])]
    office = office_of([one.person for one in merged])
    if asked & {Slot.FULL_NAME}:  # several names for people of whom the case could only tell that they are wanted
        office = replace(office, modules=merged[0].person.modules)
    offices = [thread.case.people[one.place] for one in instead]
    offices = [replace(one, full_name=None, email=None, problems=(), notes=()) for one in offices]
    offices += [office] * (len(claims) - count - len(offices))
    merged += [
        _merged(inherited(offices[at - count], claims[at]), claims, at, thread) for at in range(count, len(claims))
    ]
    return _summed(merged, claims, count, instead)


def _read(scan: Scan, bare: list[Spot], thread: Thread) -> tuple[Scan, list[Spot]]:
    """The scan without what is nobody's, and the bare values; a county's name where one was asked is no village."""
    spots = _personal(scan, thread)
    counties = {spot.start for spot in (*spots, *bare) if spot.slot is Slot.COUNTY}
    kept = [spot for spot in spots if spot.labelled or spot.slot is not Slot.MUNICIPALITY or spot.start not in counties]
    bare = [spot for spot in bare if spot.slot is not Slot.MUNICIPALITY or spot.start not in counties]
    return replace(scan, spots=tuple(kept)), bare


def _merged(base: Person, claims: Sequence[Claims], index: int, thread: Thread) -> Merged:
    return merge_person(base, claims[index], index, thread.scanner.catalogue)


def _summed(
    merged: Sequence[Merged], claims: Sequence[Claims], count: int, instead: Sequence[Replacement]
) -> ReadPeople:
    return ReadPeople(
        people=tuple(one.person for one in merged),
        tax_pirs=tuple(one.tax_pir for one in claims),
        findings=tuple(finding for one in merged for finding in one.findings),
        changed=frozenset(index for index, one in enumerate(merged[:count]) if one.changed),
        told=any(one.told for one in merged[:count]),
        replaced={one.place: one.seen for one in instead},
    )


def _text_claims(
    read: Sequence[tuple[Scan, list[Spot]]],
    names: Sequence[str],
    given: dict[int, Claim],
    bases: Sequence[Person],
    thread: Thread,
) -> list[Claims]:
    """What the text and the signature say of each."""
    writer = Writer(thread.message.from_[0] if thread.message.from_ else None)
    count = len(thread.case.people)
    common = office_of(thread.case.people)
    debtors = []
    for place, (name, base) in enumerate(zip(names, bases, strict=True)):
        works = base.municipality or (common.municipality if place >= count else None)
        debtors.append(Debtor(name, asked_slots(base), works.value if works else "", place >= count))
    owed = frozenset().union(*(one.owes for one in debtors))
    shares = share_out(read, debtors, writer, thread.scanner)
    signature = [spot for source in signature_sources(thread.message) for spot in thread.scanner.scan(source).spots]
    said = Said({scan.source.index: scan.text for scan, _ in read}, thread.scanner)
    passages = split_by_person([scan for scan, _ in read], names, thread.scanner.lexicon)
    claims = []
    for index, base in enumerate(bases):
        known = replace(base, full_name=given[index].field) if index in given else base
        shared = shares.for_all(debtors[index].owes, owed)
        pool = Pool(shares.own[index], shared, signature, alone=len(names) == 1)
        named = Claims({Slot.FULL_NAME: given[index]}) if index in given else Claims()
        agreed = agreed_claims(base, [scan for scan, _ in read], thread)
        text = text_claims(known, pool, said).over(agreed)
        if index < count and Slot.MODULES not in debtors[index].owes:
            text = Claims(modules=find_change(passages[index], base, thread.scanner)).over(text)
        claims.append(named.over(text))
    return claims


def _personal(scan: Scan, thread: Thread) -> list[Spot]:
    """The values without addresses that are ours or the jegyző's."""
    message, case, catalogue = thread.message, thread.case, thread.scanner.catalogue
    others = {case.jegyzo.address} if case.jegyzo else set()
    others |= {one.address for one in (*message.to, *message.cc) if says_jegyzo(one, catalogue)}
    others |= thread.context.own_addresses
    return [
        spot
        for spot in scan.spots
        if spot.slot is not Slot.EMAIL or not (spot.value in others or says_jegyzo(Address("", spot.value), catalogue))
    ]


def _names(
    read: Sequence[tuple[Scan, list[Spot]]], instead: Sequence[Replacement], thread: Thread
) -> tuple[list[str], dict[int, Claim]]:
    """The names of all people, the case's first, then new ones; and by place the names that the answer gives.

    Those wanted in another's place stand before the other new ones.
    """
    names = [*thread.names, *(one.name.value for one in instead)]
    nameless = [index for index, person in enumerate(thread.case.people) if Slot.FULL_NAME in asked_slots(person)]
    listing = bool(nameless)  # a list of names answers for more people than the case could tell
    said = Said({scan.source.index: scan.text for scan, _ in read}, thread.scanner)
    given = {len(thread.names) + at: Claim(one.name, Force.STATED) for at, one in enumerate(instead)}
    for field in _named(read, thread):
        renamed = _renamed(field, names, said, thread.scanner.lexicon)
        if renamed is None and any(name and same_person(name, field.value, thread.scanner.lexicon) for name in names):
            continue
        if nameless and renamed is None:
            place = nameless.pop(0)
            names[place] = field.value
            given[place] = Claim(field, Force.STATED)
        elif renamed is not None:
            given[renamed] = Claim(field, Force.CORRECTING)
        elif field.certainty == 1.0 and (listing or _asks_for_somebody(thread)):
            given[len(names)] = Claim(field, Force.STATED)
            names.append(field.value)
    own = _own_name(read, nameless, thread)
    if own:
        names[nameless[0]], given[nameless[0]] = own.value, Claim(own, Force.SIGNED)
    return names, given


def _asks_for_somebody(thread: Thread) -> bool:
    """Does the answer itself ask for a registration, and not only the old subject?"""
    asked = thread.request.wish.asked(*WISHES)
    return any(thread.message.parts[one.part].kind is not PartKind.SUBJECT for one in asked)


def _own_name(read: Sequence[tuple[Scan, list[Spot]]], nameless: Sequence[int], thread: Thread) -> Field[str] | None:
    """The writer's name, as signed or shown, where the only one still without a name is the writer."""
    if len(nameless) != 1 or not read:
        return None
    source, catalogue = read[0][0].source, thread.scanner.catalogue
    email = thread.case.people[nameless[0]].email
    sender = source.writer.address if source.writer else ""
    said = any(find_phrases(scan.text, catalogue.words, ("for_myself",)) for scan, _ in read)
    if not said and not (email and email.value == sender):
        return None
    writer = read_writer(thread.message, source, catalogue)
    return Field(writer.name, (writer.evidence,), Origin.SENDER) if writer.name and writer.evidence else None


def _named(read: Sequence[tuple[Scan, list[Spot]]], thread: Thread) -> list[Field[str]]:
    """Everybody named in the answer, the writer after the others."""
    writer = Writer(thread.message.from_[0] if thread.message.from_ else None)
    found = [field for scan, bare in read for field in named_in(scan, bare, writer, thread.scanner.lexicon)]
    return sorted(found, key=lambda field: field.certainty <= BY_THE_WAY)


def _renamed(field: Field[str], names: Sequence[str], said: Said, lexicon: Lexicon) -> int | None:
    """Whose name is put right: the only one's that shares a word with it, where the text says that it corrects.

    A fuller name of the same person is a new one only where the text says that the name has changed.
    """
    words = set(fold(field.value).split())
    alike = [index for index, name in enumerate(names) if words & set(fold(name).split())]
    if len(alike) != 1 or name_key(names[alike[0]], lexicon) == name_key(field.value, lexicon):
        return None
    fuller = same_person(names[alike[0]], field.value, lexicon)
    lists = ("change_name",) if fuller else ("change_name", "correct_value")
    return alike[0] if said.near(field, *lists) else None


def _with_forms(claims: list[Claims], names: Sequence[str], thread: Thread) -> list[Claims]:
    """The claims of the text with those of the first form that says anything new; people added in it come last."""
    people = thread.case.people
    for source in form_sources(thread.message, thread.context):
        read = match_blocks(read_blocks(source, thread.scanner), people, thread.scanner)
        found = {index: form_claims(block, people[index], thread.scanner) for block, index in read if index is not None}
        added = [form_claims(block, Person(), thread.scanner) for block in added_blocks(read, names, thread.scanner)]
        if added or any(one.values or one.modules for one in found.values()):
            return [found[index].over(one) if index in found else one for index, one in enumerate(claims)] + added
    return claims
