"""A body's lines told apart: what was written now, what is quoted, what is forwarded, what is our own form. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rules.model import Address, PartKind
from rules.text import fold
from worker.intake import markers
from worker.intake.boundaries import Boundary, find_boundary, is_rule, may_announce
from worker.intake.lines import Line
from worker.intake.own_form import find_forms, find_letters, find_lists, may_be_ours
from worker.intake.wrapping import requoted

_PREFIX = re.compile(r"\s*(?:\[[^\]]{0,60}\]\s*)*([a-záéíóöőúüű]{1,12})\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_POINTING = re.compile(markers.loosely(*markers.POINTING), re.IGNORECASE)
_POINTING_WEAKLY = re.compile(markers.loosely(*markers.POINTING_WEAKLY), re.IGNORECASE)
_POINTING_DEEP = re.compile(markers.loosely(*markers.POINTING_DEEP), re.IGNORECASE)
_GLANCED_AT = 20_000  # characters: of longer texts a fold would be kept for nothing
_HAS_DATA = re.compile(r"@|\d{3}[ .]?\d{3}|^\s*[^:\n]{2,40}:\s*\S", re.MULTILINE)


@dataclass(slots=True)
class Stretch:
    """Neighbouring lines of one role; `base` is the quote depth at which their mail stands."""

    kind: PartKind
    base: int = 0
    sender: Address | None = None
    recipients: tuple[Address, ...] = ()
    subject: str = ""
    lines: list[Line] = field(default_factory=list)

    def continued(self) -> Stretch:
        """An empty stretch of the same mail."""
        return replace(self, lines=[])


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the mail's own header says that helps to tell a forward from a reply."""

    subject: str = ""
    sender: str = ""
    recipients: frozenset[str] = frozenset()

    def is_answered(self, address: str) -> bool:
        """Whether `address` is one that this mail goes to, outside the sender's own office."""
        return address in self.recipients and address.rpartition("@")[2] != self.sender.rpartition("@")[2]


def split_quotes(lines: Sequence[Line], envelope: Envelope) -> list[Stretch]:
    """The stretches of a body, in order, none of them blank."""
    if _is_all_new(lines):
        text = Stretch(PartKind.TEXT, subject=envelope.subject, lines=list(lines))
        return [text] if any(line.text.strip() for line in lines) else []
    lines = requoted(lines)
    stack = [Stretch(PartKind.TEXT, subject=envelope.subject)]
    done: list[Stretch] = [stack[0]]
    forms, lists = find_forms(lines), find_lists(lines)
    letters = find_letters(lines, forms)
    at = 0
    while at < len(lines):
        line = lines[at]
        if at in forms:
            at, answered = forms[at]
            done += [Stretch(PartKind.OWN_FORM, lines=answered), stack[-1].continued()]
            continue
        behind = lists.get(at) or (letters.get(at) if stack[-1].kind is PartKind.TEXT else None)
        if behind is not None:
            done += [Stretch(PartKind.QUOTED, lines=list(lines[at:behind])), stack[-1].continued()]
            at = behind
            continue
        boundary = find_boundary(lines, at)
        if boundary is not None:
            _enter(boundary, lines, stack, done, envelope)
            at = boundary.end
            continue
        if line.text.strip():
            _adjust(line, stack, done)
        done[-1].lines.append(line)
        at += 1
    return [stretch for stretch in done if any(line.text.strip() for line in stretch.lines)]


def _is_all_new(lines: Sequence[Line]) -> bool:
    """Whether a glance over all `lines` shows that nothing is quoted, as in most mails."""
    if any(line.depth for line in lines):
        return False
    text = "\n".join([line.text for line in lines])
    return len(text) <= _GLANCED_AT and not (may_announce(glance := fold(text)) or may_be_ours(glance))


def _adjust(line: Line, stack: list[Stretch], done: list[Stretch]) -> None:
    """Follow the quote depth: deeper lines are an older mail, shallower ones return to the one around it."""
    if line.depth > stack[-1].base:
        inside = stack[-1]
        kind = PartKind.QUOTED
        stack.append(Stretch(kind, line.depth, subject=inside.subject))
        done.append(stack[-1].continued())
    elif line.depth < stack[-1].base:
        while len(stack) > 1 and stack[-1].base > line.depth:
            stack.pop()
        done.append(stack[-1].continued())


def _enter(
    boundary: Boundary, lines: Sequence[Line], stack: list[Stretch], done: list[Stretch], envelope: Envelope
) -> None:
    """Begin the older mail that `boundary` announces."""
    _drop_tail(done[-1], lines, boundary)
    depth = lines[boundary.start].depth
    while len(stack) > 1 and stack[-1].base > depth:
        stack.pop()
    kind = _kind_of(boundary, stack[-1], done, envelope)
    following = next((line for line in lines[boundary.end :] if line.text.strip()), None)
    base = max(depth, following.depth) if following is not None else depth
    stack.append(Stretch(kind, base, boundary.sender, boundary.recipients, boundary.subject))
    done.append(stack[-1].continued())


def _drop_tail(stretch: Stretch, lines: Sequence[Line], boundary: Boundary) -> None:
    """Take back the lines of a wrapped announcement that were taken for text, and the rule above it."""
    announced = {id(line) for line in lines[boundary.start : boundary.end]}
    while stretch.lines:
        last = stretch.lines[-1]
        if id(last) not in announced and last.text.strip() and not is_rule(last):
            return
        stretch.lines.pop()


def _kind_of(boundary: Boundary, around: Stretch, done: Sequence[Stretch], envelope: Envelope) -> PartKind:
    """FORWARDED where the sender passes the older mail on, QUOTED where it merely stands under a reply.

    Outlook writes the same block above both: then the subject's prefix decides, and whether the text above points
    at the mail below. What answers a mail of the recipient's is a reply whatever it points at.
    """
    written = _text_of(PartKind.TEXT, done)
    if around.kind is PartKind.QUOTED:
        return PartKind.QUOTED
    if boundary.word == "forward":
        return PartKind.FORWARDED
    prefix = subject_prefix(around.subject)
    answers = boundary.sender is not None and envelope.is_answered(boundary.sender.address)
    if around.kind is PartKind.FORWARDED:
        above = _text_of(PartKind.FORWARDED, done).strip()
        passed_on = prefix == "forward" and (not above or _POINTING.search(above) is not None)
        passed_on = passed_on or _POINTING_DEEP.search(written) is not None
    elif prefix == "forward":
        passed_on = True
    else:
        passed_on = not answers and _points_below(written.strip(), prefix, boundary)
    return PartKind.FORWARDED if passed_on else PartKind.QUOTED


def _points_below(above: str, prefix: str, boundary: Boundary) -> bool:
    """Whether the text `above` a header block or attribution sends its reader to the mail below."""
    if above and _POINTING.search(above):
        return True
    if not boundary.has_block or _HAS_DATA.search(above):
        return False
    # without "Re:" it is no reply: a forward whose subject was written anew
    return prefix == "" or bool(above and _POINTING_WEAKLY.search(above))


def _text_of(kind: PartKind, done: Sequence[Stretch]) -> str:
    """The first lines of all that was found of a kind."""
    return "\n".join([line.text for stretch in done if stretch.kind is kind for line in stretch.lines][:200])


def subject_prefix(subject: str) -> str:
    """ "forward", "reply" or "" by the subject's first prefix."""
    match = _PREFIX.match(subject)
    word = match[1].lower() if match else ""
    if word in markers.FORWARD_PREFIXES:
        return "forward"
    return "reply" if word in markers.REPLY_PREFIXES else ""
