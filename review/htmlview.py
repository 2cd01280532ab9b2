"""The HTML form of a mail as the sandboxed frame shows it: harmless, with the values that were read marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from review.evidence import spans_by_part
from review.headlines import readable_raw
from review.html_marks import Wanted, mark_html
from review.originals import read_html
from rules.model import Message, PartKind
from worker.intake.parse import parse_message
from worker.models import Mail

ELSEWHERE = frozenset({PartKind.SUBJECT, PartKind.ATTACHMENT})  # not in the mail's HTML body


@dataclass(frozen=True, slots=True)
class HtmlView:
    """The frame's content; `unplaced` are fields a value of which could not be found again in it, `is_cut` and
    `left_out` as in HarmlessHtml."""

    markup: str
    unplaced: tuple[str, ...]
    is_cut: bool
    left_out: int


def view_html(mail: Mail, fields: Mapping[str, object], mails: Collection[int]) -> HtmlView:
    """The HTML of `mail`, with the evidence of `fields` ({field: what the ledger keeps of it}) that lies in one of
    `mails` (0: the mail that the fields were first read from)."""
    raw = readable_raw(mail)
    harmless = read_html(raw)
    marked = mark_html(harmless.markup, list(_wanted(parse_message(raw), fields, mails)))
    return HtmlView(marked.markup, marked.unplaced, harmless.is_cut, harmless.left_out)


def _wanted(message: Message, fields: Mapping[str, object], mails: Collection[int]) -> Iterator[Wanted]:
    counted = Counter[str]()
    for number, spans in sorted(spans_by_part(fields, mails).items()):
        if not 0 <= number < len(message.parts) or message.parts[number].kind in ELSEWHERE:
            continue
        text = message.parts[number].text
        for span in sorted(spans, key=lambda one: one.start):
            code = f"{span.field}-{counted[span.field]}" if counted[span.field] else span.field
            counted[span.field] += 1
            yield Wanted(text, max(span.start, 0), max(span.end, 0), span.field, code)
