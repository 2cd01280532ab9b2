"""What holds for any bytes: no exception, the same answer twice, offsets that point at their text."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.model import Message
from worker.intake.charset import decode_text
from worker.intake.html import html_lines
from worker.intake.lines import plain_lines
from worker.intake.normal import normal_text
from worker.intake.parse import parse_message

SEEDS = [path.read_bytes() for path in sorted((Path(__file__).parent / "fixtures").glob("*.eml"))]
BREAKS = ("\n", "\n\n", " ", ">", "> ", ":", "\t", ";", "|", "  ", "--", "-- \n", "\r", "\0", "õ", "\u00a0")
SPOKEN = ("szó ", "Ez egy teljes mondat, pont.\n", "Üdvözlettel:\n", "Minta Eva", "Ui.: x\n", "Ez az üzenet bizalmas\n")
LISTED = ("Név;PIR;Modul\n", "Név\tPIR\n", "a\tb\n", "PIR szám: 740009\n", "Az iPhone-omról küldve\n", "- x\n")
MARKERS = (
    "Feladó: Éva <a@b.hu>\n",
    "Küldve: ma\n",
    "Címzett: c@d.hu\n",
    "Tárgy: x\n",
    "-----Eredeti üzenet-----\n",
    "Továbbított levél kezdete:\n",
    "Éva <a@b.hu> ezt írta (időpont: 2026. 1. 1.):\n",
    "--- ADATLAP (kérjük, a sorokat kitöltve küldje vissza) ---\n",
    "--- ADATLAP VÉGE ---\n",
    "--- SZAKRENDSZEREK JEGYZÉKE ---\n",
    "--- JEGYZÉK VÉGE ---\n",
)
TAGS = ("<p>", "<table><tr><td>", "<td>", "</table>", "<blockquote>", "<br>", "<div class=gmail_signature>", "<!--")
HEADERS = st.sampled_from(
    (
        b"",
        b"Content-Type: text/html\n",
        b"Content-Type: text/plain; format=flowed; delsp=yes\n",
        b"Subject: FW: x\n",
        b"Content-Type: multipart/mixed; boundary=x\n",
        b"Content-Transfer-Encoding: quoted-printable\n",
    )
)
TEXTS = st.lists(st.sampled_from(BREAKS + SPOKEN + LISTED + MARKERS + TAGS), max_size=60).map("".join)
PLAIN_PIECES = ("\n", "\n\n", " ", ":", "--", "-- \n", *SPOKEN, *LISTED)
PLAIN_TEXTS = st.lists(st.sampled_from(PLAIN_PIECES), max_size=60).map("".join)

unhurried = settings(deadline=None, max_examples=200)  # a loaded machine is slow, and that is no fault


def check(message: Message) -> None:
    for part in message.parts:
        assert part.text.strip()
        assert part.text == normal_text(part.text)
        for table in part.tables:
            assert 0 <= table.start <= table.end <= len(part.text)
            for cell in (cell for row in table.rows for cell in row):
                assert part.text[cell.start : cell.end] == cell.text


@given(st.binary(max_size=2_000))
@unhurried
def test_any_bytes(raw: bytes) -> None:
    message = parse_message(raw)
    check(message)
    assert message == parse_message(raw)


@given(HEADERS, TEXTS, st.sampled_from(["utf-8", "cp1250"]))
@unhurried
def test_any_body(header: bytes, text: str, charset: str) -> None:
    message = parse_message(b"From: Minta Eva <a@b.hu>\n" + header + b"\n" + text.encode(charset, "replace"))
    check(message)


@given(st.sampled_from(SEEDS), st.data())
@unhurried
def test_damaged_mails(raw: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(raw)))
    damage = data.draw(st.binary(max_size=40))
    check(parse_message(raw[:at] + damage + raw[at + data.draw(st.integers(0, 40)) :]))


@given(PLAIN_TEXTS)
@unhurried
def test_no_word_is_lost_where_nothing_is_quoted(text: str) -> None:
    parts = parse_message(b"From: a@b.hu\nContent-Type: text/plain; charset=utf-8\n\n" + text.encode()).parts
    found = {word for part in parts for word in re.findall(r"\w+", part.text)}
    assert set(re.findall(r"\w+", text)) <= found


@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "cp1250", "iso8859-2"]), st.text(max_size=20))
@unhurried
def test_any_charset(text: str, codec: str, declared: str) -> None:
    assert isinstance(decode_text(text.encode(codec, "replace"), declared)[0], str)


@given(st.text(max_size=500), st.booleans(), st.booleans())
@unhurried
def test_any_lines(text: str, flowed: bool, delsp: bool) -> None:
    assert all("\n" not in line.text for line in plain_lines(text, flowed=flowed, delsp=delsp))


@given(TEXTS)
@unhurried
def test_any_html(text: str) -> None:
    assert all("\n" not in line.text for line in html_lines(text))
