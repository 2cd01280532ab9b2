"""What the entities of a mail are to its reader: bodies, attached mails, attachments. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.intake.mime import Entity

Body = tuple[Entity | None, Entity | None]  # text/plain, text/html: alternatives of one another


@dataclass(slots=True)
class Content:
    """The entities by role; `entities` are all of them in order, the attached mails' own ones left out."""

    entities: list[Entity] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    mails: list[Entity] = field(default_factory=list)
    attachments: list[Entity] = field(default_factory=list)


def read_structure(entity: Entity) -> Content:
    """The roles of everything under `entity`."""
    content = Content()
    _read(entity, content, in_report=False)
    return content


def _read(entity: Entity, content: Content, *, in_report: bool) -> None:
    content.entities.append(entity)
    if entity.content_type == "multipart/alternative" and entity.children:
        _read_alternative(entity, content, in_report=in_report)
    elif entity.children:
        report = in_report or entity.content_type == "multipart/report"
        for child in entity.children:
            _read(child, content, in_report=report)
    elif entity.content_type == "message/rfc822":
        if not in_report:
            content.mails.append(entity)
    elif _is_body(entity):
        content.bodies.append((None, entity) if entity.content_type == "text/html" else (entity, None))
    elif not in_report and not entity.content_type.startswith("multipart/"):
        content.attachments.append(entity)


def _is_body(entity: Entity) -> bool:
    return (
        entity.content_type in ("text/plain", "text/html")
        and entity.disposition != "attachment"
        and not entity.filename
    )


def _read_alternative(entity: Entity, content: Content, *, in_report: bool) -> None:
    """The bodies inside are one body in two forms; what else stands inside keeps its role."""
    inner = Content()
    for child in entity.children:
        _read(child, inner, in_report=in_report)
    content.entities += inner.entities
    content.mails += inner.mails
    content.attachments += inner.attachments
    plain = [plain for plain, _ in inner.bodies if plain is not None]
    html = [html for _, html in inner.bodies if html is not None]
    content.bodies.append((plain[0] if plain else None, html[0] if html else None))
    content.bodies += [(None, more) for more in html[1:]]
