"""Whatever intake hands over, the rules answer: they never raise, always say the same, and take linear time."""

from __future__ import annotations

import base64
import quopri
import random
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from config.catalogue import load_catalogue
from rules.chain import decide
from rules.model import Address, Attachment, Cell, Message, Outcome, Part, PartKind, Table, Verdict
from rules.text import fold
from tests.rules.letters import letter
from tests.rules.whole import check_verdict, read_whole

SEEDS = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "mails").rglob("*.eml"))[::7]]

PIECES = [
    *(
        "Név: ",
        "PIR: ",
        "740009",
        "15740001-2-05",
        "E-mail: ",
        "a.b@c.hu",
        "@",
        "@@",
        "Szakrendszer:",
        "Irat - Iktató",
        "ADÓ",
    ),
    *(
        "Kovács Anna",
        "Kovácsné dr. Nagy Éva",
        "dr.",
        "né",
        "Tab Község Önkormányzata",
        "Zala megye",
        "jegyző",
        "másolatban",
    ),
    *(
        "\n",
        "\n\n",
        "\t",
        " - ",
        ": ",
        "; ",
        ", ",
        "1. ",
        "- ",
        "(",
        ")",
        "kérem",
        "regisztrációmat",
        "jelszavam",
        "nem",
        "és",
    ),
    *("Tisztelt", "vagyok", "részére", "mindkettő", "Üdvözlettel", "…", "\u200b", "ő", "õ", "🙂", "=", "|", "közös"),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=60).map("".join)
ADDRESSES = st.builds(
    Address,
    st.text(max_size=20),
    st.sampled_from(["", "a@b.hu", "jegyzo@tab.hu", "x", "aspoktatas@allamkincstar.gov.hu"]),
)
SOME = st.lists(ADDRESSES, max_size=3).map(tuple)


@st.composite
def parts(draw: st.DrawFn) -> Part:
    """A part with or without a table over its lines."""
    text = draw(TEXTS)
    tables: tuple[Table, ...] = ()
    if draw(st.booleans()) and text:
        tables = (Table(tuple(rows_of(text)), 0, len(text)),)
    sender = draw(st.none() | ADDRESSES)
    return Part(
        draw(st.sampled_from(PartKind)), text, "text/plain", tables, sender, draw(SOME), draw(st.text(max_size=9))
    )


def rows_of(text: str) -> list[tuple[Cell, ...]]:
    rows, at = [], 0
    for line in text.split("\n"):
        cells, start = [], at
        for piece in line.split("\t"):
            cells.append(Cell(piece, start, start + len(piece)))
            start += len(piece) + 1
        rows.append(tuple(cells))
        at += len(line) + 1
    return rows


MESSAGES = st.builds(
    Message,
    message_id=st.text(max_size=9),
    subject=TEXTS,
    from_=SOME,
    reply_to=SOME,
    to=SOME,
    cc=SOME,
    date=st.none(),
    in_reply_to=st.just(()),
    references=st.just(()),
    headers=st.lists(
        st.tuples(st.sampled_from(["auto-submitted", "precedence", "x"]), st.text(max_size=9)), max_size=3
    ).map(tuple),
    content_types=st.just(("text/plain",)),
    parts=st.lists(parts(), max_size=4).map(tuple),
    attachments=st.lists(
        st.builds(Attachment, st.text(max_size=9), st.just("x/y"), st.just(1), st.sampled_from([True, False, None])),
        max_size=2,
    ).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(MESSAGES)
def test_any_message_has_a_verdict(message: Message) -> None:
    catalogue = load_catalogue()
    verdict = decide(message, catalogue)
    assert verdict == decide(message, catalogue)
    check_verdict(message, verdict)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SEEDS), st.integers(0, 2**32), st.integers(1, 5))
def test_no_bytes_make_anything_raise(raw: bytes, seed: int, changes: int) -> None:
    """From a real mail with pieces moved, doubled, cut and overwritten to what is stored and answered."""
    chance = random.Random(seed)
    for _ in range(changes):
        first, last = sorted(chance.randint(0, len(raw)) for _ in range(2))
        at = chance.randint(0, len(raw))
        piece = chance.choice([raw[first:last], raw[first : first + 200] * 3, chance.randbytes(20), b""])
        raw = raw[:at] + piece[:5_000] + raw[at + chance.choice([0, 0, 20, 500]) :]
    catalogue = load_catalogue()
    assert read_whole(raw, catalogue) == read_whole(raw, catalogue)


FIELDS = (
    "Név: Kovács Anna",
    "Település: Tab",
    "PIR szám: 740009",
    "Megye: Somogy",
    "E-mail: kovacs.anna@tab.hu",
    "Szakrendszer: Irat",
)
ASKS = "Tisztelt Kincstár!\n\nKérem a regisztrációmat az oktatási portálon.\n\n{}\n\nÜdvözlettel:\nKovács Anna\n"


def bare(text: str) -> str:
    """`text` without accents."""
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()


def whole_request(text: str, charset: str, encoding: str) -> bytes:
    """A complete request as bytes; `encoding` is its transfer encoding."""
    body = text.encode(charset)
    if encoding != "8bit":
        body = base64.encodebytes(body) if encoding == "base64" else quopri.encodestring(body)
    head = (
        "From: =?utf-8?q?Kov=C3=A1cs_Anna?= <kovacs.anna@tab.hu>\nTo: aspoktatas@allamkincstar.gov.hu\n"
        "Cc: =?utf-8?q?Tab_jegyz=C5=91?= <jegyzo@tab.hu>\nSubject: regisztracio\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    return head.encode() + body


def essence(verdict: Verdict) -> tuple[object, ...]:
    """What a verdict says, without spelling and places."""
    people = [
        (
            person.status,
            person.pir and person.pir.value,
            person.email and person.email.value,
            person.municipality and fold(person.municipality.value),
            person.county and fold(person.county.value),
            fold(person.full_name.value) if person.full_name else "",
            [module.value for module in person.modules],
        )
        for person in verdict.people
    ]
    return verdict.kind, verdict.outcomes, people


@settings(max_examples=120, deadline=None)
@given(
    st.permutations(FIELDS),
    st.sampled_from([str, str.upper, str.lower, str.swapcase, lambda text: unicodedata.normalize("NFD", text), bare]),
    st.sampled_from(["utf-8", "iso-8859-2", "windows-1250", "utf-16", "utf-7"]),
    st.sampled_from(["base64", "quoted-printable", "8bit"]),
)
def test_how_a_request_is_written_changes_nothing(
    fields: list[str], spelling: Callable[[str], str], charset: str, encoding: str
) -> None:
    """Case, accents, the order of the fields, charset and transfer encoding."""
    text = spelling(ASKS.format("\n".join(fields)))
    assume(encoding != "8bit" or charset != "utf-16")  # not a mail: its NULs and line ends are no lines
    try:
        raw = whole_request(text, charset, encoding)
    except UnicodeEncodeError:
        raw = whole_request(text, "utf-8", encoding)  # decomposed letters are in no old charset
    plain = whole_request(ASKS.format("\n".join(FIELDS)), "utf-8", "8bit")
    verdict = read_whole(raw, load_catalogue())
    assert verdict.outcomes == {Outcome.ROUTE}
    assert essence(verdict) == essence(read_whole(plain, load_catalogue()))


LONG = [
    "nem ",
    "kérem regisztráció hozzáférés ",
    "Név: Kovács Anna\n",
    "Kovács Anna, ",
    "Kovács Nagy Szabó ",
    "740009 ",
    "a.b@c.hu ",
    "PIR: 740009\n",
    "a: ",
    "- ",
    "Irat - Iktató, ",
    "Tab Község Önkormányzata ",
    "E-mail - ",
    "\n",
    "\t",
    "(",
]


@pytest.mark.parametrize("piece", LONG)
def test_a_long_mail_takes_little_longer(piece: str) -> None:
    message = letter(piece * (100_000 // len(piece)))
    started = time.process_time()
    decide(message, load_catalogue())
    assert time.process_time() - started < 15  # quadratic readers need minutes here; bench.reading measures
