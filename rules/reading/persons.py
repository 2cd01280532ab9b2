"""From the values beside each name to people with fields: own before shared, the sender's only for himself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.catalogue import Catalogue
from rules.model import Context, Field, Message, Origin, PartKind, Person
from rules.personal_address import judge_address
from rules.reading.emails import candidates, choose_email, is_like, sender_email
from rules.reading.fields import Tiers, choose_county, choose_municipality, choose_pir
from rules.reading.jegyzo import says_jegyzo
from rules.reading.labels import Slot
from rules.reading.people import Draft, Reading
from rules.reading.spots import Scan, Scanner, Spot
from rules.reading.wanted import choose_modules
from rules.reading.writer import ForWhom, Writer

OFFICE = (Slot.MUNICIPALITY, Slot.PIR, Slot.TAX, Slot.COUNTY)


@dataclass(frozen=True, slots=True)
class Mail:
    """The parts of the reading that every person's fields draw on."""

    message: Message
    catalogue: Catalogue
    context: Context
    scanner: Scanner
    scans: tuple[Scan, ...]
    signature: tuple[Spot, ...]
    subject: tuple[Spot, ...]
    writer: Writer
    whom: ForWhom


def make_people(mail: Mail, reading: Reading) -> tuple[tuple[Person, ...], tuple[str, ...]]:
    """The people of a mail with every field that can be told; and, one by one, the PIR that a tax number yields."""
    drafts = reading.drafts or [_unnamed(mail)]
    if len(drafts) == 1 and not drafts[0].name and _gives_own_data(mail, drafts[0]):
        drafts = [replace(_unnamed(mail), spots=drafts[0].spots)]
    if mail.whom.both and mail.writer.name and not any(draft.writer for draft in drafts):
        drafts = [_unnamed(mail), *drafts]
        if len(drafts) == 2:  # what stood beside the only name holds for both
            reading = Reading(drafts, [*reading.shared, *drafts[1].spots])
            drafts[1].spots = [spot for spot in drafts[1].spots if spot.slot is Slot.EMAIL and drafts[1].sure]
    reading = Reading(drafts, [*reading.shared, *_written_once(reading.shared, drafts)])
    made = [_person(mail, draft, reading, len(drafts)) for draft in drafts]
    return tuple(person for person, _ in made), tuple(tax for _, tax in made)


def _gives_own_data(mail: Mail, draft: Draft) -> bool:
    """Are a table's data without a name the writer's: no address in it that is plainly somebody else's?"""
    emails = [spot.value for spot in draft.spots if spot.slot is Slot.EMAIL]
    return mail.whom.own and all(
        value == _address(mail.writer) or is_like(value, mail.writer.name, mail.scanner.lexicon) for value in emails
    )


def _written_once(shared: Sequence[Spot], drafts: Sequence[Draft]) -> list[Spot]:
    """The office's data that stands beside the first or the last person alone: it holds for every person.

    Not so where the mail names several places or numbers: then each belongs to whom it stands beside.
    """
    said = {spot.slot for spot in shared}
    held = [{slot: [spot for spot in draft.spots if spot.slot is slot] for slot in OFFICE} for draft in drafts]
    values = {slot: {spot.value for own in held for spot in own[slot]} for slot in OFFICE}
    if len(drafts) < 2 or any(len(found) > 1 for found in values.values()):
        return []
    last_only = not said.intersection(OFFICE) and not any(own[slot] for own in held[:-1] for slot in OFFICE)
    holder = held[-1] if last_only else held[0]
    return [
        holder[slot][0] for slot in OFFICE if slot not in said and holder[slot] and not all(own[slot] for own in held)
    ]


def _unnamed(mail: Mail) -> Draft:
    """Nobody is named: the writer asks for himself, or for a colleague whose name is missing."""
    if not mail.whom.own and not mail.whom.both:
        return Draft("")
    return Draft(mail.writer.name, (mail.writer.evidence,) if mail.writer.evidence else (), writer=True)


def _person(mail: Mail, draft: Draft, reading: Reading, count: int) -> tuple[Person, str]:
    """One person with every field that can be told; and the PIR that a tax number yields."""
    lexicon = mail.scanner.lexicon
    writer = draft.writer or bool(draft.name and mail.writer.is_called(draft.name, lexicon))
    writer = writer or (count == 1 and mail.whom.own and not mail.writer.name and not _is_office(mail, draft))
    own = [*draft.spots, *(reading.shared if count == 1 else ())]
    shared = () if count == 1 else reading.shared
    about = [*own, *shared]
    tiers = Tiers(own, shared, [*_in_subject(mail, about), *mail.signature], alone=count == 1)
    municipality = choose_municipality(tiers)
    pir, tax = choose_pir(tiers)
    modules, unknown = choose_modules(tiers, mail.subject, mail.catalogue)
    return (
        Person(
            full_name=_name_field(draft, mail),
            municipality=municipality,
            pir=pir,
            county=choose_county(tiers, municipality, mail.catalogue),
            email=_email(mail, draft, tiers, writer=writer),
            modules=modules,
            unknown_modules=unknown,
        ),
        tax,
    )


def _in_subject(mail: Mail, spots: Sequence[Spot]) -> list[Spot]:
    """The subject counts like the text, for every field that the text leaves open."""
    held = {spot.slot for spot in spots}
    return [spot for spot in mail.subject if spot.slot not in held and spot.slot is not Slot.MODULES]


def _name_field(draft: Draft, mail: Mail) -> Field[str] | None:
    if not draft.name:
        return None
    name = mail.writer.spelling_of(draft.name, mail.scanner.lexicon)
    from_writer = draft.evidence and mail.writer.evidence in draft.evidence
    in_text = draft.evidence and draft.evidence[0].part >= 0
    origin = Origin.OWN
    if from_writer and not in_text:
        origin = Origin.SENDER
    elif from_writer and mail.message.parts[draft.evidence[0].part].kind is PartKind.SIGNATURE:
        origin = Origin.SIGNATURE
    return Field(name, draft.evidence, origin)


def _email(mail: Mail, draft: Draft, tiers: Tiers, *, writer: bool) -> Field[str] | None:
    """The person's address; the sender's own where the person is the sender and gives no other."""
    texts = {scan.source.index: scan.text for scan in mail.scans}
    own, shared = (
        candidates(spots, mail.message, mail.scanner, mail.context, draft.evidence)
        for spots in (tiers.own, tiers.shared)
    )
    if writer and tiers.alone and not own:
        own = [spot for spot in tiers.own if spot.slot is Slot.EMAIL and spot.value == _address(mail.writer)]
    found = choose_email((own, shared), draft.name, texts, mail.scanner.lexicon, alone=tiers.alone)
    if found is None and writer and not mail.whom.not_own and (draft.name or not _in_a_scan(mail)):
        return sender_email(mail.writer)
    return found


def _in_a_scan(mail: Mail) -> bool:
    """May the data stand in an attachment that cannot be read? Whose address it is only a person can tell then."""
    return any(one.readable is False for one in mail.message.attachments)


def _is_office(mail: Mail, draft: Draft) -> bool:
    """Does the jegyző or an office write? Whom a nameless letter of theirs names is somebody else."""
    address = mail.writer.address
    if address is None or not draft.name:
        return False
    if says_jegyzo(address, mail.catalogue):
        return True
    if mail.whom.myself or address.address in mail.context.accepted_addresses:
        return False
    return not judge_address(address.address, draft.name, "", mail.catalogue).personal


def _address(writer: Writer) -> str:
    return writer.address.address if writer.address else ""
