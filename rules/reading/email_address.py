"""E-mail addresses in a text, as people write them: plain, obfuscated, torn by blanks, or broken.

A spelling against harvesters ("(kukac)", "pont") and blanks around the @ are undone; what is wrong in itself (two @,
a comma for the dot, accents, a mistyped provider) is kept, called invalid, and given a suggestion.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rules.address_shape import shape_problem, suggest_address
from rules.catalogue import Catalogue
from rules.reading.torn_address import torn_head
from rules.text import CASE_ENDINGS, Taken, fold

_OUTSIDE = r"\s<>()\[\],;:\"„”|=/"
_PLAIN = re.compile(rf"[^{_OUTSIDE}@]{{1,80}}(?:@{{1,3}}[^{_OUTSIDE}@]{{1,190}}){{1,3}}")
_LINE = r"[ \t]{0,3}\n[ \t>]{0,8}"
_TORN = re.compile(  # blanks, a comma or a line's end where none belong: "nagy.eva @ gmail. com", "nagyeva@gmail,com"
    rf"(?<![\w@.])(?P<local>[\w.+\-]{{1,64}})(?P<gap>[ \t]{{0,2}}|{_LINE})@(?:[ \t]{{0,2}}|{_LINE})"
    r"(?P<domain>[\w\-]{1,63}(?:(?<![., ]hu)(?<![., ]eu)(?<![., ]com)(?<![., ]net)(?<![., ]org)"  # ends there
    rf"(?:[ \t]?[.,][ \t]?[\w\-]{{2,63}}|(?:{_LINE}\.|\.{_LINE})(?:hu|com|eu|net|org)(?!\w))){{1,3}})(?![\w@])"
)
_DISTINCT = re.compile(r"[\d._+\-]")
_DOT = r"(?:\s?\.\s?|\s?[(\[{]\s?(?:pont|dot)\s?[)\]}]\s?|\s(?:pont|dot)\s)"
_AT = r"\s?(?:[(\[{<]\s?(?:kukac|kukacz|at|et|ett|a|@)\s?[)\]}>]|\s(?:kukac|kukacz|at)\s|\bkukac\b|_at_|-at-)\s?"
_SPELLED = re.compile(  # "nagy.eva (kukac) gmail pont com", "nagyeva[at]gmail.com"
    rf"(?<![\w@.])(?P<local>[\w+\-]{{1,64}}(?:{_DOT}[\w+\-]{{1,64}}){{0,3}}){_AT}"
    rf"(?P<domain>[\w\-]{{1,63}}(?:{_DOT}[\w\-]{{2,63}}){{1,3}})(?![\w@])",
    re.IGNORECASE,
)
_DOT_WORD = re.compile(_DOT, re.IGNORECASE)
# One of these, or "kukac", stands in small letters in whatever _SPELLED finds.
_IN_BRACKETS = re.compile(r"[(\[{<]\s?(?:at|ett?|a|@)\s?[)\]}>]")
_WORD_AT = re.compile(r"at(?<=[\s_-]at)[\s_-]")
_NO_AT = re.compile(r"(?<![\w@.\-/])(?!www\.)[\w.+\-]{2,80}\.(?:hu|com|eu|net|org)(?![\w@/])", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:hu|com|eu|net|org)(?![\w@/])", re.IGNORECASE)  # stands in whatever _NO_AT finds
_ALONE_ON_LINE = re.compile(r"(?:^|\n)[ \t\-*•]*(?:e-?mail[ \t]*:?[ \t]*)?$", re.IGNORECASE)
_LINE_END = re.compile(r"[ \t.,;]*(?:\n|$)")
_EDGES = "<>()[]{}.,;:!?'\"„”‘’`*/\\|=&"
_WORD_BEFORE = re.compile(  # a word that is no remark on the address
    r"\s*(?!(?:az?|ez|uj|saj|priv|pl|cim|email|mail|hivatal|munka|szem|egy|kozos|otthon|nekem|neki|lesz|ide|itt|ugyan|marad)[a-z]*\s)"
    r"(?P<word>[a-z]{3,20}) $"
)
_SUFFIX = re.compile(r"-([a-záéíóöőúüű]{1,5})$")


class EmailHit(NamedTuple):
    """An address at `start`–`end`: `value` lower-cased and repaired, `valid` in shape, else `problem` says why not.

    Problems: those of `rules.address_shape.shape_problem`, and comma. `repaired`: a spelling against harvesters or
    blanks had to be undone. `suggestion` is the address probably meant, or "".
    """

    start: int
    end: int
    excerpt: str
    value: str
    valid: bool
    certainty: float
    problem: str = ""
    repaired: bool = False
    suggestion: str = ""


def find_emails(
    text: str, catalogue: Catalogue | None = None, *, in_field: bool = False, whole: str = ""
) -> tuple[EmailHit, ...]:
    """The addresses of `text` in order; with `in_field` also what an e-mail field holds without an @.

    `whole` is the text that a field belongs to: its names say which halves of a torn address belong together.
    """
    hits: list[EmailHit] = []
    if "@" in text:
        hits = [hit for match in _plain(text) if (hit := _read_plain(match, catalogue))]
        if text.count("@") > sum(hit.valid for hit in hits):  # else each @ stands in a sound address already
            hits = _mended(hits, (_read_torn(match, catalogue) for match in _TORN.finditer(text)))
    if _may_be_spelled(text.lower()):
        hits = _mended(hits, (_read_parts(match, catalogue) for match in _SPELLED.finditer(text)))
    hits = [_with_head(hit, text, catalogue, whole or text if in_field else "") for hit in hits]
    hits += _without_at(text, catalogue, hits, in_field=in_field)
    if in_field and len(hits) == 1:
        hits = [_with_blank(hits[0], text, catalogue)]
    return tuple(_without_links(sorted(hits, key=lambda hit: hit.start), text))


def read_email(address: str, catalogue: Catalogue | None = None) -> EmailHit:
    """Judge the shape of one address that needs no finding (a header's)."""
    return _judge(address, (0, len(address)), address, catalogue)


def _may_be_spelled(lower: str) -> bool:
    return "kukac" in lower or bool(_IN_BRACKETS.search(lower) or _WORD_AT.search(lower))


def _plain(text: str) -> Iterator[re.Match[str]]:
    """What looks like an address, sought only on lines with an @: a word without one costs the square of its length."""
    end = 0
    while (at := text.find("@", end)) >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        end = len(text) if end < 0 else end
        yield from _PLAIN.finditer(text, start, end)


def _read_plain(match: re.Match[str], catalogue: Catalogue | None) -> EmailHit | None:
    raw = match.group()
    lead = len(raw) - len(raw.lstrip(_EDGES))
    kept = raw[lead:].rstrip(_EDGES + "_-")
    suffix = _SUFFIX.search(kept)
    if suffix and fold(suffix[1]) in CASE_ENDINGS | {"s", "os", "es", "ok", "om", "em"}:
        kept = kept[: suffix.start()]  # "nagyeva@gmail.com-ra"
    if "@" not in kept.strip("@"):
        return None
    start = match.start() + lead
    return _judge(kept, (start, start + len(kept)), kept, catalogue)


def _read_parts(match: re.Match[str], catalogue: Catalogue | None) -> EmailHit:
    local = _DOT_WORD.sub(".", match["local"])
    domain = _DOT_WORD.sub(".", match["domain"])
    comma = "," in domain
    domain = re.sub(r"\s*[.,][\s>]*", ".", domain)
    hit = _judge(f"{local}@{domain}", match.span(), match.group(), catalogue, repaired=True)
    if comma and hit.valid:
        return EmailHit(hit.start, hit.end, hit.excerpt, hit.value, False, 0.5, "comma", suggestion=hit.value)
    return hit


def _read_torn(match: re.Match[str], catalogue: Catalogue | None) -> EmailHit:
    """A word that ends the line before its @ may be the last one of several: only likely to be all of the address."""
    hit = _read_parts(match, catalogue)
    if "\n" not in match["gap"] or not hit.valid or _DISTINCT.search(match["local"]):
        return hit
    before = match.string[: match.start()].rpartition("\n")[2].rstrip(" \t>")
    return hit if not before or before[-1] in ":=(<" else _doubtful(hit)


def _with_head(hit: EmailHit, text: str, catalogue: Catalogue | None, field_of: str) -> EmailHit:
    """The whole address where its beginning was torn off: "kovacs.⏎anna@…" is not anna@…"""
    given_names = catalogue.given_names if catalogue else frozenset()
    torn = torn_head(text, hit.start, hit.value.partition("@")[0], given_names, field_of)
    if torn is None:
        return hit
    span = (torn.start, hit.end)
    joined = _judge(torn.head + hit.value, span, text[slice(*span)], catalogue, repaired=True)
    return joined if torn.certain or not joined.valid else _doubtful(joined)


def _doubtful(hit: EmailHit) -> EmailHit:
    """To be asked about: the repair is likely, not certain."""
    return hit._replace(valid=False, certainty=0.5, problem="shape", suggestion=hit.value)


def _judge(
    address: str, span: tuple[int, int], excerpt: str, catalogue: Catalogue | None, *, repaired: bool = False
) -> EmailHit:
    value = address.strip().lower()
    problem = shape_problem(value, catalogue)
    suggestion = suggest_address(value, catalogue) if catalogue else ""
    certainty = 0.5 if problem else (0.9 if repaired else 1.0)
    return EmailHit(*span, excerpt, value, not problem, certainty, problem, repaired, suggestion)


def _mended(hits: list[EmailHit], others: Iterable[EmailHit]) -> list[EmailHit]:
    """`hits` with those of `others` that stand elsewhere, or mend what a hit holds broken."""
    sound, broken, mended = Taken(), Taken(), Taken()
    for hit in hits:
        (sound if hit.valid else broken).take(hit.start, hit.end)
    fresh: list[EmailHit] = []
    for hit in others:
        mends = hit.valid or hit.problem == "comma"
        if sound.overlaps(hit.start, hit.end) or (not mends and broken.overlaps(hit.start, hit.end)):
            continue
        if mended.take(hit.start, hit.end):
            fresh.append(hit)
    return [*(hit for hit in hits if hit.valid or not mended.overlaps(hit.start, hit.end)), *fresh]


def _without_at(text: str, catalogue: Catalogue | None, hits: list[EmailHit], *, in_field: bool) -> Iterator[EmailHit]:
    """Addresses whose @ is missing: in a field of its own, or alone on a line with a dot before its domain."""
    if "." not in text or (in_field and hits):
        return
    taken = Taken()
    for hit in sorted(hits, key=lambda hit: hit.start):
        taken.take(hit.start, hit.end)
    if all(taken.overlaps(*ending.span()) for ending in _ENDING.finditer(text)):
        return
    for match in _NO_AT.finditer(text):
        start, end = match.span()
        if taken.overlaps(start, end):
            continue
        value = match.group().lower()
        alone = value.count(".") >= 3 and _ALONE_ON_LINE.search(text[max(0, start - 30) : start])
        if in_field or (alone and _LINE_END.match(text, end)):
            suggestion = suggest_address(value, catalogue) if catalogue else ""
            yield EmailHit(
                start, end, match.group(), value, False, 0.5 if in_field else 0.3, "no_at", suggestion=suggestion
            )


def _with_blank(hit: EmailHit, text: str, catalogue: Catalogue | None) -> EmailHit:
    """A field's whole content where it is an address with a blank in its local part: "nagy eva@gmail.com"."""
    before = _WORD_BEFORE.fullmatch(text, 0, hit.start)
    if not before or not hit.valid or text[hit.end :].strip(" \t\n.,;"):
        return hit
    written = text[before.start("word") : hit.end]
    meant = read_email(f"{before['word']}.{hit.value}", catalogue)
    suggestion = meant.value if meant.valid else ""
    return EmailHit(before.start("word"), hit.end, written, written.lower(), False, 0.5, "shape", suggestion=suggestion)


def _without_links(hits: list[EmailHit], text: str) -> Iterator[EmailHit]:
    """Leave out the second half of "nagyeva@gmail.com<mailto:nagyeva@gmail.com>"."""
    last = ""
    for hit in hits:
        if not (hit.value == last and text[max(0, hit.start - 7) : hit.start].lower() == "mailto:"):
            yield hit
        last = hit.value
