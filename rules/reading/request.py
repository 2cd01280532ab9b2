"""The request that a mail makes: its people with their fields, and what else the decision must know of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.catalogue import Catalogue
from rules.findings import in_header
from rules.model import Context, Evidence, Message, PartKind, Person
from rules.reading.answers import answers_us, asks_back, left_open
from rules.reading.labels import Slot
from rules.reading.people import Reading, drop_mentions, join_halves, merge_readings, read_text
from rules.reading.persons import Mail, make_people
from rules.reading.phrases import find_phrases
from rules.reading.sources import Source, counted_sources
from rules.reading.spots import Scan, Scanner
from rules.reading.wish import Wish, read_wish
from rules.reading.writer import Writer, read_for_whom, read_writer
from rules.text import fold

_DATA_FILE = re.compile(
    r"regiszt|(?<![a-z])reg(?![a-z])|adatlap|kerel|igeny|jelentk|nevsor|aspo|oktat|urlap|nyomtatv|beiskol|hozzafer"
)


@dataclass(frozen=True, slots=True)
class Request:
    """What was read of a mail, before any rule judges it.

    `given` are the kinds of data found in what the mail says (its signature aside), `told` the subject's too,
    `labelled` those of them under labels or in tables; `named` whether an applicant is named there; `unread` are
    attachments that may hold data and could not be read; `tax_pirs` belongs to `people` one by one; `form_left_open`
    where our form came back with lines still empty and no data beside it; `asks_back` where the text asks;
    `says_nothing` where there is no text at all beside signature and footer.
    """

    people: tuple[Person, ...]
    tax_pirs: tuple[str, ...]
    wish: Wish
    given: frozenset[Slot]
    told: frozenset[Slot]
    labelled: frozenset[Slot]
    named: bool
    unread: tuple[Evidence, ...]
    points_at_attachment: bool
    answers_our_form: bool
    form_left_open: bool
    answers_us: bool
    asks_back: bool
    says_nothing: bool


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
    asking = _who_asks(message, spoken, writers, catalogue)
    if not whom.both:
        reading = drop_mentions(join_halves(reading, own=whom.own), for_writer=whom.plainly_own and bool(asking.name))
    named = any(draft.name for draft in reading.drafts)
    if not named:
        reading = _named_in_subject(reading, sources, writers, scanner)
    signature = tuple(
        spot for one in sources if one.part.kind is PartKind.SIGNATURE for spot in scanner.scan(one).spots
    )
    subject = tuple(spot for one in sources if one.part.kind is PartKind.SUBJECT for spot in scanner.scan(one).spots)
    mail = Mail(message, catalogue, context, scanner, scans, signature, subject, asking, whom)
    people, tax_pirs = make_people(mail, reading)
    given = _kinds(scans)
    return Request(
        people=people,
        tax_pirs=tax_pirs,
        wish=read_wish(sources, catalogue, gives=_gives_much(given, message)),
        given=given,
        told=given | {spot.slot for spot in subject},
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
    if not found:
        return reading
    nameless = [spot for draft in reading.drafts for spot in draft.spots]
    return Reading([replace(draft, spots=[]) for draft in found], [*reading.shared, *nameless])


def _who_asks(message: Message, sources: Sequence[Source], writers: Sequence[Writer], catalogue: Catalogue) -> Writer:
    """Whose own access may be meant: the one who asks for herself in a request passed on, else the sender."""
    for source, writer in zip(sources, writers, strict=True):
        passed_on = source.part.kind in {PartKind.FORWARDED, PartKind.QUOTED} and source.writer
        if passed_on and read_for_whom((source,), catalogue).own:
            return writer
    for source, writer in zip(sources, writers, strict=True):
        if source.part.kind is PartKind.TEXT:
            return writer
    bare = Source(-1, message.parts[0], message.from_[0] if message.from_ else None) if message.parts else None
    return read_writer(message, bare, catalogue) if bare else Writer(None)


def _gives_much(kinds: frozenset[Slot], message: Message) -> bool:
    """Is there more than a stray address: a PIR, two kinds of data, a file?"""
    return Slot.PIR in kinds or len(kinds) > 1 or bool(message.attachments)


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
        in_header(one.filename or "attachment", f"{one.filename}: {one.reason}")
        for one in message.attachments
        if one.readable is False
    )


def _points(message: Message, catalogue: Catalogue) -> bool:
    """Does the mail point at what is attached, by words or by the file's name?"""
    written = message.parts_of(PartKind.TEXT, PartKind.SUBJECT, PartKind.FORWARDED)
    if any(find_phrases(part.text, catalogue.words, ("point_at_attachment",)) for part in written):
        return True
    return any(_DATA_FILE.search(fold(one.filename)) for one in message.attachments if one.readable is False)
