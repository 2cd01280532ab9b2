"""A Message in one line, for tests of the rules."""

from __future__ import annotations

from rules.model import Address, Message, Part, PartKind

OWN = Address("ASP Oktatás", "aspoktatas@allamkincstar.gov.hu")
VERA = Address("Minta Vera", "minta.vera@tab.hu")


def letter(  # noqa: PLR0917  # a mail has many parts
    text: str = "Kérem a regisztrációmat.",
    subject: str = "regisztráció",
    headers: tuple[tuple[str, str], ...] = (),
    sender: tuple[Address, ...] = (VERA,),
    to: tuple[Address, ...] = (OWN,),
    cc: tuple[Address, ...] = (),
    content_types: tuple[str, ...] = ("text/plain",),
    parts: tuple[Part, ...] = (),
    reply_to: tuple[Address, ...] = (),
    defects: frozenset[str] = frozenset(),
) -> Message:
    """A person's plain mail, but for what is given."""
    return Message(
        message_id="<1@tab.hu>",
        subject=subject,
        from_=sender,
        reply_to=reply_to,
        to=to,
        cc=cc,
        date=None,
        in_reply_to=(),
        references=(),
        headers=headers,
        content_types=content_types,
        parts=(Part(PartKind.SUBJECT, subject, "subject"), Part(PartKind.TEXT, text), *parts),
        defects=defects,
    )
