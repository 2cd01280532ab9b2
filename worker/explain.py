"""A verdict told to people: what was understood, what follows, the reply, and what every rule said and saw.

Plain English for operators and developers; the staff page tells the same in Hungarian.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.catalogue import Catalogue
from rules.model import Evidence, Field, Finding, Message, Person, Verdict
from worker.replies.compose import compose_reply

SEVERAL = 3  # places of one value that are shown


def explain(message: Message, verdict: Verdict, catalogue: Catalogue, own_address: str) -> Iterator[str]:
    """The lines, without line ends; `own_address` is what the reply would be sent from."""
    yield f"kind      {verdict.kind} (decided by {verdict.reason})"
    yield f"outcomes  {', '.join(sorted(verdict.outcomes))}"
    if verdict.jegyzo:
        address = f", {verdict.jegyzo.address}" if verdict.jegyzo.address else ""
        yield f"jegyző    {verdict.jegyzo.status}{address}{_where(verdict.jegyzo.evidence, message)}"
    names = {module.id: module.short_name for module in catalogue.modules}
    for number, person in enumerate(verdict.people, start=1):
        yield ""
        yield from _person(number, person, message, names)
    if verdict.reply:
        yield ""
        yield from _reply(message, verdict, catalogue, own_address)
    yield ""
    yield f"What each rule said (rules {verdict.rules_version}; + hit, - miss):"
    for finding in verdict.findings:
        yield _finding(finding, message)


def _person(number: int, person: Person, message: Message, names: dict[str, str]) -> Iterator[str]:
    said = [*(problem.value for problem in person.problems), *(f"note {note}" for note in person.notes)]
    yield f"person {number}  {person.status}" + (f": {', '.join(said)}" if said else "")
    singles: tuple[tuple[str, Field[str] | None], ...] = (
        ("full name", person.full_name),
        ("municipality", person.municipality),
        ("PIR", person.pir),
        ("county", person.county),
        ("e-mail", person.email),
    )
    fields = [(label, field) for label, field in singles if field]
    fields += [("module", field) for field in person.modules]
    fields += [("unknown wish", field) for field in person.unknown_modules]
    for label, field in fields:
        value = f"{field.value} {names[field.value]}" if field.value in names else field.value
        sure = f"{field.origin}, {field.certainty:.0%} sure"
        yield f"  {label:13} {value}  ({sure}){_where(field.evidence, message)}"
    for problem, offer in person.suggestions.items():
        yield f"  suggestion    {offer}  (for {problem})"


def _reply(message: Message, verdict: Verdict, catalogue: Catalogue, own_address: str) -> Iterator[str]:
    reply = compose_reply(message, verdict, catalogue, own_address=own_address)
    copies = f", copy to {', '.join(reply.cc)}" if reply.cc else ""
    yield f"reply     to {', '.join(reply.to)}{copies}: {reply.subject}"
    yield from (f"  | {line}" for line in reply.text.splitlines())


def _finding(finding: Finding, message: Message) -> str:
    whose = "" if finding.person is None else f"person {finding.person + 1}: "
    details = "".join(f", {key} {value}" for key, value in finding.details.items())
    code = f" = {finding.code}" if finding.hit and finding.code != finding.rule else ""
    return f"  {'+' if finding.hit else '-'} {whose}{finding.rule}{code}{details}{_where(finding.evidence, message)}"


def _where(evidence: tuple[Evidence, ...], message: Message) -> str:
    """Where it stands: the header's name, or the part's kind with the characters' numbers."""
    places = []
    for one in evidence[:SEVERAL]:
        known = 0 <= one.part < len(message.parts)
        place = f"{message.parts[one.part].kind} {one.start}-{one.end}" if known else one.source
        places.append(f" [{place}: {' '.join(one.excerpt.split())}]")
    return "".join(places)
