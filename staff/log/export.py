"""The log as a CSV file: for spreadsheets, line by line while it is read."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.utils.timezone import localtime

from registry.exports.cells import neutral
from review.labels import label, labels_of
from staff.log.query import LogQuery
from staff.log.reading import read_all
from staff.log.sentences import Entry

COLUMNS = ("at", "who", "sentence", "subject", "number", "outcome", "address")


class _Line:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(query: LogQuery) -> Iterator[str]:
    """The lines: semicolons and a BOM, as a Hungarian spreadsheet reads them."""
    writer = csv.writer(_Line(), delimiter=";")
    words = labels_of("log_column")
    yield "\ufeff" + str(writer.writerow([words[name] for name in COLUMNS]))
    for entry in read_all(query):
        yield str(writer.writerow([neutral(cell) for cell in _cells(entry)]))


def _cells(entry: Entry) -> list[str]:
    return [
        localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
        who_of(entry),
        entry.sentence,
        label("log_subject", entry.subject) if entry.subject else "",
        str(entry.number or ""),
        entry.outcome,
        entry.address,
    ]


def who_of(entry: Entry) -> str:
    """The person, or the words for the worker or for a stranger."""
    return entry.who or label("log_who", "unknown" if entry.unknown else "worker")
