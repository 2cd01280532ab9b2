"""The verdict on mails in files, as spec/verdict.md prints it: no network, no database, nothing sent.

`aspoktatas verdict FILE… [--explain]` calls `main`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from config.catalogue import load_catalogue
from rules.catalogue import Catalogue
from rules.chain import decide
from rules.model import Context, Evidence, Field, Finding, Message, Person, Verdict
from worker.intake.parse import parse_message

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


def explain(raw: bytes, catalogue: Catalogue) -> Iterator[str]:
    """What every rule said of the mail, a line each: hit or miss, the code, values, and where it was seen."""
    verdict = decide(parse_message(raw), catalogue)
    yield f"kind {verdict.kind.value} because of {verdict.reason}; outcomes: {', '.join(sorted(verdict.outcomes))}"
    for index, person in enumerate(verdict.people):
        for name, field in _fields(person):
            yield f"person {index}: {name} = {_field_line(field)}"
    for finding in verdict.findings:
        yield _finding_line(finding)


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
        lines: Iterable[str] = (f"{file}:", *(f"  {line}" for line in explain(raw, catalogue)))
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

    own = min(Context().own_addresses)
    reply = compose_reply(message, verdict, catalogue, own_address=own)
    return {"to": list(reply.to), "cc": list(reply.cc), "subject": reply.subject, "text": reply.text}


def _fields(person: Person) -> Iterator[tuple[str, Field[str]]]:
    for name, field in _single(person):
        if field:
            yield name, field
    for field in person.modules:
        yield "module", field
    for field in person.unknown_modules:
        yield "unknown wish", field


def _field_line(field: Field[str]) -> str:
    return f"{field.value!r} ({field.origin.value}, certainty {field.certainty:.2f}){_where(field.evidence)}"


def _finding_line(finding: Finding) -> str:
    whose = "" if finding.person is None else f"person {finding.person}: "
    details = "".join(f" {key}={value!r}" for key, value in finding.details.items())
    said = f"HIT {finding.code}" if finding.hit else "miss"
    return f"{whose}{finding.rule}: {said}{details}{_where(finding.evidence)}"


def _where(evidence: tuple[Evidence, ...]) -> str:
    places = (
        f"{one.source} {one.excerpt!r}" if one.part < 0 else f"part {one.part} {one.start}-{one.end} {one.excerpt!r}"
        for one in evidence[:3]
    )
    return "".join(f" [{place}]" for place in places)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
