"""Characters made plain: one form of blanks, dashes left alone, Hungarian letters as Hungarians write them. Pure."""

from __future__ import annotations

import re
import unicodedata

_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff\ufffc"
)
_LINE_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
# ő and ű of ISO-8859-2 read as ISO-8859-1: no Hungarian word holds õ or û
_HUNGARIAN = {"õ": "ő", "û": "ű", "Õ": "Ő", "Û": "Ű"}

_TABLE: dict[str, str] = {
    **dict.fromkeys(_BLANKS, " "),
    **dict.fromkeys(_INVISIBLE, ""),
    **dict.fromkeys(_LINE_ENDS, "\n"),
    **{chr(code): "" for code in (*range(9), *range(14, 28), 31, *range(127, 160)) if chr(code) not in _LINE_ENDS},
    **_HUNGARIAN,
}
_TRANSLATION = str.maketrans(_TABLE)
_TO_CHANGE = re.compile("[" + re.escape("".join(_TABLE)) + "\ud800-\udfff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BLANK_RUN = re.compile(r"[ \t\n]+")


def normal_text(text: str) -> str:
    """`text` in NFC with `\\n` line ends, plain blanks, without invisible characters, `õû` folded to `őű`."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        # letters first: an o with a combining tilde must become õ before õ is folded
        text = unicodedata.normalize("NFC", text)
    if _TO_CHANGE.search(text):
        text = _SURROGATES.sub("\ufffd", text.translate(_TRANSLATION))
    return text


def folded(text: str) -> str:
    """Lower case without accents."""
    text = text.lower()
    return text if text.isascii() else unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode("ascii")


def one_line(text: str) -> str:
    """Normal text with every run of blanks and line ends made one blank, none at the ends."""
    if text.isascii() and text.isprintable() and "  " not in text:  # as nearly every header's value is
        return text.strip()
    return _BLANK_RUN.sub(" ", normal_text(text)).strip()
