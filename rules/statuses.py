"""From what the checks found of a person to problems, notes and the status (policy.md §6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rules.model import Finding, Note, Person, Problem, Status


def with_findings(person: Person, findings: Sequence[Finding]) -> Person:
    """The person with what the checks found: problems, notes, suggestions and the status (policy.md §6)."""
    codes = [finding.code for finding in findings if finding.hit]
    problems = tuple(problem for problem in Problem if problem in codes)
    notes = tuple(note for note in Note if note in codes)
    suggestions = {
        finding.code: finding.details["suggestion"]
        for finding in findings
        if finding.hit and "suggestion" in finding.details
    }
    if Note.DATA_ONLY_IN_UNREADABLE_ATTACHMENT in notes:
        unclear = tuple(problem for problem in problems if problem is Problem.JEGYZO_UNCLEAR)
        return replace(person, status=Status.REVIEW, problems=unclear, notes=notes)
    doubtful = set(problems) == {Problem.JEGYZO_UNCLEAR} or Note.ANSWER_CONTRADICTS in notes
    if doubtful or (not problems and Note.MUNICIPALITY_UNKNOWN in notes):
        status = Status.REVIEW
    else:
        status = Status.INCOMPLETE if problems else Status.READY
    return replace(person, status=status, problems=problems, notes=notes, suggestions=suggestions)


def lacks_data(person: Person) -> bool:
    """Is any of the data missing that no check can infer?"""
    fields = (person.full_name, person.municipality, person.pir, person.email)
    return any(field is None for field in fields) or not (person.modules or person.unknown_modules)
