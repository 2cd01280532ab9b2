"""What the worker had said otherwise than a person decides: by rule, so that the rules' errors can be counted.

Each entry is {"rule", "field", "kind"} and stands in the details of the person's event under `overruled`, beside the
`rules_version`. It holds codes only. The rule that took a value from the mail is called "reading". Kinds: `misread` (a
value that nothing was wrong with was changed), `overlooked` (a value that was missing stands in the mail), `overruled`
(a problem or note was set aside), `rejected`, `no_registration`, `sent_to_review`, `opened` (the outcome was another),
`merge_undone`, `linked`, `unlinked` (the case was another). What a person learned elsewhere is no error of a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from registry.models import Registration
from registry.services.about import ABOUT, FIELD_OF
from rules.text import fold
from worker.intake.parse import parse_message
from worker.models import Mail

READING = "reading"
NOT_UNDERSTOOD = frozenset({"modules_unknown", "modules_partly_unknown"})
Entry = dict[str, str]


def overruled(registration: Registration, codes: Iterable[str]) -> dict[str, Any]:
    """The event's details where a person sets aside what these codes (problems, notes) say."""
    rules = _rules_of(registration)
    entries = [_entry(rules.get(code, code), FIELD_OF.get(code, ""), "overruled") for code in codes]
    return _details(registration.mail, entries)


def corrected(registration: Registration, changed: Mapping[str, str]) -> dict[str, Any]:
    """The event's details where a person writes `changed` {field: new value}."""
    entries = []
    for field, value in changed.items():
        if not value:
            continue
        said = [code for code in ABOUT[field] if code in registration.problems or code in registration.notes]
        if not getattr(registration, field) or set(said) & NOT_UNDERSTOOD:
            if NOT_UNDERSTOOD & set(said) or _stands_in(registration.mail, value):
                entries.append(_entry(READING, field, "overlooked"))
        elif not said:
            entries.append(_entry(READING, field, "misread"))
    return _details(registration.mail, entries)


def outcome(registration: Registration, field: str, kind: str, *, only_from: str = "") -> dict[str, Any]:
    """The same where a person decides otherwise than the worker, which (`only_from`) had given this status."""
    verdict = registration.mail.verdict if isinstance(registration.mail.verdict, dict) else {}
    people = verdict.get("people") or []
    if registration.position >= len(people) or (only_from and people[registration.position].get("status") != only_from):
        return {}
    return _details(registration.mail, [_entry(str(verdict.get("reason", "")), field, kind)])


def about_mail(mail: Mail, rule: str, field: str, kind: str) -> dict[str, Any]:
    """The same about a whole mail."""
    return _details(mail, [_entry(rule, field, kind)])


def _details(mail: Mail, entries: list[Entry]) -> dict[str, Any]:
    return {"overruled": entries, "rules_version": mail.rules_version} if entries else {}


def _entry(rule: str, field: str, kind: str) -> Entry:
    return {"rule": rule, "field": field, "kind": kind}


def _rules_of(registration: Registration) -> dict[str, str]:
    """Code → the rule that said it of this person."""
    verdict = registration.mail.verdict if isinstance(registration.mail.verdict, dict) else {}
    hits = (one for one in verdict.get("findings") or () if one.get("hit"))
    place = registration.position
    return {str(one.get("code")): str(one.get("rule")) for one in hits if one.get("person") in {place, None}}


def _stands_in(mail: Mail, value: str) -> bool:
    """Whether the mail says `value` somewhere, whatever its accents and capitals."""
    return any(fold(value) in fold(part.text) for part in parse_message(mail.raw).parts)
