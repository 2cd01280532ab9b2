"""Labels beside mails, and what a verdict gets wrong against one (docs: tests/mails/README.md)."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

from config.catalogue import load_catalogue

MAILS = Path(__file__).resolve().parents[1] / "mails"
FIELDS = ("full_name", "municipality", "pir", "county", "email", "modules")
REFUSED = {
    "pir": {"pir_invalid"},
    "email": {"email_invalid", "email_not_personal", "email_shared"},
    "modules": {"modules_unknown"},
    "county": {"county_mismatch"},
}
WHOLE_TABLE = frozenset(  # what "all of them" meant to those who wrote the labels, in November 2026
    f"PM-{number}-BS"
    for number in (
        *("2770-2105", "2776-2105", "2757-2103", "2761-2104", "2777-2105", "2869-2204", "2867-2204", "2363-1710"),
        *("2872-2204", "2870-2204", "2871-2204"),
    )
)
TITLES = {"dr", "dr.", "ifj", "ifj.", "id", "id.", "özv", "özv."}


@dataclass(frozen=True)
class Labelled:
    """A mail and the labels that are right for it."""

    path: Path
    labels: tuple[dict[str, Any], ...]


def load_labelled(folder: Path) -> list[Labelled]:
    """Every labelled mail of `folder`, by name."""
    found = []
    for path in sorted(folder.glob("*.eml")):
        label = json.loads(path.with_suffix(".json").read_text("utf-8"))
        for person in label.get("people") or []:
            person["modules"] = with_later_modules(person.get("modules") or [])
        others = [{**label, **other} for other in label.pop("also", [])]
        found.append(Labelled(path, (label, *others)))
    return found


def with_later_modules(modules: list[str]) -> list[str]:
    """The modules of a label; "all of them", or all but one, takes in what the catalogue got since it was written."""
    if len(WHOLE_TABLE - set(modules)) > 1:
        return modules
    later = (one.id for one in load_catalogue().modules if not one.inside and one.id not in WHOLE_TABLE)
    return [*modules, *later]


def best_label(mail: Labelled, verdict: dict[str, Any]) -> dict[str, Any]:
    """The label that the verdict fits best."""
    return min(mail.labels, key=lambda label: (not same_outcome(label, verdict), wrong_people(label, verdict)))


def same_outcome(label: dict[str, Any], verdict: dict[str, Any]) -> bool:
    """Whether kind and outcomes are right."""
    return bool(label["kind"] == verdict["kind"] and set(label["outcomes"]) == set(verdict["outcomes"]))


def wrong_people(label: dict[str, Any], verdict: dict[str, Any]) -> int:
    """How many people of the label or of the verdict are not wholly right, in the best pairing."""
    wanted, given = list(label.get("people") or []), list(verdict["people"])
    size = max(len(wanted), len(given))
    wanted += [{}] * (size - len(wanted))
    given += [{}] * (size - len(given))
    if size > 6:  # too many to try every order: in the order of the mail
        return sum(not _same_person(want, got) for want, got in zip(wanted, given, strict=True))
    return min(
        (sum(not _same_person(w, g) for w, g in zip(wanted, order, strict=True)) for order in permutations(given)),
        default=0,
    )


def routed_unready(label: dict[str, Any], verdict: dict[str, Any]) -> bool:
    """Whether more people were routed than are ready: the mistake that wastes staff's day."""
    ready = sum(person.get("status") == "ready" for person in label.get("people") or [])
    routed = sum(person["status"] == "ready" for person in verdict["people"])
    return bool(routed > ready)


def _same_person(want: dict[str, Any], got: dict[str, Any]) -> bool:
    if not want or not got:
        return False
    problems = set(want.get("problems") or [])
    return (
        problems == set(got.get("problems") or [])
        and want.get("status") == got.get("status")
        and set(want.get("notes") or []) <= set(got.get("notes") or [])
        and all(REFUSED.get(field, set()) & problems or _same(want.get(field), got.get(field)) for field in FIELDS)
    )


def _same(want: Any, got: Any) -> bool:
    if isinstance(want, list) or isinstance(got, list):
        return set(want or []) == set(got or [])
    return sorted(_plain(want or "")) == sorted(_plain(got or ""))


def _plain(text: str) -> list[str]:
    folded = unicodedata.normalize("NFC", text).casefold()
    for char in "-–,":
        folded = folded.replace(char, " ")
    return [word for word in folded.split() if word not in TITLES]
