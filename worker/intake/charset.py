"""Bytes to text: what the mail declares, else what the bytes prove, else what reads best as Hungarian. Pure.

No letter is ever dropped. A text whose charset had to be guessed is marked.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# What mailers write and Python does not know, or knows too narrowly (WHATWG Encoding Standard reads the same way)
_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "ascii",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-cp1250": "cp1250",
    "cp-1250": "cp1250",
    "windows1250": "cp1250",
    "win-1250": "cp1250",
    "x-mac-ce": "mac_latin2",
    "unicode": "utf-16",
    "utf8mb4": "utf-8",
    "utf": "utf-8",
}
_NO_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_SINGLE_BYTE = re.compile(r"ascii|cp12\d\d|cp125\d|iso8859|cp852|latin|mac|koi8|charmap")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE = 50_000
_HUNGARIAN = frozenset("áéíóöőúüűÁÉÍÓÖŐÚÜŰ")
_PLAUSIBLE = _HUNGARIAN | frozenset("„”“’‘–—…•·§°€×»«\u00a0\u00adäčďěňřšťžôßëăâîșțłńżÄČŠŽ")
# UTF-8 read as windows-1252 or windows-1250: the first letter is one of these, the rest lies above ASCII
_MOJIBAKE = re.compile("[ÂÃÅÄâĂĹÄ][\u0080-\u2fff]{1,3}")


@lru_cache(maxsize=256)
def python_codec(name: str) -> str:
    """Python's name of a declared charset; "" for an unknown one or one that is not a text encoding."""
    cleaned = re.sub(r"[^a-z0-9_.:-]", "", name.lower().split("*")[0])[:40]
    cleaned = _ALIASES.get(cleaned, cleaned)
    if not cleaned:
        return ""
    try:
        info = codecs.lookup(cleaned)
    except (LookupError, ValueError):
        return ""
    name = info.name.lower()
    if name.replace("-", "_") in _NO_TEXT or not getattr(info, "_is_text_encoding", True):
        return ""
    return "cp1252" if name == "iso8859-1" else name


def decode_text(data: bytes, declared: str = "") -> tuple[str, bool]:
    """The text of `data` and whether its charset had to be guessed against or without the declaration."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, "replace"), False
    codec = python_codec(declared) if declared else ""
    if data.isascii() and codec in ("", "ascii", "utf-8", "cp1252", "iso8859-2", "cp1250"):
        return data.decode("ascii"), False
    text, guessed = _decode_declared(data, codec)
    return repair_mojibake(text), guessed


def _decode_declared(data: bytes, codec: str) -> tuple[str, bool]:
    """A single-byte declaration loses against bytes that are sound UTF-8: no Latin text is that by chance."""
    try:
        as_utf8 = data.decode("utf-8")
    except UnicodeDecodeError:
        as_utf8 = None
    if codec in ("", "ascii", "utf-8"):
        if as_utf8 is not None:
            return as_utf8, codec != "utf-8"
        return _decode_lines(data), True
    if as_utf8 is not None and not data.isascii() and _SINGLE_BYTE.search(codec):
        return as_utf8, True
    if codec == "iso8859-2" and any(0x80 <= byte < 0xA0 for byte in set(data)):
        codec = "cp1250"  # ISO-8859-2 has no printable letter there
    try:
        return data.decode(codec), False
    except UnicodeDecodeError:
        fitting = _likeliest(data) if _SINGLE_BYTE.search(codec) else codec
        return data.decode(fitting, "replace"), True


def _decode_lines(data: bytes) -> str:
    """Lines of UTF-8 and of Latin-2 may stand together (a gateway's footer under a mail)."""
    codec = _likeliest(data)
    lines = []
    for line in data.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode(codec, "replace"))
    return "\n".join(lines)


def _likeliest(data: bytes) -> str:
    """The single-byte code page that gives the most plausible letters; windows-1250 wins a tie."""
    letters = bytes(byte for byte in data[:_SAMPLE] if byte > 0x7F)
    best, best_score = "cp1250", -1.0
    for codec in ("cp1250", "iso8859-2", "cp852"):
        text = letters.decode(codec, "replace")
        score = sum(1 for letter in text if letter in _PLAUSIBLE or letter in "õûÕÛ") / max(1, len(text))
        if score > best_score + (0.2 if codec == "cp852" else 0.0):
            best, best_score = codec, score
    return best


def repair_mojibake(text: str) -> str:
    """`text` with UTF-8 that was once read as a Windows code page ("Å‘" for "ő") turned back, where that is certain."""
    if text.isascii() or not _MOJIBAKE.search(text):
        return text
    return _MOJIBAKE.sub(lambda match: _repaired(match.group()), text)


@lru_cache(maxsize=4096)
def _repaired(run: str) -> str:
    for codec in ("cp1252", "cp1250"):
        raw = bytearray()
        for character in run:
            try:
                raw += character.encode(codec)
            except UnicodeEncodeError:
                if ord(character) > 0xFF:
                    break
                raw.append(ord(character))
        else:
            repaired = _longest_utf8(bytes(raw), run)
            if repaired:
                return repaired
    return run


def _longest_utf8(raw: bytes, run: str) -> str:
    """The repaired beginning of `run` with the rest of it as it was; "" where no beginning is plausible UTF-8."""
    for length in range(len(raw), 1, -1):
        try:
            text = raw[:length].decode("utf-8")
        except UnicodeDecodeError:
            continue
        if text[0] in _PLAUSIBLE and len(text) < length:
            return text + repair_mojibake(run[length:])
    return ""
