"""No letter is lost, whatever the mail says of its charset."""

import pytest

from worker.intake.charset import decode_text, python_codec, repair_mojibake
from worker.intake.normal import folded, normal_text, one_line

TEXT = "árvíztűrő tükörfúrógép ÁRVÍZTŰRŐ „PIR”"
LATIN = "árvíztűrő tükörfúrógép ÁRVÍZTŰRŐ"


@pytest.mark.parametrize(
    ("data", "declared", "guessed"),
    [
        (TEXT.encode("utf-8"), "utf-8", False),
        (TEXT.encode("utf-8"), "UTF8", False),
        (TEXT.encode("utf-8"), "", True),
        (TEXT.encode("utf-8"), "us-ascii", True),
        (TEXT.encode("utf-8"), "iso-8859-2", True),
        (TEXT.encode("utf-8"), "windows-1250", True),
        (TEXT.encode("utf-8"), "x-unknown\0", True),
        (TEXT.encode("utf-8-sig"), "iso-8859-1", False),
        (TEXT.encode("utf-16"), "", False),
        (TEXT.encode("cp1250"), "windows-1250", False),
        (TEXT.encode("cp1250"), "x-cp1250", False),
        (TEXT.encode("cp1250"), "iso-8859-2", False),
        (TEXT.encode("cp1250"), "", True),
        (TEXT.encode("cp1250"), "utf-8", True),
        (TEXT.encode("cp1250"), "no-such-charset", True),
        (TEXT.encode("utf-8").decode("iso8859-1").encode("utf-8"), "utf-8", False),  # encoded twice
    ],
)
def test_the_text_is_found(data: bytes, declared: str, guessed: bool) -> None:
    assert decode_text(data, declared) == (TEXT, guessed)


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "iso-8859-2", "iso-8859-15", "us-ascii", ""])
def test_hungarian_survives_the_wrong_latin(declared: str) -> None:
    assert normal_text(decode_text(LATIN.encode("iso8859-2"), declared)[0]) == LATIN


def test_a_foreign_footer_does_not_spoil_the_text() -> None:
    data = TEXT.encode("utf-8") + b"\n" + LATIN.encode("iso8859-2")
    assert decode_text(data, "utf-8") == (f"{TEXT}\n{LATIN}", True)


def test_dos_letters_of_an_old_register() -> None:
    assert decode_text("Győrűfalu, Ágerdőmajor; új kérelem".encode("cp852"))[0] == "Győrűfalu, Ágerdőmajor; új kérelem"


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Å‘ Å± Ã¡ Ã©", "ő ű á é"),
        ("Ĺ‘ Ĺ± Ăˇ Ă©", "ő ű á é"),
        ("KovÃ¡cs Ã‰va", "Kovács Éva"),
        ("Ă\u00adrás", "írás"),
        ("Ångström, Ãrea, Łódź, Âme", "Ångström, Ãrea, Łódź, Âme"),
    ],
)
def test_text_encoded_twice_is_turned_back_only_where_certain(broken: str, whole: str) -> None:
    assert repair_mojibake(broken) == whole


@pytest.mark.parametrize("name", ["base64", "zlib", "rot13", "idna", "punycode", "unicode_escape", "", "\0", "é" * 500])
def test_only_text_encodings_are_used(name: str) -> None:
    assert python_codec(name) == ""


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("jegyzõ ÛJ õÕûÛ", "jegyző ŰJ őŐűŰ"),
        ("o\u0303 u\u0302 o\u030b", "ő ű ő"),
        ("a\u00a0b\u2009c\u3000d", "a b c d"),
        ("reg\u00adiszt\u200brá\ufeffció", "regisztráció"),
        ("a\r\nb\rc\u2028d\x0ce", "a\nb\nc\nd\ne"),
        ("a\x00b\x07c\ud800", "abc\ufffd"),
        ("740–009 ‐ 12‑3", "740–009 ‐ 12‑3"),
    ],
)
def test_characters_are_made_plain(raw: str, normal: str) -> None:
    assert normal_text(raw) == normal


def test_one_line_and_folded() -> None:
    assert one_line("  a \r\n\tb\u00a0 c ") == "a b c"
    assert folded("Árvíztűrő TÜKÖR") == "arvizturo tukor"
