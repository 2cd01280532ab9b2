"""Our letter's form filled in with right values, and the five ways in which a mail program quotes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage

from rules.answers.asked import REFUSING
from rules.model import Message, Note, Person, Problem, Status, Verdict
from rules.reading.labels import Slot
from tests.rules.answers.conversation import CATALOGUE, OWN
from worker.intake.parse import parse_message
from worker.replies.compose import ComposedReply

NAMES = ("Próba Piroska", "Minta Máté", "Példa Petra", "Teszt Tamás", "Kísérlet Kata", "Vázlat Vilmos", "Sablon Sára")
COUNTY_TOWNS = {settlement.county: name for name, settlement in sorted(CATALOGUE.settlements.items())}
TOWN = "Lenti"
PIR = "740373"
CLERK = "jegyzo@minta.example"
OF_CLERK = frozenset({Problem.JEGYZO_NOT_IN_CC, Problem.JEGYZO_UNCLEAR})
CLERK_LINE = "Jegyző (név, e-mail cím):"
LABELS = {
    "Teljes név": "full_name",
    "Önkormányzat": "municipality",
    "PIR szám": "pir",
    "Vármegye": "county",
    "E-mail cím": "email",
    "Szakrendszer(ek)": "modules",
}
_HTML_LINE = re.compile(r"(<div[^>]*>)([^<>:]{3,40}:) ?([^<]*)(</div>)")
_TEXT_LINE = re.compile(r"^([^\n:]{3,40}:)[ \t]*(.*)$", re.MULTILINE)


def right_values(person: Person, number: int) -> dict[str, str]:
    """A right value for each line of the form about `person`."""
    county = person.county.value if person.county and Problem.COUNTY_MISMATCH not in person.problems else ""
    place = person.municipality.value if person.municipality else ""
    if place not in CATALOGUE.settlements:
        place = COUNTY_TOWNS[county] if county else TOWN
    return {
        "full_name": NAMES[number % len(NAMES)]
        + (f"-{NAMES[number // len(NAMES)][:4]}" if number >= len(NAMES) else ""),
        "municipality": place,
        "pir": PIR,
        "county": CATALOGUE.settlements[place].county,
        "email": f"tarka{number}macska@posta.example",
        "modules": "ADÓ; Irat - Iktató",
    }


@dataclass
class Filler:
    """Completes the form's lines one after the other, as they come."""

    people: list[Person]

    def __post_init__(self) -> None:
        self._values = self._each()
        self._current: Mapping[str, str] = {}
        self._person: Person | None = None

    def _each(self) -> Iterator[tuple[Person, Mapping[str, str]]]:
        for number, person in enumerate(self.people):
            yield person, right_values(person, number)

    def line(self, label: str, value: str) -> str:
        """What stands behind `label` in the form when it is filled in; `value` is what our letter put there."""
        if label == CLERK_LINE:
            return f"dr. Minta Béla, {CLERK}"
        slot = LABELS.get(label.rstrip(":"))
        if slot is None:
            return value
        if slot == "full_name":
            self._person, self._current = next(self._values)
        unknown = slot == "municipality" and self._person and Note.MUNICIPALITY_UNKNOWN in self._person.notes
        return self._current[slot] if not value.strip() or unknown else value


def asked_people(verdict: Verdict) -> list[Person]:
    """Those whose forms the letter holds."""
    return [person for person in verdict.people if person.status is Status.INCOMPLETE]


def fill_text(letter: ComposedReply, verdict: Verdict) -> str:
    """The letter's text with the form completed."""
    begin, end = letter.text.index("--- ADATLAP"), letter.text.index("--- ADATLAP VÉGE")
    filler = Filler(asked_people(verdict))
    form = re.sub(r"\n {4,}", " ", letter.text[begin:end])  # long values hang over
    filled = _TEXT_LINE.sub(lambda line: f"{line[1]} {filler.line(line[1], line[2])}".rstrip(), form)
    return letter.text[:begin] + filled + letter.text[end:]


def fill_html(letter: ComposedReply, verdict: Verdict) -> str:
    """The letter's HTML with the form completed."""
    filler = Filler(asked_people(verdict))
    return _HTML_LINE.sub(lambda line: f"{line[1]}{line[2]} {filler.line(line[2], line[3])}{line[4]}", letter.html)


def outlook(letter: ComposedReply, verdict: Verdict) -> tuple[str, str]:
    """Above the letter, which stands below a header block without marks."""
    block = f"-----Eredeti üzenet-----\nFeladó: ASP Oktatás <{OWN}>\nKüldve: 2026. március 4. 12:00\n"
    return f"Kitöltve küldöm.\n\n{block}Címzett: Minta\nTárgy: {letter.subject}\n\n{fill_text(letter, verdict)}", ""


def gmail(letter: ComposedReply, verdict: Verdict) -> tuple[str, str]:
    """Filled in inside the quote, below an attribution."""
    head = f"ASP Oktatás <{OWN}> ezt írta (időpont: 2026. márc. 4., Sze, 12:00):"
    return f"Beleírtam.\n\n{head}\n\n{_marked(fill_text(letter, verdict))}", ""


def plain(letter: ComposedReply, verdict: Verdict) -> tuple[str, str]:
    """Quote marks and no attribution."""
    return _marked(fill_text(letter, verdict)), ""


def phone(letter: ComposedReply, verdict: Verdict) -> tuple[str, str]:
    """The letter comes back without any mark."""
    return f"{fill_text(letter, verdict)}\n\nAz iPhone-omról küldve", ""


def html(letter: ComposedReply, verdict: Verdict) -> tuple[str, str]:
    """The HTML letter in a block quote."""
    head = f"ASP Oktatás &lt;{OWN}&gt; ezt írta (időpont: 2026. márc. 4., Sze, 12:00):"
    quote = f"<blockquote>{fill_html(letter, verdict)}</blockquote>"
    return "", f"<p>Beleírtam.</p><div class='gmail_quote'><div>{head}</div>{quote}</div>"


WAYS: Mapping[str, Callable[[ComposedReply, Verdict], tuple[str, str]]] = {
    "outlook": outlook,
    "gmail": gmail,
    "plain": plain,
    "phone": phone,
    "html": html,
}


def returned(message: Message, verdict: Verdict, letter: ComposedReply, way: str) -> Message:
    """The answer to `letter` that has its form filled in, quoted in the way `way`; the jegyző copied where asked."""
    text, markup = WAYS[way](letter, verdict)
    built = EmailMessage()
    built["From"], built["To"] = (message.from_[0].address if message.from_ else "a@posta.example"), OWN
    built["Subject"], built["Message-ID"] = letter.subject, "<2@posta.example>"
    if {problem for person in verdict.people for problem in person.problems} & OF_CLERK:
        built["Cc"] = CLERK
    if markup:
        built.set_content(markup, subtype="html")
    else:
        built.set_content(text)
    return parse_message(built.as_bytes())


def missing_values(verdict: Verdict) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Of each one asked for: the name where others are asked too, and what is missing, with its label."""
    people = asked_people(verdict)
    for number, person in enumerate(people):
        values = right_values(person, number)
        refused = {slot for slot, problems in REFUSING.items() if problems & set(person.problems)}
        if Problem.COUNTY_MISMATCH in person.problems and Problem.MUNICIPALITY_MISSING not in person.problems:
            refused.discard(Slot.MUNICIPALITY)
        if Note.MUNICIPALITY_UNKNOWN in person.notes:
            refused.add(Slot.MUNICIPALITY)
        named = person.full_name.value if person.full_name and Slot.FULL_NAME not in refused else ""
        told = [(label, values[slot]) for label, slot in LABELS.items() if slot in refused]
        yield named if len(people) > 1 and told else "", told


def labelled(verdict: Verdict) -> str:
    """Each missing value behind its label, on a line of its own, below the name."""
    blocks = []
    for name, told in missing_values(verdict):
        blocks.append("\n".join([*([f"{name}:"] if name else []), *(f"{label}: {value}" for label, value in told)]))
    return "\n\n".join(blocks)


def bare(verdict: Verdict) -> str:
    """Nothing but the values, one a line."""
    blocks = []
    for name, told in missing_values(verdict):
        blocks.append("\n".join([*([f"{name}:"] if name else []), *(value for _, value in told)]))
    return "\n\n".join(blocks)


def one_line(verdict: Verdict) -> str:
    """A line for each person, by given name, the values between commas."""
    lines = []
    for name, told in missing_values(verdict):
        values = ", ".join(value.replace("; ", " és ") for _, value in told)
        lines.append(f"{name.split()[-1]}: {values}" if name else values)
    return "\n".join(lines)


STYLES: Mapping[str, Callable[[Verdict], str]] = {"labelled": labelled, "bare": bare, "one line": one_line}


def _marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
