"""Whatever intake hands over, the rules answer: they never raise, always say the same, and take linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue import load_catalogue
from rules.chain import decide
from rules.model import Address, Attachment, Cell, Message, Part, PartKind, Table
from tests.rules.letters import letter

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
    tables = ()
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
    assert verdict.outcomes
    assert bool(verdict.people) == (verdict.kind.value == "registration")


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
    started = time.perf_counter()
    decide(message, load_catalogue())
    assert time.perf_counter() - started < 15  # quadratic readers need minutes here
