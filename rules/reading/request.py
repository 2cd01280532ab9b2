"""The request that a mail makes: its people with their fields, and what else the decision must know of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.catalogue import Catalogue
from rules.findings import in_header
from rules.model import Context, Evidence, Field, Message, Origin, PartKind, Person
from rules.reading.answers import answers_us, asks_back, left_open
from rules.reading.emails import candidates, choose_email, sender_email
from rules.reading.fields import Tiers, choose_county, choose_municipality, choose_pir
from rules.reading.labels import Slot
from rules.reading.people import Draft, Reading, drop_mentions, merge_readings, read_text
from rules.reading.phrases import find_phrases
from rules.reading.sources import Source, counted_sources
from rules.reading.spots import Scan, Scanner, Spot
from rules.reading.wanted import choose_modules
from rules.reading.wish import Wish, read_wish
from rules.reading.writer import ForWhom, Writer, read_for_whom, read_writer
from rules.text import fold

_DATA_FILE = re.compile(
    r"regiszt|(?<![a-z])reg(?![a-z])|adatlap|kerel|igeny|jelentk|nevsor|aspo|oktat|urlap|nyomtatv|beiskol|hozzafer"
)


@dataclass(frozen=True, slots=True)
class Request:
    """What was read of a mail, before any rule judges it.

    `given` are the kinds of data found in what the mail says (its signature aside), `labelled` those of them under
    labels or in tables; `named` whether an applicant is named there; `unread` are attachments that may hold data and
    could not be read; `tax_pirs` belongs to `people` one by one; `form_left_open` where our form came back with lines
    still empty and no data beside it; `asks_back` where the text asks; `says_nothing` where there is no text at all beside signature and footer.
    """

    people: tuple[Person, ...]
    tax_pirs: tuple[str, ...]
    wish: Wish
    given: frozenset[Slot]
    labelled: frozenset[Slot]
    named: bool
    unread: tuple[Evidence, ...]
    points_at_attachment: bool
    answers_our_form: bool
    form_left_open: bool
    answers_us: bool
    asks_back: bool
    says_nothing: bool


@dataclass(frozen=True, slots=True)
class _Mail:
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


def read_request(message: Message, catalogue: Catalogue, context: Context) -> Request:
    """Read all that counts in `message`."""
    scanner = Scanner(catalogue)
    sources = counted_sources(message, catalogue, context)
    spoken = tuple(one for one in sources if one.part.kind not in {PartKind.SIGNATURE, PartKind.SUBJECT})
    scans = tuple(scanner.scan(source) for source in spoken)
    writers = [read_writer(message, source, catalogue) for source in spoken]
    whom = read_for_whom(spoken, catalogue)
    reading = merge_readings(
        (read_text(scan, writer, scanner, both=whom.both) for scan, writer in zip(scans, writers, strict=True)),
        scanner.lexicon,
    )
    reading = reading if whom.both else drop_mentions(reading)
    named = any(draft.name for draft in reading.drafts)
    if not named:
        reading = _named_in_subject(reading, sources, writers, scanner)
    signature = tuple(
        spot for one in sources if one.part.kind is PartKind.SIGNATURE for spot in scanner.scan(one).spots
    )
    subject = tuple(spot for one in sources if one.part.kind is PartKind.SUBJECT for spot in scanner.scan(one).spots)
    asking = _who_asks(message, spoken, writers, catalogue)
    mail = _Mail(message, catalogue, context, scanner, scans, signature, subject, asking, whom)
    people, tax_pirs = _people(mail, reading)
    return Request(
        people=people,
        tax_pirs=tax_pirs,
        wish=read_wish(sources, catalogue),
        given=_kinds(scans),
        labelled=_kinds(scans, labelled=True),
        named=named,
        unread=_unread(message),
        points_at_attachment=_points(message, catalogue),
        answers_our_form=bool(message.parts_of(PartKind.OWN_FORM)),
        form_left_open=left_open(message, scans),
        answers_us=answers_us(message, context),
        asks_back=asks_back(message),
        says_nothing=not any(re.search(r"\w", source.part.text) for source in spoken),
    )


def _named_in_subject(
    reading: Reading, sources: Sequence[Source], writers: Sequence[Writer], scanner: Scanner
) -> Reading:
    """The subject counts like the text: those it names are asked for where the text names nobody."""
    writer = writers[0] if writers else Writer(None)
    found = [
        draft
        for one in sources
        if one.part.kind is PartKind.SUBJECT
        for draft in read_text(scanner.scan(one), writer, scanner).drafts
    ]
    return Reading([replace(draft, spots=[]) for draft in found] or reading.drafts, reading.shared)


def _who_asks(message: Message, sources: Sequence[Source], writers: Sequence[Writer], catalogue: Catalogue) -> Writer:
    """Whose own access may be meant: the one who asks for herself in a request passed on, else the sender."""
    for source, writer in zip(sources, writers, strict=True):
        if source.part.kind in {PartKind.FORWARDED, PartKind.QUOTED} and source.writer:
            if read_for_whom((source,), catalogue).own:
                return writer
    for source, writer in zip(sources, writers, strict=True):
        if source.part.kind is PartKind.TEXT:
            return writer
    bare = Source(-1, message.parts[0], message.from_[0] if message.from_ else None) if message.parts else None
    return read_writer(message, bare, catalogue) if bare else Writer(None)


def _people(mail: _Mail, reading: Reading) -> tuple[tuple[Person, ...], tuple[str, ...]]:
    drafts = reading.drafts or [_unnamed(mail, reading)]
    if mail.whom.both and mail.writer.name and not any(draft.writer for draft in drafts):
        drafts = [_unnamed(mail, reading), *drafts]
        if len(drafts) == 2:  # what stood beside the only name holds for both
            reading = Reading(drafts, [*reading.shared, *drafts[1].spots])
            drafts[1].spots = [spot for spot in drafts[1].spots if spot.slot is Slot.EMAIL and drafts[1].sure]
    made = [_person(mail, draft, reading, len(drafts)) for draft in drafts]
    return tuple(person for person, _ in made), tuple(tax for _, tax in made)


def _unnamed(mail: _Mail, reading: Reading) -> Draft:
    """Nobody is named: the writer asks for himself, or for a colleague whose name is missing."""
    if not mail.whom.own and not mail.whom.both:
        return Draft("")
    return Draft(mail.writer.name, (mail.writer.evidence,) if mail.writer.evidence else (), writer=True)


def _person(mail: _Mail, draft: Draft, reading: Reading, count: int) -> tuple[Person, str]:
    """One person with every field that can be told; and the PIR that a tax number yields."""
    lexicon = mail.scanner.lexicon
    writer = draft.writer or bool(draft.name and mail.writer.is_called(draft.name, lexicon))
    writer = writer or (count == 1 and mail.whom.own and not mail.writer.name)
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
            email=_email(mail, draft, own, shared, writer=writer, alone=count == 1),
            modules=modules,
            unknown_modules=unknown,
        ),
        tax,
    )


def _in_subject(mail: _Mail, spots: Sequence[Spot]) -> list[Spot]:
    """The subject counts like the text, for every field that the text leaves open."""
    held = {spot.slot for spot in spots}
    return [spot for spot in mail.subject if spot.slot not in held and spot.slot is not Slot.MODULES]


def _name_field(draft: Draft, mail: _Mail) -> Field[str] | None:
    if not draft.name:
        return None
    from_writer = draft.evidence and mail.writer.evidence in draft.evidence
    in_text = draft.evidence and draft.evidence[0].part >= 0
    origin = Origin.OWN
    if from_writer and not in_text:
        origin = Origin.SENDER
    elif from_writer and mail.message.parts[draft.evidence[0].part].kind is PartKind.SIGNATURE:
        origin = Origin.SIGNATURE
    return Field(draft.name, draft.evidence, origin)


def _email(
    mail: _Mail, draft: Draft, own: Sequence[Spot], shared: Sequence[Spot], *, writer: bool, alone: bool
) -> Field[str] | None:
    texts = {scan.source.index: scan.text for scan in mail.scans}
    held = [candidates(spots, mail.message, mail.scanner, mail.context, draft.evidence) for spots in (own, shared)]
    if writer and alone:
        held[0] = held[0] or [spot for spot in own if spot.slot is Slot.EMAIL and spot.value == _address(mail.writer)]
    found = choose_email(held[0], held[1], draft.name, texts, mail.scanner.lexicon, alone=alone)
    if found is None and writer and not mail.whom.not_own:
        return sender_email(mail.writer)
    return found


def _address(writer: Writer) -> str:
    return writer.address.address if writer.address else ""


def _kinds(scans: Sequence[Scan], *, labelled: bool = False) -> frozenset[Slot]:
    """The different kinds of data that the texts hold."""
    kinds = {spot.slot for scan in scans for spot in scan.spots if spot.labelled or not labelled}
    if labelled:
        kinds |= {
            spot.slot
            for scan in scans
            for table in scan.source.part.tables
            for spot in scan.spots
            if table.start <= spot.start < table.end
        }
    return frozenset(Slot.PIR if slot is Slot.TAX else slot for slot in kinds)


def _unread(message: Message) -> tuple[Evidence, ...]:
    """Attachments that a person must look at, since they may hold the data."""
    return tuple(
        replace(in_header("attachment", f"{one.filename}: {one.reason}"), source=one.filename or "attachment")
        for one in message.attachments
        if one.readable is False
    )


def _points(message: Message, catalogue: Catalogue) -> bool:
    """Does the mail point at what is attached, by words or by the file's name?"""
    written = message.parts_of(PartKind.TEXT, PartKind.SUBJECT, PartKind.FORWARDED)
    if any(find_phrases(part.text, catalogue.words, ("point_at_attachment",)) for part in written):
        return True
    return any(_DATA_FILE.search(fold(one.filename)) for one in message.attachments if one.readable is False)
