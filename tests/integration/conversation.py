"""A conversation of tests/conversations/ (see its README), played against the product and real servers."""

from __future__ import annotations

import html
import io
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.servers.smtp_sink import Accepted

FOLDER = Path(__file__).parents[1] / "conversations"
LABELS = {
    "full_name": "Teljes név",
    "municipality": "Önkormányzat",
    "pir": "PIR szám",
    "county": "Vármegye",
    "email": "E-mail cím",
    "modules": "Szakrendszer(ek)",
}
OUTLOOK = (
    "-----Eredeti üzenet-----\nFeladó: ASP Oktatás\nKüldve: 2026. november 23. 12:00\nCímzett: {to}\nTárgy: {subject}\n"
)
GMAIL = "ASP Oktatás <aspoktatas@allamkincstar.gov.hu> ezt írta (időpont: 2026. nov. 23., H, 12:00):\n"
FORWARD = (
    "---------- Továbbított üzenet ----------\nFeladó: ASP Oktatás <aspoktatas@allamkincstar.gov.hu>\n"
    "Dátum: 2026. nov. 23., H 12:00\nTárgy: {subject}\nCímzett: {to}\n"
)


@dataclass(frozen=True)
class Letter:
    """One of our letters as its receiver's program has it."""

    kind: str
    message_id: str
    subject: str
    text: str
    html: str

    @classmethod
    def from_accepted(cls, accepted: Accepted, kind: str) -> Letter:
        """Read from what the SMTP server took."""
        mail = message_from_bytes(accepted.data, policy=policy.default)
        text, page = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text is not None
        assert page is not None
        return cls(
            kind,
            str(mail["Message-ID"]),
            " ".join(str(mail["Subject"]).split()),
            text.get_content().replace("\r\n", "\n"),
            page.get_content().replace("\r\n", "\n"),
        )


@dataclass
class Conversation:
    """The file's content; `letters` are ours by the number of the mail they answered, as they come."""

    name: str
    mails: list[dict[str, Any]]
    end: dict[str, Any]
    letters: dict[int, Letter] = field(default_factory=dict)

    def message_id(self, number: int) -> str:
        """The Message-ID of mail `number` (from 1)."""
        return f"<{self.name}.{number}@level.example>"

    def write(self, number: int) -> bytes:
        """Mail `number` as the person's program makes it, with what our letters of before said."""
        spec = self.mails[number - 1]
        how, _, which = spec["answers"].partition(":")
        letter = self._letter(how, which)
        mail = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit", max_line_length=200))
        mail["Message-ID"] = self.message_id(number)
        mail["Date"] = f"Mon, 23 Nov 2026 {8 + number:02}:00:00 +0100"
        mail["From"], mail["To"] = spec["from"], ", ".join(spec["to"])
        if spec.get("cc"):
            mail["Cc"] = ", ".join(spec["cc"])
        mail["Subject"] = spec["subject"].replace("{reply.subject}", letter.subject if letter else "")
        answered = {"reply": letter.message_id if letter else "", "own": self.message_id(int(which or 0))}.get(how, "")
        if answered:
            mail["In-Reply-To"] = mail["References"] = answered
        _fill_body(mail, spec, letter)
        for name, value in spec.get("headers", {}).items():
            del mail[name]
            mail[name] = value
        return mail.as_bytes()

    def _letter(self, how: str, which: str) -> Letter | None:
        if how in {"reply", "token"}:
            return self.letters[int(which)] if which else self.letters[max(self.letters)]
        return self.letters[max(self.letters)] if self.letters else None


def load_conversations() -> list[Conversation]:
    """All of them, by name."""
    found = []
    for file in sorted(FOLDER.glob("*.toml")):
        data = tomllib.loads(file.read_text("utf-8"))
        found.append(Conversation(file.stem, data["mail"], data["end"]))
    return found


def _fill_body(mail: EmailMessage, spec: Mapping[str, Any], letter: Letter | None) -> None:
    own, style, fill = spec["text"].strip("\n"), spec["style"], spec.get("fill", {})
    terms = {"to": spec["from"], "subject": letter.subject if letter else ""}
    if letter is None or style == "no_quote":
        if letter and "{form}" in own:
            own = own.replace("{form}", fill_form(form_of(letter.text), fill))
        mail.set_content(own + "\n")
    elif style == "html":
        page = fill_html(letter.html, fill) if "{form}" in own else letter.html
        above = "".join(f"<p>{html.escape(line)}</p>" for line in own.replace("{form}", "").split("\n"))
        head = html.escape(OUTLOOK.format(**terms)).replace("\n", "<br>")
        mail.set_content(f"<html><body>{above}<div>{head}</div>{body_of(page)}</body></html>", subtype="html")
    else:
        mail.set_content(_quoted(own, style, fill, letter, terms) + "\n")
    if "attach" in spec:
        mail.add_attachment(
            workbook(spec["attach"]["rows"]),
            maintype="application",
            subtype="vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            filename=spec["attach"]["name"],
        )


def _quoted(own: str, style: str, fill: Mapping[str, str], letter: Letter, terms: Mapping[str, str]) -> str:
    """The text with our letter in it, as `style` says."""
    if style in {"inline", "forward"}:
        whole = fill_form(letter.text, fill) if "{form}" in own else letter.text
        quote = GMAIL + "\n" + marked(whole) if style == "inline" else FORWARD.format(**terms) + "\n" + whole
        if "{form}" in own:
            return own.replace("{form}", quote)
        return f"{own}\n\n{quote}"
    if "{form}" in own:
        own = own.replace("{form}", fill_form(form_of(letter.text), fill))
    if style == "plain_quote":
        return f"{own}\n\n{GMAIL}\n{marked(letter.text)}"
    return f"{own}\n\n{OUTLOOK.format(**terms)}\n{letter.text}"


def marked(text: str) -> str:
    """`text` quoted with `>`."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def form_of(text: str) -> str:
    """The form of our letter with its first and last line."""
    lines = text.split("\n")
    begin = next(at for at, line in enumerate(lines) if line.startswith("--- ADATLAP ("))
    end = next(at for at, line in enumerate(lines) if line.startswith("--- ADATLAP VÉGE"))
    return "\n".join(lines[begin : end + 1])


def fill_form(text: str, fill: Mapping[str, str]) -> str:
    """`text` (a letter or its form) with these lines of the form filled in; wrapped lines go with theirs."""
    lines: list[str] = []
    person, inside, replaced = 1, False, False
    for line in text.split("\n"):
        inside = (inside or line.startswith("--- ADATLAP (")) and not line.startswith("--- ADATLAP VÉGE")
        heading = re.fullmatch(r"(\d+)\. személy", line)
        if inside and heading:
            person = int(heading[1])
        value = _filled(line, person, fill) if inside else None
        if value is None and replaced and line.startswith("    "):
            continue
        replaced = value is not None
        lines.append(line if value is None else value)
    return "\n".join(lines)


def fill_html(page: str, fill: Mapping[str, str]) -> str:
    """The same in our HTML letter."""
    person = 0 if "1. személy" in page else 1

    def replace(match: re.Match[str]) -> str:
        nonlocal person
        heading = re.fullmatch(r"(\d+)\. személy", match[2].strip())
        if heading:
            person = int(heading[1])
        value = _filled(html.unescape(match[2]).strip(), person, fill)
        return match[0] if value is None else f"{match[1]}{html.escape(value)}{match[3]}"

    return re.sub(r"(<(?:div|h3)[^>]*>)([^<]*)(</(?:div|h3)>)", replace, page)


def _filled(line: str, person: int, fill: Mapping[str, str]) -> str | None:
    for key, value in fill.items():
        number, _, label = key.rpartition(".")
        if not number and line.startswith("Jegyző ("):
            return f"{line.partition(':')[0]}: {value}"
        if number == str(person) and line.startswith(f"{LABELS[label]}:"):
            return f"{LABELS[label]}: {value}"
    return None


def body_of(page: str) -> str:
    """What stands in the page's body."""
    match = re.search(r"<body[^>]*>(.*)</body>", page, re.DOTALL)
    assert match
    return match[1]


def workbook(rows: list[list[str]]) -> bytes:
    """An .xlsx with these rows."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return data.getvalue()
