"""Attached files, and what each is, by its first bytes before its name: people rename files, mailers guess. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from worker.intake.headers import decode_base64
from worker.intake.mime import Entity

_HEAD = 65_536

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x78\x9f\x3e\x22", "tnef"),
    (b"\x89PNG", "picture"),
    (b"GIF8", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
)
_EXTENSIONS: dict[str, str] = {
    **dict.fromkeys(("csv", "tsv"), "csv"),
    **dict.fromkeys(("txt", "text", "log", "md"), "text"),
    **dict.fromkeys(("htm", "html", "xhtml"), "html"),
    **dict.fromkeys(("p7s", "asc", "sig", "vcf", "ics", "p7c", "cer", "crt"), "ignored"),
    **dict.fromkeys(("p7m",), "signed"),
    **dict.fromkeys(("eml",), "mail"),
    **dict.fromkeys(
        ("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "heic", "heif", "svg", "emz", "wmz"), "picture"
    ),
    **dict.fromkeys(("es3", "et3", "dosszie", "krx", "esc"), "container"),
    **dict.fromkeys(("pages", "numbers", "wps", "one", "msg", "xps", "oxps"), "office"),
}
_TYPES: tuple[tuple[str, str], ...] = (
    ("image/", "picture"),
    ("text/csv", "csv"),
    ("text/tab-separated-values", "csv"),
    ("text/html", "html"),
    ("text/calendar", "ignored"),
    ("text/vcard", "ignored"),
    ("text/x-vcard", "ignored"),
    ("text/directory", "ignored"),
    ("text/rfc822-headers", "ignored"),
    ("text/x-amp-html", "ignored"),
    ("text/rtf", "rtf"),
    ("text/", "text"),
    ("application/pkcs7-signature", "ignored"),
    ("application/x-pkcs7-signature", "ignored"),
    ("application/pgp-signature", "ignored"),
    ("application/pgp-keys", "ignored"),
    ("application/ics", "ignored"),
    ("application/pkcs7-mime", "signed"),
    ("application/x-pkcs7-mime", "signed"),
    ("message/rfc822", "mail"),
    ("message/", "ignored"),
)
_HTML = re.compile(rb"\s*(?:<!doctype html|<html|<table|<head|<body)", re.IGNORECASE)
_XML_TABLE = re.compile(rb"<(?:\w+:)?Workbook\b|mso-application progid=\"Excel", re.IGNORECASE)
_XML_WORD = re.compile(rb"<w:wordDocument|<pkg:package", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """An attached file; `content` decodes it when asked. `entity` is the MIME entity it came as, if any."""

    filename: str
    content_type: str
    kind: str
    size: int
    head: bytes
    content: Callable[[], bytes]
    inline: bool = False
    entity: Entity | None = None


def file_of(entity: Entity) -> File:
    """The file that an entity carries; only its head is decoded now."""
    if entity.field_value("content-transfer-encoding").strip().lower() == "base64":
        body = entity.body
        head = decode_base64(body.head(_HEAD + _HEAD // 2))
        letters = len(body) - body.count(b"\n") - body.count(b"\r")
        size = max(0, letters * 3 // 4 - body.below(max(0, len(body) - 8)).count(b"="))
    elif entity.is_encoded:
        head = entity.content()
        size = len(head)
    else:
        head = entity.body.head(_HEAD)
        size = len(entity.body)
    kind = file_kind(entity.filename, entity.content_type, head[:_HEAD])
    shown = entity.disposition == "inline" or bool(entity.disposition == "" and entity.field_value("content-id"))
    return File(entity.filename, entity.content_type, kind, size, head[:_HEAD], entity.content, shown, entity)


def file_of_bytes(name: str, data: bytes) -> File:
    """A file found inside another one."""
    kind = file_kind(name, "application/octet-stream", data[:_HEAD])
    return File(name[-255:], "application/octet-stream", kind, len(data), data[:_HEAD], lambda: data)


def file_kind(filename: str, content_type: str, head: bytes) -> str:
    """pdf, zip, ole, rtf, tnef, picture, csv, text, html, mail, msg, signed, ignored, xml, archive, … or "unknown"."""
    extension = filename.rpartition(".")[2].lower() if "." in filename else ""
    by_name = _EXTENSIONS.get(extension, "")
    if by_name == "ignored":
        return by_name
    by_content = _kind_by_content(head)
    if by_content == "ole" and (extension == "msg" or content_type == "application/vnd.ms-outlook"):
        return "msg"
    by_type = next((kind for start, kind in _TYPES if content_type.startswith(start)), "")
    return by_content or by_name or by_type or "unknown"


def _kind_by_content(head: bytes) -> str:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head[4:8] == b"ftyp" or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "picture"
    if _XML_TABLE.search(head[:2048]) or _XML_WORD.search(head[:2048]):
        return "xml"
    return "html" if _HTML.match(head) else ""
