"""Our letters run nobody's template, and carry nobody's message to anybody."""

from __future__ import annotations

import re

import pytest
from markupsafe import escape

from tests.hostile.mails import VICTIM, answer, header_names, request
from tests.replies.proof import check_html

TEMPLATES = [
    "{{7*7}}",
    "{{ 7*7 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "{{ ''.__class__.__mro__ }}",
    "{{ self._TemplateReference__context }}",
    "{# x #}",
    "{% include '/etc/passwd' %}",
    "{% debug %}",
    "{{ settings.SECRET_KEY }}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "%(full_name)s {0.__class__} {figure}",
]


@pytest.mark.parametrize("syntax", TEMPLATES)
def test_template_syntax_is_never_run(syntax: str) -> None:
    sender = "" if '"' in syntax else f'From: "Minta {syntax} Béla" <minta.bela@tiszacsege.hu>\r\n'
    headers = f"Subject: Regisztráció {syntax}\r\n{sender}"
    reply = answer(request(name=f"Minta {syntax} Éva", place=f"Tiszacsege {syntax}", words=syntax, headers=headers))
    assert reply is not None
    page = reply.html.replace(escape(reply.subject), "")  # as it came, in the title and for screen readers
    plain = re.sub(r"<style>.*?</style>", "", f"{reply.text}\n{page}", flags=re.DOTALL)
    for trace in ("49", "__class__", "root:", "&lt;class", "Context", "not-a-secret", "{{", "{%", "${", "&lt;%"):
        assert trace not in plain, trace
    assert "49" not in reply.subject
    check_html(reply.html)


SPAM = (
    "Nyerjen most! Látogasson el ide: https://rossz.example/nyeremeny?x=1 vagy www.rossz.example, "
    "hívja a +36 90 123 456 számot, írjon ide: kapcsolat@rossz.example. BUY CHEAP PILLS. http://1.2.3.4/a "
)
PIECES = ("rossz", "nyeremeny", "123 456", "PILLS", "most!", "1.2.3.4", "://")
PLACES = {
    "text": {"words": SPAM * 50},
    "name": {"name": SPAM},
    "place": {"place": SPAM},
    "pir": {"pir": SPAM},
    "subject": {"headers": f"Subject: Regisztráció {SPAM}\r\n"},
    "sender's name": {"headers": f'From: "{SPAM}" <minta.bela@tiszacsege.hu>\r\n'},
}


@pytest.mark.parametrize("place", PLACES)
def test_nobodys_message_reaches_a_third_party_through_us(place: str) -> None:
    """Reply-To names somebody who wrote nothing: what they get is our letter and none of the writer's words."""
    given = PLACES[place]
    raw = request(**{**given, "headers": f"Reply-To: {VICTIM}\r\n" + given.get("headers", "")})
    reply = answer(raw)
    if reply is None:
        return
    ours = re.compile(r"https://www\.aspoktatas\.hu/[^\s\"<]*")
    shown = ours.sub("", f"{reply.subject}\n{reply.text}\n{reply.html}")
    for piece in PIECES:
        assert piece not in shown, piece
    assert len(reply.data) < 60_000
    head = reply.data.partition(b"\r\n\r\n")[0]
    assert len(head) < 4_000
    assert "bcc" not in header_names(reply)


def test_the_subject_carries_no_link_even_to_its_writer() -> None:
    reply = answer(request(headers=f"Subject: Regisztráció {SPAM}\r\n"))
    assert reply is not None
    assert reply.subject.startswith("Re: Regisztráció")
    assert not re.search(r"://|www|\w\.[a-z]{2,}", reply.subject)


def test_the_letter_does_not_grow_with_the_mail() -> None:
    short, long = answer(request()), answer(request(words="szó " * 200_000))
    assert short is not None
    assert long is None or len(long.data) < len(short.data) + 2_000
