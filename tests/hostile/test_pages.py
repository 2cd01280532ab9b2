"""No field of a stranger acts on any of the pages, whatever it holds and wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterator

import lxml.html
import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from lxml import etree

from registry.models import Account, Municipality, Registration
from rules.model import Problem, Status
from tests.review.factory import Applicant, make_mail, make_raw, make_registration, make_reply
from worker.models import Conversation, Event, Folder, Mail, MailState, ReplyState

pytestmark = pytest.mark.django_db
MARK = "zqx"  # stands in every payload, so that what is shown of it is found
PAYLOADS = {
    "script": f"<script>{MARK}()</script>",
    "picture": f"<img src={MARK} onerror={MARK}()>",
    "svg": f"<svg/onload={MARK}()>",
    "out of an attribute": f'" autofocus onfocus={MARK}() x="',
    "out of a quoted attribute": f"' onmouseover='{MARK}()",
    "out of a textarea": f"</textarea><script>{MARK}()</script>",
    "out of a title": f"</title><script>{MARK}()</script>",
    "out of a comment": f"--><img src=x onerror={MARK}()><!--",
    "script address": f"javascript:{MARK}()",
    "data address": f"data:text/html,<script>{MARK}()</script>",
    "django": f"{{{{ {MARK}|default:7000000|add:6652 }}}}{{% debug %}}",
    "entities": f"&lt;script&gt;{MARK}&#40;&#41;&lt;/script&gt;",
    "utf-7": f"+ADw-script+AD4-{MARK}()+ADw-/script+AD4-",
    "half a tag": f"<img src='{MARK}",
    "htmx": f"<div hx-get=/logout hx-trigger=load>{MARK}</div>",
    "frame": f"<iframe srcdoc='<script>{MARK}()</script>'></iframe>",
    "base": f"<base href=//{MARK}.example/><meta http-equiv=refresh content=0;//{MARK}.example>",
    "style": f"<style>@import '//{MARK}.example'</style>",
    "turned around": f"\u202e{MARK}\u2066<b>",
    "json": f"</script>{MARK}\\u003cscript\\u003e",
}
OURS = ("/", "#", "?", "mailto:", "https://www.aspoktatas.hu/")  # where our own links lead
ROUTES = [one for one in get_resolver().url_patterns if isinstance(one, URLPattern)]
NOT_SHOWN = {"health", "health-live", "health-ready", "metrics", "mail-raw", "mail-attachment", "handover-download"}
TEXT_ATTRIBUTES = ("value", "title", "aria-label", "content", "data-", "id", "for", "name", "placeholder", "alt")


def plant(text: str) -> tuple[Registration, Mail]:
    """The payload in every field that a stranger, or somebody else's server, fills."""
    safe = text.replace("\u202e", "").replace("\u2066", "")
    quoted = "".join(char for char in safe if char not in '"\\<>')[:60]
    raw = make_raw(
        text,
        subject=safe,
        sender=f'"{quoted}" <a@b.hu>',
        html=f"<p>{text}</p>",
        files=[(safe[:60], "text/plain", b"x")],
    )
    one = Applicant(
        full_name=text[:150], municipality=text[:150], pir=text[:6], county=text[:60], email=text[:200],
        modules=(text[:40],), problems=tuple(Problem), suggestions=dict.fromkeys(Problem, text), status=Status.REVIEW,
    )  # fmt: skip
    row = make_registration(one, raw=raw)
    again = make_registration(one, raw=raw, status="approved")
    talk = Conversation.objects.create()
    Mail.objects.update(conversation=talk, linked_by="reply", sender=text[:300], subject=text[:400])
    Municipality.objects.create(pir=row.pir, name=text, county=text[:60])
    Account.objects.create(email=text.lower()[:200], username=text[:100], full_name=text[:150])
    for state in (ReplyState.DRAFT, ReplyState.FAILED):
        make_reply(row.mail, text=text, subject=text, answer=text, kind=state[:20], state=state, recipients=[text])
    failed = make_mail(raw, state=MailState.FAILED, failure=text[:200], trace=text)
    Folder.objects.create(mailbox=text[:200], name=text[:200], uidvalidity=1, held=text[:40])
    details = {"version": 9, "changed": {text: [text, text]}, "failure": text, "folder": text, "refused": [text]}
    for verb in (text[:40], "failed", "send_failed", "bounced", "uncertain", "decided"):
        Event.objects.create(verb=verb, mail=row.mail, registration=row, details=details)
    Registration.objects.filter(pk=again.pk).update(reject_reason=text, jegyzo_address=text[:300])
    return row, failed


def addresses(row: Registration, failed: Mail, text: str) -> Iterator[str]:
    """Every page that can be looked at, and every list, searched for the payload too."""
    for route in ROUTES:
        if route.name in NOT_SHOWN:
            continue
        path = str(route.pattern)
        for number in (row.mail_id, failed.pk) if path.startswith("mails") else (row.pk, row.mail.replies.all()[0].pk):
            yield "/" + path.replace("<int:pk>", str(number)).replace("<int:number>", "1").replace("<slug:verb>", "x")
    for tab in ("ready", "review", "incomplete", "closed", "mails", "quarantine", "drafts", "uncertain", "sent", text):
        yield f"/?tab={tab if tab.isalpha() else 'x'}"


def acts(page: bytes) -> list[str]:
    """What of the payload became more than text."""
    found = []
    for one in lxml.html.document_fromstring(page).iter(etree.Element):
        inside = str(one.text or "") if one.tag in ("script", "style") else ""
        found += [f"<{one.tag}> {inside}"] * (MARK in inside)
        for name, value in ((str(name), str(value)) for name, value in one.attrib.items()):
            leads = name in ("href", "src", "action", "formaction") and not value.startswith(OURS)
            shown = MARK in value and not name.startswith(TEXT_ATTRIBUTES) and "?" not in value
            if MARK in name or leads or shown or name.startswith("on"):
                found.append(f"<{one.tag} {name}={value}>")
    return found


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_payload_acts_on_any_page(staff_page: Client, name: str) -> None:
    text = PAYLOADS[name]
    row, failed = plant(text)
    seen = 0
    for address in addresses(row, failed, text):
        response = staff_page.get(address)
        assert response.status_code in (200, 302, 404, 405), address
        if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
            continue
        content = b"".join(response) if response.streaming else response.content
        seen += MARK.encode() in content
        assert acts(content) == [], address
        assert b"7006652" not in content or name != "django" or b"{{" in content, address
        assert "Content-Security-Policy" in response.headers, address
    assert seen >= 6, "the payload is shown"
    assert acts(staff_page.get("/", {"q": text}).content) == []
