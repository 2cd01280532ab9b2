"""The verdict on mails in files, as spec/verdict.md prints it: no network, no database, nothing sent.

`aspoktatas verdict FILE… [--explain]` calls `main`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from config.catalogue import load_catalogue
from rules.catalogue import Catalogue
from rules.chain import decide
from rules.model import Context, Field, Message, Person, Verdict
from worker.intake.parse import parse_message

OWN_ADDRESS = min(Context().own_addresses)
UNREADABLE = 2  # exit status where a file could not be read at all


def verdict_json(file: str, raw: bytes, catalogue: Catalogue) -> dict[str, Any]:
    """The verdict on the mail `raw` in the shape of verdict.md; `file` is shown as given."""
    message = parse_message(raw)
    verdict = decide(message, catalogue)
    return {
        "file": file,
        "message_id": message.message_id or None,
        "kind": verdict.kind.value,
        "outcomes": sorted(outcome.value for outcome in verdict.outcomes),
        "jegyzo": _jegyzo(verdict),
        "people": [_person(person) for person in verdict.people],
        "reply": _reply(message, verdict, catalogue),
    }


def main(argv: list[str]) -> int:
    """Print a verdict for each file of `argv`; returns the exit status."""
    parser = argparse.ArgumentParser(prog="aspoktatas verdict", description="The verdict on mails in files, as JSON.")
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--explain", action="store_true", help="show what every rule said, for people")
    options = parser.parse_args(argv)
    catalogue = load_catalogue()
    status = 0
    for file in options.files:
        try:
            raw = Path(file).read_bytes()
        except OSError as error:
            print(f"{file}: cannot be read: {error.strerror or error}", file=sys.stderr)  # noqa: T201
            status = UNREADABLE
            continue
        _print_one(file, raw, catalogue, explained=options.explain)
    return status


def _print_one(file: str, raw: bytes, catalogue: Catalogue, *, explained: bool) -> None:
    if explained:
        from worker.explain import explain  # noqa: PLC0415  # as above

        message = parse_message(raw)
        told = explain(message, decide(message, catalogue), catalogue, OWN_ADDRESS)
        lines: Iterable[str] = (f"{file}:", *(f"  {line}".rstrip() for line in told), "")
    else:
        lines = (json.dumps(verdict_json(file, raw, catalogue), ensure_ascii=False),)
    for line in lines:
        sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def _jegyzo(verdict: Verdict) -> dict[str, str | None] | None:
    if verdict.jegyzo is None:
        return None
    return {"status": verdict.jegyzo.status.value, "address": verdict.jegyzo.address or None}


def _person(person: Person) -> dict[str, Any]:
    values = {name: field.value if field else None for name, field in _single(person)}
    return {
        **values,
        "modules": [field.value for field in person.modules],
        "status": person.status.value,
        "problems": [problem.value for problem in person.problems],
        "notes": [note.value for note in person.notes],
    }


def _single(person: Person) -> tuple[tuple[str, Field[str] | None], ...]:
    return (
        ("full_name", person.full_name),
        ("municipality", person.municipality),
        ("pir", person.pir),
        ("county", person.county),
        ("email", person.email),
    )


def _reply(message: Message, verdict: Verdict, catalogue: Catalogue) -> dict[str, Any] | None:
    if verdict.reply is None:
        return None
    from worker.replies.compose import compose_reply  # noqa: PLC0415  # Jinja is slow to load; most mails need none

    reply = compose_reply(message, verdict, catalogue, own_address=OWN_ADDRESS)
    return {"to": list(reply.to), "cc": list(reply.cc), "subject": reply.subject, "text": reply.text}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
