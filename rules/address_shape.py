"""The shape of one e-mail address: may mail be sent to it, and if not, what was probably meant. No network.

Reserved example domains are as good as any other; an ending outside the public name system, the local network's, or a
known slip of a provider's name ("gmial.com") is not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email
from rapidfuzz import process
from rapidfuzz.distance import OSA

from rules.catalogue import Catalogue
from rules.text import fold

LONGEST = 254
SHORTEST_PROVIDER = 9  # letters of a provider that is recognised misspelt
EXAMPLE_ENDINGS = frozenset({"example", "test"})  # RFC 2606: for examples, as the FAQ's own
# Endings that stand in no public list, where no list is at hand.
DEAD_ENDINGS = frozenset({"local", "localhost", "lan", "internal", "invalid", "localdomain", "home", "corp", "intra"})
_NOT_IN_LOCAL = re.compile(r"[^\w.+\-]")
_DOTS = re.compile(r"\.{2,}")
# What most addresses are: the validator has nothing to say of one that is short enough for all of its bounds.
_PLAIN = re.compile(r"(?=.{5,64}\Z)[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:hu|com|eu|net|org)")


@lru_cache(maxsize=2048)
def shape_problem(address: str, catalogue: Catalogue | None = None) -> str:
    """What is wrong with the lower-cased address: no_at, double_at, accent, domain, typo, shape; "" where nothing."""
    local, at, domain = address.rpartition("@")
    problems = {
        "no_at": not at,
        "double_at": "@" in local,
        "accent": not local.isascii(),
        "domain": not _is_public(domain, catalogue),
        "typo": catalogue is not None and domain in catalogue.email_typos,
    }
    first = next((problem for problem, found in problems.items() if found), "")
    return first or ("" if _is_well_formed(address) else "shape")


def _is_well_formed(address: str) -> bool:
    if _PLAIN.fullmatch(address):
        return True
    if len(address) > LONGEST:
        return False
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def _is_public(domain: str, catalogue: Catalogue | None) -> bool:
    name, dot, ending = domain.rpartition(".")
    if not dot or not name or ending in DEAD_ENDINGS:
        return False
    endings = _endings(catalogue) if catalogue else frozenset()
    if ending.startswith("xn--") or not ending.isascii():
        return True
    return ending.isalpha() and len(ending) > 1 and (not endings or ending in endings or ending in EXAMPLE_ENDINGS)


@lru_cache(maxsize=4)
def _endings(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(catalogue.words.get("top_level_domains", ()))


@lru_cache(maxsize=2048)
def suggest_address(address: str, catalogue: Catalogue) -> str:
    """The address probably meant: accents off, one @, a well-known provider set right; "" where there is nothing."""
    local, _, domain = re.sub(r"@{2,}", "@", address).rpartition("@")
    if not local:
        return _with_at(address, catalogue)
    local = _DOTS.sub(".", _NOT_IN_LOCAL.sub("", fold(local))).strip(".")
    candidate = f"{local}@{_better_domain(fold(domain).replace(',', '.').strip('.'), catalogue)}"
    return candidate if candidate != address and not shape_problem(candidate, catalogue) else ""


def _better_domain(domain: str, catalogue: Catalogue) -> str:
    providers = catalogue.words.get("email_providers", ())
    domain = catalogue.email_typos.get(domain, domain)
    if domain in providers:
        return domain
    name, dot, ending = domain.rpartition(".")
    if not dot:  # "gmail", "gmailcom"
        return next((one for one in providers if domain in (one.rpartition(".")[0], one.replace(".", ""))), domain)
    if not _is_public(domain, catalogue):
        ends = [end for end in ("hu", "com", "eu", "net", "org") if OSA.distance(ending, end, score_cutoff=1) <= 1]
        domain = f"{name}.{ends[0]}" if ends else domain
        domain = catalogue.email_typos.get(domain, domain)
    like = process.extract(domain, providers, scorer=OSA.distance, score_cutoff=1, limit=None)
    near = [one for one, distance, _ in like if distance == 1 and len(one) >= SHORTEST_PROVIDER]
    return near[0] if len(near) == 1 else domain


def _with_at(value: str, catalogue: Catalogue) -> str:
    """ "nagyevagmail.com" → "nagyeva@gmail.com"; behind no known provider, the last two labels are the domain."""
    for provider in catalogue.words.get("email_providers", ()):
        if value.endswith(provider) and len(value) > len(provider) + 2:
            candidate = f"{fold(value[: -len(provider)]).rstrip('.')}@{provider}"
            return candidate if not shape_problem(candidate, catalogue) else ""
    labels = value.split(".")
    candidate = f"{fold('.'.join(labels[:-2]))}@{'.'.join(labels[-2:])}"  # "nagy.eva.mintafalu.hu"
    return candidate if len(labels) > 2 and not shape_problem(candidate, catalogue) else ""
