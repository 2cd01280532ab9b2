"""The staff page's words: every code the program writes, with its Hungarian name from templates/review/labels/."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from django.conf import settings

ELSEWHERE = {"reason": ("rule_hit",)}
FOLDER = settings.BASE_DIR / "templates" / "review" / "labels"


class _Facts(dict[str, Any]):
    """Facts for a sentence; one that is not known shows as a dash rather than spoiling the page."""

    def __missing__(self, key: str) -> str:
        return "–"


@cache
def load_labels() -> dict[str, dict[str, str]]:
    """Group → code → words, of all files together: a group may go on in another file, a code stands once."""
    labels: dict[str, dict[str, str]] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        for group, words in tomllib.loads(file.read_text("utf-8")).items():
            known = labels.setdefault(group, {})
            if twice := known.keys() & words.keys():
                raise ValueError(f"{file.name}: {group}: {sorted(twice)[0]} has its words elsewhere already")
            known.update(words)
    return labels


def label(group: str, code: object, **facts: Any) -> str:
    """The words for `code`, its {places} filled with `facts`.

    Where the group has none: those of the groups in ELSEWHERE, the group's own `_other`, at last the bare code.
    """
    for name in (group, *ELSEWHERE.get(group, ())):
        words = load_labels().get(name, {}).get(str(code))
        if words is not None:
            return words.format_map(_Facts(facts)) if facts else words
    other = load_labels().get(group, {}).get("_other")
    return other.format_map(_Facts(facts, code=code)) if other and code else str(code)


def labels_of(group: str) -> dict[str, str]:
    """All words of a group, in the file's order."""
    return load_labels()[group]
