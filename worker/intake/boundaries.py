"""Where an older mail begins inside a body: marker lines, header blocks, "… ezt írta:" lines. Pure, linear."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.model import Address
from worker.intake import markers
from worker.intake.addresses import parse_addresses
from worker.intake.lines import Line, squeezed
from worker.intake.normal import folded

_ROLE_OF = {folded(label): role for role, labels in markers.HEADER_LABELS.items() for label in labels}
_LABELS = sorted((label for labels in markers.HEADER_LABELS.values() for label in labels), key=len, reverse=True)
_ANY_LABEL = markers.loosely(*(re.escape(label) for label in _LABELS))
_LABEL_LINE = re.compile(rf"[\s*|_]{{0,6}}({_ANY_LABEL})\s{{0,3}}\*?\s{{0,3}}:", re.IGNORECASE)
_LABEL_INSIDE = re.compile(rf"(?:^|(?<=[\s*|>])|(?<=CET)|(?<=EST))({_ANY_LABEL})\s{{0,3}}\*?\s{{0,3}}:", re.IGNORECASE)
_DECORATION = r"[\s*_\-–—=>#~+]"
_MARKER = re.compile(
    rf"(?P<before>{_DECORATION}{{0,60}})(?:(?P<forward>{markers.loosely(*markers.FORWARD_MARKERS)})"
    rf"|(?P<original>{markers.loosely(*markers.ORIGINAL_MARKERS)}))(?!\w)\s*(?P<after>[:*\s_\-–—=<>#~+]{{0,60}})",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:[íi]rta|[íi]rt|wrote|schrieb|writes)\b|^Idézet\b", re.IGNORECASE)
_WROTE = re.compile("[íiÍIİı][rR][tT]")
_VERB_END = re.compile(
    r"(?:\b(?:[íi]rta|[íi]rt|wrote|schrieb|writes)\b.{0,120}|^Idézet\b.{1,200}):[\s*]*$", re.IGNORECASE
)
_DATE_FIRST = re.compile(r"\W{0,3}(?:(?:on|am|le)\s|\d{4}[.\-/]|\d{1,2}[./]\s?\d)", re.IGNORECASE)
_PERSON = re.compile(r"<?[\w.+-]+@[\w-]+")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_DATED = re.compile(r"\d{1,4}[.:/-]\s?\d|@")
_WRITER = re.compile(
    r"(?:\b[AP]M\s+)?((?:(?:dr\.?\s)?[A-ZÁÉÍÓÖŐÚÜŰ][\w.’'-]{1,30}\s{1,2}){2,6})(?:[<(\[]|ezt\s+írta|írta|wrote|schrieb)"
)
_BLOCK_LINES = 16
# Whatever announces an older mail holds one of these, folded: a marker, a verb of writing, or a sender's label
_ANNOUNCING = (
    *("tovabbit", "forward", "weitergeleitet", "eredeti", "original", "ursprunglich", "valasz uzenet"),
    *("irt", "wrote", "schrieb", "writes", "idezet"),
    "\u0131",  # a dotless i, which is an i to IGNORECASE but not to the fold
)
_SENDERS = tuple(f"{folded(label)}:" for label in markers.HEADER_LABELS["from"])
_RULE = re.compile(r"[\s_\-=*–—]{8,}$")


@dataclass(frozen=True, slots=True)
class Boundary:
    """The lines `start` to `end` (exclusive) announce an older mail. `word` is "forward", "original" or ""."""

    start: int
    end: int
    word: str = ""
    has_block: bool = False
    sender: Address | None = None
    recipients: tuple[Address, ...] = ()
    subject: str = ""


def find_boundary(lines: Sequence[Line], at: int) -> Boundary | None:
    """The announcement of an older mail that begins at the line `at`, or that becomes plain there."""
    text = lines[at].text
    if len(text) > 2_000 or not text.strip():
        return None
    return _marker(lines, at) or _header_block(lines, at) or _attribution(lines, at)


def may_announce(text: str) -> bool:
    """Whether an older mail may begin in a body of the folded `text`: most hold none of the words that it takes."""
    for word in _ANNOUNCING:
        if word in text:
            return True
    close = text.replace(" ", "").replace("\t", "").replace("*", "")
    return any(label in close for label in _SENDERS)


def is_rule(line: Line) -> bool:
    """Whether `line` is a drawn line, such as Outlook's underscores above an older mail."""
    return _RULE.match(line.text) is not None


def _marker(lines: Sequence[Line], at: int) -> Boundary | None:
    match = _MARKER.match(lines[at].text)
    if match is None:
        return None
    word = "forward" if match["forward"] else "original"
    rest = lines[at].text[match.end() :]
    dashes = sum(character in "-–—=*_" for character in match["before"] + match["after"])
    if rest.strip():  # Yahoo writes the whole header block behind the marker
        block = _one_line_block(rest) if dashes >= 4 and _LABEL_LINE.match(rest) else None
        return replace(block, start=at, end=at + 1, word=word) if block else None
    after = _next_filled(lines, at + 1)
    block = _header_block(lines, after, needed=2) if after < len(lines) and after - at <= 4 else None
    if block is not None:
        return replace(block, start=at, word=word)
    colon = ":" in match["after"] and match["forward"] is not None
    return Boundary(at, at + 1, word) if dashes >= 4 or colon else None


def _next_filled(lines: Sequence[Line], at: int) -> int:
    while at < len(lines) and not lines[at].text.strip():
        at += 1
    return at


def _header_block(lines: Sequence[Line], at: int, needed: int = 3) -> Boundary | None:
    """`needed` header lines, one of them the sender's; blank lines and wrapped lists of people in between."""
    if not _LABEL_LINE.match(lines[at].text):
        return None
    end = at + 1
    blanks = 0
    for index in range(at + 1, min(at + _BLOCK_LINES, len(lines))):
        text = lines[index].text
        if not text.strip():
            blanks += 1
            if blanks > 1:
                break
        elif _LABEL_LINE.match(text) and lines[index].depth == lines[at].depth:
            end, blanks = index + 1, 0
        elif blanks or not _continues(lines, index):
            break
    found = _one_line_block(" ".join(line.text for line in lines[at:end]), needed)
    return replace(found, start=at, end=end) if found else None


def _one_line_block(text: str, needed: int = 3) -> Boundary | None:
    """What a header block says; None where `text` is none."""
    values = _values(text)
    roles = set(values) - {"other"}
    sound = "from" in values and len(roles) >= needed and ("date" in roles or "@" in values["from"])
    if not sound:
        return None
    sender = next(iter(parse_addresses(_unlinked(values["from"]))), None)
    people = parse_addresses(_unlinked(values.get("to", ""))) + parse_addresses(_unlinked(values.get("cc", "")))
    return Boundary(0, 0, "", True, sender, people, squeezed(values.get("subject", "").strip("* ")))


def _continues(lines: Sequence[Line], index: int) -> bool:
    """Whether a line without label goes on with the list of people or the subject of the line above."""
    ahead = lines[index + 1 : index + 5]
    follows = any(_LABEL_LINE.match(line.text) for line in ahead)
    return follows and (
        "@" in lines[index].text or lines[index].text[:1] in " \t" or lines[index - 1].text.endswith((";", ","))
    )


def _values(block: str) -> dict[str, str]:
    found = [(match.start(), match.end(), _ROLE_OF[folded(match[1])]) for match in _LABEL_INSIDE.finditer(block)]
    values: dict[str, str] = {}
    for (_, end, role), following in zip(found, [*found[1:], (len(block), 0, "")], strict=True):
        values.setdefault(role, block[end : following[0]].strip(" \t*"))
    return values


def _unlinked(value: str) -> str:
    """`a@b.hu<mailto:a@b.hu>` and `[mailto:a@b.hu]`, as Outlook writes links in plain text, as plain addresses."""
    value = re.sub(r"<mailto:[^<>]{0,300}>", "", value) if re.search(r"[^\s<]<mailto:", value) else value
    return re.sub(r"\[(?:mailto:)?([^\[\]\s]{1,300}@[^\[\]\s]{1,300})\]", r"<\1>", value).replace("*", "")


def _attribution(lines: Sequence[Line], at: int) -> Boundary | None:
    """`Név <cím> ezt írta (időpont: …):`, alone or wrapped over up to four lines around the verb."""
    if not _names_a_writer(lines[at].text):
        return None
    depth = lines[at].depth
    text, end = lines[at].text, at + 1
    while not _VERB_END.search(text):
        if end >= len(lines) or end - at > 2 or lines[end].depth != depth or not lines[end].text.strip():
            return None
        text, end = f"{text} {lines[end].text.strip()}", end + 1
    start = _opening(lines, at)
    whole = " ".join(line.text.strip() for line in lines[start:end])
    following = _next_filled(lines, end)
    deeper = following < len(lines) and lines[following].depth > depth
    if len(whole) > 400 or not (deeper or _DATED.search(whole)):
        return None
    address, name = _ADDRESS.search(whole), _WRITER.search(whole)
    sender = Address(squeezed(name[1]) if name else "", address.group().lower() if address else "")
    return Boundary(start, end, "", False, sender if address or name else None)


def _names_a_writer(text: str) -> bool:
    """Whether a verb of writing stands in `text`; the pattern is asked only where one of its words may stand."""
    small = text.lower()
    may = _WROTE.search(text) or "wrote" in small or "chrieb" in small or "rites" in small or "dézet" in small
    return bool(may) and _VERB.search(text) is not None


def _opening(lines: Sequence[Line], at: int) -> int:
    """The line at which the attribution begins whose verb stands in the line `at`: that one or one shortly above."""
    for start in range(at, max(-1, at - 4), -1):
        text = lines[start].text
        if lines[start].depth != lines[at].depth or not text.strip():
            break
        if _DATE_FIRST.match(text):
            return start
    above = lines[at - 1] if at else None
    if above is not None and above.depth == lines[at].depth and not _PERSON.search(lines[at].text):
        return at - 1 if _PERSON.search(above.text) else at
    return at
