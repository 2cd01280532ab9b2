"""Bounces: an automatic mail that names one of our replies is linked to it, so that staff see what came back."""

from __future__ import annotations

import re

from worker.models import Event, Mail, Reply

OUR_IDS = re.compile(rb"<aspo\.[a-z0-9]{8,64}@[a-z0-9.-]{1,253}>", re.IGNORECASE)
SEARCHED_BYTES = 1024 * 1024


def link_bounce(mail: Mail, content_types: tuple[str, ...]) -> None:
    """Record on our reply what came back for it, wherever in the mail its Message-ID stands.

    The event is `bounced` for a delivery report, `answered_automatically` for an out-of-office and its like.
    """
    ids = {found.decode("ascii") for found in OUR_IDS.findall(mail.raw[:SEARCHED_BYTES])}
    if not ids:
        return
    report = any("delivery-status" in content_type for content_type in content_types)
    verb = "bounced" if report else "answered_automatically"
    for reply in Reply.objects.filter(message_id__in=sorted(ids)):
        Event.objects.create(verb=verb, mail=mail, reply=reply)
