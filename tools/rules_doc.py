"""Writes docs/rules.md from the rules' own docstrings: `python -m tools.rules_doc`.

tests/docs/test_names.py holds the page to the code.
"""

from __future__ import annotations

import inspect
import sys
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from rules import chain
from rules.answers.merge import merge_person
from rules.answers.withdrawal import find_withdrawal
from rules.model import Note, Problem

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "rules.md"
LABELS = ROOT / "templates" / "review" / "labels" / "base.toml"
MISSING = "–"  # tests/review/test_words.py asks for the words
CODES = """
## Problems and notes

A problem is asked for in the reply; a note is for staff alone. The verdict, the exports and the overview name them so.
"""
BEGIN = """# The rules

Made from the rules' own docstrings by `python -m tools.rules_doc`; do not edit by hand. The order is that of
`rules/chain.py`. Every rule is asked and its answer kept, hit or miss, with what it saw and where:
`aspoktatas verdict --explain FILE` and the staff page show it. docs/adding.md says how to add one.
"""
SECTIONS: tuple[tuple[str, str, Iterable[Callable[..., Any]]], ...] = (
    ("Automatic mails", "Any hit: a machine wrote it, or nobody to us in particular. Never answered.", chain.AUTOMATIC),
    (
        "What a person wants",
        "The first hit decides the kind; without any it is `other`.",
        [rule for rule, _ in chain.WISHES],
    ),
    (
        "An answer to our letter",
        "Asked only of a mail that answers a case; what they find is told with it: `withdraws`, `answer_fills`, "
        "`answer_corrects`, `answer_repeats`, `answer_contradicts`, and `answer_mentions` for what does not count.",
        (find_withdrawal, merge_person),
    ),
    ("Never answered by machine", "Any hit: a person's mail, but staff answer it.", chain.GUARDS),
    (
        "Asked of each person",
        "A hit is a problem (asked for in the reply) or a note (for staff).",
        chain.PERSON_CHECKS,
    ),
)


def page() -> str:
    """The whole page."""
    return BEGIN + "".join(_section(*section) for section in SECTIONS) + _codes()


def _section(title: str, about: str, rules: Iterable[Callable[..., Any]]) -> str:
    return f"\n## {title}\n\n{about}\n\n" + "".join(_entry(rule) for rule in rules)


def _codes() -> str:
    """What a hit may say of a person, in the words that staff read."""
    labels = tomllib.loads(LABELS.read_text("utf-8"))
    rows: list[tuple[str, str, str]] = [
        (code, "problem", labels["problem_long"].get(code, MISSING)) for code in Problem
    ]
    rows += [(code, "note", labels["note_long"].get(code, MISSING)) for code in Note]
    table = "".join(f"| `{code}` | {kind} | {words} |\n" for code, kind, words in rows)
    return f"{CODES}\n| code | | what staff read |\n| --- | --- | --- |\n{table}"


def _entry(rule: Callable[..., Any]) -> str:
    module = sys.modules[rule.__module__]
    source = rule.__module__.replace(".", "/") + ".py"
    alone = rule.__name__ == "check"
    name = module.RULE if alone else rule.__name__
    about = (inspect.getdoc(module) or "") if alone else ""
    asks = inspect.getdoc(rule) or ""
    return f"### `{name}`\n\n" + "\n\n".join(text for text in (about, asks, f"*{source}*") if text) + "\n\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
