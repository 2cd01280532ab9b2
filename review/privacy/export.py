"""A person's data as they get it (GDPR 15 and 20): one ZIP of JSON, a summary to read, and the mails and letters."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from registry.models import Registration
from review.knowledge import get_module_names
from review.labels import label
from worker.models import Event, Mail, Reply
from worker.services.find_person import Holdings, Question

FIELDS = ("full_name", "municipality", "pir", "county", "email")
STAMP = (2020, 1, 1, 0, 0, 0)  # of the entries: the archive's own time says when


def make_archive(held: Holdings, question: Question, moment: datetime) -> bytes:
    """The ZIP of what is in `held`, made at `moment`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(held, question, moment):
            archive.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _files(held: Holdings, question: Question, moment: datetime) -> Iterator[tuple[str, bytes]]:
    data = gather(held)
    context = {"held": held, "data": data, "question": question, "moment": moment}
    yield "osszefoglalo.txt", render_to_string("review/privacy/summary.txt", context).encode("utf-8-sig")
    whole = {"made": moment, **data}
    yield "adatok.json", json.dumps(whole, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder).encode()
    for one in Mail.objects.filter(pk__in=[one.mail.pk for one in held.mails]).select_related("original").iterator():
        if one.raw:
            yield f"levelek/level-{one.pk}.eml", one.raw
    for letter in Reply.objects.filter(pk__in=[one.pk for one in held.letters]).iterator():
        if letter.data:
            yield f"valaszok/valasz-{letter.pk}.eml", bytes(letter.data)


def gather(held: Holdings) -> dict[str, Any]:
    """Everything as plain values, machine-readable; staff are named by their part only."""
    return {
        "registrations": [_request(row) for row in held.registrations],
        "mails": [_mail(one.mail, one.why) for one in held.mails],
        "letters": [_letter(one) for one in held.letters],
        "notes": [{"registration": one.registration_id, "at": one.at, "text": one.text} for one in held.notes],
        "accounts": [
            {"email": one.email, "username": one.username, "full_name": one.full_name} for one in held.accounts
        ],
        "clerks": [
            {"municipality": one.municipality, "address": one.address, "name": one.name, "source": one.source}
            for one in held.clerks
        ],
        "named_as_jegyzo": [
            {"registration": one.pk, "municipality": one.municipality, "created_at": one.created_at}
            for one in held.as_clerk
        ],
        "accepted_addresses": [{"address": one.address, "at": one.at} for one in held.addresses],
        "events": list(_events(held)),
    }


def _request(row: Registration) -> dict[str, Any]:
    names = get_module_names()
    return {
        "number": row.pk,
        "mail": row.mail_id,
        "created_at": row.created_at,
        "status": row.status,
        "status_words": label("status", row.status),
        **{name: getattr(row, name) for name in FIELDS},
        "modules": [{"id": one, "name": names.get(one, one)} for one in row.module_ids],
        "jegyzo_address": row.jegyzo_address,
        "problems": row.problems,
        "reject_reason": row.reject_reason,
    }


def _mail(mail: Mail, why: str) -> dict[str, Any]:
    return {
        "number": mail.pk,
        "received_at": mail.received_at,
        "sender": mail.sender,
        "subject": mail.subject,
        "why": why,
        "folder": mail.filed_to or mail.folder,
    }


def _letter(letter: Reply) -> dict[str, Any]:
    names = ("kind", "state", "sent_at", "recipients", "subject", "text")
    return {"number": letter.pk, "mail": letter.mail_id, **{name: getattr(letter, name) for name in names}}


def _events(held: Holdings) -> Iterator[dict[str, Any]]:
    """What happened to the requests, by whom in general: colleagues' names are no data of the person's."""
    rows = Event.objects.filter(registration__in=[row.pk for row in held.registrations]).order_by("at", "pk")
    for event in rows:
        yield {
            "at": event.at,
            "registration": event.registration_id,
            "verb": event.verb,
            "words": label("event", event.verb),
            "by": "staff" if event.actor_id else "worker",
            "changed": event.details.get("changed", {}),
        }
