"""E-mail addresses in a text, as people write them: plain, obfuscated, torn by blanks, or broken.

Nothing is looked up in the network: `valid` speaks of the shape alone. Reserved example domains are as good as any
other; what can never receive mail (no dot, an address in the local network, a bare number) is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email
from rapidfuzz.distance import OSA

from rules.catalogue import Catalogue
from rules.text import fold

LONGEST = 254
# Endings that exist in no public name system, so nothing sent there arrives (RFC 6761, RFC 8375 and habit).
DEAD_ENDINGS = frozenset({"local", "localhost", "lan", "internal", "invalid", "localdomain", "home", "corp", "intra"})
TOP_LEVEL_TYPOS = {"hu": ("huu", "h", "uh", "hi", "hn", "gu", "hu1", "hzu", "hui"), "com": ("con", "cm", "om", "comm", "vom", "xom", "coom", "cmo", "ocm", "col")}  # fmt: skip

_LOCAL = r"[^\s@<>()\[\],;:\"„”|=]{1,64}"
_DOMAIN = r"[^\s@<>()\[\],;:\"„”|=!?*]{1,190}"
_PLAIN = re.compile(rf"{_LOCAL}@{{1,3}}{_DOMAIN}")
_TORN = re.compile(  # blanks or a comma where none belong: "nagy.eva @ gmail. com", "nagyeva@gmail,com"
    r"(?<![\w@.])(?P<local>[\w.+\-]{1,64})[ \t]{0,2}@[ \t]{0,2}(?P<domain>[\w\-]{1,63}(?:[ \t]?[.,][ \t]?[\w\-]{2,63}){0,3})(?![\w@])"
)
_SPELLED = re.compile(  # "nagy.eva (kukac) gmail pont com", "nagyeva[at]gmail.com", "nagyeva kukac freemail.hu"
    r"(?<![\w@.])(?P<local>[\w.+\-]{1,64}(?:\s?[(\[{]?(?:pont|dot)[)\]}]?\s?[\w.+\-]{1,64}){0,2})"
    r"\s?(?:[(\[{<]\s?(?:kukac|at|a|et|ett|@|kukacz)\s?[)\]}>]|\s(?:kukac|kukacz|at)\s|\bkukac\b|_at_|-at-)\s?"
    r"(?P<domain>[\w\-]{1,63}(?:(?:\s?\.\s?|\s?[(\[{]?\b(?:pont|dot)\b[)\]}]?\s?)[\w\-]{2,63}){0,3})(?![\w@])",
    re.IGNORECASE,
)
_DOT_WORD = re.compile(r"\s?[(\[{]?\b(?:pont|dot)\b[)\]}]?\s?|\s+", re.IGNORECASE)
_NO_AT = re.compile(  # in an e-mail field only: "nagyevagmail.com", "nagy.eva.gmail.com"
    r"(?<![\w@.\-/])[\w.+\-]{2,64}\.(?:hu|com|eu|net|org)(?![\w@])"
)
_EDGES = "<>()[]{}.,;:!?'\"„”‘’`*/\\|_-=&"


@dataclass(frozen=True, slots=True)
class EmailHit:
    """An address at `start`–`end`: `value` lower-cased and repaired, `valid` in shape, else `problem` says why not.

    Problems: shape, no_at, double_at, domain, accent. `repaired`: the writer's spelling had to be undone
    (obfuscation, blanks, comma for dot). `suggestion` is the address probably meant, or "".
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


def find_emails(text: str, catalogue: Catalogue | None = None, *, in_field: bool = False) -> tuple[EmailHit, ...]:
    """The addresses of `text` in order; with `in_field` also what an e-mail field holds without an @."""
    hits: list[EmailHit] = []
    if "@" in text:
        for match in _PLAIN.finditer(text):
            hits += _read_plain(text, match, catalogue)
        hits += _fresh(hits, (_read_parts(text, match, catalogue) for match in _TORN.finditer(text)))
    lowered = text.lower()
    if "kukac" in lowered or "at" in lowered or "@)" in lowered or "@]" in lowered:
        hits += _fresh(hits, (_read_parts(text, match, catalogue) for match in _SPELLED.finditer(text)))
    if in_field and not hits:
        for match in _NO_AT.finditer(text):
            value = match.group().lower()
            suggestion = _with_at(value, catalogue)
            hits.append(EmailHit(*match.span(), match.group(), value, False, 0.7, "no_at", suggestion=suggestion))
    return tuple(sorted(hits, key=lambda hit: hit.start))


def read_email(address: str, catalogue: Catalogue | None = None) -> EmailHit:
    """Judge the shape of one address that needs no finding (a header's, a table cell's)."""
    return _judge(address, 0, len(address), address, catalogue)


def _fresh(hits: list[EmailHit], others: object) -> list[EmailHit]:
    """Those of `others` that mend what `hits` hold broken (these are taken out) or stand elsewhere."""
    fresh: list[EmailHit] = []
    for hit in others:  # type: ignore[attr-defined]
        rivals = [other for other in hits if hit and hit.start < other.end and other.start < hit.end]
        if hit and not any(rival.valid for rival in rivals) and (hit.valid or not rivals):
            for rival in rivals:
                hits.remove(rival)
            fresh.append(hit)
    return fresh


def _read_plain(text: str, match: re.Match[str], catalogue: Catalogue | None) -> list[EmailHit]:
    raw, start = match.group(), match.start()
    lead = len(raw) - len(raw.lstrip(_EDGES.replace("_", "").replace("-", "")))
    if raw.lower().startswith("mailto:", lead):
        lead += len("mailto:")
    kept = raw[lead:].rstrip(_EDGES)
    if "@" not in kept.strip("@"):
        return []
    return [_judge(kept, start + lead, start + lead + len(kept), kept, catalogue)]


def _read_parts(text: str, match: re.Match[str], catalogue: Catalogue | None) -> EmailHit | None:
    local = _DOT_WORD.sub(lambda word: "." if word.group().strip() else "", match["local"])
    domain = re.sub(r"\s?[.,]\s?", ".", _DOT_WORD.sub(lambda w: "." if w.group().strip() else "", match["domain"]))
    if "." not in domain and "@" not in match.group():
        return None
    return _judge(f"{local}@{domain}", match.start(), match.end(), match.group(), catalogue, repaired=True)


def _judge(
    address: str, start: int, end: int, excerpt: str, catalogue: Catalogue | None, *, repaired: bool = False
) -> EmailHit:
    value = address.strip().lower()
    problem = shape_problem(value)
    suggestion = suggest_address(value, catalogue) if catalogue else ""
    certainty = 0.5 if problem else (0.9 if repaired else 1.0)
    return EmailHit(start, end, excerpt, value, not problem, certainty, problem, repaired, suggestion)


@lru_cache(maxsize=1024)
def shape_problem(address: str) -> str:
    """What is wrong with the lower-cased address, or "" where mail may be sent to it."""
    local, _, domain = address.rpartition("@")
    if not local or len(address) > LONGEST:
        return "no_at" if "@" not in address else "shape"
    if "@" in local:
        return "double_at"
    if any(letter > "\x7f" for letter in local):
        return "accent"
    ending = domain.rpartition(".")[2]
    if "." not in domain or ending in DEAD_ENDINGS or not ending.isalpha() or len(ending) < 2:
        return "domain"
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return "shape"
    return ""


def suggest_address(address: str, catalogue: Catalogue) -> str:
    """The address probably meant: accents off, one @, a well-known provider's name set right; "" where nothing to say."""
    local, _, domain = address.replace("@@", "@").rpartition("@")
    local = re.sub(r"[^\w.+\-]", "", fold(local)).strip(".")
    local = re.sub(r"\.{2,}", ".", local)
    better = _better_domain(fold(domain).replace(",", ".").strip("."), catalogue)
    candidate = f"{local}@{better}"
    return candidate if candidate != address and not shape_problem(candidate) else ""


def _better_domain(domain: str, catalogue: Catalogue) -> str:
    providers = catalogue.words.get("email_providers", ())
    if domain in providers:
        return domain
    if domain in catalogue.email_typos:
        return catalogue.email_typos[domain]
    name, _, ending = domain.rpartition(".")
    for right, wrongs in TOP_LEVEL_TYPOS.items():
        if ending in wrongs and name:
            return _better_domain(f"{name}.{right}", catalogue)
    if not name:  # "nagyeva@gmail", "nagyeva@gmailcom"
        whole = [
            provider for provider in providers if domain in (provider.rpartition(".")[0], provider.replace(".", ""))
        ]
        return whole[0] if whole else domain
    near = [
        provider for provider in providers if len(provider) >= 8 and OSA.distance(domain, provider, score_cutoff=1) == 1
    ]
    return near[0] if len(near) == 1 else domain


def _with_at(value: str, catalogue: Catalogue | None) -> str:
    """ "nagyevagmail.com" → "nagyeva@gmail.com", for well-known providers only."""
    for provider in catalogue.words.get("email_providers", ()) if catalogue else ():
        if value.endswith(provider) and len(value) > len(provider) + 2:
            candidate = f"{value[: -len(provider)].rstrip('.')}@{provider}"
            return candidate if not shape_problem(candidate) else ""
    return ""
